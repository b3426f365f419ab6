"""Everything that is held about one learner, found by walking the models and what they declare (lrm/privacy.py).

`ways` leads from a model to its learners. Of rows that many share an app says what is one learner's (`part`) and how
that is cut out again (`cut`), in its own records.py, loaded when the app is ready. A test fails where a model declares
that somebody else says it and nobody does.
"""

from lrm.records.registry import CUTS, MOVES, PARTS, cut, move, part
from lrm.records.ways import rows_about, rows_of_adult, ways_to_adult, ways_to_learner

__all__ = [
    "CUTS",
    "MOVES",
    "PARTS",
    "cut",
    "move",
    "part",
    "rows_about",
    "rows_of_adult",
    "ways_to_adult",
    "ways_to_learner",
]
