"""Yesterday's publication beside today's, read by the staff of one school or several, who remember their own hidden
figures of both.

They know their own rows exactly on each day, so that what these hide leaves the rest of a column over to them: nobody
works out that few results have come to what other schools hide.
"""

import os

import numpy as np
import pytest

from assessments import suppression
from assessments.services.publishing import counts_of, suppress
from assessments.suppression_sums import told_by_sums
from tests.assessments.at_several_schools import at_several
from tests.assessments.test_three_publications import three_days
from tests.assessments.test_two_publications import FIRST, MINIMUM, SECOND, shown, small_changes, two_days

DISTRICTS = 1000 if os.environ.get("LRM_LAWS") else 150
DAYS = [FIRST, SECOND, SECOND.replace(day=SECOND.day + 1)]


def published(tables, several=()):
    """What is stored of each day; beside it every count, by which the next day is held against it."""
    schools, grades = tables[0].learners.shape
    names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
    made, before, counted = [], None, {}
    for table, day in zip(tables, DAYS, strict=False):
        before = suppress(table, *names, before, MINIMUM, day, counted=counted, several=several)
        counted[day.isoformat()] = counts_of(table, *names, several)
        made.append(before)
    return made


def leaks_to_staff(one, other, tables, readers):
    """Few changes of what other schools hide, by readers of own schools. tables: the true ones of the two days."""
    for reader in readers:
        days = []
        for table, true in zip((one, other), tables, strict=True):
            known, own = shown(table), sorted(reader)
            known[own] = suppression.with_totals(true.results)[own].sum(axis=2)
            days.append(known)
        yield from small_changes(days[1] - days[0]) or []


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
