"""What is left out of the school's figures: how many for which reason, alike on page, panel and file, now and then."""

import pytest
from django.urls import reverse

from assessments.left_out_words import say_beside
from assessments.mastery.left_out import EXCUSED, NOT_SEEN
from assessments.models import MasteryPolicy, Rollup
from assessments.services import publishing, rebuilding, rollups
from assessments.services.ledger import Kind
from tests.assessments.school_place import URL, before, branch_of, rows_of
from tests.assessments.test_school_narrowed import make_subgroup
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import learners_of

pytestmark = pytest.mark.django_db

ALL = "left out 5: 1 no result yet, 1 excused, 1 not seen, 1 practice only, 1 no level by the method yet"
COLUMNS = {
    "Left out": "5",
    "Left out: no result yet": "1",
    "Left out: excused": "1",
    "Left out: not seen": "1",
    "Left out: practice only": "1",
    "Left out: no level by the method yet": "1",
}


def test_one_reason_beside_its_sum_goes_without_its_number():
    assert say_beside({EXCUSED: 3}) == "excused"
    assert say_beside({EXCUSED: 3, NOT_SEEN: 1}) == "3 excused, 1 not seen"
    assert say_beside({EXCUSED: 0}) == ""


@pytest.fixture
def six(place):
    """Six students and one standard ten days ago: a level by the mean of three; none yet, and every reason for it."""
    MasteryPolicy.objects.create(district=place.school.district, starts_on=before(60), method="n_times")
    section = place.teach(place.school, 6)
    ana, ben, cam, dan, eve, _fay = learners_of(section)
    for _time in range(3):
        give(make_assessment(section, [place.first], given_on=before(10)), ana, place.first, 4)
    ticket = make_assessment(section, [place.first], given_on=before(10))
    give(ticket, ben, place.first, None)
    give(ticket, cam, place.first, None, kind=Kind.NOT_SEEN)
    give(ticket, eve, place.first, 3)
    give(make_assessment(section, [place.first], given_on=before(10), weight=0), dan, place.first, 4)
    work_off()
    return section


def figure(rows, row="Alder Creek"):
    found = next(each for each in rows if each["Row"] == row and each["Domain"] != "All domains")
    return {name: found[name] for name in COLUMNS}


QUERIES = ["", "grade=05", "branch", "as_of", "class", "subgroup"]


@pytest.mark.parametrize("kind", QUERIES)
def test_reasons_are_the_same_on_page_panel_and_file(place, six, principal, kind):
    subgroup = make_subgroup(place.school.district, learners_of(six)) if kind == "subgroup" else None
    query = {
        "": {},
        "grade=05": {"grade": "05"},
        "branch": {"branch": branch_of(place)},
        "as_of": {"as_of": before(9)},
        "class": {"section": six.pk},
        "subgroup": {"subgroup": subgroup and subgroup.pk},
    }[kind]

    read = principal.get(URL, query)
    text = " ".join(read.content.decode().split())
    rows = rows_of(principal.get(reverse("school_csv"), query))
    at = f"{read.context['lines'][0]['line'].key}.{read.context['matrix'].columns[0].key}"
    panel = " ".join(principal.get(URL, query | {"at": f"{at}.{place.first.pk}"}).content.decode().split())

    assert figure(rows) == COLUMNS
    assert f"Starting 0, {ALL}" in text
    assert "<small>1/6</small>" in text
    assert "5 of 6 places" in text
    assert f"<b>5</b> <small>{ALL.removeprefix('left out 5: ')}</small>" in text
    assert f"1 result, {ALL}. Choose a standard" in panel
    assert f"5 students are {ALL.replace('left out 5', 'left out')}." in panel


def test_other_day_and_the_terms_say_what_was_left_out_then(place, six, principal):
    ben = learners_of(six)[1]
    for days in (3, 2, 1):
        give(make_assessment(six, [place.first], given_on=before(days)), ben, place.first, 3)
    work_off()

    rows = rows_of(principal.get(reverse("school_csv"), {"compare": before(9)}))
    over = rows_of(principal.get(reverse("school_csv"), {"over": "terms", "as_of": before(1)}))

    own = next(row for row in rows if row["Row"] == "Alder Creek")
    assert (own["Left out"], own["Left out: excused"]) == ("4", "0")
    assert {name: own[f"{name}, then"] for name in COLUMNS} == COLUMNS
    assert all(row["Left out"] for row in over if row["Domain"] == "All domains" and row["Results"] != "0")


def test_newest_record_says_why_and_a_level_ends_it(place, six, principal):
    ben, cam = learners_of(six)[1:3]
    give(make_assessment(six, [place.first], given_on=before(2)), ben, place.first, None, kind=Kind.NOT_SEEN)
    for days in (3, 2, 1):
        give(make_assessment(six, [place.first], given_on=before(days)), cam, place.first, 3)
    work_off()

    found = figure(rows_of(principal.get(reverse("school_csv"))))

    assert (found["Left out"], found["Left out: excused"], found["Left out: not seen"]) == ("4", "0", "1")


def test_counts_are_made_again_by_a_rebuild(place, six, principal):
    rollups.fold()
    Rollup.objects.all().delete()
    rebuilding.rebuild(place.school.district)
    assert figure(rows_of(principal.get(reverse("school_csv")))) == COLUMNS


def test_standard_without_any_level_is_no_figure_of_the_publication(place, principal):
    section = place.teach(place.school, 30)
    ticket = make_assessment(section, [place.first])
    for learner in learners_of(section):
        give(ticket, learner, place.first, None)
    work_off()

    page = principal.get(URL)

    assert publishing.publish(place.school.district, day=before(0)).cells == {}
    assert "30 excused" in page.content.decode()
