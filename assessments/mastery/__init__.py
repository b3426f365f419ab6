"""The mastery engine: pure functions on NumPy arrays. No Django, clock, query or chance in here.

Read in this order: `scale` (levels and cuts), `events` (one learner's history as arrays), `counted` (what
counts, and what is left out and why), `methods` (the registry of level methods: a new one starts there),
`shown` (the level shown), `receipt` (its account to the last digit). Beside them stands the evidence tree,
which never sets a shown level: `tree` (one result at a time), `tree_replay` (whole districts),
`tree_reading` (what it believes at a time), `sureness` (that belief explained to staff).
"""
