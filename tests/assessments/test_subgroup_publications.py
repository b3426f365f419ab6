"""Subgroups beside the grades of the same schools: attacked together, with all that is published of both.

The attacker's unknowns are learners' results by school, grade and set of subgroups, of everybody or of all schools but
the own ones. Linear programming bounds each hidden figure; of two days, and of what lies in one subgroup and not in the
other, every set of them is tried whose sum follows from what is shown.
"""

import itertools
import os
from datetime import date

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from assessments import suppression_subgroups
from assessments.services import subgroup_tables
from assessments.services.lattice import Apart, Table
from assessments.services.published import DISTRICT, IN, OUT
from assessments.services.publishing import counts_of, suppress
from assessments.suppression_readers import PUBLIC
from tests.assessments.at_several_schools import at_several

MINIMUM = 10
DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 24
DAYS = [date(2026, 10, day) for day in (12, 13, 14)]
TITLES = ("Has a plan", "Learning English", "New here")


def table_of(people, standards, rng, reached=None):
    """people: (schools, grades, masks) learners. Their results: some are missing of larger sets."""
    results = people * standards - np.where(people > 6, rng.integers(0, 3, size=people.shape), 0)
    met = rng.binomial(results, rng.uniform(0.2, 0.8)) if reached is None else reached
    return Lattice(np.stack([met, results - met], axis=-1), people, standards)


class Lattice:
    """The truth. counts: (schools, grades, masks, 2) results as of Table.    people: (schools, grades, masks)."""

    def __init__(self, counts, people, standards):
        self.counts, self.people, self.standards = counts, people, standards
        self.subgroups = int(people.shape[2]).bit_length() - 1

    def table(self):
        titles, masks = TITLES[: self.subgroups], tuple(range(self.people.shape[2]))
        declared = {title: number for number, title in enumerate(titles, 1)}
        apart = Apart(titles, masks, self.counts.sum(axis=1), self.people)
        return Table(self.counts.sum(axis=2), self.people.sum(axis=2), self.standards, declared, apart)


def small_district(rng, subgroups=None):
    """One to three subgroups, one of which may lie within another or be nearly the same, in schools of all sizes."""
    schools, grades, standards = (int(rng.integers(low, high)) for low, high in ((2, 6), (1, 4), (1, 3)))
    subgroups = subgroups or int(rng.integers(1, 3))
    size = rng.choice([0, 6, 20, 45, 90, 160], size=(schools, grades), p=[0.08, 0.1, 0.22, 0.3, 0.2, 0.1])
    if rng.random() < 0.4:
        size = rng.choice([0, 90, 200, 400], size=size.shape, p=[0.05, 0.15, 0.4, 0.4])
    shares = rng.dirichlet(rng.choice([0.3, 1, 3], size=1 << subgroups))
    if subgroups > 1 and rng.random() < 0.5:
        shares[2] = 0  # whoever is in the second is in the first
        shares = shares / shares.sum()
    people = rng.multinomial(size, shares)
    return table_of(people, standards, rng)


def next_day(first, rng):
    """Results only come, few or many, in some places."""
    more = rng.choice([0, 0, 2, 6, 12, 20], size=first.counts.shape) * (first.people > 0)[..., None]
    more = np.where(rng.random(more.shape) < rng.choice([0.2, 0.9]), 0, more)
    if rng.random() < 0.3:
        more[..., 1:, :] = 0  # of nobody in a subgroup
    return Lattice(first.counts + more, first.people, first.standards)


def publish(lattices, several=()):
    made, before, counted = [], None, {}
    for lattice, day in zip(lattices, DAYS, strict=False):
        table = lattice.table()
        names = list(range(len(lattice.people))), [f"{grade:02}" for grade in range(lattice.people.shape[1])]
        before = suppress(table, *names, before, MINIMUM, day, counted=counted, several=several)
        counted[day.isoformat()] = counts_of(table, *names, several)
        made.append(before)
    return made


def figures_of(table, lattice):
    """[(of a subgroup, cells as an array of 0 and 1, school or None, figure as it is stored, its day)]

    The bit of a subgroup is that of its title, or the number of its list less one.
    """
    schools, grades, masks = lattice.people.shape
    found = []

    def add(title, school, grade, chosen, figure, day):
        cells = np.zeros(lattice.people.shape)
        rows, columns = (slice(None) if each is None else each for each in (school, grade))
        cells[rows, columns] = np.isin(np.arange(masks), list(chosen))
        found.append((title, cells.ravel(), school, figure, day))

    for school in (None, *range(schools)):
        row = DISTRICT if school is None else str(school)
        for grade in (None, *range(grades)):
            figure = table["rows"][row]["" if grade is None else f"{grade:02}"]
            add("", school, grade, range(masks), figure, table["day"])
        for title, each in table.get("subgroups", {}).items():
            at = each["list"] - 1 if "list" in each else TITLES.index(title)
            for part, is_in in ((IN, 1), (OUT, 0)):
                chosen = [mask for mask in range(masks) if mask >> at & 1 == is_in]
                add(title, school, None, chosen, each["rows"][row][part], each["day"])
    return found


def is_hidden(figure):
    return figure == "hidden"


def bounds(equations, values, targets):
    """[(least, greatest)] of sums of unknowns >= 0: one program, an independent copy for each question."""
    size, copies = equations.shape[1], 2 * len(targets)
    objective = np.concatenate([sign * target for target in targets for sign in (1, -1)])
    answer = linprog(
        objective,
        A_eq=block_diag([csr_array(equations)] * copies, format="csr"),
        b_eq=np.tile(values, copies),
        bounds=(0, 100_000),
    )
    assert answer.status == 0, answer.message
    x = answer.x.reshape(copies, size)
    return [(round(x[2 * at] @ target), round(x[2 * at + 1] @ target)) for at, target in enumerate(targets)]


def equations_of(figures, truth, reader, lattice, *, subgroups=True):
    """What a reader knows: everything shown, and all of the own schools."""
    own = np.arange(truth.size).reshape(lattice.people.shape)[sorted(reader)].ravel()
    rows = [
        cells for title, cells, _school, figure, _day in figures if not is_hidden(figure) and (subgroups or not title)
    ]
    rows += [np.eye(truth.size)[at] for at in own]
    rows = np.array(rows or [np.zeros(truth.size)])
    return rows, rows @ truth


def narrow_figures(table, lattice, reader, level):
    """Hidden figures whose range is too narrow, of grades by the width, of subgroups by no less than without them."""
    figures, truth = figures_of(table, lattice), lattice.counts[..., level].ravel()
    width = MINIMUM * lattice.standards
    others = np.ones(lattice.people.shape)
    others[sorted(reader)] = 0
    somebody = others.ravel() * (np.repeat(lattice.people.sum(axis=2), lattice.people.shape[2]) > 0)
    hidden = [each for each in figures if is_hidden(each[3]) and (each[1] * somebody).any()]
    if not hidden:
        return 0, []
    targets = [cells for _title, cells, *_rest in hidden]
    found = bounds(*equations_of(figures, truth, reader, lattice), targets)
    without = bounds(*equations_of(figures, truth, reader, lattice, subgroups=False), targets)
    narrow = []
    for (title, _cells, school, *_rest), (low, high), (least, greatest) in zip(hidden, found, without, strict=True):
        if high - low < (min(width, greatest - least) if title else width):
            narrow.append((title, school, reader, low, high))
    return len(hidden), narrow


def readers_in(lattice, several=()):
    """The public, the staff of each school, and people at several."""
    return [PUBLIC, *(frozenset([school]) for school in range(len(lattice.people))), *several]


def attacked(districts, seed, *, several=False, reckoned=True):
    """(hidden figures, shown ones of subgroups, too narrow ones) on one day; the public, and the staff of a school.

    several: people at several schools instead.    reckoned: whether these are protected from.
    """
    rng, people = np.random.default_rng([2026, seed]), np.random.default_rng([2026, seed, 1])
    hidden, shown, narrow = 0, 0, []
    for _district in range(districts):
        lattice = small_district(rng)
        known = at_several(people, len(lattice.people)) if several else []
        table = publish([lattice], known if reckoned else ())[0]
        readers = known if several else [PUBLIC, frozenset([int(rng.integers(0, len(lattice.people)))])]
        for reader, level in itertools.product(readers, range(2)):
            count, found = narrow_figures(table, lattice, reader, level)
            hidden += count
            narrow += found
        shown += sum(
            title != "" and isinstance(figure, list)
            for title, _cells, _school, figure, _day in figures_of(table, lattice)
        )
    return hidden, shown, narrow


@pytest.mark.laws
@pytest.mark.parametrize("block", range(4))
def test_linear_programming_from_grades_and_subgroups_together_recovers_nothing_hidden(block):
    hidden, shown, narrow = attacked(DISTRICTS // 4, block)
    assert narrow == []
    assert hidden
    assert shown


@pytest.mark.laws
@pytest.mark.parametrize("block", range(2))
def test_linear_programming_recovers_nothing_for_people_at_several_schools(block):
    hidden, shown, narrow = attacked(DISTRICTS // 2, block, several=True)
    assert narrow == []
    assert hidden
    assert shown


def test_attack_finds_what_people_at_several_schools_learn_where_one_alone_is_reckoned_with():
    assert attacked(20, 0, several=True, reckoned=False)[2] != []


def small_only(beside, results, learners, *, minimum, width, barred, several):
    few = (suppression_subgroups.with_district(learners) < minimum[:, None]).any(axis=1)
    return (few | barred) & ~beside.absent


def test_attack_finds_what_hiding_small_subgroups_alone_leaves_open(monkeypatch):
    monkeypatch.setattr(subgroup_tables, "hide_rows", small_only)
    assert attacked(20, 0)[2] != []


def test_attack_finds_what_a_subgroup_tells_of_schools_whose_total_is_hidden(monkeypatch):
    """A subgroup that is protected well, but as if every total were known, and of schools that show none too."""
    monkeypatch.setattr(
        suppression_subgroups.Beside, "total_hidden", property(lambda self: np.zeros(len(self.codes), bool))
    )
    assert attacked(10, 0)[2] != []


def told_sets(figures, truth, lattice, reader, of_masks):
    """Few that a reader knows: sets of learners of a school, or of all schools, by grade or not, whose sum follows.

    of_masks: sets of subgroups; only these does the reader believe that somebody is in.
    """
    equations, _values = equations_of(figures, truth, reader, lattice)
    live = np.zeros(lattice.people.shape)
    live[:, :, of_masks] = 1
    live = live.ravel().astype(bool)
    _u, s, rows = np.linalg.svd(equations[:, live], full_matrices=False)
    space = rows[s > 1e-9]
    targets, amounts = [], []
    places = [
        (school, grade)
        for school in (None, *range(len(lattice.people)))
        for grade in (None, *range(lattice.people.shape[1]))
    ]
    for chosen in itertools.chain(*(itertools.combinations(of_masks, n) for n in range(1, len(of_masks)))):
        for school, grade in places:
            if school in reader:
                continue
            cells = np.zeros(lattice.people.shape)
            cells[slice(None) if school is None else school, slice(None) if grade is None else grade, list(chosen)] = 1
            cells[sorted(reader)] = 0
            targets.append(cells.ravel()[live])
            amounts.append(cells.ravel() @ truth)
    if not targets:
        return []
    targets, amounts = np.array(targets), np.array(amounts)
    follows = np.linalg.norm(targets - targets @ space.T @ space, axis=1) < 1e-7
    few = follows & (np.abs(amounts) > 0) & (np.abs(amounts) < MINIMUM)
    return [(targets[at].nonzero()[0].tolist(), float(amounts[at])) for at in np.flatnonzero(few)]


def overlapping(rng):
    """Two or three subgroups; in some schools few are in one and not in the other. One standard, all assessed."""
    lattice = small_district(rng, subgroups=int(rng.integers(2, 4)))
    people = lattice.people.copy()
    people[:, :, 1:] = np.where(
        rng.random(people[:, :, 1:].shape) < 0.4, rng.integers(0, 4, people[:, :, 1:].shape), people[:, :, 1:]
    )
    gone = rng.choice(people.shape[2] - 1, size=int(rng.integers(0, people.shape[2] - 2)), replace=False) + 1
    people[:, :, gone] = 0
    return Lattice(np.stack([people, 0 * people], axis=-1), people, 1)


def attacked_together(districts, seed, *, reckoned=True):
    """reckoned: whether people at several schools are protected from."""
    rng, people = np.random.default_rng([7, seed]), np.random.default_rng([7, seed, 1])
    shown, told = 0, []
    for _district in range(districts):
        lattice = overlapping(rng)
        several = at_several(people, len(lattice.people))
        figures = figures_of(publish([lattice], several if reckoned else ())[0], lattice)
        shown += sum(title != "" and isinstance(figure, list) for title, _cells, _school, figure, _day in figures)
        present = [mask for mask in range(lattice.people.shape[2]) if lattice.people[:, :, mask].any()]
        for reader in readers_in(lattice, several):
            told += told_sets(figures, lattice.people.ravel(), lattice, reader, present)
    return shown, told


@pytest.mark.laws
def test_who_is_in_one_subgroup_and_not_in_another_is_never_told_of_few():
    shown, told = attacked_together(2 * DISTRICTS, 1)
    assert told == []
    assert shown > DISTRICTS // 2


def test_attack_finds_few_between_two_subgroups_where_each_is_protected_alone(monkeypatch):
    monkeypatch.setattr(subgroup_tables, "told_together", lambda *args: iter(()))
    assert attacked_together(8, 3)[1] != []


def pairs_of(figures):
    """For every two days that were new: the figures of the later one, hidden where one of the days hides them."""
    for (one, sooner), (other, later) in itertools.combinations(enumerate(figures), 2):
        if sooner[0][4] != DAYS[one].isoformat() or later[0][4] != DAYS[other].isoformat():
            continue
        both = []
        for then, now in zip(sooner, later, strict=True):
            new = then[4] == DAYS[one].isoformat() and now[4] == DAYS[other].isoformat()
            known = new and not is_hidden(then[3]) and not is_hidden(now[3])
            both.append((*now[:3], now[3] if known else "hidden", now[4]))
        yield one, other, both


def attacked_over_days(districts, seed, days=2, *, several=False, reckoned=True):
    """(pairs of days on which subgroups were shown, leaks) by the public and the staff, who remember their own.

    several: people at several schools, too.    reckoned: whether these are protected from.
    """
    rng, people = np.random.default_rng([8, seed]), np.random.default_rng([8, seed, 1])
    tried, leaks = 0, []
    for _district in range(districts):
        lattices = [small_district(rng)]
        while len(lattices) < days:
            lattices.append(next_day(lattices[-1], rng))
        first = lattices[0]
        known = at_several(people, len(first.people)) if several else []
        made = publish(lattices, known if reckoned else ())
        present = [mask for mask in range(first.people.shape[2]) if first.people[:, :, mask].any()]
        for one, other, both in pairs_of([figures_of(*each) for each in zip(made, lattices, strict=True)]):
            tried += any(title and isinstance(figure, list) for title, _cells, _school, figure, _day in both)
            change = (lattices[other].counts - lattices[one].counts).sum(axis=-1).ravel()
            for reader in readers_in(first, known):
                leaks += told_sets(both, change, first, reader, present)
    return tried, leaks


@pytest.mark.laws
@pytest.mark.parametrize(("days", "times", "several"), [(2, 4, False), (3, 2, False), (2, 2, True)])
def test_no_two_days_tell_of_few_results_in_what_is_hidden_of_a_subgroup(days, times, several):
    tried, leaks = attacked_over_days(times * DISTRICTS, 2, days, several=several)
    assert leaks == []
    assert tried > DISTRICTS // 4


def test_attack_finds_few_for_people_at_several_schools_where_one_alone_is_reckoned_with():
    assert attacked_together(10, 1, reckoned=False)[1] != []
    assert attacked_over_days(60, 6, several=True, reckoned=False)[1] != []


def test_attack_finds_what_two_days_tell_of_one_subgroup_alone(monkeypatch):
    monkeypatch.setattr(subgroup_tables, "told_by_change", lambda *args: None)
    assert attacked_over_days(60, 2)[1] != []


def nested(change):
    """Three schools of 400; the second subgroup lies within the first. Results of everybody on a day, and the next."""
    people = np.full((3, 1, 4), 100)
    people[:, :, 2] = 0
    first = Lattice(np.stack([people // 2, people - people // 2], axis=-1), people, 1)
    later = first.counts.copy()
    later[0, 0, :, 0] += change
    return [first, Lattice(later, people, 1)]


@pytest.mark.parametrize("together", [True, False])
def test_few_results_between_two_subgroups_are_not_told_by_two_days(monkeypatch, together):
    if not together:
        monkeypatch.setattr(subgroup_tables, "told_by_changes_together", lambda *args: iter(()))
    days = nested([20, 2, 0, 12])
    tables = publish(days)[1]["subgroups"]
    fresh = [title for title in TITLES[:2] if tables[title]["day"] == DAYS[1].isoformat()]
    assert len(fresh) == (1 if together else 2)


def test_subgroup_that_changes_by_enough_is_new_on_the_next_day():
    first, second = publish(nested([20, 12, 0, 12]))
    assert {each["day"] for each in second["subgroups"].values()} == {DAYS[1].isoformat()}
    figures = second["subgroups"][TITLES[0]]["rows"]["0"]
    assert first["subgroups"][TITLES[0]]["rows"]["0"] == {IN: [200, 50, 50], OUT: [100, 50, 50]}
    assert figures == {IN: [224, 55, 55], OUT: [120, 58, 58]}


def test_ended_subgroup_is_shown_no_more_and_a_new_one_of_its_title_is_held_against_it():
    first, second = nested([20, 1, 0, 0])
    names = list(range(3)), ["00"]
    before = suppress(first.table(), *names, None, MINIMUM, DAYS[0])
    none = Table(first.counts.sum(axis=2), first.people.sum(axis=2), 1)
    ended = suppress(none, *names, before, MINIMUM, DAYS[1])
    anew = suppress(second.table(), *names, ended, MINIMUM, DAYS[1].replace(day=14))
    assert "subgroups" not in ended
    assert set(ended["ended"]) == set(TITLES[:2])
    # One result more in the first school: of that no figure may be new, and the old one was of another group.
    assert not isinstance(anew["subgroups"][TITLES[0]]["rows"]["0"][IN], list)
    assert anew.get("ended", {}) == {}
