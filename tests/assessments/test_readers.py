"""Who knows several schools' own figures, from roles and classes; and that a publication reckons with them."""

from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import timezone

from assessments.services.publishing import Table, counts_of, suppress
from assessments.services.readers import know_several
from lrm.scope import district_scope
from profiles.models import AdminRole
from tests.assessments.school_place import publish_both
from tests.factories.profiles import (
    enroll,
    make_account,
    make_district_admin,
    make_roster,
    make_school,
    make_school_admin,
    make_teacher,
)

DAYS = [date(2026, 10, day) for day in (12, 13)]


@pytest.fixture
def schools(db):
    first = make_school()
    with district_scope(first.district_id):
        yield [first, *(make_school(first.district) for _ in range(3))]


def administers(account, *schools, days=(0, None)):
    today = timezone.localdate()
    starts, ends = (None if each is None else today + timedelta(days=each) for each in days)
    for school in schools:
        AdminRole.objects.create(
            account=account, kind=AdminRole.Kind.SCHOOL, school=school, starts_on=starts, ends_on=ends
        )
    return account


def known(schools):
    numbers = [school.pk for school in schools]
    return [{numbers.index(each) for each in found} for found in know_several(numbers, timezone.localdate())]


def test_whoever_administers_or_teaches_at_several_schools_knows_them(schools):
    a, b, c, d = schools
    administers(make_school_admin(a), b)
    administers(make_teacher(make_roster(c)), d)
    teacher = make_teacher(make_roster(b))
    enroll(teacher, make_roster(d), role="aide")
    enroll(teacher, make_roster(d))
    administers(make_account(a.district), a, b)

    assert known(schools) == [{0, 1}, {1, 3}, {2, 3}]


def test_roles_to_come_count_and_those_that_are_over_or_of_closed_accounts_do_not(schools):
    a, b, c, d = schools
    administers(make_school_admin(a), b, days=(30, None))
    administers(make_school_admin(b), c, days=(-30, -1))
    administers(make_school_admin(c, is_active=False), d)
    administers(make_district_admin(a.district), a, b, c)

    assert known(schools) == [{0, 1}]


def test_two_statements_for_few_and_for_many(schools, django_assert_num_queries):
    for _ in range(5):
        administers(make_account(schools[0].district), *schools[1:])
    with django_assert_num_queries(2):
        assert known(schools) == [{1, 2, 3}]


def table(*rows):
    learners = np.array(rows)
    return Table(np.stack([learners // 2, learners - learners // 2], axis=-1), learners, 1)


def shows(found):
    return sum(isinstance(figure, list) for row in found["rows"].values() for figure in row.values())


def test_table_hides_more_once_somebody_works_at_two_schools_that_hide_something():
    names, counts = [1, 2, 3, 4, 5], table([6, 90], [80, 6], [80, 90], [20, 15], [60, 60])
    pair = [frozenset([1, 2])]
    first = suppress(counts, names, ["04", "05"], None, 10, DAYS[0])
    counted = {DAYS[0].isoformat(): counts_of(counts, names, ["04", "05"])}
    nobody_new = suppress(counts, names, ["04", "05"], first, 10, DAYS[1], counted=counted)
    with_pair = suppress(counts, names, ["04", "05"], first, 10, DAYS[1], counted=counted, several=pair)

    assert shows(nobody_new) == shows(first)
    assert with_pair["day"] == DAYS[1].isoformat(), "the table of the day before may not stand"
    assert shows(with_pair) < shows(first)


def test_publication_keeps_for_the_next_one_whom_it_reckoned_with(place):
    administers(make_school_admin(place.school), place.other)
    made = publish_both(place, 60, 60)
    (of_day,) = next(iter(made.counts.values())).values()
    assert of_day["several"] == [sorted([place.school.pk, place.other.pk])]
    assert "several" not in str(made.cells)
