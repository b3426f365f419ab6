"""Who began with something on a standard, and whom they are compared with: rows for `assessments.impact.matched`.

Each learner counts once for a standard. Who had it starts when it began. Who had it not starts when it began in the
class that first gave them a result on that standard; where it never did, on the middle one of the days on which it
began elsewhere. Results of later days than the first count as later ones, for both alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from assessments.impact.matched import LATER_RESULTS, Units, make_units
from assessments.services.group_starts import LAST_RESULTS
from assessments.services.impact_histories import Block, Expected, Tell, read_about, read_blocks
from assessments.services.policies import Policies

MICRO = 1_000_000


@dataclass(frozen=True)
class Began:
    """A learner began with something on a standard.

    at: up to when results were known.    first_day: results of later days are later ones.
    is_asked: False for something of the same kind that the question is not about; who had it is not "without" either.
    expected_micro, first_mean_micro: as GroupMember keeps them; expected_micro None: not kept, to be replayed.
    """

    learner_id: int
    standard_id: int
    at: datetime
    first_day: date
    section_id: int | None = None
    is_asked: bool = True
    expected_micro: int | None = None
    first_mean_micro: int | None = None


@dataclass(frozen=True)
class FoundUnits:
    """units: for `compare`.    school: (units,) ids of home schools.    replayed: units whose e was worked out again.

    began: learners on standards that began with what is asked about.    without_later: of them, those with fewer than
    three results since.    elsewhere: learners on standards who had it, or something of its kind, at another time.
    """

    units: Units
    school: np.ndarray
    replayed: int
    began: int
    without_later: int
    elsewhere: int


def read_units(
    began: Sequence[Began], *, school_ids: Sequence[int], policies: Policies, zone: ZoneInfo, today: date, tell: Tell
) -> FoundUnits:
    """began: all of the kind on the standards asked about, of learners at home in these schools, whenever it was."""
    starts = _Starts(began)
    about = read_about(starts.standards)
    columns = _Columns()
    elsewhere = replayed = with_later = 0
    blocks = read_blocks(
        about,
        school_ids=school_ids,
        fewest=LATER_RESULTS,
        policies=policies,
        zone=zone,
        today=today,
        tell=tell,
    )
    for block in blocks if about else ():
        expected = Expected(block, about, policies, zone)
        rows: list[_Row] = []
        to_replay: list[_Row] = []
        for learner, standard, school in block.pairs:
            row, start, is_elsewhere = _row(block, starts, learner, standard, school)
            elsewhere += is_elsewhere
            if row is None or start is None:
                continue
            with_later += row.is_treated
            if np.isnan(row.expected):
                expected.ask(learner, standard, start.at)
                to_replay.append(row)
            rows.append(row)
        for row, value in zip(to_replay, expected.read().tolist(), strict=True):
            row.expected = value
        replayed += len(to_replay)
        columns.add(rows)
    units, school_of = columns.joined()
    asked = len(starts.asked)
    return FoundUnits(units, school_of, replayed, asked, asked - with_later, elsewhere)


@dataclass
class _Row:
    """expected: NaN until it is replayed."""

    learner: int
    section: int
    school: int
    is_treated: bool
    observed: float
    expected: float
    first: float


class _Columns:
    """Rows of all blocks as arrays: of a whole district there are millions, too many to keep one by one."""

    names = ("learner", "section", "is_treated", "observed", "expected", "first", "school")

    def __init__(self) -> None:
        self._parts: dict[str, list[np.ndarray]] = {name: [] for name in self.names}

    def add(self, rows: list[_Row]) -> None:
        for name, parts in self._parts.items():
            parts.append(np.array([getattr(row, name) for row in rows]))

    def joined(self) -> tuple[Units, np.ndarray]:
        """The units, and the home school of each."""
        whole = {name: np.concatenate([np.empty(0), *parts]) for name, parts in self._parts.items()}
        school = whole.pop("school").astype(np.int64)
        return make_units(**whole), school


class _Starts:
    """asked: the first start of each learner and standard that the question is about."""

    def __init__(self, began: Iterable[Began]) -> None:
        self.asked: dict[tuple[int, int], Began] = {}
        self._any: dict[tuple[int, int], date] = {}
        self._in_class: dict[tuple[int, int], Began] = {}
        for one in sorted(began, key=lambda one: (one.first_day, one.at, one.learner_id)):
            pair = one.learner_id, one.standard_id
            self._any.setdefault(pair, one.first_day)
            if one.is_asked:
                self.asked.setdefault(pair, one)
                if one.section_id is not None:
                    self._in_class.setdefault((one.section_id, one.standard_id), one)
        self.standards = {standard for _learner, standard in self.asked}
        by_standard: dict[int, list[Began]] = {}
        for (_learner, standard), one in self.asked.items():
            by_standard.setdefault(standard, []).append(one)
        self._middle = {standard: of[(len(of) - 1) // 2] for standard, of in by_standard.items()}

    def in_class(self, section: int, standard: int) -> Began:
        """When it began in a class, else the middle one of all starts on the standard."""
        return self._in_class.get((section, standard), self._middle[standard])

    def had_by(self, learner: int, standard: int, day: int) -> bool:
        """Whether the learner had it, or something of its kind, up to the day (an ordinal)."""
        first = self._any.get((learner, standard))
        return first is not None and first.toordinal() <= day


def _row(
    block: Block, starts: _Starts, learner: int, standard: int, school: int
) -> tuple[_Row | None, Began | None, bool]:
    """The row and its start, or None for both; and whether it is left out for having had it at another time."""
    results = block.rows.get((learner, standard))
    if results is None:
        return None, None, False
    own = starts.asked.get((learner, standard))
    start = own or starts.in_class(block.section_of(int(results[0])), standard)
    day, history = block.histories.day, block.histories.rows
    later = results[day[results] > start.first_day.toordinal()][:LATER_RESULTS]
    if len(later) < LATER_RESULTS:
        return None, None, False
    if own is None and starts.had_by(learner, standard, int(day[later[-1]])):
        return None, None, True
    if own is not None and own.expected_micro is not None:
        first = float("nan") if own.first_mean_micro is None else own.first_mean_micro / MICRO
    else:
        moment = start.at.timestamp() / 86_400
        before = results[history.ts[results] <= moment][-LAST_RESULTS:]
        first = float(block.score[before].mean()) if len(before) else float("nan")
    kept = own.expected_micro if own is not None else None
    row = _Row(
        learner,
        block.section_of(int(later[0])),
        school,
        own is not None,
        float(block.score[later].mean()),
        float("nan") if kept is None else kept / MICRO,
        first,
    )
    return row, start, False
