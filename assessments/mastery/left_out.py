"""Why a learner with records on a standard shows no level on it: the newest record says so.

Kept with levels, and counted beside them: a rollup holds the negative of these codes where it holds a level.
"""

EXCUSED, NOT_SEEN, PRACTICE, BY_METHOD = 1, 2, 3, 4
"""Excused; not seen, or not handed in; only on what the teacher gave no weight; there are results that count, and the
method makes no level of them yet."""
NOTHING = 0
"""There is a level, or no record that says anything."""
REASONS = (EXCUSED, NOT_SEEN, PRACTICE, BY_METHOD)
