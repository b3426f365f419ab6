"""Subgroups that are declared again, or whose list is changed, with nearly the same students: few differ, and figures
of both lists have been published. Nobody works out anything about these few.

The attacker has the figures of all days. Nothing comes in between, which is worst: what differs is the lists alone; and
once more with new results on each day, by linear programming too.
"""

import itertools
import os
from datetime import date

import numpy as np
import pytest

from assessments.services import subgroup_tables
from assessments.services.lattice import Apart, Table
from assessments.services.published import IN
from assessments.services.publishing import counts_of, suppress
from assessments.services.subgroup_tables import former_lists
from profiles.services.published_lists import Lists
from tests.assessments.at_several_schools import at_several
from tests.assessments.test_subgroup_publications import (
    DAYS,
    MINIMUM,
    TITLES,
    Lattice,
    bounds,
    figures_of,
    is_hidden,
    readers_in,
    told_sets,
)

DISTRICTS = 200 if os.environ.get("LRM_LAWS") else 6
"""For each of the stories."""
WITH_RESULTS = 100 if os.environ.get("LRM_LAWS") else 3
PLAN, ENGLISH, NEW = TITLES


def lists_of(lattice, titles, ever=None):
    """The lists of a day, {title: number}; bit by bit the masks say who is on which.

    ever: people with a result on the last day, where more come: lists are of learners, with a result or not.
    """
    people, masks = (lattice.people if ever is None else ever).sum(axis=(0, 1)), range(lattice.people.shape[2])

    def alike(one, other):
        return not any(people[mask] for mask in masks if (mask >> one - 1 & 1) != (mask >> other - 1 & 1))

    numbers = range(1, lattice.subgroups + 1)
    same = {one: [one, *(other for other in numbers if other != one and alike(one, other))] for one in numbers}
    return Lists(titles, same)


def table_on(lattice, lists, declared, before):
    """What a publication reads on a day, lists of former ones included."""
    former = former_lists([before] if before else [], lists)
    order = [*lists.standing.values(), *former]
    parts = [sum((mask >> of - 1 & 1) << at for at, of in enumerate(order)) for mask in range(lattice.people.shape[2])]
    masks = sorted({0, *parts})
    inside = np.array([[part == mask for mask in masks] for part in parts], dtype=int)
    results = np.einsum("sgml,mk->skl", lattice.counts, inside)
    apart: Apart | None = Apart(tuple(lists.standing), tuple(masks), results, lattice.people @ inside, tuple(former))
    if not lists.standing:
        apart = None
    everybody = lattice.counts.sum(axis=2), lattice.people.sum(axis=2)
    return Table(*everybody, lattice.standards, declared, apart, lists)


def publish(lattices, days, several=()):
    """days: {title: (id of the subgroup, its list)} of each.    lattices: of each day, or of all."""
    made, before, counted = [], None, {}
    lattices = lattices if isinstance(lattices, list) else [lattices] * len(days)
    schools, grades, _masks = lattices[0].people.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    for day, lattice, titles in zip(DAYS, lattices, days, strict=False):
        lists = lists_of(lattice, {title: of for title, (_pk, of) in titles.items()}, lattices[-1].people)
        table = table_on(lattice, lists, {title: pk for title, (pk, _of) in titles.items()}, before)
        before = suppress(table, *names, before, MINIMUM, day, counted=counted, several=several)
        counted[day.isoformat()] = counts_of(table, *names, several)
        made.append(before)
    return made


def nearly_alike(rng):
    """Three lists, of which the second, and often the third, differ from the first by few, in some schools. One
    standard, all assessed."""
    schools, grades = int(rng.integers(3, 6)), int(rng.integers(1, 3))
    alike = [0, 7] if rng.random() < 0.5 else [0, 3, 4, 7]
    few = [mask for mask in range(8) if mask not in alike]
    people = np.zeros((schools, grades, 8), dtype=int)
    people[:, :, alike] = rng.choice(
        [4, 15, 40, 90, 160], size=(schools, grades, len(alike)), p=[0.1, 0.1, 0.3, 0.3, 0.2]
    )
    here = rng.random((schools, 1, 1)) < 0.5
    shape = people[:, :, few].shape
    people[:, :, few] = np.where(here & (rng.random(shape) < 0.4), rng.integers(0, 5, shape), 0)
    if rng.random() < 0.3:
        people[:, :, few] *= rng.choice([1, 4], size=(schools, 1, 1))
    return Lattice(np.stack([people, 0 * people], axis=-1), people, 1)


STORIES = {
    "ended and begun under another title": [{PLAN: (1, 1)}, {NEW: (2, 2)}, {ENGLISH: (3, 3)}],
    "changed, and changed again": [{PLAN: (1, 1)}, {PLAN: (1, 2)}, {PLAN: (1, 3)}],
    "begun anew beside another": [{PLAN: (1, 1), ENGLISH: (2, 3)}, {NEW: (3, 2), ENGLISH: (2, 3)}],
    "there and back": [{PLAN: (1, 1)}, {NEW: (2, 2)}, {PLAN: (3, 1)}],
    "while another comes": [{PLAN: (1, 1)}, {}, {NEW: (2, 2), ENGLISH: (3, 3)}],
}


def attacked(districts, story, seed):
    """(figures that were shown of a second list, few that somebody learns of)"""
    rng = np.random.default_rng([9, seed])
    shown, told = 0, []
    for number in range(districts):
        lattice = nearly_alike(rng)
        several = at_several(rng, len(lattice.people))
        made = publish(lattice, STORIES[story], several)
        figures = [figure for table in made for figure in figures_of(table, lattice)]
        shown += sum(
            isinstance(figure, list) for title, _cells, _school, figure, day in figures if title and day > str(DAYS[0])
        )
        known = [each for each in figures if not is_hidden(each[3])]
        present = [mask for mask in range(8) if lattice.people[:, :, mask].any()]
        for reader in readers_in(lattice, several):
            told += [(number, each) for each in told_sets(known, lattice.people.ravel(), lattice, reader, present)]
    return shown, told


@pytest.mark.laws
@pytest.mark.parametrize("story", STORIES)
def test_who_is_on_one_list_and_not_on_another_is_never_told_of_few(story):
    shown, told = attacked(DISTRICTS, story, len(story))
    assert told == []
    assert shown


@pytest.mark.parametrize("story", STORIES)
def test_attack_finds_the_few_where_lists_of_before_are_not_reckoned_with(monkeypatch, story):
    monkeypatch.setattr(subgroup_tables._Blocks, "_told_by_former", lambda *args: iter(()))
    assert attacked(8, story, len(story))[1] != []


def with_new_results(first, rng):
    """The lattice of three days: on the later ones more learners have a result, few or many, in some of the schools."""
    found = [first]
    while len(found) < len(DAYS):
        last = found[-1]
        more = rng.choice([1, 2, 5, 12, 25], size=last.people.shape) * (last.people > 0)
        more = np.where(rng.random(more.shape) < rng.choice([0.3, 0.7, 0.95]), 0, more)
        more = np.where(rng.random((len(more), 1, 1)) < 0.6, 0, more)
        counts = last.counts + np.stack([more, 0 * more], axis=-1)
        found.append(Lattice(counts, last.people + more, 1))
    return found


def told_over_days(made, lattices, reader):
    """Few that follow, exactly or by linear programming, from the figures of three days together, and from all of the
    own schools: who was on lists on the first day, how many results came to them by the second, and by the third.

    The unknowns are results of the first day, and those that came on the second and on the third, by school, grade and
    lists; the reader knows on which lists together nobody is. Tried is who is on one list and not on another, or on
    several, by school and in the district.
    """
    size, schools = lattices[0].people.size, len(lattices[0].people)
    live = np.tile(lattices[-1].people.sum(axis=(0, 1)) > 0, 3 * size // 8)
    truth = np.concatenate([lattices[0].people.ravel(), *_came(lattices)])[live]
    rows = []
    for day, (table, lattice) in enumerate(zip(made, lattices, strict=False)):
        for _title, cells, _school, figure, of in figures_of(table, lattice):
            if not is_hidden(figure):
                rows.append(_until(DAYS.index(date.fromisoformat(of)), cells))
        own = np.zeros(lattice.people.shape)
        own[sorted(reader)] = 1
        rows += [_until(day, cells) for cells in np.eye(size)[own.ravel() > 0]]
    equations = np.unique(np.array(rows).reshape(-1, 3 * size)[:, live], axis=0)
    _u, s, space = np.linalg.svd(equations, full_matrices=False)
    space = space[s > 1e-9]
    others = [school for school in range(schools) if school not in reader]
    targets = []
    for chosen in _alike_on_lists():
        for where in [*([school] for school in others), others]:
            cells = np.zeros(lattices[0].people.shape)
            cells[np.ix_(where, range(cells.shape[1]), chosen)] = 1
            targets += [np.kron(np.eye(3)[part], cells.ravel())[live] for part in range(3)]
    few = [target for target in targets if 0 < target @ truth < MINIMUM]
    for target in few:
        if np.linalg.norm(target - target @ space.T @ space) < 1e-7:
            yield target @ truth, target @ truth
    for least, greatest in bounds(equations, equations @ truth, few) if few else []:
        if least > 0 and greatest < MINIMUM:
            yield least, greatest


def _came(lattices):
    return [(later.people - sooner.people).ravel() for sooner, later in itertools.pairwise(lattices)]


def _until(day, cells):
    """A figure of a day: of the first one, and of what came until then."""
    return np.concatenate([cells * (part <= day) for part in range(3)])


def _alike_on_lists():
    """Masks of who is on one list, not on another, on both, on all three, or on one alone."""
    on = [[bool(mask >> at & 1) for mask in range(8)] for at in range(3)]
    for one, other in itertools.permutations(range(3), 2):
        third = 3 - one - other
        yield [mask for mask in range(8) if on[one][mask] and not on[other][mask]]
        yield [mask for mask in range(8) if on[one][mask] and not on[other][mask] and not on[third][mask]]
        yield [mask for mask in range(8) if on[one][mask] and on[other][mask]]


def attacked_with_results(districts, story, seed):
    """(figures that were shown of a second list, few that somebody learns of)"""
    rng = np.random.default_rng([10, seed])
    shown, told = 0, []
    for number in range(districts):
        lattices = with_new_results(nearly_alike(rng), rng)
        several = at_several(rng, len(lattices[0].people))
        made = publish(lattices, STORIES[story], several)
        shown += sum(
            isinstance(figure, list)
            for table, lattice in zip(made, lattices, strict=False)
            for title, _cells, _school, figure, day in figures_of(table, lattice)
            if title and day > str(DAYS[0])
        )
        everybody = readers_in(lattices[0], several)
        for reader in (everybody[0], everybody[int(rng.integers(1, len(everybody)))]):
            told += [(number, sorted(reader), each) for each in told_over_days(made, lattices, reader)]
    return shown, told


@pytest.mark.laws
@pytest.mark.parametrize("story", STORIES)
def test_nobody_is_told_of_few_where_results_come_while_lists_change(story):
    shown, told = attacked_with_results(WITH_RESULTS, story, len(story))
    assert told == []
    assert shown


def three_schools(few):
    """Three schools of 300; the second list is the first without `few` of the first school."""
    people = np.zeros((3, 1, 8), dtype=int)
    people[:, :, 0], people[:, :, 3] = 200, 100
    people[0, 0, 3], people[0, 0, 1] = 100 - few, few
    return Lattice(np.stack([people // 2, people - people // 2], axis=-1), people, 1)


@pytest.mark.parametrize("reckoned", [True, False])
def test_attack_with_new_results_finds_the_few_where_lists_of_before_are_not_reckoned_with(monkeypatch, reckoned):
    if not reckoned:
        monkeypatch.setattr(subgroup_tables._Blocks, "_told_by_former", lambda *args: iter(()))
    days = [three_schools(4)]
    for _day in DAYS[1:]:
        people = days[-1].people.copy()
        people[1:, :, [0, 3]] += 25
        days.append(Lattice(np.stack([people // 2, people - people // 2], axis=-1), people, 1))
    made = publish(days, STORIES["ended and begun under another title"])
    told = set(told_over_days(made, days, frozenset()))
    assert told == (set() if reckoned else {(4, 4)})


@pytest.mark.parametrize("reckoned", [True, False])
def test_district_of_one_day_and_school_of_the_next_are_held_together(monkeypatch, reckoned):
    """Nothing comes to the second school: shown on the second day, it is taken from the district of the first."""
    if not reckoned:
        monkeypatch.setattr(subgroup_tables, "told_by_unchanged", lambda *args: None)
        monkeypatch.setattr(subgroup_tables, "unchanged", lambda days: np.zeros(len(days[0].shown), bool))
    people = np.zeros((3, 1, 8), dtype=int)
    people[:, 0, 0], people[:, 0, 7], people[2, 0, 2] = [90, 160, 40], [4, 160, 160], 2
    later = people.copy()
    later[0, 0, 7] += 25
    days = [Lattice(np.stack([each, 0 * each], axis=-1), each, 1) for each in (people, later, later)]
    made = publish(days, STORIES["begun anew beside another"])
    told = {each for school in range(3) for each in told_over_days(made, days, frozenset([school]))}
    assert told == (set() if reckoned else {(2, 2), (4, 4)})
    assert shows(made[0]["subgroups"][ENGLISH]) == [False, False, False, True]


def shows(table):
    return [isinstance(row[IN], list) for row in table["rows"].values()]


def test_one_student_fewer_under_another_title_hides_the_school_and_the_district():
    first, second = publish(three_schools(1), STORIES["ended and begun under another title"][:2])
    assert shows(first["subgroups"][PLAN]) == [True, True, True, True]
    *of_schools, of_district = shows(second["subgroups"][NEW])
    assert (of_schools[0], of_district) == (False, False)
    assert any(of_schools), "not those where nobody differs"
    assert list(second["ended"]) == ["1"]


def test_ten_students_fewer_are_enough():
    _first, second = publish(three_schools(10), STORIES["ended and begun under another title"][:2])
    assert shows(second["subgroups"][NEW]) == [True, True, True, True]


def test_what_is_new_of_the_same_list_leaves_nothing_of_before_behind():
    *_days, third = publish(three_schools(0), [{PLAN: (1, 1)}] * 3)
    assert third["subgroups"][PLAN]["day"] == DAYS[2].isoformat()
    assert "ended" not in third
    assert third["subgroups"][PLAN]["former"] == []


def test_figures_of_a_list_stand_while_it_is_changed_by_few():
    first, second = publish(three_schools(1), STORIES["changed, and changed again"][:2])
    assert second["subgroups"] == first["subgroups"]
    _first, second = publish(three_schools(12), STORIES["changed, and changed again"][:2])
    assert (second["subgroups"][PLAN]["list"], list(second["ended"])) == (2, ["1"])


@pytest.mark.parametrize(("inside", "outside", "is_shown"), [(0, 0, True), (3, 9, False), (12, 12, True)])
def test_same_students_under_another_title_continue_what_was_published(inside, outside, is_shown):
    lattice = three_schools(0)
    (first,) = publish(lattice, [{PLAN: (1, 1)}])
    lattice.counts[0, 0, 3, 0] += inside
    lattice.counts[0, 0, 0, 0] += outside
    lists = lists_of(lattice, {NEW: 2})
    names = list(range(3)), ["00"]
    ended = suppress(Table(lattice.counts.sum(axis=2), lattice.people.sum(axis=2), 1), *names, first, MINIMUM, DAYS[1])
    table = table_on(lattice, lists, {NEW: 2}, ended)
    second = suppress(table, *names, ended, MINIMUM, DAYS[2])
    assert second["day"] == DAYS[2].isoformat()
    assert shows(second["subgroups"][NEW])[0] == is_shown
