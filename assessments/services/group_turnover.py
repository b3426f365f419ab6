"""One round of groups ends and the next begins: earlier groups and own paths of a section, and the own paths begun."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from assessments.models import GroupSuggestion

# What began before new groups that are still to come goes on until the day before them; all else ends now. A last day
# that comes sooner stays. Who has left the roster meanwhile begins no own path.
ENDED = """
SET closed_at = CASE WHEN %(first)s::date > %(today)s::date AND {0}.starts_on < %(first)s::date
                     THEN NULL ELSE %(now)s::timestamptz END,
    ends_on = least({0}.ends_on, CASE WHEN %(first)s::date > %(today)s::date AND {0}.starts_on < %(first)s::date
                                      THEN %(first)s::date - 1 ELSE %(today)s::date END)
"""
TURN = f"""
WITH groups_ended AS (
  UPDATE assessments_group g {ENDED.format("g")}, version = g.version + 1
   WHERE g.section_id = %(section)s AND g.closed_at IS NULL
     AND (%(ending)s::bigint[] IS NULL OR g.id = ANY(%(ending)s::bigint[]))),
own_ended AS (
  UPDATE assessments_ownpath o {ENDED.format("o")}
   WHERE o.section_id = %(section)s AND o.closed_at IS NULL
     AND (%(ending)s::bigint[] IS NULL OR o.learner_id = ANY(%(placed)s::bigint[])))
INSERT INTO assessments_ownpath
       (section_id, suggestion_id, learner_id, standard_id, reason, starts_on, ends_on, closed_at, created_at)
SELECT %(section)s, %(suggestion)s, p.learner, p.standard, p.reason::jsonb, %(first)s, %(last)s, NULL, %(now)s
  FROM unnest(%(learners)s::bigint[], %(standards)s::bigint[], %(reasons)s::text[]) AS p (learner, standard, reason)
 WHERE EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.roster_id = %(roster)s AND n.learner_id = p.learner AND n.role = 'learner'
                  AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
"""


def turn_over(
    suggestion: GroupSuggestion,
    *,
    own: Iterable[Mapping[str, Any]],
    placed: Iterable[int],
    ending: Iterable[int] | None,
    first: date,
    last: date,
    today: date,
    now: datetime,
) -> None:
    """End what the accepted suggestion takes the place of, and begin the own paths of `own` (members of its board).

    ending: ids of the groups that end, None for all of the section. placed: ids of who is in a new group; where groups
    go on beside the new ones, only their own paths end. first, last: from which day to which the new ones are on.
    One statement.
    """
    members = list(own)
    with connection.cursor() as cursor:
        cursor.execute(
            TURN,
            {
                "section": suggestion.section_id,
                "roster": suggestion.section.roster_id,
                "suggestion": suggestion.pk,
                "ending": None if ending is None else list(ending),
                "placed": list(placed),
                "learners": [member["learner"] for member in members],
                "standards": [member["standard"] for member in members],
                "reasons": [json.dumps({"reasons": member["reasons"]}) for member in members],
                "first": first,
                "last": last,
                "today": today,
                "now": now,
            },
        )
