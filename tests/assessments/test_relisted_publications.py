"""Subgroups that are declared again, or whose list is changed, with nearly the same students: few differ, and figures
of both lists have been published. Nobody works out anything about these few.

The attacker has the figures of all days. Nothing comes in between, which is worst: what differs is the lists alone.
"""

import os

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
    figures_of,
    is_hidden,
    readers_in,
    told_sets,
)

DISTRICTS = 200 if os.environ.get("LRM_LAWS") else 6
"""For each of the stories."""
PLAN, ENGLISH, NEW = TITLES


def lists_of(lattice, titles):
    """The lists of a day, {title: number}; bit by bit the masks say who is on which."""
    people, masks = lattice.people.sum(axis=(0, 1)), range(lattice.people.shape[2])

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


def publish(lattice, days, several=()):
    """days: {title: (id of the subgroup, its list)} of each."""
    made, before, counted = [], None, {}
    names = list(range(len(lattice.people))), [f"{grade:02}" for grade in range(lattice.people.shape[1])]
    for day, titles in zip(DAYS, days, strict=False):
        lists = lists_of(lattice, {title: of for title, (_pk, of) in titles.items()})
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


def three_schools(few):
    """Three schools of 300; the second list is the first without `few` of the first school."""
    people = np.zeros((3, 1, 8), dtype=int)
    people[:, :, 0], people[:, :, 3] = 200, 100
    people[0, 0, 3], people[0, 0, 1] = 100 - few, few
    return Lattice(np.stack([people // 2, people - people // 2], axis=-1), people, 1)


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
