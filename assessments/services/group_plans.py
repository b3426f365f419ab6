"""What the solver is asked about a section: its needs under the teacher's settings, wishes, and the groups so far."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from assessments.grouping import OWN, Conflict, Problem, Suggestion, counts_for, suggest_groups
from assessments.grouping.conflict import possible_columns
from assessments.grouping.units import make_units
from assessments.models import Wish
from assessments.services.board_facts import index_of
from assessments.services.last_groups import LastGroups, read_last
from assessments.services.needs import Needs, read_needs
from assessments.services.policies import Policies
from profiles.models import Section

MORE_GROUPS = 4  # that are tried where the number is open and the wishes do not hold in the usual one


@dataclass(frozen=True)
class Plan:
    """A section's needs and the problem put to the solver.

    open_counts: "k", "lo", "hi" that the teacher has not settled.    last: the groups that were accepted last.
    resting: row -> column of the standard that is wished for the learner, where no group is settled on it.
    """

    needs: Needs
    problem: Problem
    last: LastGroups
    open_counts: frozenset[str]
    resting: Mapping[int, int]

    def rows_of(self, learner_ids: Iterable[int]) -> list[int]:
        """Rows of those of the learners who are on the roster."""
        wanted = set(learner_ids)
        return [row for row, learner in enumerate(self.needs.learners) if learner.pk in wanted]


def plan_of(section: Section, settings: dict, *, on: date, board: Mapping | None = None) -> Plan | None:
    """The problem of a section under these settings and the wishes in force; None where there is nothing to group by.

    settings: k, lo, hi, adults, own_path, mixed, standards (ids), topics (letter -> standard id), again (learners: the
    only ones to place); None or missing is chosen. Standards that are topics are grouped by in any case.
    board: the one that stands, so that whoever is pinned to a topic stays with it, under its letter.
    """
    needs = read_needs(
        section,
        Policies(section.district_id),
        on=on,
        chosen=settings.get("standards"),
        named=set((settings.get("topics") or {}).values()),
    )
    if needs is None:
        return None
    row = {learner.pk: i for i, learner in enumerate(needs.learners)}
    wishes = list(Wish.objects.filter(section=section, lifted_at__isnull=True).order_by("pk"))
    absent = {row[wish.first_id] for wish in wishes if wish.kind == Wish.Kind.ABSENT and wish.first_id in row}
    if "again" in settings:
        absent |= {row[pk] for pk in row.keys() - set(settings["again"]["learners"])}
    present = len(needs.learners) - len(absent)
    if present < 1:
        return None
    settled = {name: settings.get(name) for name in ("k", "lo", "hi")}
    own_path = settings.get("own_path", True)
    pins: dict[int, int] = {
        row[wish.first_id]: OWN if wish.own_path or wish.standard_id is None else wish.standard_id
        for wish in wishes
        if wish.kind == Wish.Kind.PIN and wish.first_id in row and (own_path or not wish.own_path)
    }
    taught = {standard.pk: i for i, standard in enumerate(needs.standards[: needs.topics])}
    k, lo, hi = counts_for(present, **settled)
    last = read_last(section, on=on)
    topics, pinned, resting = _settle(pins, taught, k, settings.get("topics") or {}, board, last, needs)
    problem = Problem(
        p=needs.p,
        value=needs.value,
        k=k,
        lo=lo,
        hi=hi,
        previous=last.places(row, len(needs.learners)),
        own_path=own_path,
        mixed=settings.get("mixed", False) and present > 1,
        apart=_pairs(wishes, Wish.Kind.APART, row),
        together=_pairs(wishes, Wish.Kind.TOGETHER, row),
        topics={group: taught[standard] for group, standard in topics.items()},
        pinned=pinned,
        absent=absent,
        keys=[learner.pk for learner in needs.learners],
    )
    is_open = frozenset(name for name, value in settled.items() if value is None)
    return Plan(needs, problem, last, is_open, resting)


def solve(plan: Plan) -> tuple[Problem, Suggestion]:
    """The suggestion, and the problem that it answers: counts that the teacher left open give way to wishes.

    A pin to a standard that nobody was settled on wakes where some group takes it up; else it rests.
    Raises Conflict: the wishes cannot all hold, whatever the open counts are.
    """
    problem, found = _solve(plan)
    taken_up = {row: found.foci.tolist().index(to) for row, to in plan.resting.items() if to in found.foci}
    if not taken_up:
        return problem, found
    topics = {group: int(found.foci[group]) for group in taken_up.values()}
    awake = replace(problem, topics=dict(problem.topics) | topics, pinned=dict(problem.pinned) | taken_up)
    try:
        return awake, suggest_groups(awake)
    except Conflict:
        return problem, found


def _solve(plan: Plan) -> tuple[Problem, Suggestion]:
    try:
        return plan.problem, suggest_groups(plan.problem)
    except Conflict:
        for other in _other_counts(plan):
            if possible_columns(make_units(other)) is not None:
                return other, suggest_groups(other)
        raise


def _other_counts(plan: Plan) -> Iterator[Problem]:
    problem, present = plan.problem, len(plan.problem.present)
    most = min(problem.k + MORE_GROUPS, present) if "k" in plan.open_counts else problem.k
    for hi in (problem.hi, present) if "hi" in plan.open_counts and present > problem.hi else (problem.hi,):
        for k in range(problem.k, max(most, problem.k) + 1):
            lo = min(problem.lo, max(1, present // k)) if "k" in plan.open_counts else problem.lo
            for smaller in (lo, 1) if "lo" in plan.open_counts and lo > 1 else (lo,):
                if (k, smaller, hi) != (problem.k, problem.lo, problem.hi):
                    yield replace(problem, k=k, lo=smaller, hi=hi)


def _settle(
    pins: Mapping[int, int],
    taught: Mapping[int, int],
    k: int,
    topics: Mapping[str, int],
    board: Mapping | None,
    last: LastGroups,
    needs: Needs,
) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """(group -> standard id, row -> group or OWN, row -> column at rest): a pin names a standard, the solver a group.

    It is met where the standard is worked on: on the board (there where the learner stands, if possible), else in the
    last groups. An old pin does not bring back a topic that everybody else is done with.
    """
    settled = {index_of(letter): pk for letter, pk in topics.items() if index_of(letter) < k and pk in taught}
    stands: dict[int, int] = {}
    shown: dict[int, int] = {}
    standing = board or {}
    for entry in standing.get("groups", standing.get("stood", [])):
        group = index_of(entry["letter"])
        if group < k:
            shown[group] = entry["focus"]
            stands |= {member["learner"]: group for member in entry["members"]}
    if not shown:
        shown = {group: focus for group, focus in last.foci.items() if group < k}
    pinned: dict[int, int] = {}
    resting: dict[int, int] = {}
    for row, to in sorted(pins.items()):
        if to == OWN:
            pinned[row] = OWN
        elif to in taught:
            groups = sorted(group for group in {*settled, *shown} if settled.get(group, shown.get(group)) == to)
            here = stands.get(needs.learners[row].pk, OWN)
            if groups:
                pinned[row] = here if here in groups else groups[0]
                settled[pinned[row]] = to
            else:
                resting[row] = taught[to]
    return settled, pinned, resting


def _pairs(wishes: list[Wish], kind: str, row: Mapping[int, int]) -> list[tuple[int, int]]:
    return [
        (row[wish.first_id], row[wish.second_id])
        for wish in wishes
        if wish.kind == kind and wish.first_id in row and wish.second_id is not None and wish.second_id in row
    ]
