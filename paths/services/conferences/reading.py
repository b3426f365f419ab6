"""Lists of meetings: of a class, who had none this term first; of one learner, the newest first."""

from dataclasses import dataclass
from datetime import date

from lrm.rows import read
from profiles.models import Section

# Of the teacher alone: what others of the class talked about with the learner is theirs.
CLASS = """
SELECT l.id, coalesce(nullif(l.preferred_name, ''), l.given_name) AS first_name, l.family_name,
       held.id AS last_id, held.planned_on AS last_on, waits.id AS open_id, waits.planned_on AS open_on,
       (SELECT count(*) FROM paths_talkpoint p
         WHERE p.learner_id = l.id AND p.conference_id IS NULL AND p.put_away_at IS NULL) AS points,
       (SELECT count(*) FROM paths_nextstep s JOIN paths_conference c ON c.id = s.conference_id
         WHERE c.learner_id = l.id AND c.teacher_id = %(account)s AND s.done_at IS NULL) AS steps
  FROM profiles_learner l
  LEFT JOIN LATERAL (SELECT c.id, c.planned_on FROM paths_conference c
                      WHERE c.learner_id = l.id AND c.teacher_id = %(account)s AND c.held_at IS NOT NULL
                      ORDER BY c.held_at DESC LIMIT 1) held ON true
  LEFT JOIN paths_conference waits
         ON waits.learner_id = l.id AND waits.teacher_id = %(account)s AND waits.held_at IS NULL
 WHERE l.district_id = %(district)s
   AND EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.learner_id = l.id AND n.roster_id = %(roster)s AND n.role = 'learner'
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
 ORDER BY held.planned_on >= %(since)s NULLS FIRST, held.planned_on NULLS FIRST,
          coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name, l.id
"""


@dataclass(frozen=True)
class ClassLine:
    """A learner of the class. last, open: (id, day) of the last meeting and of the one that is prepared, or None.

    points: that wait for a meeting. steps: agreed and not done. is_due: no meeting this term.
    """

    learner_id: int
    name: str
    first_name: str
    last: tuple[int, date] | None
    open: tuple[int, date] | None
    points: int
    steps: int
    is_due: bool


def conferences_of_class(section: Section, *, account_id: int, on: date) -> list[ClassLine]:
    """Of one teacher with the learners of a section; who had none since its session began first. One statement."""
    since = section.session.starts_on
    return [
        ClassLine(
            row.id,
            f"{row.first_name} {row.family_name}".strip(),
            row.first_name,
            (row.last_id, row.last_on) if row.last_id else None,
            (row.open_id, row.open_on) if row.open_id else None,
            row.points,
            row.steps,
            row.last_on is None or row.last_on < since,
        )
        for row in read(CLASS, roster=section.roster_id, account=account_id, on=on, since=since)
    ]
