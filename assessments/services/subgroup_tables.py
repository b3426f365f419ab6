"""The subgroups of a published table: who of each school, and of the district, is in one, and everybody else.

They stand in the table of their domain, `subgroups` by title: {"of": id of the subgroup, "day", "rows": {school or "d":
{"in": figure, "out": figure}}, "least", "former"}. With its end a subgroup goes to `ended`, which nobody reads: one
that is declared anew under the same title is held against what was published of the old one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assessments import suppression
from assessments.services import former_tables
from assessments.services.lattice import Apart, Table
from assessments.services.published import IN, OUT
from assessments.services.stored_tables import figure_of, hides_enough, hides_in, rows_known, shown_in
from assessments.suppression_overlaps import told_by_changes_together, told_together
from assessments.suppression_readers import Reader, are_new
from assessments.suppression_subgroups import Beside, codes_of, hide_rows, told_by_change, with_district

PARTS = [IN, OUT]


def keep(before: dict, declared: Mapping[str, int]) -> dict:
    """The table of the last publication, as it stands, without the subgroups that have ended since, also those of which
    another one has taken the title. declared: {title: id}.
    """
    standing = before.get("subgroups", {})
    kept = {title: each for title, each in standing.items() if each.get("of") == declared.get(title, 0)}
    gone = {title: each for title, each in standing.items() if title not in kept}
    if not gone:
        return before
    return before | {"subgroups": kept, "ended": before.get("ended", {}) | gone}


def suppress_subgroups(
    table: Table,
    beside: Beside,
    rows: Sequence[str],
    before: dict | None,
    asked: Mapping[str, int],
    least: suppression.IntArray,
    day: date,
    counted: Mapping[str, dict],
    several: Collection[Reader],
) -> dict:
    """{"subgroups": .., "ended": ..} of a new table, those that have something in them. rows: schools, then "d".

    asked, least: as of `publishing.suppress`, least one number for each row.    counted: {day: counts of the table}.
    several: readers who know several rows.
    A subgroup's figures stand, with their own day, while new ones would show less.
    """
    before = keep(before or {}, table.declared)
    standing, ended = before.get("subgroups", {}), before.get("ended", {})
    if table.apart is not None:
        made = _Blocks(table, table.apart, beside, rows, least, counted, several).make(standing, ended, asked, day)
        standing = standing | made
        ended = {title: each for title, each in ended.items() if title not in made}
    return {name: found for name, found in (("subgroups", standing), ("ended", ended)) if found}


def counts_of(apart: Apart, schools: Sequence[int]) -> dict[str, dict[str, list[int]]]:
    """{title: {school: [results of who is in it, of everybody else]}}, hidden ones too. Zeros are left out."""
    found = {}
    for number, title in enumerate(apart.titles):
        n = apart.parts(number)[0].sum(axis=2)
        found[title] = {str(school): n[row].tolist() for row, school in enumerate(schools) if n[row].any()}
    return found


@dataclass
class _Block:
    """One subgroup.    moves: by day of a former table how much its figures have changed, NaN where they were hidden;
    true_moves: the same with what was hidden, None where it was not kept.    barred, hidden: (schools + 1,).
    """

    number: int
    results: suppression.IntArray
    learners: suppression.IntArray
    earlier: list[dict]
    moves: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    true_moves: dict[str, suppression.IntArray | None] = field(default_factory=dict)
    barred: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    hidden: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


class _Blocks:
    """The subgroups of one domain on one day."""

    def __init__(
        self,
        table: Table,
        apart: Apart,
        beside: Beside,
        rows: Sequence[str],
        least: suppression.IntArray,
        counted: Mapping[str, dict],
        several: Collection[Reader],
    ) -> None:
        self.apart, self.beside, self.rows, self.least = apart, beside, rows, least
        self.declared = table.declared
        self.width = least * table.standards
        self.counted, self.several = counted, several
        somebody = apart.people.sum(axis=(0, 1)) > 0
        self.people = with_district(apart.people[:, :, somebody])
        self.masks = np.array(apart.masks)[somebody].tolist()

    def make(
        self, standing: Mapping[str, dict], ended: Mapping[str, dict], asked: Mapping[str, int], day: date
    ) -> dict:
        """{title: table} of all, new ones and those that stand."""
        blocks = [
            self._block(number, title, standing.get(title) or ended.get(title))
            for number, title in enumerate(self.apart.titles)
        ]
        for block in blocks:
            self._hide(block)
        self._part(blocks, blocks)
        stood = []
        for block, title in zip(blocks, self.apart.titles, strict=True):
            last = standing.get(title)
            shown = 2 * int((~block.hidden & ~self.beside.absent).sum())
            if last is not None and shown_in(last) > shown and hides_enough(last, asked) and not self._has_new(last):
                stood.append(block)
                block.hidden = np.array([not isinstance(last["rows"].get(row, {}).get(IN), list) for row in self.rows])
        self._part(blocks, [block for block in blocks if block not in stood])
        return {
            title: standing[title] if block in stood else self._stored(block, self.declared[title], asked, day)
            for block, title in zip(blocks, self.apart.titles, strict=True)
        }

    def _has_new(self, last: dict) -> bool:
        """Whether somebody knows several schools who did not on the day of a table."""
        then = rows_known(self.counted.get(last["day"], {}).get("several", ()), self.rows)
        of_grades = suppression.hidden_of(self.beside.codes)
        return are_new(self.several, then, lambda row: of_grades[row].any() or hides_in(last, self.rows[row]))

    def _block(self, number: int, title: str, last: dict | None) -> _Block:
        results, learners = self.apart.parts(number)
        block = _Block(number, results, learners, former_tables.of(last))
        n, least = with_district(results.sum(axis=2)), self.least[:, None]
        block.barred = np.zeros(len(self.rows), dtype=bool)
        for each in block.earlier:
            moved = n - former_tables.as_array(each, self.rows, PARTS)
            block.moves[each["day"]] = moved
            block.barred |= suppression.too_few(moved, least).any(axis=1)
            then = self.counted.get(each["day"], {}).get("subgroups", {}).get(title)
            true = None
            if then is not None:
                true = n[:-1] - np.array([then.get(row, [0, 0]) for row in self.rows[:-1]])
            block.true_moves[each["day"]] = true
        return block

    def _hide(self, block: _Block) -> None:
        """What is hidden of a block, by all that it is held against alone."""
        people = with_district(block.learners)
        while True:
            block.hidden = hide_rows(
                self.beside,
                block.results,
                block.learners,
                minimum=self.least,
                width=self.width,
                barred=block.barred,
                several=self.several,
            )
            told = (
                told_by_change(block.hidden, people, moved, self.least, block.true_moves[day], self.several)
                for day, moved in block.moves.items()
            )
            row = next((row for row in told if row is not None), None)
            if row is None:
                return
            block.barred[row] = True

    def _part(self, blocks: Sequence[_Block], movable: Sequence[_Block]) -> None:
        """Hide what several blocks tell together. movable: of which more may be hidden."""
        while found := self._told(blocks, movable):
            for block, row in found:
                block.barred[row] = True
            for block in {id(block): block for block, _row in found}.values():
                self._hide(block)

    def _told(self, blocks: Sequence[_Block], movable: Sequence[_Block]) -> list[tuple[_Block, int]]:
        """Of each sum that tells of few, the smallest block that may still be hidden there."""
        shown = np.stack([~block.hidden & ~self.beside.absent for block in blocks], axis=1)
        shown_grades = self.beside.codes[:, :-1] == suppression.SHOWN
        told = list(told_together(self.masks, self.people, shown, shown_grades, self.least, self.several))
        for day in {day for block in blocks for day in block.moves}:
            moved, true_moved = self._moves(blocks, shown, day)
            told += told_by_changes_together(self.masks, moved, true_moved, self.least, self.several)
        found: dict[tuple[int, int], tuple[_Block, int]] = {}
        for row, numbers in told:
            if any((row, number) in found for number in numbers):
                continue
            can = [block for block in movable if block.number in numbers and not block.hidden[row]]
            if can:
                block = min(can, key=lambda block: (int(with_district(block.learners)[row, 0]), block.number))
                found[row, block.number] = block, row
        return list(found.values())

    def _moves(
        self, blocks: Sequence[_Block], shown: NDArray[np.bool_], day: str
    ) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
        """As of `told_by_changes_together`. Who is in a subgroup and who is not make up everybody."""
        nowhere = np.full((len(self.rows), 2), np.nan)
        of_day = [block.moves.get(day, nowhere) for block in blocks]
        known = np.stack([np.where(shown[:, [at]], each, np.nan) for at, each in enumerate(of_day)], axis=1)
        moved = np.concatenate([known[:, :, 0], _first_known(known.sum(axis=2))[:, None]], axis=1)
        true = [block.true_moves.get(day) for block in blocks]
        if any(each is None and day in block.moves for each, block in zip(true, blocks, strict=True)):
            return moved, None
        everybody = next(each for each in true if each is not None).sum(axis=1)
        inside = [np.zeros(len(self.rows) - 1) if each is None else each[:, 0] for each in true]
        return moved, np.stack([*inside, everybody], axis=1)

    def _stored(self, block: _Block, of: int, asked: Mapping[str, int], day: date) -> dict:
        codes = codes_of(block.hidden, self.beside.absent, block.learners, self.least)
        results, people = with_district(block.results), with_district(block.learners)
        rows = {
            key: {
                part: figure_of(
                    int(codes[row, at]), int(results[row, at, 0]), int(results[row, at].sum()), int(people[row, at])
                )
                for at, part in enumerate(PARTS)
            }
            for row, key in enumerate(self.rows)
        }
        made = {"of": of, "day": day.isoformat(), "rows": rows, "least": dict(asked)}
        return made | {"former": former_tables.still_needed(block.earlier, made)}


def _first_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,) the first number of each row that is one."""
    return values[np.arange(len(values)), (~np.isnan(values)).argmax(axis=1)]
