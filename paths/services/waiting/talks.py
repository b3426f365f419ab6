"""Conversations with words that somebody has not read: on a teacher's Today, and on a learner's Home."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.days import said_on
from paths.services.today_lines import MOST_OF_A_KIND, TODAY, WEEK, Line, People, sentence, short
from paths.services.waiting.source import HomeLine, HomeSource, Source, Waiting, WaitingAtHome

# Which conversations these are is said by TalkQuerySet.open_to; a test holds the two together. Sections and learners
# are those of Today, so what is left to ask is whether the account only stands in, and for which section.
NEWS = """
       SELECT count(*) AS n, max(m.at) AS at, max(m.id) AS newest
         FROM paths_message m
        WHERE m.talk_id = t.id AND m.hidden_at IS NULL AND m.author_id IS DISTINCT FROM %(account)s
          AND m.id > coalesce((SELECT s.last_message FROM paths_talkseen s
                                WHERE s.talk_id = t.id AND s.account_id = %(account)s), 0)
"""
AT_WORK = """
       n.account_id = %(account)s AND n.role IN ('teacher', 'co_teacher', 'aide')
       AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
"""
HERE = """
       p.learner_id = t.learner_id AND p.role = 'learner'
       AND p.starts_on <= %(today)s AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
"""
SELECT = f"""
SELECT 'talk', t.id, t.id, t.learner_id, t.section_id, t.title || E'\\n' ||
       coalesce((SELECT m.text FROM paths_message m WHERE m.id = news.newest), ''), news.at, news.n
  FROM paths_talk t CROSS JOIN LATERAL ({NEWS}) news
 WHERE t.learner_id = ANY(%(learners)s) AND t.last_at >= %(now)s - interval '60 days' AND news.n > 0
   AND (t.teachers = 'class' AND t.section_id = ANY(%(sections)s) AND EXISTS (
            SELECT FROM profiles_section c
              JOIN profiles_enrollment n ON n.roster_id = c.roster_id AND (n.section_id IS NULL OR n.section_id = c.id)
              JOIN profiles_enrollment p ON p.roster_id = c.roster_id
             WHERE c.id = t.section_id AND {AT_WORK} AND {HERE})
        OR t.teachers = 'all' AND EXISTS (
            SELECT FROM profiles_enrollment n JOIN profiles_enrollment p ON p.roster_id = n.roster_id
             WHERE {AT_WORK} AND {HERE}))
"""
AT_HOME = f"""
SELECT 'talk', t.id, t.id, t.title, news.at, news.n
  FROM paths_talk t CROSS JOIN LATERAL ({NEWS}) news
 WHERE t.learner_id = %(learner)s AND news.n > 0
 UNION ALL
SELECT 'talk_ask', w.id, t.id, t.title, w.asked_at, 1
  FROM paths_talk t JOIN paths_talkwidening w ON w.talk_id = t.id AND w.at IS NULL AND w.declined_at IS NULL
 WHERE t.learner_id = %(learner)s
"""


def lines_of_talks(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """The newest conversations with words that are new, each a line; the others together."""
    lines = []
    for row in rows[:MOST_OF_A_KIND]:
        title, _line, words = row.text.partition("\n")
        news = ngettext("%(n)s new %(day)s.", "%(n)s new, the last %(day)s.", row.n) % {
            "n": row.n,
            "day": said_on(row.at),
        }
        lines.append(
            Line(
                key=f"talk:{row.pk}:{int(row.at.timestamp())}",
                part=TODAY,
                icon="message-square",
                what=format_html(_("<strong>{}</strong>: {}"), people.names[row.learner_id], title),
                reason=f"“{short(words)}” {sentence(news.removesuffix('.'))}",
                url=reverse("talk", args=[row.about]),
                button=_("Read"),
                learners=(row.learner_id,),
            )
        )
    if rest := rows[MOST_OF_A_KIND:]:
        who = list(dict.fromkeys(row.learner_id for row in rest))
        what = ngettext(
            "<strong>{} more conversation</strong> has new words",
            "<strong>{} more conversations</strong> have new words",
            len(rest),
        )
        lines.append(
            Line(
                key=f"talks:{max(row.pk for row in rest)}",
                part=WEEK,
                icon="message-square",
                what=format_html(what, len(rest)),
                reason=_("Around %(names)s.") % {"names": people.said(who)},
                url=reverse("talks"),
                button=_("Open"),
                learners=tuple(who),
            )
        )
    return lines


def lines_at_home(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    asked = [
        HomeLine(
            2,
            "message-square",
            _("May your family read a talk?"),
            _("A teacher asks about “%(title)s”. You choose.") % {"title": short(row.text, 60)},
            reverse("talk", args=[row.about]),
            _("Look"),
        )
        for row in rows
        if row.kind == "talk_ask"
    ]
    return asked + _news([row for row in rows if row.kind == "talk"])


def _news(rows: Sequence[WaitingAtHome]) -> list[HomeLine]:
    if not rows:
        return []
    newest, more = rows[0], len(rows) - 1
    said = ngettext("%(n)s new word for you.", "%(n)s new words for you.", newest.n) % {"n": newest.n}
    if more:
        said += " " + ngettext("%(n)s more talk has news.", "%(n)s more talks have news.", more) % {"n": more}
    url = reverse("talks") if more else reverse("talk", args=[newest.about])
    return [HomeLine(0, "message-square", short(newest.text, 60), said, url, _("Read"))]


SOURCE = Source(("talk",), SELECT, lines_of_talks)
HOME_SOURCE = HomeSource(("talk", "talk_ask"), AT_HOME, lines_at_home)
