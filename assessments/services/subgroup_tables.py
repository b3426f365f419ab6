"""The subgroups of a published table: who of each school, and of the district, is in one, and everybody else.

They stand in the table of their domain, `subgroups` by title: {"of": id of the subgroup, "list": of whom it was then,
"day", "rows": {school or "d": {"in": figure, "out": figure}}, "least", "former"}. With its end a subgroup goes to
`ended`, by list, which nobody reads; so do its figures of another list, once there are newer ones.

Whatever the title, a list continues what was published of exactly the same learners. To any other published list it is
what one subgroup is to another of the same day: where only few are in one and not in the other, it is hidden.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assessments import suppression
from assessments.services import former_tables
from assessments.services.lattice import Apart, Table
from assessments.services.published import IN, OUT
from assessments.services.stored_tables import figure_of, hides_enough, hides_in, rows_known, shown_in
from assessments.suppression_days import Day, told_by_unchanged, unchanged
from assessments.suppression_overlaps import Told, told_by_changes_together, told_together
from assessments.suppression_readers import Reader, are_new
from assessments.suppression_subgroups import Beside, codes_of, hide_rows, told_by_change, with_district
from profiles.services.published_lists import Lists

PARTS = [IN, OUT]


def keep(before: dict, declared: Mapping[str, int]) -> dict:
    """The table of the last publication, as it stands, without the subgroups that have ended since, also those of which
    another one has taken the title. declared: {title: id}.
    """
    standing = before.get("subgroups", {})
    kept = {title: each for title, each in standing.items() if each.get("of") == declared.get(title, 0)}
    gone = {_key(title, each): each for title, each in standing.items() if title not in kept}
    if not gone:
        return before
    return before | {"subgroups": kept, "ended": before.get("ended", {}) | gone}


def _key(title: str, table: dict) -> str:
    """In `ended`. Tables of older versions do not say of which list they are, and stay under their title."""
    return str(table.get("list", title))


def shown_lists(tables: Iterable[dict], names: Collection[str] = ("subgroups", "ended")) -> set[int]:
    """Lists of which something has been shown by what stands under these names in tables of domains."""
    every = [each for table in tables for name in names for each in table.get(name, {}).values()]
    return {each["list"] for each in every if "list" in each and former_tables.have_shown(each)}


def former_lists(tables: Iterable[dict], lists: Lists) -> list[int]:
    """Lists of which something was published in these tables of domains, and which no subgroup has today."""
    return sorted(shown_lists(tables) & lists.same.keys() - set(lists.standing.values()))


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
        blocks = _Blocks(table, table.apart, beside, rows, least, counted, several)
        made = blocks.make(standing, ended, asked, day)
        ended = blocks.still_ended(standing, ended, made)
        standing = standing | made
    return {name: found for name, found in (("subgroups", standing), ("ended", ended)) if found}


def counts_of(table: Table, apart: Apart, schools: Sequence[int]) -> dict[str, dict[str, list[int]]]:
    """{list, or title: {school: [results of who is in it, of everybody else]}}, hidden ones too. Zeros are left out."""
    found = {}
    for number, title in enumerate(apart.titles):
        n = apart.parts(number)[0].sum(axis=2)
        found[str(table.lists.standing.get(title, title))] = {
            str(school): n[row].tolist() for row, school in enumerate(schools) if n[row].any()
        }
    return found


@dataclass
class _Block:
    """One subgroup.    of: its list; None where there are none.    moves: by day of a former table how much its figures
    have changed, NaN where they were hidden; true_moves: the same with what was hidden, None where it was not kept.
    barred, hidden: (schools + 1,).
    """

    number: int
    results: suppression.IntArray
    learners: suppression.IntArray
    earlier: list[dict]
    of: int | None = None
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
        self.declared, self.lists = table.declared, table.lists
        self.width = least * table.standards
        self.counted, self.several = counted, several
        everybody = apart.people if apart.left is None else apart.people + apart.left
        somebody = everybody.sum(axis=(0, 1)) > 0
        self.people, self.with_left = (with_district(each[:, :, somebody]) for each in (apart.people, everybody))
        self.masks = np.array(apart.masks)[somebody].tolist()
        self.former: dict[int, NDArray[np.bool_]] = {}

    def make(
        self, standing: Mapping[str, dict], ended: Mapping[str, dict], asked: Mapping[str, int], day: date
    ) -> dict:
        """{title: table} of all, new ones and those that stand."""
        blocks = [self._block(number, title, standing, ended) for number, title in enumerate(self.apart.titles)]
        self.former = self._shown_of_former([*standing.values(), *ended.values()])
        for block in blocks:
            self._hide(block)
        self._part(blocks, blocks)
        stood = []
        for block, title in zip(blocks, self.apart.titles, strict=True):
            last = standing.get(title)
            shown = 2 * int((~block.hidden & ~self.beside.absent).sum())
            if last is not None and shown_in(last) > shown and hides_enough(last, asked) and not self._has_new(last):
                stood.append(block)
                shows = [isinstance(last["rows"].get(row, {}).get(IN), list) for row in self.rows]
                # Of another list than today's: it is one of the former ones then, and of today's nothing is shown.
                block.hidden = ~np.array(shows) if last.get("list") in (None, block.of) else np.ones(len(shows), bool)
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

    def still_ended(self, standing: Mapping[str, dict], ended: Mapping[str, dict], made: Mapping[str, dict]) -> dict:
        """Of what has ended, and of tables that new ones of another list have taken the place of, what is not part of a
        new one's history."""
        new = {title: each for title, each in made.items() if each is not standing.get(title)}
        before = {title: standing[title] for title in new if title in standing}
        gone = {_key(title, each): each for title, each in before.items() if not self._continues(title, title, each)}
        known = {key for title in new for key in ended if self._continues(title, key, ended[key])}
        return {key: each for key, each in {**ended, **gone}.items() if key not in known and self._is_kept(each)}

    def _same(self, title: str) -> list[int]:
        """The list of a subgroup, and former ones of exactly the same learners."""
        of = self.lists.standing.get(title)
        return [] if of is None else list(self.lists.same.get(of, [of]))

    def _continues(self, title: str, key: str, table: dict) -> bool:
        """Whether a subgroup goes on where a table left off. Older ones do not say of which list they are."""
        return table["list"] in self._same(title) if "list" in table else key == title

    def _is_kept(self, table: dict) -> bool:
        """Until its list is forgotten; of another list not where nothing was ever shown of it."""
        return "list" not in table or (table["list"] in self.lists.same and former_tables.have_shown(table))

    def _shown_of_former(self, tables: Iterable[dict]) -> dict[int, NDArray[np.bool_]]:
        """{list: (schools + 1,) which rows some publication has shown of it}, of those with a bit."""
        found = {each: np.zeros(len(self.rows), dtype=bool) for each in self.apart.former}
        for table in tables:
            if table.get("list") in found:
                for each in former_tables.of(table):
                    found[table["list"]] |= ~np.isnan(former_tables.as_array(each, self.rows, [IN])[:, 0])
        return found

    def _block(self, number: int, title: str, standing: Mapping[str, dict], ended: Mapping[str, dict]) -> _Block:
        results, learners = self.apart.parts(number)
        last, same = standing.get(title), self._same(title)
        earlier = former_tables.of(last) if last and self._continues(title, title, last) else []
        for each in (each for key, each in ended.items() if self._continues(title, key, each)):
            earlier = former_tables.together(earlier, former_tables.of(each))
        block = _Block(number, results, learners, earlier, self.lists.standing.get(title))
        n, least = with_district(results.sum(axis=2)), self.least[:, None]
        block.barred = np.zeros(len(self.rows), dtype=bool)
        for each in block.earlier:
            moved = n - former_tables.as_array(each, self.rows, PARTS)
            block.moves[each["day"]] = moved
            block.barred |= suppression.too_few(moved, least).any(axis=1)
            of_day = self.counted.get(each["day"], {})
            of_lists = of_day.get("lists", {})
            older = of_day.get("subgroups", {}).get(title)
            then = next((of_lists[str(of)] for of in same if str(of) in of_lists), older)
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
                row = told_by_unchanged(self._days(block), self.least, self.width, self.several)
            if row is None:
                return
            block.barred[row] = True

    def _days(self, block: _Block) -> list[Day]:
        """Today, and former days of which all counts were kept."""
        n = with_district(block.results.sum(axis=2))
        found = [Day(~block.hidden, n)]
        for day, moved in block.moves.items():
            true = block.true_moves[day]
            if true is not None:
                found.append(Day(np.logical_not(np.isnan(moved).any(axis=1)), n - with_district(true)))
        return found

    def _part(self, blocks: Sequence[_Block], movable: Sequence[_Block]) -> None:
        """Hide what several blocks tell together. movable: of which more may be hidden."""
        while found := self._told(blocks, movable):
            for block, row in found:
                block.barred[row] = True
            for block in {id(block): block for block, _row in found}.values():
                self._hide(block)

    def _told(self, blocks: Sequence[_Block], movable: Sequence[_Block]) -> list[tuple[_Block, int]]:
        """Of each sum that tells of few, the smallest block that may still be hidden there."""
        known = [~block.hidden | unchanged(self._days(block)) for block in blocks]
        shown = np.stack([each & ~self.beside.absent for each in known], axis=1)
        shown_grades = self.beside.codes[:, :-1] == suppression.SHOWN
        told = list(told_together(self.masks, self.people, shown, shown_grades, self.least, self.several))
        told += self._told_by_former(shown, shown_grades)
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

    def _told_by_former(self, shown: NDArray[np.bool_], shown_grades: NDArray[np.bool_]) -> Iterator[Told]:
        """Of each former list, as if it were a subgroup more, after those of today. Who has left was in its figures."""
        masks, today = np.array(self.masks), len(self.apart.titles)
        for place, of in enumerate(self.apart.former):
            if self.former[of].any():
                bit = masks >> (today + place) & 1
                both = np.concatenate([shown, self.former[of][:, None]], axis=1)
                parts = (masks & ((1 << today) - 1) | bit << today).tolist()
                yield from told_together(
                    parts, self.with_left, both, shown_grades, self.least, self.several, with_last=True
                )

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
        listed = {} if block.of is None else {"list": block.of}
        made = {"of": of} | listed | {"day": day.isoformat(), "rows": rows, "least": dict(asked)}
        return made | {"former": former_tables.still_needed(block.earlier, made)}


def _first_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows,) the first number of each row that is one."""
    return values[np.arange(len(values)), (~np.isnan(values)).argmax(axis=1)]
