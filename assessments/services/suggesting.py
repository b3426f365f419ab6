"""Group suggestions: made anew for every section whose mastery has changed, kept as one current board a section."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from assessments.grouping import (
    NO_GROUP,
    OWN,
    Conflict,
    Problem,
    Suggestion,
    default_counts,
    explain,
    rotation,
    suggest_groups,
    weigh,
)
from assessments.models import Group, GroupMember, GroupSuggestion, StaleMark, StaleSection, Wish
from assessments.services.needs import Needs, read_needs
from assessments.services.policies import Policies
from lrm.scope import district_scope, unscoped
from profiles.models import Section

log = structlog.get_logger()
MOST_SECTIONS = 50
LONGEST_WAIT = timedelta(seconds=5)
AFTER_FAILURE = timedelta(minutes=1)
ADULTS = 2

TAKE = """
SELECT section_id, array_agg(id) FROM assessments_stalesection
 WHERE due_at <= statement_timestamp() GROUP BY section_id
HAVING max(due_at) <= statement_timestamp() - %(quiet)s * interval '1 second'
    OR min(due_at) <= statement_timestamp() - %(longest)s * interval '1 second'
 ORDER BY min(due_at) LIMIT %(limit)s
"""

LOCK = "hashtextextended('groups', %s)"


def suggest_due(*, quiet: timedelta = timedelta(0), between: Callable[[], None] = lambda: None) -> int:
    """Make the suggestions of sections that are due; a section that another worker holds is left to it.

    quiet: a section whose last change is younger than this waits, LONGEST_WAIT at most: while results are typed, each
    would make the suggestion anew and hold up the next.
    between: called after each section, for work that must not wait until all suggestions are made.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE, {"quiet": quiet.total_seconds(), "longest": LONGEST_WAIT.total_seconds(), "limit": MOST_SECTIONS}
        )
        due = cursor.fetchall()
    done = 0
    for section_id, marks in due:
        try:
            done += suggest_marked(section_id, marks)
        except Exception:
            # One section must not hold up the others; its marks stay and are due again in a while.
            log.exception("suggestion_failed", section_id=section_id)
            StaleSection.objects.filter(pk__in=marks).update(due_at=Now() + AFTER_FAILURE)
        between()
    return done


def suggest_marked(section_id: int, marks: list[int]) -> bool:
    """Work off the marks (ids) of a section. False: another worker has it in hand, or has done it meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})", [section_id])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("DELETE FROM assessments_stalesection WHERE id = ANY(%s)", [marks])
        if not cursor.rowcount:
            return False
        with unscoped("sections of one block may be of several districts"):
            section = Section.objects.select_related("roster", "district").filter(pk=section_id).first()
        if section is not None:
            with district_scope(section.district_id):
                refresh_suggestion(section)
    return True


def any_waits() -> bool:
    """Whether some section's suggestion is due still: its class was not quiet, or another worker has it in hand."""
    return StaleSection.objects.filter(due_at__lte=Now()).exists()


def wait_for_suggestion(section: Section) -> None:
    """Until this transaction ends nobody else makes a suggestion for the section: there is one current board."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})", [section.pk])


def is_due(section: Section) -> bool:
    """Whether results have come that the board does not know yet."""
    learners = section.roster.enrollments.of_learners().on(timezone.localdate()).values("learner_id")
    now = timezone.now()
    return (
        StaleSection.objects.filter(section_id=section.pk, due_at__lte=now).exists()
        or StaleMark.objects.filter(learner_id__in=learners, due_at__lte=now).exists()
    )


def refresh_suggestion(section: Section) -> GroupSuggestion | None:
    """Compute the current board of a section and store it; None where there is nothing to group by.

    Versions go on from board to board, so that a version names one state of one board of the section.
    """
    current = GroupSuggestion.objects.select_for_update().filter(section=section, state="current").first()
    last = current or GroupSuggestion.objects.filter(section=section).order_by("-version").first()
    settings = dict(last.settings) if last else {}
    if current is None:
        settings = settings_of_all(settings)
    today = timezone.localdate(timezone=ZoneInfo(section.district.time_zone))
    board = make_board(section, settings, on=today)
    if board is None:
        return current
    version = last.version + 1 if last else 1
    if current is None:
        return GroupSuggestion.objects.create(section=section, settings=settings, board=board, version=version)
    # New results make a new board: what was edited lives on as wishes, so the old steps cannot be undone into it.
    current.board, current.updated_at, current.version = board, timezone.now(), version
    current.save(update_fields=["board", "updated_at", "version"])
    return current


def make_board(section: Section, settings: dict, *, on: date) -> dict | None:
    """The board of a section under these settings, not stored; None where there is nothing to group by.

    settings: k, lo, hi, adults, own_path, mixed, standards (ids); what is missing is chosen. again (learners,
    settings): the board is of these learners alone, and the settings are those of the whole class.
    A board holds: groups (letter, focus, purpose, reasons, adult, turn, members), own (members), absent (learner ids),
    left_out (ids of those whom it is not about), counts, fit, and conflict where the wishes cannot all hold. A member:
    learner, standard, level (0: no result), from, new, pinned, reasons; ids everywhere, no names.
    """
    plan = plan_of(section, settings, on=on)
    if plan is None:
        return None
    needs, problem = plan.needs, plan.problem
    try:
        found = suggest_groups(problem)
    except Conflict as conflict:
        return {"conflict": [_wish(wish, needs) for wish in conflict.wishes], "learners": conflict.learners}
    problem, found = _keep_pins(plan, found)
    return split_absent(describe(needs, problem, found, adults=int(settings.get("adults", ADULTS))), settings)


def settings_of_all(settings: dict) -> dict:
    """The settings of the whole class: those of a board of a few are for that board alone."""
    return dict(settings.get("again", {}).get("settings", settings))


def split_absent(board: dict, settings: dict) -> dict:
    """The board with those whom it is not about told apart from those who are away."""
    if "again" not in settings:
        return board
    about = set(settings["again"]["learners"])
    away = [learner for learner in board["absent"] if learner in about]
    return board | {"absent": away, "left_out": [learner for learner in board["absent"] if learner not in about]}


@dataclass(frozen=True)
class Plan:
    """A section's needs and the problem put to the solver.    pins: row -> standard id, or OWN, that is wished."""

    needs: Needs
    problem: Problem
    pins: dict[int, int | None]

    def rows_of(self, learner_ids: Iterable[int]) -> list[int]:
        """Rows of those of the learners who are on the roster."""
        wanted = set(learner_ids)
        return [row for row, learner in enumerate(self.needs.learners) if learner.pk in wanted]


def plan_of(section: Section, settings: dict, *, on: date) -> Plan | None:
    """The problem of a section under these settings and the wishes in force; see make_board."""
    policy = Policies(section.district_id).on(None, on)
    needs = read_needs(section, policy, on=on, chosen=settings.get("standards"))
    if needs is None:
        return None
    row = {learner.pk: i for i, learner in enumerate(needs.learners)}
    wishes = list(Wish.objects.filter(section=section, lifted_at__isnull=True).order_by("pk"))
    absent = [row[wish.first_id] for wish in wishes if wish.kind == Wish.Kind.ABSENT and wish.first_id in row]
    if "again" in settings:
        absent += [row[pk] for pk in row.keys() - set(settings["again"]["learners"])]
    present = len(needs.learners) - len(set(absent))
    if present < 1:
        return None
    usual_k, usual_lo, usual_hi = default_counts(present)
    k = int(settings.get("k") or usual_k)
    previous, foci = _previous(section, needs, k, on)
    own_path = settings.get("own_path", True)
    pins = {
        row[wish.first_id]: OWN if wish.own_path else wish.standard_id
        for wish in wishes
        if wish.kind == Wish.Kind.PIN and wish.first_id in row and (own_path or not wish.own_path)
    }
    problem = Problem(
        p=needs.p,
        value=needs.value,
        k=k,
        lo=int(settings.get("lo") or usual_lo),
        hi=int(settings.get("hi") or usual_hi),
        previous=previous,
        own_path=own_path,
        mixed=settings.get("mixed", False),
        apart=_pairs(wishes, Wish.Kind.APART, row),
        together=_pairs(wishes, Wish.Kind.TOGETHER, row),
        pinned={r: OWN if to == OWN else foci.index(to) for r, to in pins.items() if to == OWN or to in foci},
        absent=absent,
        keys=[learner.pk for learner in needs.learners],
    )
    return Plan(needs, problem, pins)


def _keep_pins(plan: Plan, found: Suggestion) -> tuple[Problem, Suggestion]:
    """A pin names a standard, the solver an index: learners pinned to a topic go where that topic is taught now.

    Where nobody works on it the pin rests, and the learner stays where the solver saw the most to gain.
    """
    column = {standard.pk: i for i, standard in enumerate(plan.needs.standards[: plan.needs.topics])}
    places, pinned = found.assignment.copy(), {}
    taught = found.foci.tolist()
    for row, to in plan.pins.items():
        if places[row] == NO_GROUP:
            continue
        if to == OWN:
            pinned[row] = OWN
        elif to is not None and column.get(to, -2) in taught:
            pinned[row] = taught.index(column[to])
        else:
            continue
        places[row] = pinned[row]
    places = _keep_pairs(plan.problem, places, pinned, found.foci)
    problem = replace(plan.problem, pinned=pinned)
    if (places == found.assignment).all():
        return problem, found
    return problem, weigh(problem, places, foci=found.foci, eased=found.eased)


def _keep_pairs(problem: Problem, places: np.ndarray, pinned: dict[int, int], foci: np.ndarray) -> np.ndarray:
    """A pin that was put back may part a pair, or bring one together: the learner without a pin gives way."""
    places = places.copy()
    for first, second in problem.apart:
        if places[first] != places[second] or places[first] in (OWN, NO_GROUP):
            continue
        goes = first if second in pinned else second
        if goes in pinned:
            continue
        others = {b if a == goes else a for a, b in problem.apart if goes in (a, b)}
        taken = {int(places[other]) for other in others}
        open_to = [group for group, focus in enumerate(foci) if focus >= 0 and group not in taken]
        if open_to:
            size = lambda group: int((places == group).sum())
            places[goes] = max(open_to, key=lambda g: (size(g) < problem.hi, problem.value[goes, foci[g]], -g))
    for first, second in problem.together:
        stays, goes = (second, first) if second in pinned else (first, second)
        if goes not in pinned and NO_GROUP not in (places[stays], places[goes]):
            places[goes] = places[stays]
    return places


def describe(needs: Needs, problem: Problem, found: Suggestion, *, adults: int) -> dict:
    """A suggestion as JSON: ids of learners and standards, codes and facts of reasons."""
    groups, members = explain(problem, found, needs.known)
    purposes = [group.purpose for group in groups]
    slots = {slot.group: slot for slot in rotation(purposes, found.mean_need, adults=adults)}
    places: dict[int, list[dict]] = {}
    for member in members:
        places.setdefault(member.group, []).append(_member(member, needs))
    return {
        "groups": [
            {
                "letter": letter(group.group),
                "focus": _standard(group.focus, needs),
                "purpose": group.purpose,
                "reasons": [_reason(reason, needs) for reason in group.reasons],
                "adult": slots[group.group].adult,
                "turn": slots[group.group].turn,
                "members": places.get(group.group, []),
            }
            for group in groups
            if group.focus is not None
        ],
        "own": places.get(OWN, []),
        "absent": [member["learner"] for member in places.get(NO_GROUP, [])],
        "standards": [standard.pk for standard in needs.standards[: needs.topics]],
        "k": problem.k,
        "lo": problem.lo,
        "hi": problem.hi,
        "adults": adults,
        "own_path": problem.own_path,
        "moved": len(found.moved),
        "stayed": len(found.stayed),
        "fit": round(100 * found.fit / found.best_fit) if found.best_fit else 100,
    }


def letter(group: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    while True:
        name = chr(ord("A") + group % 26) + name
        group = group // 26 - 1
        if group < 0:
            return name


def _member(member, needs: Needs) -> dict:
    learner = needs.learners[member.row]
    level = 0 if member.standard is None else int(needs.known.level[member.row, member.standard])
    came_from = None if member.came_from is None else "own" if member.came_from == OWN else letter(member.came_from)
    return {
        "learner": learner.pk,
        "standard": _standard(member.standard, needs),
        "level": level,
        "from": came_from,
        "new": member.row in needs.known.newcomers,
        "pinned": member.pinned,
        "reasons": [_reason(reason, needs) for reason in member.reasons],
    }


def _reason(reason, needs: Needs) -> dict:
    facts: dict[str, Any] = {}
    for name, value in reason.facts.items():
        if name in {"standard", "has"}:
            facts[name] = _standard(value, needs)
        elif name == "with":
            facts[name] = [needs.learners[row].pk for row in value]
        elif isinstance(value, date):
            facts[name] = value.isoformat()
        else:
            facts[name] = list(value) if isinstance(value, tuple) else value
    return {"code": reason.code, **{name: _plain(value) for name, value in facts.items()}}


def _plain(value):
    """NumPy's numbers as Python's, which JSON knows."""
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def _standard(column: int | None, needs: Needs) -> int | None:
    return None if column is None else needs.standards[int(column)].pk


def _wish(wish, needs: Needs) -> dict:
    return {
        "kind": wish.kind,
        "learners": [needs.learners[row].pk for row in wish.rows],
        "group": None if wish.group is None else "own" if wish.group == OWN else letter(wish.group),
        "count": wish.count,
        "groups": wish.groups,
    }


def _pairs(wishes: list[Wish], kind: str, row: dict[int, int]) -> list[tuple[int, int]]:
    return [
        (row[wish.first_id], row[wish.second_id])
        for wish in wishes
        if wish.kind == kind and wish.first_id in row and wish.second_id in row
    ]


def _previous(section: Section, needs: Needs, k: int, on: date) -> tuple[np.ndarray, list[int | None]]:
    """Index of each learner's present group, by letter, and the focus of each of the k places."""
    groups = list(Group.objects.filter(section=section, closed_at__isnull=True, ends_on__gte=on).order_by("letter"))
    place = {group.pk: i for i, group in enumerate(groups)}
    row = {learner.pk: i for i, learner in enumerate(needs.learners)}
    previous = np.full(len(needs.learners), NO_GROUP)
    for group, learner in GroupMember.objects.filter(group__in=groups).values_list("group_id", "learner_id"):
        if learner in row:
            previous[row[learner]] = place[group]
    foci: list[int | None] = [group.focus_id for group in groups[:k]]
    return previous, foci + [None] * (k - len(foci))
