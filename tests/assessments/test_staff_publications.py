"""Yesterday's publication beside today's, read by the staff of one school or several, who remember their own hidden
figures of both.

They know their own rows exactly on each day, so that what these hide leaves the rest of a column over to them: nobody
works out that few results have come to what other schools hide.
"""

import itertools
import os

import numpy as np
import pytest

from assessments import suppression
from assessments.services.publishing import counts_of, suppress
from assessments.suppression_sums import told_by_sums
from tests.assessments.at_several_schools import at_several
from tests.assessments.test_three_publications import asked_of, bounds_of_change, three_days
from tests.assessments.test_two_publications import FIRST, MINIMUM, SECOND, shown, small_changes, two_days

DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 150
TOLD_BY_CHANGE = suppression.told_by_change
DAYS = [FIRST, SECOND, SECOND.replace(day=SECOND.day + 1)]


def published(tables, several=(), own=None):
    """What is stored of each day; beside it every count, by which the next day is held against it."""
    schools, grades = tables[0].learners.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    made, before, counted = [], None, {}
    for table, day in zip(tables, DAYS, strict=False):
        before = suppress(table, *names, before, MINIMUM, day, counted=counted, several=several, own=own)
        counted[day.isoformat()] = counts_of(table, *names, several)
        made.append(before)
    return made


def leaks_to_staff(one, other, tables, readers, least=None):
    """Few changes of what other schools hide, by readers of own schools. tables: the true ones of the two days."""
    for reader in readers:
        days = []
        for table, true in zip((one, other), tables, strict=True):
            known, own = shown(table), sorted(reader)
            known[own] = suppression.with_totals(true.results)[own].sum(axis=2)
            days.append(known)
        yield from small_changes(days[1] - days[0], least) or []


def attacked(districts, days, seed, *, several=False):
    """(pairs of new tables, leaks)    several: by people at several schools, else by the staff of each."""
    rng, people = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    pairs, leaks = 0, []
    for _ in range(districts):
        tables = days(rng)
        schools = len(tables[0].learners)
        known = at_several(people, schools)
        made = published(tables, known if several else ())
        readers = known if several else [frozenset([school]) for school in range(schools)]
        for later in range(1, len(tables)):
            for sooner in range(later):
                if made[later]["day"] == DAYS[later].isoformat() and made[sooner]["day"] == DAYS[sooner].isoformat():
                    pairs += 1
                    leaks += leaks_to_staff(made[sooner], made[later], (tables[sooner], tables[later]), readers)
    return pairs, leaks


@pytest.mark.laws
@pytest.mark.parametrize("days", [two_days, three_days])
def test_staff_who_remember_their_own_hidden_figures_learn_of_no_small_change(days):
    pairs, leaks = attacked(DISTRICTS, days, seed=8)
    assert leaks == []
    assert pairs > DISTRICTS // 5


@pytest.mark.laws
@pytest.mark.parametrize("days", [two_days, three_days])
def test_people_at_several_schools_who_remember_what_these_hid_learn_of_no_small_change(days):
    pairs, leaks = attacked(DISTRICTS, days, seed=9, several=True)
    assert leaks == []
    assert pairs > DISTRICTS // 5


def test_attack_finds_what_people_at_several_schools_learn_where_one_alone_is_reckoned_with(monkeypatch):
    monkeypatch.setattr("assessments.services.publishing.told_by_sums", lambda *given: told_by_sums(*given[:-1]))
    assert attacked(60, three_days, seed=9, several=True)[1] != []


def test_attack_finds_what_staff_learn_where_only_the_public_is_reckoned_with(monkeypatch):
    monkeypatch.setattr("assessments.services.publishing.counted_moves", lambda *args: None)
    assert attacked(DISTRICTS, two_days, seed=8)[1] != []


def bounded(districts, seed):
    """What few came to for certain in other schools, by linear programming over three days; None where it was not so.

    Asked by the staff of one school, and by somebody at several, of all that is shown and all of their own.
    """
    rng, people = np.random.default_rng([2030, seed]), np.random.default_rng([2030, seed, 1])
    for _ in range(districts):
        tables = three_days(rng)
        schools = len(tables[0].learners)
        known = at_several(people, schools)
        made = published(tables, known)
        true = [suppression.with_totals(table.results).sum(axis=2) for table in tables]
        for reader in [frozenset([int(people.integers(0, schools))]), *known[:1]]:
            own = np.zeros(true[0][:-1, :-1].shape, dtype=bool)
            own[sorted(reader)] = True
            for one, other in itertools.combinations(range(3), 2):
                change = (true[other] - true[one])[:-1, :-1].ravel()
                asked = asked_of((made[one], made[one], made[other]))
                for cells in {tuple(np.where(own.ravel(), 0, each)) for each in asked}:
                    if 0 < np.dot(cells, change) < MINIMUM:
                        least, greatest = bounds_of_change(made, np.array(cells), true, reader, (one, other))
                        yield (cells, least, greatest) if least > 0 and greatest < MINIMUM else None


@pytest.mark.laws
def test_linear_programming_over_three_days_finds_no_small_change_for_staff():
    found = list(bounded(DISTRICTS // 15 if DISTRICTS < 1000 else DISTRICTS, seed=1))
    assert [leak for leak in found if leak] == []
    assert len(found) > 5


def test_linear_programming_finds_what_staff_learn_where_only_the_public_is_reckoned_with(monkeypatch):
    monkeypatch.setattr("assessments.services.publishing.counted_moves", lambda *args: None)
    assert any(bounded(40, seed=1))


def attacked_with_own_minimums(districts, seed):
    """(pairs of new tables, leaks) by the public, the staff of each school and people at several, where schools ask for
    more, each for another number."""
    rng = np.random.default_rng([2031, seed])
    pairs, leaks = 0, []
    for number in range(districts):
        tables = three_days(rng)
        schools = len(tables[0].learners)
        least = rng.choice([10, 10, 13, 18, 25, 30], size=schools)
        own = {school: int(n) for school, n in enumerate(least) if n > MINIMUM}
        known = at_several(rng, schools)
        made = published(tables, known, own)
        readers = [frozenset(), *(frozenset([school]) for school in range(schools)), *known]
        for one, other in itertools.combinations(range(3), 2):
            if made[one]["day"] != DAYS[one].isoformat() or made[other]["day"] != DAYS[other].isoformat():
                continue
            pairs += 1
            leaks += leaks_to_staff(made[one], made[other], (tables[one], tables[other]), readers, least)
            change = np.abs(shown(made[other]) - shown(made[one]))
            few = (change > 0) & (change < np.append(least, MINIMUM)[:, None])
            leaks += [(number, place) for place in zip(*np.nonzero(few), strict=True)]
    return pairs, leaks


@pytest.mark.laws
def test_no_two_days_tell_of_what_is_few_at_schools_that_ask_for_different_numbers():
    pairs, leaks = attacked_with_own_minimums(DISTRICTS if DISTRICTS == 1000 else 25, 1)
    assert leaks == []
    assert pairs > 8


def test_attack_finds_what_is_few_at_a_school_where_the_districts_number_counts_for_all(monkeypatch):
    plain = np.array([[MINIMUM]])
    monkeypatch.setattr(
        "assessments.services.publishing.told_by_sums",
        lambda codes, people, moved, least, *more: told_by_sums(codes, people, moved, plain, *more),
    )
    monkeypatch.setattr(
        suppression,
        "told_by_change",
        lambda codes, people, moved, least: TOLD_BY_CHANGE(codes, people, moved, plain),
    )
    assert attacked_with_own_minimums(40, 1)[1] != []
