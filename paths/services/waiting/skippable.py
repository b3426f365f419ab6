"""Steps that a learner may skip: offered by a teacher, or shown already by a pre-assessment."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths.services.waiting.source import HomeLine, HomeSource, WaitingAtHome

# As placement.offered_to_skip reads them, but for steps of a choice board, which the learner chooses first anyway.
SELECT = """
SELECT 'skippable', s.id, p.id, s.title, coalesce(s.offered_at, m.last_observed_at), 1
  FROM paths_path p JOIN paths_step s ON s.path_id = p.id
  LEFT JOIN assessments_mastery m ON m.learner_id = p.learner_id AND m.standard_id = s.standard_id
  LEFT JOIN standards_standard d ON d.id = s.standard_id
  LEFT JOIN standards_framework f ON f.id = d.framework_id
 WHERE p.learner_id = %(learner)s AND p.archived_at IS NULL AND s.done_at IS NULL AND s.placement = ''
   AND (s.offered_at IS NOT NULL
        OR m.shown_level >= coalesce((
             SELECT y.mastery_level FROM assessments_masterypolicy y
              WHERE y.district_id = f.district_id AND y.withdrawn_at IS NULL AND y.starts_on <= %(today)s
                AND y.school_id IS NULL AND (y.framework_id = f.id OR y.framework_id IS NULL)
              ORDER BY y.framework_id NULLS LAST, y.starts_on DESC, y.id DESC LIMIT 1), 3)
        AND (p.parts->s.part->>'kind' IS DISTINCT FROM 'choice' OR s.chosen_at IS NOT NULL)
        AND EXISTS (
             SELECT FROM assessments_evidence e JOIN assessments_assessment a ON a.id = e.assessment_id
              WHERE e.learner_id = p.learner_id AND e.standard_id = s.standard_id AND e.kind = 'result'
                AND a.kind = 'pre' AND a.archived_at IS NULL
                AND NOT EXISTS (SELECT FROM assessments_evidence n
                                 WHERE n.supersedes_id = e.id AND n.school_year = e.school_year)))
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
