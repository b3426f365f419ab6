"""The lines of Today: who and what, one reason, one way to act."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.closing_words import say_outcomes
from assessments.grouping.closing import Closing
from assessments.services.closings import Over
from lrm.days import said, said_on
from paths.models import Goal
from paths.services.today_reading import NOTHING, Classroom, Shown

LESSON, TODAY, WEEK = "lesson", "today", "week"
QUIET_DAYS = 35
QUIET_STANDARDS = 2
MOST_OF_A_KIND = 3
NAMES_SHOWN = 4


@dataclass(frozen=True)
class Line:
    """One thing to do. key names it for putting it off; learners: ids whom it is about; what may hold <strong>."""

    key: str
    part: str
    icon: str
    what: SafeString
    reason: str
    url: str
    button: str
    section_ids: tuple[int, ...] = ()
    learners: tuple[int, ...] = ()

    @property
    def plain(self) -> SafeString:
        """`what` without its markup, which is <strong> at most."""
        return SafeString(self.what.replace("<strong>", "").replace("</strong>", ""))


class People:
    """Names of the learners of all classes; a first name alone where nobody shares it."""

    def __init__(self, rooms: Iterable[Classroom]) -> None:
        self.names = {learner.pk: learner.name for room in rooms for learner in room.learners}
        self.first = {learner.pk: learner.first_name for room in rooms for learner in room.learners}

    def said(self, learner_ids: Sequence[int]) -> str:
        """ "Ana", "Ana and Ben", "Ana, Ben, Cem, Dia and 3 more"."""
        names = [self.first[learner] for learner in learner_ids]
        if len(names) > NAMES_SHOWN + 1:
            shown = ", ".join(names[:NAMES_SHOWN])
            return _("%(names)s and %(n)s more") % {"names": shown, "n": len(names) - NAMES_SHOWN}
        if len(names) < 2:
            return "".join(names)
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def lines_of_groups(rooms: Iterable[Classroom]) -> list[Line]:
    lines = []
    for room in rooms:
        for row in room.waiting:
            title = room.section.title
            facts = []
            if row["groups"]:
                facts.append(ngettext("%(n)s group", "%(n)s groups", row["groups"]) % {"n": row["groups"]})
            if row["own"]:
                facts.append(_("%(n)s on their own path") % {"n": row["own"]})
            if row["moved"]:
                facts.append(ngettext("%(n)s student moves", "%(n)s students move", row["moved"]) % {"n": row["moved"]})
            reason = f"{', '.join(facts)}. " if facts else _("Nobody is placed yet. ")
            if row["conflict"]:
                reason = _("Two wishes do not fit together. ")
            lines.append(
                Line(
                    key=f"groups:{row['id']}",
                    part=LESSON,
                    icon="users",
                    what=format_html(_("New groups for <strong>{}</strong> are ready to look at"), title),
                    reason=reason + _("Nothing changes until you accept."),
                    url=reverse("section_groups", args=[room.section.pk]),
                    button=_("Look at groups"),
                    section_ids=(room.section.pk,),
                )
            )
    return lines


def lines_of_ending(rooms: Iterable[Classroom], over: Mapping[int, Over], *, today: date) -> list[Line]:
    """Groups to close: on their last day, or past it and not closed. One line a class."""
    lines = []
    for room in rooms:
        rows = [row for row in room.ending if row["id"] in over]
        if not rows:
            continue
        ended = [over[row["id"]] for row in rows]
        members = [member for each in ended for member in each.members]
        if all(each.group.ends_on == today for each in ended):
            what = ngettext(
                "<strong>Group {letters}, {title}</strong> ends today",
                "<strong>Groups {letters}, {title}</strong> end today",
                len(rows),
            )
        else:
            what = ngettext(
                "<strong>Group {letters}, {title}</strong> has ended",
                "<strong>Groups {letters}, {title}</strong> have ended",
                len(rows),
            )
        lines.append(
            Line(
                key=f"ends:{room.section.pk}:{max(row['id'] for row in rows)}",
                part=LESSON,
                icon="clock",
                what=format_html(what, letters=", ".join(row["letter"] for row in rows), title=room.section.title),
                reason=say_outcomes(Closing(tuple(member.outcome for member in members), None, 0)),
                url=reverse("groups_ended", args=[room.section.pk]),
                button=ngettext("Close group", "Close groups", len(rows)),
                section_ids=(room.section.pk,),
                learners=tuple(member.learner_id for member in members),
            )
        )
    return lines


def lines_of_begun(rows: Iterable[Any], rooms: Iterable[Classroom]) -> list[Line]:
    """Assessments begun and not finished, newest first; several become one line."""
    room_of = {room.section.pk: room for room in rooms}
    open_rows = []
    for row in rows:
        left = len(room_of[row.section_id].learners) - row.entered
        if left > 0:
            open_rows.append((row, left))
    lines = []
    for row, left in open_rows[:MOST_OF_A_KIND]:
        lines.append(
            Line(
                key=f"enter:{row.pk}",
                part=LESSON,
                icon="pencil-line",
                what=format_html(_("<strong>{}</strong> is not finished"), row.title),
                reason=_("%(title)s, given %(day)s: %(done)s in, %(left)s to go.")
                % {
                    "title": room_of[row.section_id].section.title,
                    "day": said(row.given_on),
                    "done": row.entered,
                    "left": left,
                },
                url=reverse("assessment_enter", args=[row.pk]),
                button=_("Enter"),
                section_ids=(row.section_id,),
            )
        )
    if rest := open_rows[MOST_OF_A_KIND:]:
        titles = [row.title for row, _left in rest]
        what = ngettext(
            "<strong>{} more assessment</strong> of this week is not finished",
            "<strong>{} more assessments</strong> of this week are not finished",
            len(rest),
        )
        lines.append(
            Line(
                key=f"enter:more:{max(row.pk for row, _left in rest)}",
                part=WEEK,
                icon="pencil-line",
                what=format_html(what, len(rest)),
                reason=", ".join(titles[:NAMES_SHOWN]) + ".",
                url=reverse("section_enter", args=[rest[0][0].section_id]),
                button=_("Enter"),
                section_ids=tuple({row.section_id for row, _left in rest}),
            )
        )
    return lines


def lines_of_goals(goals: Sequence[Any], people: People) -> list[Line]:
    """Several of a kind become one line."""
    reached = [goal for goal in goals if goal.state == Goal.State.ACHIEVED]
    written = [goal for goal in goals if goal.state != Goal.State.ACHIEVED]
    lines = []
    for rows, one, many, button in (
        (
            reached,
            _("<strong>{}</strong> reached a goal"),
            _("<strong>{} goals</strong> were reached and wait for your nod"),
            _("Read goals"),
        ),
        (
            written,
            _("<strong>{}</strong> wrote a goal and needs your yes"),
            _("<strong>{} goals</strong> need your yes"),
            _("Read goals"),
        ),
    ):
        if len(rows) > MOST_OF_A_KIND:
            who = list(dict.fromkeys(goal.learner_id for goal in rows))
            newest = max(goal.pk for goal in rows)
            kind = "reached" if rows is reached else "written"
            lines.append(
                Line(
                    key=f"goals:{kind}:{newest}",
                    part=TODAY,
                    icon="flag",
                    what=format_html(many, len(rows)),
                    reason=_("From %(names)s.") % {"names": people.said(who)},
                    url=reverse("goals"),
                    button=button,
                    learners=tuple(who),
                )
            )
            continue
        for goal in rows:
            sent = _("Reached %(day)s.") if rows is reached else _("Sent %(day)s.")
            at = goal.achieved_at if rows is reached else goal.created_at
            lines.append(
                Line(
                    key=f"goal:{goal.pk}:{goal.state}",
                    part=TODAY,
                    icon="flag",
                    what=format_html(one, people.names[goal.learner_id]),
                    reason=f"“{goal.what}” {sent % {'day': said_on(at)}}",
                    url=reverse("goal", args=[goal.pk]),
                    button=_("Read goal"),
                    learners=(goal.learner_id,),
                )
            )
    return lines


def lines_of_quiet(
    rooms: Iterable[Classroom], shown: dict[int, Shown], people: People, *, mastery: Mapping[int, int], today: date
) -> list[Line]:
    """Learners without a new result for five weeks on standards that their class has worked on since.

    mastery: by standard id, the level from which on it counts as met.
    """
    lines = []
    for room in rooms:
        here = [
            (learner.pk, shown.get(learner.pk, NOTHING))
            for learner in room.learners
            if (today - learner.joined).days >= QUIET_DAYS
        ]
        results = Counter(chain.from_iterable(of.lately for _learner, of in here))
        worked_on = {standard: label for standard, label in room.standards if results[standard] * 2 > len(here)}
        found = {}
        for learner, of in here:
            if len(worked_on.keys() - of.lately) < QUIET_STANDARDS:
                continue  # most learners of most days, so they are told by one subtraction
            labels = [
                label
                for standard, label in worked_on.items()
                if standard not in of.lately and of.levels.get(standard, 0) < mastery[standard]
            ]
            if len(labels) >= QUIET_STANDARDS:
                found[learner] = labels
        if found:
            lines.append(_quiet_line(room, found, people))
    return lines


def _quiet_line(room: Classroom, found: dict[int, list[str]], people: People) -> Line:
    who = sorted(found, key=lambda learner: -len(found[learner]))
    weeks = QUIET_DAYS // 7
    if len(who) == 1:
        n = len(found[who[0]])
        what = format_html(
            ngettext(
                "<strong>{name}</strong> has no new results for {weeks} weeks on {n} standard",
                "<strong>{name}</strong> has no new results for {weeks} weeks on {n} standards",
                n,
            ),
            name=people.names[who[0]],
            weeks=weeks,
            n=n,
        )
        reason = _("%(labels)s, which %(title)s has worked on since.")
        facts = {"labels": ", ".join(found[who[0]][:NAMES_SHOWN]), "title": room.section.title}
        url, button = reverse("learner", args=[who[0]]), _("Plan a look")
    else:
        what = format_html(
            _("<strong>{n} students</strong> have no new results for {weeks} weeks"), n=len(who), weeks=weeks
        )
        reason = _("%(names)s, on standards that %(title)s has worked on since.")
        facts = {"names": people.said(who), "title": room.section.title}
        url, button = reverse("section_wall", args=[room.section.pk]), _("Open the wall")
    return Line(
        key=f"quiet:{room.section.pk}",
        part=WEEK,
        icon="eye",
        what=what,
        reason=reason % facts,
        url=url,
        button=button,
        section_ids=(room.section.pk,),
        learners=tuple(who),
    )


def short(text: str, most: int = 110) -> str:
    """most: characters, the dots at its end included."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."
