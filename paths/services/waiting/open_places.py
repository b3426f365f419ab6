"""Places that are open today and in which a learner has no seat yet."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths.services.waiting.source import HomeLine, HomeSource, WaitingAtHome

# Only what could still be chosen: open to the learner, a seat free, and no seat elsewhere at that time.
SELECT = """
SELECT 'open_place', o.id, NULL, p.name, o.starts_at, 1
  FROM paths_opening o JOIN paths_place p ON p.id = o.place_id
 WHERE o.closed_at IS NULL AND o.ends_at > %(now)s AND o.starts_at < %(now)s + interval '12 hours'
   AND EXISTS (
       SELECT FROM profiles_enrollment n JOIN profiles_roster r ON r.id = n.roster_id
        WHERE n.learner_id = %(learner)s AND n.role = 'learner'
          AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
          AND CASE WHEN o.section_id IS NULL THEN r.school_id = p.school_id
                   ELSE r.id = (SELECT s.roster_id FROM profiles_section s WHERE s.id = o.section_id) END)
   AND EXISTS (SELECT FROM paths_seat f WHERE f.opening_id = o.id AND f.learner_id IS NULL AND NOT f.is_off)
   AND NOT EXISTS (SELECT FROM paths_seat m WHERE m.learner_id = %(learner)s AND NOT m.is_off
                      AND m.during && tstzrange(o.starts_at, o.ends_at))
"""


def lines_of_places(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    """One line, however many."""
    if not rows:
        return []
    names = ", ".join(dict.fromkeys(row.text for row in reversed(rows)))
    reason = ngettext("%(names)s is open.", "Open: %(names)s.", len(rows)) % {"names": names}
    return [HomeLine(1, "map-pin", _("Choose where you work"), reason, reverse("my_places"), _("Choose"))]


SOURCE = HomeSource(("open_place",), SELECT, lines_of_places)
