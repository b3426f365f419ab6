"""What other systems are told of groups and levels: ids and nothing else, in the transaction of the change."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from profiles.models import Section
from profiles.models.webhook import Event
from profiles.services import webhooks


def tell_of_groups(event: Event, section: Section, group_ids: Iterable[int]) -> None:
    """In the scope of the section's district."""
    data = {"section": section.pk, "groups": sorted(group_ids)}
    webhooks.tell(event, district_id=section.district_id, data=[data])


ACCEPTED = """
WITH told AS (
  INSERT INTO profiles_webhookdelivery (webhook_id, event, data)
  SELECT w.id, %(event)s, %(data)s::jsonb FROM profiles_webhook w
   WHERE w.district_id = %(district)s AND w.off_because = '' AND %(event)s = ANY (w.events))
UPDATE assessments_wish SET lifted_at = %(now)s WHERE section_id = %(section)s AND lifted_at IS NULL AND kind = 'absent'
"""


def lift_absences_and_tell(section: Section, group_ids: Iterable[int], *, now: datetime) -> None:
    """The end of accepting a board: who was away for it is back, and other systems are told. One statement."""
    data = {"section": section.pk, "groups": sorted(group_ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            ACCEPTED,
            {
                "event": str(Event.GROUP_ACCEPTED),
                "data": json.dumps(data),
                "district": section.district_id,
                "section": section.pk,
                "now": now,
            },
        )


ENDED = """
WITH ended AS (
  UPDATE assessments_group g SET end_told_at = %(now)s FROM profiles_section s
   WHERE s.id = g.section_id AND s.district_id = %(district)s
     AND g.closed_at IS NULL AND g.end_told_at IS NULL AND g.ends_on < %(today)s
  RETURNING g.id, g.section_id),
data AS (
  SELECT jsonb_build_object('section', section_id, 'groups', jsonb_agg(id ORDER BY id)) AS data
    FROM ended GROUP BY section_id)
INSERT INTO profiles_webhookdelivery (webhook_id, event, data)
SELECT w.id, %(event)s, d.data FROM data d, profiles_webhook w
 WHERE w.district_id = %(district)s AND w.off_because = '' AND %(event)s = ANY (w.events)
"""


def tell_of_ended(district_id: int, *, on: date, now: datetime) -> None:
    """Groups whose last day is past, and which nobody closed: each is told once, whoever asks how often.

    The mark and the messages are one statement, so there is none without the other, and of two workers the second one
    waits for the row and finds it marked.    on: today in the district.
    """
    with connection.cursor() as cursor:
        cursor.execute(ENDED, {"district": district_id, "today": on, "now": now, "event": str(Event.GROUP_CLOSED)})


def tell_of_levels(pairs: Sequence[Sequence[int]], *, district_id: int) -> None:
    """pairs: (learner id, standard id) whose shown level is another one now."""
    levels = [{"learner": learner, "standard": standard} for learner, standard in pairs]
    data = [{"levels": part} for part in webhooks.in_parts(levels)]
    webhooks.tell(Event.MASTERY_CHANGED, district_id=district_id, data=data)
