"""A school may have its figures hidden of more learners than the district asks for: on pages, and as published."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from assessments import suppression
from assessments.models import MasteryPolicy
from assessments.services import publishing
from assessments.services.minimums import Minimums, minimums_on
from assessments.services.policies import Policies
from assessments.services.publishing import Table, suppress
from assessments.suppression_readers import PUBLIC
from profiles.models import District
from profiles.policy_values import Line
from tests.assessments.school_place import URL, publish_both
from tests.assessments.test_suppression import ranges, small_district
from tests.assessments.test_two_publications import MINIMUM, shown, small_changes, two_days
from tests.factories.policy import make_rule

FIRST, SECOND, THIRD = (date(2026, 10, day) for day in (12, 13, 14))
GRADES = ["04", "05"]


def table(*rows):
    """One standard, half of the learners at mastery."""
    learners = np.array(rows)
    half = learners // 2
    return Table(np.stack([half, learners - half], axis=-1), learners, 1)


def figures(found):
    """{organisation: [results or why it is hidden, by grade, the total last]}"""
    plain = lambda figure: figure[0] if isinstance(figure, list) else figure
    return {key: [plain(figure) for figure in row.values()] for key, row in found["rows"].items()}


def test_figures_of_a_school_that_asks_for_more_are_hidden_and_what_would_tell_them():
    rows = table([60, 70], [15, 80], [50, 90])
    assert "hidden" not in str(suppress(rows, [1, 2, 3], GRADES, None, 10, FIRST)["rows"])

    found = suppress(rows, [1, 2, 3], GRADES, None, 10, FIRST, own={2: 20})

    assert found["least"] == {"d": 10, "2": 20}
    told = figures(found)
    assert told["2"][0] == "hidden"
    assert "hidden" in told["2"][1:], "its own row does not leave one figure alone"
    assert "hidden" in (told["1"][0], told["3"][0], told["d"][0]), "nor does the column of the grade"
    assert any(isinstance(figure, int) for row in told.values() for figure in row), "not everything is"


def test_a_school_cannot_ask_for_less():
    rows = table([60, 70], [8, 80], [50, 90])
    found = suppress(rows, [1, 2, 3], GRADES, None, 10, FIRST, own={2: 5})
    assert found == suppress(rows, [1, 2, 3], GRADES, None, 10, FIRST)


def test_a_table_that_hid_less_than_is_asked_for_by_now_does_not_stand():
    rows = table([60, 70], [15, 80], [50, 90])
    first = suppress(rows, [1, 2, 3], GRADES, None, 10, FIRST)
    second = suppress(rows, [1, 2, 3], GRADES, first, 10, SECOND, own={2: 20})
    assert (second["day"], figures(second)["2"][0]) == (SECOND.isoformat(), "hidden")
    everywhere = suppress(rows, [1, 2, 3], GRADES, first, 20, SECOND)
    assert (everywhere["day"], figures(everywhere)["2"][0]) == (SECOND.isoformat(), "hidden")
    older = {name: value for name, value in first.items() if name != "least"}
    assert figures(suppress(rows, [1, 2, 3], GRADES, older, 20, SECOND))["2"][0] == "hidden"
    again = suppress(rows, [1, 2, 3], GRADES, second, 10, THIRD)
    assert figures(again)["2"][0] == 15, "what the school does not ask for any more is shown again"


@pytest.mark.laws
@pytest.mark.parametrize("block", range(3))
def test_solver_places_no_hidden_figure_of_a_school_within_what_it_asks_for(block):
    rng = np.random.default_rng([2027, block])
    hidden = 0
    for _ in range(25):
        results, learners, standards = small_district(rng)
        least = np.append(rng.choice([10, 10, 16, 30], size=len(learners)), 10)[:, None]
        codes = suppression.protect(results, learners, minimum=least, width=least * standards)
        people = suppression.with_totals(learners)
        assert ((codes == suppression.SHOWN) <= (people >= least)).all()
        reader = [PUBLIC, *(frozenset([row]) for row in range(len(learners)))][int(rng.integers(0, len(learners) + 1))]
        for level in range(2):
            for place, (low, high) in ranges(results[:, :, level], codes, reader).items():
                assert high - low >= int(least[place[0], 0]) * standards, (place, reader, results.tolist())
        hidden += int(((codes == suppression.SMALL) | (codes == suppression.TOO)).sum())
    assert hidden


@pytest.mark.laws
def test_two_days_tell_of_no_small_change_where_a_school_asks_for_more():
    rng = np.random.default_rng(8)
    new, leaks = 0, []
    for number in range(100):
        one, other = two_days(rng)
        schools, grades = one.learners.shape
        names = list(range(schools)), [f"{grade:02}" for grade in range(grades)]
        own = {0: 25}
        first = suppress(one, *names, None, MINIMUM, FIRST, own=own if number % 2 else None)
        second = suppress(other, *names, first, MINIMUM, SECOND, own=own)
        if second["day"] == first["day"]:
            continue
        new += 1
        change = shown(second) - shown(first)
        leaks += small_changes(change) or []
        few = (np.abs(change[0]) > 0) & (np.abs(change[0]) < 25)
        leaks += [(number, grade) for grade in np.flatnonzero(few)]
    assert new > 30
    assert leaks == []


@pytest.mark.django_db
def test_it_counts_from_its_day_on_and_only_above_the_district(place):
    district, school = place.school.district, place.school
    today = timezone.localdate()
    assert minimums_on(district, Policies(district.pk), today) == Minimums(10)
    make_rule(Line.MINIMUM_N, 18, school=school, starts_on=today + timedelta(days=1))
    district = District.objects.get(pk=district.pk)

    def on(days):
        return minimums_on(district, Policies(district.pk), today + timedelta(days=days))

    assert [on(days).of(school.pk) for days in (0, 1)] == [10, 18]
    assert (on(1).everywhere, on(1).of(place.other.pk)) == (10, 10)
    assert on(1).largest([school.pk, place.other.pk]) == 18
    MasteryPolicy.objects.create(district=district, starts_on=today + timedelta(days=5), minimum_n=20)
    assert (on(5).of(school.pk), on(5).own) == (20, {})


@pytest.mark.django_db
def test_principals_of_other_schools_read_which_number_a_school_asks_for(place, principal):
    make_rule(Line.MINIMUM_N, 20, school=place.other)
    place.school.district.refresh_from_db()
    published = publish_both(place, 60, 15)

    page = principal.get(URL)

    assert published.minimum_n == 10
    assert [line.cells[0].words for line in page.context["published"].lines if line.cells[0].hidden == "hidden"] == [
        "hidden (n < 10)",
        "hidden (n < 20)",
    ]
    assert "A school may ask for more, up to 20 here." in page.content.decode()
    assert publishing.publish(place.school.district, day=timezone.localdate()).pk == published.pk
