"""What of a learner waits for an answer, of all features that have answers: one statement."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.addresses import address
from lrm.days import said
from lrm.rows import read
from paths.models import Talk
from paths.services.conferences.item import TALK, AgendaItem
from paths.services.talks.reading import with_news
from paths.services.today_lines import short
from profiles.models import Account, Learner

WORDS_BACK = timedelta(days=21)
TALKS_SHOWN = 5

# Rights: the learner is one whom the reader may see. `about` is what the link opens, `section` the class of a request.
STATEMENT = """
SELECT 1 AS part, 'try' AS kind, t.id, t.standard_id AS about, t.section_id AS section, c.roster_id AS roster,
       coalesce(nullif(s.short_title, ''), left(s.statement, 60)) AS text, t.state AS state, t.created_at AS at
  FROM paths_tryrequest t JOIN standards_standard s ON s.id = t.standard_id
  JOIN profiles_section c ON c.id = t.section_id
 WHERE t.learner_id = %(learner)s AND t.closed_at IS NULL
UNION ALL
SELECT 2, 'reflection', r.id, g.id, NULL, NULL, g.what, '', r.at
  FROM paths_goal g JOIN paths_reflection r ON r.goal_id = g.id
 WHERE g.learner_id = %(learner)s AND r.replied_at IS NULL AND r.at >= %(since)s AND NOT r.is_draft AND r.text <> ''
UNION ALL
SELECT 3, 'check_in', c.id, g.id, NULL, NULL, c.text, '', c.at
  FROM paths_goal g
 CROSS JOIN LATERAL (SELECT c.id, c.text, c.at FROM paths_checkin c
                      WHERE c.goal_id = g.id AND c.replied_at IS NULL AND c.at >= %(since)s AND c.text <> ''
                      ORDER BY c.at DESC, c.id DESC LIMIT 1) c
 WHERE g.learner_id = %(learner)s
UNION ALL
SELECT 4, 'work', a.id, a.id, NULL, NULL,
       coalesce(nullif(a.title, ''), nullif(a.name, ''), nullif(left(a.text, 60), ''), a.link), '', a.created_at
  FROM paths_artifact a
 WHERE a.learner_id = %(learner)s AND NOT a.is_draft AND a.withdrawn_at IS NULL AND a.created_at >= %(since)s
   AND a.by_id = (SELECT l.account_id FROM profiles_learner l WHERE l.id = a.learner_id)
   AND NOT EXISTS (SELECT FROM paths_artifactreply r WHERE r.artifact_id = a.id)
UNION ALL
SELECT 5, 'idea', p.id, p.id, NULL, NULL, p.title, '', p.created_at
  FROM paths_stepproposal p
 WHERE p.learner_id = %(learner)s AND p.state = 'open'
 ORDER BY 1, 9, 3
"""


def unanswered(learner: Learner, *, reader: Account, now: datetime) -> Iterable[AgendaItem]:
    """Requests to try again first, then words that nobody has answered, the oldest of a kind first. One statement."""
    for row in read(STATEMENT, learner=learner.pk, since=now - WORDS_BACK):
        yield _ITEM[row.kind](row, reader)


def news_of_talks(learner: Learner, *, reader: Account) -> Iterable[AgendaItem]:
    """Conversations with words that the reader has not read: on the reader's own page only. One statement."""
    rows = with_news(Talk.objects.open_to(reader).filter(learner=learner), reader).filter(is_new=True)
    for talk in rows[:TALKS_SHOWN]:
        text = ngettext("%(n)s new message in “%(title)s”.", "%(n)s new messages in “%(title)s”.", talk.unread)
        yield AgendaItem(TALK, text % {"n": talk.unread, "title": talk.title}, address("talk", talk.pk))


def _try(row: Any, reader: Account) -> AgendaItem:
    """Who teaches the class goes to the page that opens places; everybody else to the request."""
    text = {
        "asked": _("Ready to try again since %(day)s: %(standard)s."),
        "answered": _("Asked to try again, and has an answer: %(standard)s."),
        "placed": _("Has a place to try again: %(standard)s."),
    }[row.state] % {"day": said(row.at), "standard": row.text}
    request = address("try_request", row.id)
    taught = row.roster in reader.access.whole_rosters or row.section in reader.access.sections
    places = f"{address('try_requests')}#ready-{row.section}-{row.about}"
    return AgendaItem("try", text, places if taught and row.state == "asked" else request, lasting_url=request)


def _reflection(row: Any, reader: Account) -> AgendaItem:
    text = _("What helped with “%(what)s”: nobody has answered yet.") % {"what": row.text}
    return AgendaItem("waiting", text, address("goal", row.about) + "#along")


def _check_in(row: Any, reader: Account) -> AgendaItem:
    return AgendaItem("waiting", f"“{row.text}”", address("goal", row.about) + "#along")


def _work(row: Any, reader: Account) -> AgendaItem:
    text = _("Work: “%(title)s”. Nobody has answered yet.") % {"title": short(row.text, 60)}
    return AgendaItem("work", text, address("work", row.about) + "#replies")


def _idea(row: Any, reader: Account) -> AgendaItem:
    return AgendaItem("waiting", _("An idea for a step: “%(title)s”") % {"title": row.text})


_ITEM = {"try": _try, "reflection": _reflection, "check_in": _check_in, "work": _work, "idea": _idea}
