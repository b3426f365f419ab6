"""Learners who are ready to try a standard again, and the places that they were given."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.days import said
from paths.services.today_lines import TODAY, WEEK, Line, People, sentence, short
from paths.services.waiting.source import NAME, TITLE, HomeLine, HomeSource, Source, Waiting, WaitingAtHome

# `text` holds the standard's name and, on lines of their own, the words; of a place its day ("" for any) and its time.
SELECT = f"""
SELECT 'try_request', t.id, t.standard_id, t.learner_id, t.section_id,
       {NAME} || E'\\n' || t.practiced,
       t.created_at, 1
  FROM paths_tryrequest t JOIN standards_standard s ON s.id = t.standard_id
 WHERE t.learner_id = ANY(%(learners)s) AND t.section_id = ANY(%(sections)s) AND t.state = 'asked'
UNION ALL
SELECT 'try_place', p.id, p.standard_id, t.learner_id, p.section_id,
       {NAME} || E'\\n'
       || coalesce(p.day::text, '') || E'\\n' || p.time_text,
       p.opened_at, 1
  FROM paths_tryplace p
  JOIN paths_tryrequest t ON t.place_id = p.id AND t.state = 'placed'
  JOIN standards_standard s ON s.id = p.standard_id
 WHERE t.learner_id = ANY(%(learners)s) AND p.section_id = ANY(%(sections)s)
   AND p.closed_at IS NULL AND (p.day IS NULL OR p.day < %(today)s::date + 7)
"""


def lines_of_tries(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """One line for a standard in a class, the longest waiting first; one for each place whose time it is."""
    wanted: dict[tuple[int | None, int | None], list[Waiting]] = {}
    places: dict[int, list[Waiting]] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.pk)):
        if row.kind == "try_place":
            places.setdefault(row.pk, []).append(row)
        else:
            wanted.setdefault((row.section_id, row.about), []).append(row)
    return [
        *(_ready(found, people) for found in wanted.values()),
        *(_place(found, people, today) for found in places.values()),
    ]


def _ready(rows: Sequence[Waiting], people: People) -> Line:
    who = tuple(row.learner_id for row in rows)
    standard, _newline, words = rows[0].text.partition("\n")
    what = ngettext(
        "<strong>{who}</strong> is ready to try {standard} again",
        "<strong>{who}</strong> are ready to try {standard} again",
        len(who),
    )
    quoted = _("%(name)s: “%(words)s”") % {"name": people.first[who[0]], "words": short(words)}
    sent = _("Each sent proof of practice.") if len(who) > 1 else _("With proof of practice.")
    button = ngettext("Open %(n)d place", "Open %(n)d places", len(who)) % {"n": len(who)}
    return Line(
        key=f"try:{rows[-1].pk}:{len(who)}",
        part=TODAY,
        icon="rotate-cw",
        what=format_html(what, who=people.said(who), standard=standard),
        reason=f"{sent} {quoted}",
        url=f"{reverse('try_requests')}#ready-{rows[0].section_id}-{rows[0].about}",
        button=button,
        section_ids=(rows[0].section_id,) if rows[0].section_id else (),
        learners=who,
    )


def _place(rows: Sequence[Waiting], people: People, today: date) -> Line:
    who = tuple(row.learner_id for row in rows)
    standard, day, time = rows[0].text.split("\n", 2)
    on = date.fromisoformat(day) if day else None
    part, reason, button = TODAY, _("Their place is open."), _("Start")
    if on == today and time:
        reason = _("Today, %(time)s.") % {"time": time}
    elif on and on > today:
        part, button = WEEK, _("Look")
        reason = sentence(", ".join(filter(None, (said(on), time))))
    what = ngettext(
        "<strong>{who}</strong> tries {standard} again", "<strong>{who}</strong> try {standard} again", len(who)
    )
    return Line(
        key=f"try_place:{rows[0].pk}",
        part=part,
        icon="rotate-cw",
        what=format_html(what, who=people.said(who), standard=standard),
        reason=reason,
        url=f"{reverse('try_requests')}#place-{rows[0].pk}",
        button=button,
        section_ids=(rows[0].section_id,) if rows[0].section_id else (),
        learners=who,
    )


SOURCE = Source(("try_request", "try_place"), SELECT, lines_of_tries)

# An offer is the one standard below the third level that is nearest to it, with no result for three days; its `n` is
# the level shown.
HOME_SELECT = f"""
SELECT 'try_' || t.state, t.id, t.standard_id,
       {TITLE} || E'\\n'
       || CASE WHEN t.state = 'placed' THEN coalesce(p.day::text, '') || E'\\n'
                    || concat_ws(', ', nullif(p.time_text, ''), nullif(p.place, ''))
               ELSE t.answer END,
       t.updated_at, 1
  FROM paths_tryrequest t JOIN standards_standard s ON s.id = t.standard_id
  LEFT JOIN paths_tryplace p ON p.id = t.place_id
 WHERE t.learner_id = %(learner)s
   AND (t.state IN ('placed', 'answered') OR t.state = 'done' AND t.closed_at >= %(now)s - interval '3 days')
UNION ALL
(SELECT 'try_offer', m.standard_id, m.standard_id, {TITLE},
        m.last_observed_at, m.shown_level
   FROM assessments_mastery m JOIN standards_standard s ON s.id = m.standard_id
  WHERE m.learner_id = %(learner)s AND m.shown_level < 3 AND s.retired_at IS NULL
    AND m.last_observed_at < %(now)s - interval '3 days'
    AND NOT EXISTS (SELECT FROM paths_tryrequest t
                     WHERE t.learner_id = m.learner_id AND t.standard_id = m.standard_id
                       AND (t.closed_at IS NULL OR t.closed_at >= %(now)s - interval '7 days'))
  ORDER BY m.shown_level DESC, m.last_observed_at DESC, m.standard_id
  LIMIT 1)
"""


def home_lines_of_tries(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    return [_HOME[row.kind](row, today) for row in rows]


def _at_home(first: int, title: str, reason: str, url: str, button: str) -> HomeLine:
    return HomeLine(first=first, icon="rotate-cw", title=title, reason=reason, url=url, button=button)


def _placed(row: WaitingAtHome, today: date) -> HomeLine:
    standard, day, where = row.text.split("\n", 2)
    when = said(date.fromisoformat(day)) if day else _("whenever you are ready, in class")
    reason = sentence(", ".join(part for part in (when, where) if part))
    title = _("Try again: %(standard)s") % {"standard": standard}
    return _at_home(1, title, reason, reverse("try_request", args=[row.pk]), _("Look"))


def _answered(row: WaitingAtHome, today: date) -> HomeLine:
    standard, _newline, answer = row.text.partition("\n")
    title = _("Your teacher answered: %(standard)s") % {"standard": standard}
    return _at_home(0, title, f"“{short(answer)}”", reverse("try_request", args=[row.pk]), _("Show more"))


def _done(row: WaitingAtHome, today: date) -> HomeLine:
    standard = row.text.partition("\n")[0]
    title = _("You tried again: %(standard)s") % {"standard": standard}
    return _at_home(
        2, title, _("Thank you for trying. See what came of it."), reverse("try_request", args=[row.pk]), _("Look")
    )


def _offer(row: WaitingAtHome, today: date) -> HomeLine:
    title = _("Ready to try again? %(standard)s") % {"standard": row.text}
    reason = _("Show what you practiced. Your new try takes the place of the old ones.")
    url = f"{reverse('try_new')}?{urlencode({'standard': row.about})}"
    return _at_home(3, title, reason, url, _("I’m ready"))


_HOME = {"try_placed": _placed, "try_answered": _answered, "try_done": _done, "try_offer": _offer}

HOME_SOURCE = HomeSource(("try_placed", "try_answered", "try_done", "try_offer"), HOME_SELECT, home_lines_of_tries)
