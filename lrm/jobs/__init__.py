"""Long work that a person has asked for: a row that says how far it is, and workers that carry it through kills.

`kinds.job_kind` names a function that does the work, `starting.start` asks for it, `running.run` carries it out.
"""
