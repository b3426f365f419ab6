"""Learners who help each other: what they ask of their teacher on Today, pairs and thanks on Home."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.days import said
from paths.services.today_lines import TODAY, WEEK, Line, People, sentence, short
from paths.services.waiting.source import NAME, TITLE, HomeLine, HomeSource, Source, Waiting, WaitingAtHome

# The account teaches there other than as a substitute, and pairs are on.
LEADS = """
       EXISTS (SELECT FROM profiles_section c JOIN profiles_enrollment e
                   ON e.roster_id = c.roster_id AND (e.section_id IS NULL OR e.section_id = c.id)
                WHERE c.id = p.section_id AND e.account_id = %(account)s
                  AND e.role IN ('teacher', 'co_teacher', 'aide')
                  AND e.starts_on <= %(today)s AND (e.ends_on IS NULL OR e.ends_on >= %(today)s))
"""
# Wishes of learners of the class who are in no pair of it; `n` is how many others offer help with the same standard.
# What somebody told a grown-up names nobody: 0.
SELECT = f"""
SELECT 'peer_wish', w.id, w.standard_id, w.learner_id, w.section_id, {NAME}, w.created_at,
       (SELECT count(*) FROM paths_peernote o
         WHERE o.section_id = w.section_id AND o.standard_id = w.standard_id AND o.kind = 'offer'
           AND o.closed_at IS NULL AND o.learner_id = ANY(%(learners)s))
  FROM paths_peerclass p JOIN paths_peernote w ON w.section_id = p.section_id
  JOIN standards_standard s ON s.id = w.standard_id
 WHERE p.section_id = ANY(%(sections)s) AND p.pairs_on AND w.kind = 'wish' AND w.closed_at IS NULL
   AND w.learner_id = ANY(%(learners)s)
   AND NOT EXISTS (SELECT FROM paths_peermatch m
                    WHERE m.section_id = w.section_id AND m.ended_at IS NULL AND m.ends_on >= %(today)s
                      AND w.learner_id IN (m.helper_id, m.asker_id))
   AND {LEADS}
UNION ALL
SELECT 'peer_no', p.id, p.section_id, l.id, p.section_id, {NAME}, p.ended_at, 1
  FROM paths_peermatch p JOIN standards_standard s ON s.id = p.standard_id
  JOIN profiles_learner l ON l.account_id = p.ended_by_id
 WHERE p.section_id = ANY(%(sections)s) AND p.ended_because = 'not_now' AND l.id = ANY(%(learners)s)
   AND p.ended_at >= %(now)s - interval '2 days'
   AND EXISTS (SELECT FROM paths_peerclass c WHERE c.section_id = p.section_id AND c.pairs_on)
   AND {LEADS}
UNION ALL
SELECT 'peer_report', r.id, p.section_id, 0, p.section_id, r.why, r.at, 1
  FROM paths_peerreport r
  CROSS JOIN LATERAL (SELECT section_id FROM paths_peermatch WHERE id = r.match_id
                      UNION ALL SELECT section_id FROM paths_sharedmoment WHERE id = r.moment_id) p
 WHERE r.decided_at IS NULL AND p.section_id = ANY(%(sections)s) AND {LEADS}
"""
# As PeerMatchQuerySet.of and .on have it; a test holds the two together. `text`: the partner's first name, the
# standard, day, time and place, a line each; of thanks the name and the words.
BOTH_HERE = """
       (SELECT count(DISTINCT n.learner_id) FROM profiles_section c JOIN profiles_enrollment n USING (roster_id)
         WHERE c.id = m.section_id AND n.learner_id IN (m.helper_id, m.asker_id) AND n.role = 'learner'
           AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)) = 2
"""
AT_HOME = f"""
SELECT CASE WHEN m.agreed_at IS NULL THEN 'peer_asks' ELSE 'peer_pair' END, m.id, m.id,
       coalesce(nullif(o.preferred_name, ''), o.given_name) || E'\\n' || {TITLE} || E'\\n' || m.day::text || E'\\n'
       || concat_ws(', ', nullif(m.time_text, ''), nullif(m.place, '')), m.made_at,
       CASE WHEN m.helper_id = %(learner)s THEN 1 ELSE 0 END
  FROM paths_peermatch m JOIN paths_peerclass c ON c.section_id = m.section_id AND c.pairs_on
  JOIN standards_standard s ON s.id = m.standard_id
  JOIN profiles_learner o
    ON o.id = CASE WHEN m.helper_id = %(learner)s THEN m.asker_id ELSE m.helper_id END
 WHERE %(learner)s IN (m.helper_id, m.asker_id) AND m.ended_at IS NULL AND m.ends_on >= %(today)s
   AND (m.agreed_at IS NOT NULL
        OR CASE WHEN m.helper_id = %(learner)s THEN m.helper_says ELSE m.asker_says END = '')
   AND {BOTH_HERE}
UNION ALL
SELECT 'peer_thanks', m.id, m.id, coalesce(nullif(o.preferred_name, ''), o.given_name) || E'\\n' || m.thanks,
       m.thanked_at, 1
  FROM paths_peermatch m JOIN paths_peerclass c ON c.section_id = m.section_id AND c.pairs_on
  JOIN profiles_learner o ON o.id = m.asker_id
 WHERE m.helper_id = %(learner)s AND m.thanked_at >= %(now)s - interval '3 days' AND m.thanks_hidden_at IS NULL
"""


def lines_of_peers(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """One line for what was told in a class, one for a standard that is asked for, one for each pair that is not."""
    told: dict[int, list[Waiting]] = {}
    wanted: dict[tuple[int, int], list[Waiting]] = {}
    lines = []
    for row in rows:
        if row.kind == "peer_report":
            told.setdefault(row.section_id or 0, []).append(row)
        elif row.kind == "peer_wish":
            wanted.setdefault((row.section_id or 0, row.about or 0), []).append(row)
    for section, found in told.items():
        what = ngettext(
            "<strong>{} student</strong> told a grown-up about a classmate",
            "<strong>{} students</strong> told a grown-up about a classmate",
            len(found),
        )
        reason = f"“{short(found[0].text)}”" if found[0].text else _("Without words.")
        lines.append(
            Line(
                key=f"peer_report:{max(row.pk for row in found)}",
                part=TODAY,
                icon="message-square",
                what=format_html(what, len(found)),
                reason=reason,
                url=reverse("section_helping", args=[section]),
                button=_("Look"),
                section_ids=(section,),
            )
        )
    lines += [_wish(found, people) for found in wanted.values()]
    lines += [_no(row, people) for row in rows if row.kind == "peer_no"]
    return lines


def _wish(found: Sequence[Waiting], people: People) -> Line:
    section, standard = found[0].section_id or 0, found[0].about
    who = tuple(row.learner_id for row in reversed(found))
    offers = found[0].n
    what = ngettext(
        "<strong>{n} student</strong> asks for help with {standard}",
        "<strong>{n} students</strong> ask for help with {standard}",
        len(who),
    )
    if offers:
        offer = ngettext("%(n)s offers it.", "%(n)s offer it.", offers) % {"n": offers}
    else:
        offer = _("Nobody offers it yet.")
    return Line(
        key=f"peer_wish:{max(row.pk for row in found)}:{len(who)}:{offers}",
        part=TODAY if offers else WEEK,
        icon="users",
        what=format_html(what, n=len(who), standard=found[0].text),
        reason=f"{people.said(who)}. {offer}",
        url=f"{reverse('section_helping', args=[section])}#helping-{standard}",
        button=_("Pair them") if offers else _("Look"),
        section_ids=(section,),
        learners=who,
    )


def _no(row: Waiting, people: People) -> Line:
    section = row.section_id or 0
    return Line(
        key=f"peer_no:{row.pk}",
        part=WEEK,
        icon="users",
        what=format_html(
            _("<strong>{}</strong> said not now to a pair for {}"), people.names[row.learner_id], row.text
        ),
        reason=_("The other student reads only “Not this time”."),
        url=reverse("section_helping", args=[section]),
        button=_("Look"),
        section_ids=(section,),
        learners=(row.learner_id,),
    )


def lines_at_home(rows: Sequence[WaitingAtHome], today: date) -> list[HomeLine]:
    return [_HOME[row.kind](row) for row in rows]


def _asks(row: WaitingAtHome) -> HomeLine:
    name, title, when = _parts(row)
    what = _("Help %(name)s with %(title)s?") if row.n else _("%(name)s could help you: %(title)s")
    return _at_home(0, what % {"name": name, "title": title}, _("You choose. %(when)s") % {"when": when}, _("Answer"))


def _pair(row: WaitingAtHome) -> HomeLine:
    name, title, when = _parts(row)
    return _at_home(1, _("You and %(name)s: help with %(title)s") % {"name": name, "title": title}, when, _("Look"))


def _thanks(row: WaitingAtHome) -> HomeLine:
    name, _newline, words = row.text.partition("\n")
    return _at_home(2, _("%(name)s thanks you") % {"name": name}, f"“{short(words)}”", _("Look"))


def _at_home(first: int, title: str, reason: str, button: str) -> HomeLine:
    return HomeLine(first, "users", title, reason, reverse("my_helping"), button)


def _parts(row: WaitingAtHome) -> tuple[str, str, str]:
    """(first name of the partner, standard, "Today, 11:15, by the window.")"""
    name, title, day, where = row.text.split("\n", 3)
    return name, title, sentence(", ".join(part for part in (said(date.fromisoformat(day)), where) if part))


_HOME = {"peer_asks": _asks, "peer_pair": _pair, "peer_thanks": _thanks}

SOURCE = Source(("peer_wish", "peer_no", "peer_report"), SELECT, lines_of_peers)
HOME_SOURCE = HomeSource(("peer_asks", "peer_pair", "peer_thanks"), AT_HOME, lines_at_home)
