"""Kinds of groups by school and grade, for administrators: shares, small lines hidden, nobody told apart."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember
from assessments.services import boards
from assessments.services.group_shares import LONG, MEASURES, OWN, read_shares
from assessments.services.minimums import Minimums
from profiles.models import Learner
from profiles.policy_values import Line
from tests.budgets import assert_statements
from tests.factories.policy import make_rule
from tests.factories.profiles import make_district_admin, make_school, make_school_admin

pytestmark = pytest.mark.django_db


def accept(taught, times=1):
    for _ in range(times):
        board = boards.start_board(taught.section)
        boards.accept_board(section=taught.section, version=board.version, by=taught.teacher)


def shares(taught, *others, minimum=10):
    schools = [taught.section.roster.school, *others]
    return read_shares(schools, zone="America/New_York", minimums=Minimums(minimum), today=timezone.localdate())


def percent(line, measure):
    return line.shares[MEASURES.index(measure)].percent


@pytest.fixture
def thrice(grouped):
    """Three rounds of the same two groups of six; all of one grade."""
    Learner.objects.filter(pk__in=[learner.pk for learner in grouped.learners]).update(grade="05")
    accept(grouped, times=3)
    return grouped


def test_each_learner_counts_once_in_every_kind_of_group(thrice):
    (line,) = shares(thrice).lines
    kinds = dict(GroupMember.objects.values_list("learner_id", "group__purpose"))
    assert (line.learners, line.hidden, line.key) == (12, "", "05")
    for purpose in Group.Purpose.values:
        n = sum(kind == purpose for kind in kinds.values())
        low, high = percent(line, purpose)
        assert low <= 100 * n / 12 <= high + 1
    assert percent(line, LONG) == (50, 50)
    assert percent(line, OWN) == (0, 20)


def test_line_of_few_learners_is_hidden_and_what_would_give_it_away(thrice):
    few = [learner.pk for learner in thrice.learners[:4]]
    Learner.objects.filter(pk__in=few).update(grade="04")
    lines = shares(thrice, minimum=5).lines
    assert [(line.key, line.hidden, line.learners) for line in lines] == [
        ("", "", 12),
        ("04", "hidden", None),
        ("05", "hidden", None),
    ]
    (line,) = shares(thrice, minimum=13).lines[:1]
    assert (line.hidden, {share.percent for share in line.shares}) == ("hidden", {None})


def test_a_school_that_asks_for_more_is_hidden_below_its_own_number(thrice, as_account):
    school = thrice.section.roster.school
    make_rule(Line.MINIMUM_N, 13, school=school)
    for one in (make_school_admin(school), make_district_admin(school.district)):
        text = as_account(one).get(reverse("school_groups"), {"school": school.pk}).content.decode()
        assert "n &lt; 13" in text
    make_rule(Line.MINIMUM_N, 12, school=school)
    text = as_account(make_school_admin(school)).get(reverse("school_groups")).content.decode()
    assert "n &lt;" not in text


def test_groups_of_long_ago_do_not_count(thrice):
    long_ago = timezone.localdate() - timedelta(days=60)
    Group.objects.update(starts_on=long_ago, ends_on=long_ago, closed_at=None)
    assert shares(thrice).lines == []


def test_own_path_counts_for_whoever_was_on_one(grouped):
    board = boards.current_board(grouped.section)
    for learner in grouped.learners[:6]:
        board = boards.move_learner(
            section=grouped.section, version=board.version, learner_id=learner.pk, to="own", by=grouped.teacher
        )
    accept(grouped)
    (line,) = shares(grouped).lines
    assert (line.learners, percent(line, OWN)) == (12, (50, 50))


def test_schools_stand_beside_each_other_without_their_grades(thrice):
    other = make_school(thrice.section.district)
    keys = [line.key for line in shares(thrice, other).lines]
    assert keys == ["", str(thrice.section.roster.school_id), str(other.pk)]


def test_statements_are_as_many_whatever_the_number_of_rounds(thrice):
    with assert_statements(at_most=4) as few:
        shares(thrice)
    accept(thrice, times=2)
    with assert_statements(len(few)):
        shares(thrice)


def test_page_is_for_administrators_of_the_school(thrice, as_account):
    school = thrice.section.roster.school
    other = make_school(thrice.section.district)
    client = as_account(make_school_admin(school))
    page = client.get(reverse("school_groups"))
    text = page.content.decode()
    assert page.context["lines"][0]["line"].learners == 12
    assert "Grade 5" in text
    assert "Ruiz" not in text
    assert client.get(reverse("school_groups"), {"school": other.pk}).status_code == 404
    assert as_account(thrice.teacher).get(reverse("school_groups")).status_code == 404

    page = as_account(make_district_admin(school.district)).get(reverse("school_groups"))
    names = ["All schools", *sorted([school.name, other.name])]
    assert [row["name"] for row in page.context["lines"]] == names


def test_csv_says_what_the_page_shows_and_hides_what_it_hides(thrice, as_account):
    few = [learner.pk for learner in thrice.learners[:4]]
    Learner.objects.filter(pk__in=few).update(grade="04")
    client = as_account(make_school_admin(thrice.section.roster.school))
    page = client.get(reverse("school_groups"))
    answer = client.get(page.context["csv_url"])
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8").removeprefix("\ufeff")))
    assert heading[2:-2] == page.context["headings"]
    lines = page.context["lines"]
    assert [row[2:-2] for row in rows] == [line["cells"] for line in lines]
    assert {(since, at[:10]) for *_row, since, at in rows} == {
        (page.context["found"].since.isoformat(), timezone.localdate().isoformat())
    }
    minimum = page.context["found"].minimum_n
    said = {"hidden": f"hidden (n < {minimum})", "": "12"}
    assert [row[1] for row in rows] == [said[line["line"].hidden] for line in lines]
    assert {line["line"].hidden for line in lines} == {"", "hidden"}


def test_page_without_groups_says_how_they_come(taught, as_account):
    page = as_account(make_school_admin(taught.section.roster.school)).get(reverse("school_groups"))
    assert "No groups yet" in page.content.decode()
