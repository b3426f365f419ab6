"""Meetings of a teacher with a learner: what to talk about, what was said, what comes next."""
