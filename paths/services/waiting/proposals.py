"""Steps that learners propose."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from lrm.days import said_on
from paths.services.today_lines import MOST_OF_A_KIND, TODAY, Line, People, sentence, short
from paths.services.waiting.source import Source, Waiting

SELECT = """
SELECT 'step_proposal', p.id, p.path_id, p.learner_id, NULL, p.title, p.created_at, 1
  FROM paths_stepproposal p WHERE p.learner_id = ANY(%(learners)s) AND p.state = 'open'
"""


def lines_of_proposals(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """Several become one line."""
    if not rows:
        return []
    who = tuple(dict.fromkeys(row.learner_id for row in rows))
    if len(rows) > MOST_OF_A_KIND:
        what = format_html(_("<strong>{} ideas for steps</strong> wait for your answer"), len(rows))
        reason = _("From %(names)s.") % {"names": people.said(who)}
        return [_line(f"step_proposals:{rows[0].pk}", what, reason, who)]
    return [
        _line(
            f"step_proposal:{row.pk}",
            format_html(_("<strong>{}</strong> has an idea for a step"), people.names[row.learner_id]),
            f"“{short(row.text)}” {sentence(said_on(row.at))}",
            (row.learner_id,),
        )
        for row in rows
    ]


def _line(key: str, what, reason: str, who: tuple[int, ...]) -> Line:
    return Line(
        key=key,
        part=TODAY,
        icon="route",
        what=what,
        reason=reason,
        url=reverse("step_proposals"),
        button=_("Answer"),
        learners=who,
    )


SOURCE = Source(("step_proposal",), SELECT, lines_of_proposals)
