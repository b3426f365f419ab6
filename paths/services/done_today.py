"""What a teacher has done today about what stood on Today, newest first, each with the way to take it back.

Acts are read from what they left behind, so that one that was taken back, there or elsewhere, is not on the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.rows import read
from paths.services.news import start_of
from paths.services.today_lines import Line, short
from profiles.access import TAUGHT
from profiles.models import Account, Learner

# `ref` is what takes it back: an id, or the identifier of an act. Learners are those of the teacher's classes.
STATEMENT = f"""
WITH sections AS MATERIALIZED (
  SELECT s.id, s.roster_id FROM profiles_section s WHERE {TAUGHT} AND s.district_id = %(district)s),
mine AS MATERIALIZED (
  SELECT DISTINCT n.learner_id AS id FROM profiles_enrollment n
   WHERE n.role = 'learner' AND n.roster_id IN (SELECT roster_id FROM sections)
     AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
SELECT 'goals' AS kind, r.act::text AS ref, array_agg(DISTINCT g.learner_id) AS learners, '' AS text, count(*) AS n,
       max(r.at) AS at
  FROM mine JOIN paths_goal g ON g.learner_id = mine.id JOIN paths_goalrevision r ON r.goal_id = g.id
 WHERE r.by_id = %(account)s AND r.at >= %(since)s AND r.act IS NOT NULL
   AND r.at IN (g.agreed_at, g.confirmed_at, g.asked_at)
 GROUP BY r.act
UNION ALL
SELECT 'told', t.act::text, array_agg(DISTINCT t.learner_id), '', count(DISTINCT t.learner_id), max(t.at)
  FROM paths_newstold t WHERE t.account_id = %(account)s AND t.day = %(today)s GROUP BY t.act
UNION ALL
SELECT 'place', p.id::text, '{{}}', coalesce(nullif(s.code, ''), nullif(s.short_title, ''), left(s.statement, 60)),
       p.seats, p.opened_at
  FROM paths_tryplace p JOIN standards_standard s ON s.id = p.standard_id
 WHERE p.section_id IN (SELECT id FROM sections) AND p.opened_by_id = %(account)s AND p.opened_at >= %(since)s
   AND p.closed_at IS NULL AND p.assessment_id IS NULL
UNION ALL
SELECT 'idea', p.id::text, ARRAY[p.learner_id], p.title, 1, p.answered_at
  FROM mine JOIN paths_stepproposal p ON p.learner_id = mine.id
 WHERE p.answered_by_id = %(account)s AND p.answered_at >= %(since)s AND p.state IN ('agreed', 'declined')
UNION ALL
SELECT 'project', p.id::text, ARRAY[p.learner_id], p.title, 1, p.decided_at
  FROM mine JOIN paths_project p ON p.learner_id = mine.id
 WHERE p.decided_by_id = %(account)s AND p.decided_at >= %(since)s AND p.state IN ('running', 'asked', 'later')
UNION ALL
SELECT 'meeting', c.id::text, ARRAY[c.learner_id], '', 1, c.held_at
  FROM mine JOIN paths_conference c ON c.learner_id = mine.id
 WHERE c.teacher_id = %(account)s AND c.held_at >= %(since)s
UNION ALL
SELECT 'words', g.id::text, ARRAY[g.learner_id], x.reply, 1, x.replied_at
  FROM mine JOIN paths_goal g ON g.learner_id = mine.id
 CROSS JOIN LATERAL (
       SELECT c.reply, c.replied_at FROM paths_checkin c
        WHERE c.goal_id = g.id AND c.reply_by_id = %(account)s AND c.replied_at >= %(since)s
       UNION ALL
       SELECT r.reply, r.replied_at FROM paths_reflection r
        WHERE r.goal_id = g.id AND r.reply_by_id = %(account)s AND r.replied_at >= %(since)s) x
UNION ALL
SELECT 'message', t.id::text, ARRAY[t.learner_id], t.title, count(*), max(m.at)
  FROM paths_message m JOIN paths_talk t ON t.id = m.talk_id JOIN mine ON mine.id = t.learner_id
 WHERE m.author_id = %(account)s AND m.at >= %(since)s AND m.hidden_at IS NULL
   AND NOT EXISTS (SELECT FROM paths_newstold n WHERE n.message_id = m.id)
 GROUP BY t.id
UNION ALL
SELECT 'later', z.key, '{{}}', '', 1, NULL
  FROM paths_todaysnooze z WHERE z.account_id = %(account)s AND z.until = %(tomorrow)s
 ORDER BY at DESC NULLS LAST, ref
"""


@dataclass(frozen=True)
class Done:
    """what: one sentence. url: where it stands. undo: to which `fields` are posted; "" where it cannot be taken back.

    learners: ids of who is named.
    """

    what: str
    url: str
    undo: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    learners: tuple[int, ...] = ()


def _rows(account: Account, today: date) -> Sequence[Any]:
    return read(
        STATEMENT,
        **account.access.taught,
        account=account.pk,
        today=today,
        tomorrow=today + timedelta(days=1),
        since=start_of(today),
    )


def count_done(account: Account, *, today: date) -> int:
    """How many lines `done_today` has. One statement."""
    return len(_rows(account, today))


def done_today(account: Account, *, today: date, away: Sequence[Line]) -> list[Done]:
    """away: lines of Today that are put off, which say what they were. Two statements."""
    rows = _rows(account, today)
    ids = {pk for row in rows for pk in row.learners}
    names = {learner.pk: learner.name for learner in Learner.objects.filter(pk__in=ids)}
    lines = {line.key: line for line in away}
    return [_DONE[row.kind](row, names, lines) for row in rows]


def _said(row: Any, names: Mapping[int, str]) -> str:
    """Three names, and how many more."""
    known = sorted(names[pk] for pk in row.learners if pk in names)
    more = len(known) - 3
    first = ", ".join(known[:3])
    return _("%(names)s and %(n)s more") % {"names": first, "n": more} if more > 0 else first


def _done(what: str, row: Any, url: str, undo: str = "", **fields: str) -> Done:
    return Done(what, url, undo, fields, tuple(row.learners))


def _goals(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = ngettext("Answered %(n)s goal: %(names)s.", "Answered %(n)s goals: %(names)s.", row.n)
    values = {"n": row.n, "names": _said(row, names)}
    return _done(what % values, row, reverse("goals"), reverse("goals_review_undo"), act=row.ref)


def _told(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = _("Told good news to %(names)s.") % {"names": _said(row, names)}
    return _done(what, row, reverse("talks"), reverse("news_undo"), act=row.ref)


def _place(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = ngettext(
        "Opened %(n)s place to try %(standard)s again.", "Opened %(n)s places to try %(standard)s again.", row.n
    )
    undo = reverse("try_close", args=[int(row.ref)])
    return _done(what % {"n": row.n, "standard": row.text}, row, reverse("try_requests"), undo)


def _idea(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = _("Answered an idea for a step, “%(title)s”: %(names)s.")
    values = {"title": short(row.text, 60), "names": _said(row, names)}
    undo = reverse("proposal_answer", args=[int(row.ref)])
    return _done(what % values, row, reverse("step_proposals"), undo, do="undo")


def _project(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = _("Answered the project “%(title)s”: %(names)s.")
    pk = int(row.ref)
    values = {"title": short(row.text, 60), "names": _said(row, names)}
    undo = reverse("project_decide", args=[pk])
    return _done(what % values, row, reverse("project", args=[pk]), undo, do="take_back")


def _meeting(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    pk = int(row.ref)
    what = _("Ended the talk with %(names)s.") % {"names": _said(row, names)}
    return _done(what, row, reverse("conference", args=[pk]), reverse("conference_reopen", args=[pk]))


def _words(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = _("Answered %(names)s: “%(words)s”") % {"names": _said(row, names), "words": short(row.text, 80)}
    return _done(what, row, reverse("goal", args=[int(row.ref)]) + "#along")


def _message(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    what = _("Wrote in “%(title)s”, around %(names)s.") % {"title": short(row.text, 60), "names": _said(row, names)}
    return _done(what, row, reverse("talk", args=[int(row.ref)]))


def _later(row: Any, names: Mapping[int, str], lines: Mapping[str, Line]) -> Done:
    line = lines.get(row.ref)
    what = _("Put off until tomorrow: %(line)s.") % {
        "line": unescape(line.plain) if line else _("a line that is over by now")
    }
    return _done(what, row, reverse("today"), f"{reverse('today_take_back')}?key={row.ref}")


_DONE = {
    "goals": _goals,
    "told": _told,
    "place": _place,
    "idea": _idea,
    "project": _project,
    "meeting": _meeting,
    "words": _words,
    "message": _message,
    "later": _later,
}
