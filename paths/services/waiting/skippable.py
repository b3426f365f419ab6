"""Steps that a teacher offered a learner to skip."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths.services.waiting.source import HomeLine, HomeSource, WaitingAtHome

SELECT = """
SELECT 'skippable', s.id, p.id, s.title, s.offered_at, 1
  FROM paths_step s JOIN paths_path p ON p.id = s.path_id
 WHERE p.learner_id = %(learner)s AND p.archived_at IS NULL
   AND s.offered_at IS NOT NULL AND s.done_at IS NULL AND s.placement = ''
"""


def lines_of_skippable(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    """One line, however many."""
    if not rows:
        return []
    reason = ngettext(
        "“%(title)s”. Skip it or do it anyway.",
        "“%(title)s” and %(n)s more. Skip them or do them anyway.",
        len(rows),
    ) % {"title": rows[0].text, "n": len(rows) - 1}
    url = f"{reverse('my_path')}#step-{rows[0].pk}"
    return [HomeLine(3, "check", _("You already showed this"), reason, url, _("Choose"))]


SOURCE = HomeSource(("skippable",), SELECT, lines_of_skippable)
