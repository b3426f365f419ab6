"""Rounds of groups, as the guard compares them: who was in the group with the most to learn, and who elsewhere."""

from collections.abc import Collection
from datetime import date

from assessments.grouping.guard import Round, lowest_group
from assessments.models import Group
from lrm.rows import read

MOST_ROUNDS = 8

ROUNDS = """
WITH begun AS MATERIALIZED (
  SELECT section_id, suggestion_id, max(created_at) AS at,
         row_number() OVER (PARTITION BY section_id ORDER BY max(created_at) DESC, suggestion_id DESC) AS place
    FROM assessments_group
   WHERE section_id = ANY(%(sections)s) AND suggestion_id IS NOT NULL GROUP BY section_id, suggestion_id),
newest AS MATERIALIZED (
  SELECT b.section_id, b.suggestion_id, b.place,
         ARRAY(SELECT o.learner_id FROM assessments_ownpath o WHERE o.suggestion_id = b.suggestion_id) AS own
    FROM begun b WHERE b.place <= %(most)s)
SELECT n.section_id, n.suggestion_id, n.own, g.readiness_micro, g.purpose, g.starts_on,
       least(g.ends_on, (g.closed_at AT TIME ZONE %(zone)s)::date) AS last_day,
       ARRAY(SELECT m.learner_id FROM assessments_groupmember m WHERE m.group_id = g.id) AS learners
  FROM newest n JOIN assessments_group g ON g.suggestion_id = n.suggestion_id
 ORDER BY n.section_id, n.place DESC, g.id
"""


def read_rounds(section_ids: Collection[int], *, zone: str, on: date) -> dict[int, list[Round]]:
    """{section id: its newest rounds that compare, oldest first}. One statement. zone: of the district, by its name.

    Of one group, of groups mixed on purpose, and of those accepted before readiness was kept nothing is said.
    """
    rows = read(ROUNDS, sections=sorted(section_ids), most=MOST_ROUNDS, zone=zone)
    together: dict[tuple[int, int], list] = {}
    for row in rows:
        together.setdefault((row.section_id, row.suggestion_id), []).append(row)
    found: dict[int, list[Round]] = {}
    for (section_id, _suggestion), groups in together.items():
        if (one := _round(groups, on)) is not None:
            found.setdefault(section_id, []).append(one)
    return found


def _round(groups: list, on: date) -> Round | None:
    mixed = Group.Purpose.MIX
    place = lowest_group([None if group.purpose == mixed else group.readiness_micro for group in groups])
    if place is None:
        return None
    lowest = frozenset(groups[place].learners)
    everywhere = {learner for group in groups for learner in group.learners} | set(groups[0].own)
    first = min(group.starts_on for group in groups)
    last = min(groups[place].last_day, on)
    return Round(first, max(last, first), lowest, frozenset(everywhere - lowest))
