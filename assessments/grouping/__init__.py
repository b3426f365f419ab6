"""Grouping by need: who works together next, on what, and why.

Pure functions on arrays: no Django, clock, query or global randomness. Start with `Problem` and
`suggest_groups`; `reasons` turns a suggestion into facts that templates put into words.
"""

from .conflict import Conflict, Wish
from .problem import NO_GROUP, OWN, InvalidProblem, Problem
from .reasons import Evidence, GroupReason, LearnerReason, Reason, Result, explain
from .rotation import Slot, counts_for, default_counts, rotation
from .solve import suggest_groups
from .suggestion import Suggestion, weigh
from .value import adjusted_mastery, meet, topic_values

__all__ = [
    "NO_GROUP",
    "OWN",
    "Conflict",
    "Evidence",
    "GroupReason",
    "InvalidProblem",
    "LearnerReason",
    "Problem",
    "Reason",
    "Result",
    "Slot",
    "Suggestion",
    "Wish",
    "adjusted_mastery",
    "counts_for",
    "default_counts",
    "explain",
    "meet",
    "rotation",
    "suggest_groups",
    "topic_values",
    "weigh",
]
