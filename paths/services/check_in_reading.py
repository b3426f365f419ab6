"""One check-in as its page shows it: the rows of its grid, what was decided, and what happened since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from assessments.school_filters import SchoolFilters
from assessments.services.policies import Policies
from paths.models import DataCheckIn, DataDecision
from paths.services.check_in_grid import Facts, Scope, read_facts, read_frameworks, read_grid
from paths.services.check_in_keeping import Then, read_then
from paths.services.check_in_since import Since, read_since
from profiles.models import Account, Learner

MOST_DAYS = 6
"""Days of decisions about everybody for which "since" is summed up over all learners; the newest ones."""


@dataclass(frozen=True)
class Row:
    """One learner of the grid. since: after the day of the meeting.    decisions: those that stand.

    then: standards met, and with a level, when that day ended; None where nothing of it is stored.
    """

    facts: Facts
    since: Since
    decisions: Sequence[DataDecision] = ()
    then: tuple[int, int] | None = None

    @property
    def open(self) -> int:
        return sum(decision.done_at is None for decision in self.decisions)


@dataclass(frozen=True)
class Decided:
    """since: after the day of the decision; None where it is not summed up (MOST_DAYS)."""

    decision: DataDecision
    since: Since | None

    @property
    def is_open(self) -> bool:
        return self.decision.done_at is None


@dataclass(frozen=True)
class CheckInRead:
    """is_wide: too many learners for a grid.    decided: open ones first, by day; taken_back: what does not stand.

    then: who was in it on the day of the meeting; None where that is not stored.    frameworks: titles, by id.
    """

    rows: list[Row]
    is_wide: bool
    decided: list[Decided]
    taken_back: list[DataDecision]
    scope: Scope
    then: Then | None
    frameworks: dict[int, str]
    policies: Policies = field(repr=False)

    @property
    def learner_ids(self) -> set[int]:
        """Everybody whom it shows."""
        about = {row.learner_id for row in self.taken_back} | {each.decision.learner_id for each in self.decided}
        gone = {learner.pk for learner in self.then.gone} if self.then else set()
        return {row.facts.learner.pk for row in self.rows} | gone | {pk for pk in about if pk is not None}

    def of(self, learner: Learner | None) -> list[Decided]:
        """What was decided about this learner; None: about everybody."""
        wanted = learner.pk if learner else None
        return [each for each in self.decided if each.decision.learner_id == wanted]


def read_check_in(account: Account, check_in: DataCheckIn, *, today: date) -> CheckInRead:
    """By the rights of the account. Seven statements, whatever stands in it."""
    filters, policies = SchoolFilters.parse(check_in.filters), Policies(account.district_id)
    frameworks = read_frameworks()
    scope = Scope.of(filters, policies, frameworks, today=today)
    grid = read_grid(account, filters, scope, today=today)
    then = read_then(account, check_in, grid.learner_ids)
    before = then.members if then else {}
    visible = DataDecision.objects.visible_to(account).filter(check_in=check_in)
    every = list(visible.select_related("learner", "owner", "by", "done_by"))
    standing = [row for row in every if row.withdrawn_at is None]
    days = sorted({row.decided_on for row in standing if row.learner_id is None}, reverse=True)[:MOST_DAYS]
    asked = {(pk, day) for pk in grid.learner_ids for day in (check_in.held_on, *days)}
    asked |= {(row.learner_id, row.decided_on) for row in standing if row.learner_id is not None}
    since = read_since(sorted(asked), scope, zone=timezone.get_current_timezone_name(), today=today)
    sums = {day: sum((since[pk, day] for pk in grid.learner_ids), Since()) for day in days}
    of_learner: dict[int | None, list[DataDecision]] = {}
    for row in standing:
        of_learner.setdefault(row.learner_id, []).append(row)
    rows = [
        Row(
            facts,
            since[facts.learner.pk, check_in.held_on],
            of_learner.get(facts.learner.pk, ()),
            before.get(facts.learner.pk),
        )
        for facts in grid.facts
    ]
    decided = [
        Decided(row, sums.get(row.decided_on) if row.learner_id is None else since[row.learner_id, row.decided_on])
        for row in standing
    ]
    decided.sort(key=lambda each: (not each.is_open, each.decision.due_on or date.max, each.decision.pk))
    taken_back = [row for row in every if row.withdrawn_at is not None]
    return CheckInRead(rows, grid.is_wide, decided, taken_back, scope, then, frameworks, policies)


def read_row(account: Account, found: CheckInRead, learner: Learner, held_on: date, *, today: date) -> Row:
    """The row of a learner whom the account may open; of who is not in the grid it takes two statements."""
    row = next((row for row in found.rows if row.facts.learner.pk == learner.pk), None)
    if row is not None:
        return row
    (facts,) = read_facts(account, [learner], found.scope, today=today)
    zone = timezone.get_current_timezone_name()
    since = read_since([(learner.pk, held_on)], found.scope, zone=zone, today=today)
    before = found.then.members.get(learner.pk) if found.then else None
    return Row(facts, since[learner.pk, held_on], [each.decision for each in found.of(learner)], before)
