"""Projects that are proposed or looked back on, for teachers; a teacher's question about one, for its learner."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lrm.days import said_on
from paths.services.today_lines import MOST_OF_A_KIND, TODAY, Line, People, sentence, short
from paths.services.waiting.source import HomeLine, HomeSource, Source, Waiting, WaitingAtHome

SELECT = """
SELECT CASE p.state WHEN 'closing' THEN 'project_end' ELSE 'project' END, p.id, p.id, p.learner_id, NULL, p.title,
       p.updated_at, 1
  FROM paths_project p
 WHERE p.learner_id = ANY(%(learners)s) AND p.state IN ('proposed', 'closing') AND p.archived_at IS NULL
"""


def lines_of_projects(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """Several become one line, which opens the list of projects."""
    if len(rows) > MOST_OF_A_KIND:
        who = tuple(dict.fromkeys(row.learner_id for row in rows))
        what = format_html(_("<strong>{} projects</strong> wait for you"), len(rows))
        reason = _("From %(names)s.") % {"names": people.said(who)}
        return [_line(f"projects:{rows[0].pk}", what, reason, reverse("projects"), who)]
    return [
        _line(
            f"{row.kind}:{row.pk}",
            format_html(
                _("<strong>{}</strong> looked back on a project")
                if row.kind == "project_end"
                else _("<strong>{}</strong> proposes a project"),
                people.names[row.learner_id],
            ),
            f"“{short(row.text)}” {sentence(said_on(row.at))}",
            reverse("project", args=[row.pk]),
            (row.learner_id,),
        )
        for row in rows
    ]


def _line(key: str, what: SafeString, reason: str, url: str, who: tuple[int, ...]) -> Line:
    return Line(
        key=key,
        part=TODAY,
        icon="folder-kanban",
        what=what,
        reason=reason,
        url=url,
        button=_("Look"),
        learners=who,
    )


SOURCE = Source(("project", "project_end"), SELECT, lines_of_projects)

HOME_SELECT = """
SELECT 'project_asked', p.id, p.id, p.title, p.updated_at, 1 FROM paths_project p
 WHERE p.learner_id = %(learner)s AND p.state = 'asked' AND p.archived_at IS NULL
"""


def home_lines_of_projects(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    return [
        HomeLine(
            first=2,
            icon="folder-kanban",
            title=_("Your teacher has a question"),
            reason=_("About your project “%(title)s”.") % {"title": short(row.text)},
            url=reverse("project", args=[row.pk]),
            button=_("Answer"),
        )
        for row in rows[:1]
    ]


HOME_SOURCE = HomeSource(("project_asked",), HOME_SELECT, home_lines_of_projects)
