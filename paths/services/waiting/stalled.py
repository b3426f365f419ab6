"""Paths on which the same step has been next for long. A row's `at` is a day, at midnight of the database's clock."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths.pace import weekdays_between
from paths.services.today_lines import MOST_OF_A_KIND, WEEK, Line, People
from paths.services.waiting.source import Source, Waiting

SELECT = """
SELECT 'stalled_path', p.id, NULL, p.learner_id, p.section_id, p.title, p.now_since,
       p.planned_days
  FROM paths_path p
 WHERE p.learner_id = ANY(%(learners)s) AND p.archived_at IS NULL AND p.look_on <= %(today)s
"""


def lines_of_stalled(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """Several become one line, which opens the class's list of paths."""
    rows = sorted(rows, key=lambda row: (row.at, row.pk))
    if len(rows) > MOST_OF_A_KIND:
        who = tuple(dict.fromkeys(row.learner_id for row in rows))
        return [
            Line(
                key=f"stalled_paths:{len(rows)}:{rows[-1].pk}",
                part=WEEK,
                icon="route",
                what=format_html(_("<strong>{} paths</strong> could use a look"), len(rows)),
                reason=_("From %(names)s. The same step for twice its plan.") % {"names": people.said(who)},
                url=reverse("class_paths"),
                button=_("Look"),
                learners=who,
            )
        ]
    return [
        Line(
            key=f"stalled_path:{row.pk}:{row.at:%Y%m%d}",
            part=WEEK,
            icon="route",
            what=format_html(_("<strong>{}</strong> could use a look at the path"), people.names[row.learner_id]),
            reason=f"“{row.text}”: {pace_words(row.at.date(), row.n, today)}.",
            url=f"{reverse('learner', args=[row.learner_id])}#path",
            button=_("Look"),
            learners=(row.learner_id,),
        )
        for row in rows
    ]


def pace_words(since: date, planned: int, today: date) -> str:
    """ "this step for 9 days, planned 3"."""
    days = weekdays_between(since, today)
    said = ngettext(
        "this step for %(days)s day, planned %(planned)s", "this step for %(days)s days, planned %(planned)s", days
    )
    return said % {"days": days, "planned": planned}


SOURCE = Source(("stalled_path",), SELECT, lines_of_stalled)
