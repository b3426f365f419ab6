"""Polls that a learner has not answered, on Home; what learners suggested and what waits for its ending, on Today."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.days import said
from paths.services.today_lines import WEEK, Line, People, short
from paths.services.waiting.source import HomeLine, HomeSource, Source, Waiting, WaitingAtHome

# A row of Today is about a learner; these are about a class, so no learner is named: 0.
SELECT = """
SELECT CASE WHEN p.kind = 'suggestion' THEN 'suggestion' ELSE 'poll_over' END, p.id, p.id, 0, p.section_id, p.question,
       p.created_at, 1
  FROM paths_poll p
 WHERE p.section_id = ANY(%(sections)s) AND p.ended_at IS NULL
   AND (p.kind = 'suggestion' OR p.open_until < %(today)s)
   AND EXISTS (SELECT FROM profiles_section c
                 JOIN profiles_enrollment n
                   ON n.roster_id = c.roster_id AND (n.section_id IS NULL OR n.section_id = c.id)
                WHERE c.id = p.section_id AND n.account_id = %(account)s AND n.role IN ('teacher', 'co_teacher', 'aide')
                  AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
"""
# As PollQuerySet.asking has it; a test holds the two together.
AT_HOME = """
SELECT 'poll', p.id, p.id, p.question, p.created_at, p.open_until - %(today)s::date
  FROM paths_poll p
 WHERE p.kind <> 'suggestion' AND p.ended_at IS NULL AND p.open_until >= %(today)s
   AND NOT EXISTS (SELECT FROM paths_pollhand h WHERE h.poll_id = p.id AND h.learner_id = %(learner)s)
   AND CASE WHEN p.group_id IS NOT NULL THEN EXISTS (
                 SELECT FROM assessments_groupmember m WHERE m.group_id = p.group_id AND m.learner_id = %(learner)s)
            ELSE EXISTS (
                 SELECT FROM profiles_enrollment n JOIN profiles_roster r ON r.id = n.roster_id
                   LEFT JOIN profiles_section c ON c.id = p.section_id
                  WHERE n.learner_id = %(learner)s AND n.role = 'learner'
                    AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
                    AND CASE WHEN p.section_id IS NULL THEN r.school_id = p.school_id ELSE c.roster_id = r.id END)
       END
"""


def lines_of_polls(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """One line for suggestions, one for polls whose last day is over."""
    lines = []
    for kind in ("suggestion", "poll_over"):
        found = [row for row in rows if row.kind == kind]
        if not found:
            continue
        n = len(found)
        if kind == "suggestion":
            what = ngettext(
                "<strong>{} suggestion</strong> waits for a word",
                "<strong>{} suggestions</strong> wait for a word",
                n,
            )
        else:
            what = ngettext("<strong>{} poll</strong> is over", "<strong>{} polls</strong> are over", n)
        lines.append(
            Line(
                key=f"{kind}:{max(row.pk for row in found)}",
                part=WEEK,
                icon="megaphone",
                what=format_html(what, n),
                reason=_("“%(words)s” Say what you did, or why you can’t.") % {"words": short(found[0].text)},
                url=reverse("poll", args=[found[0].about]) if n == 1 else reverse("polls"),
                button=_("Answer"),
            )
        )
    return lines


def lines_at_home(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    if not rows:
        return []
    newest, n = rows[0], len(rows)
    reason = _("Open until %(day)s.") % {"day": said(date.fromordinal(today.toordinal() + newest.n))}
    if n > 1:
        reason += " " + ngettext("%(n)s more asks you.", "%(n)s more ask you.", n - 1) % {"n": n - 1}
    url = reverse("poll", args=[newest.about]) if n == 1 else reverse("polls")
    return [HomeLine(2, "megaphone", short(newest.text, 80), reason, url, _("Answer"))]


SOURCE = Source(("suggestion", "poll_over"), SELECT, lines_of_polls)
HOME_SOURCE = HomeSource(("poll",), AT_HOME, lines_at_home)
