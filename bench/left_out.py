"""Places of a measured school without a level, for every reason, so that its page has to tell them."""

from collections.abc import Sequence

from django.db import connection

from profiles.models import Learner

# One place in thirty loses its level; which reason it has instead goes round with the learners.
WITHOUT = """
WITH taken AS (
  UPDATE assessments_mastery SET value_micro = NULL, level = NULL, shown_level = NULL, n = 0,
         left_out = 1 + learner_id %% 4
   WHERE learner_id = ANY(%(learners)s) AND (learner_id * 7 + standard_id) %% 30 = 0
  RETURNING learner_id, standard_id, left_out)
INSERT INTO assessments_rollup (kind, scope_id, grade, standard_id, level, n)
SELECT 1, l.home_school_id, l.grade, t.standard_id, -t.left_out, count(*)
  FROM taken t JOIN profiles_learner l ON l.id = t.learner_id GROUP BY 1, 2, 3, 4, 5
"""
COUNTED = """
UPDATE assessments_rollup r SET n = found.n
  FROM (SELECT l.home_school_id, l.grade, m.standard_id, m.shown_level, count(*) AS n
          FROM assessments_mastery m JOIN profiles_learner l ON l.id = m.learner_id
         WHERE m.learner_id = ANY(%(learners)s) AND m.shown_level IS NOT NULL GROUP BY 1, 2, 3, 4) found
 WHERE r.kind = 1 AND r.scope_id = found.home_school_id AND r.grade = found.grade
   AND r.standard_id = found.standard_id AND r.level = found.shown_level
"""


def leave_out(learners: Sequence[Learner]) -> None:
    """learners: with levels that are counted (give_levels). Their counts are what workers would have left."""
    asked = {"learners": [learner.pk for learner in learners]}
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT, asked)
        cursor.execute(COUNTED, asked)
