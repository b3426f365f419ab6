"""A subgroup of other schools, as published once a day: on the page, in its file, and on the page for a board."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Publication, Rollup
from assessments.services import publishing
from profiles.services import subgroups
from tests.assessments.school_place import URL, rows_of
from tests.assessments.test_school_board_page import filled
from tests.assessments.test_school_narrowed import make_subgroup
from tests.factories.classes import give_levels, learners_of

pytestmark = pytest.mark.django_db


def publish_with(place, own, other, *, size=60):
    """Both schools have so many students in one class; of each the first `own` and `other` are in the subgroup."""
    members = []
    for school, inside in ((place.school, own), (place.other, other)):
        learners = learners_of(place.teach(school, size))
        give_levels(learners, [place.first], counted=True)
        members += learners[:inside]
    subgroup = make_subgroup(place.school.district, members)
    return subgroup, publishing.publish(place.school.district, day=timezone.localdate())


def test_subgroup_of_other_schools_is_read_as_published(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    page = principal.get(URL, {"subgroup": subgroup.pk})
    assert page.context["beyond"] == ""
    lines = page.context["published"].lines
    assert [(line.name, line.cells[0].share, line.cells[0].results) for line in lines] == [
        ("All schools of the district", "50 %", 44),
        ("Birchwood", "50 %", 24),
    ]
    of_file = list(rows_of(principal.get(reverse("school_csv"), {"subgroup": subgroup.pk})))[-2:]
    assert [(row["Row"], f"{row['Secure or more, %']} %", row["Results"]) for row in of_file] == [
        (line.name, line.cells[0].share, str(line.cells[0].results)) for line in lines
    ]
    assert "Learning English" in of_file[1]["Narrowed to"]


@pytest.mark.parametrize(("other", "why"), [(6, ["too", "small"]), (54, ["too", "too"]), (0, ["too", "small"])])
def test_few_in_a_subgroup_and_few_beside_it_are_hidden_and_nothing_of_them_is_stored(place, principal, other, why):
    subgroup, made = publish_with(place, 20, other)
    page = principal.get(URL, {"subgroup": subgroup.pk})
    assert [line.cells[0].hidden for line in page.context["published"].lines] == why
    assert "hidden too" in page.content.decode()
    (table,) = made.cells.values()
    figures = list(table["subgroups"][subgroup.title]["rows"].values())
    assert not any(isinstance(figure, list) for row in figures for figure in row.values())


def test_grade_and_subgroup_at_once_are_refused_with_what_there_is(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    asked = {"subgroup": subgroup.pk, "grade": "05"}
    page = principal.get(URL, asked)
    assert page.context["published"] is None
    assert "of a subgroup by grade" in page.context["beyond"]
    assert "of each grade or of each subgroup" in page.context["beyond"]
    others = rows_of(principal.get(reverse("school_csv"), asked))[-1]
    assert "of a subgroup by grade" in others["Domain"]
    board = principal.get(reverse("school_board"), asked)
    assert board.context["beyond"]
    assert "form" in principal.get(board.context["plain"]).context


def test_subgroup_that_is_declared_today_says_that_it_is_not_published_yet(place, principal):
    publish_with(place, 20, 24)
    young = make_subgroup(place.school.district, learners_of(place.teach(place.school, 3)), title="New here")
    give_levels(list(learners_in(young)), [place.first])
    page = principal.get(URL, {"subgroup": young.pk})
    assert {cell.hidden for line in page.context["published"].lines for cell in line.cells} == {"later"}
    assert "not published yet" in page.content.decode()


def learners_in(subgroup):
    return [member.learner for member in subgroup.members.select_related("learner")]


def test_subgroup_that_has_ended_is_published_no_more(place):
    subgroup, made = publish_with(place, 20, 24)
    type(subgroup).objects.filter(pk=subgroup.pk).update(ended_at=timezone.now())
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    assert all("subgroups" not in table or not table["subgroups"] for table in again.cells.values())


def test_subgroup_that_takes_the_title_of_one_that_has_ended_shows_nothing_of_it(place, principal):
    old, made = publish_with(place, 20, 24)
    few = learners_in(old)[:3]
    subgroups.end(old, by=None, now=timezone.now())
    new = make_subgroup(place.school.district, few)
    page = principal.get(URL, {"subgroup": new.pk})
    assert {cell.hidden for line in page.context["published"].lines for cell in line.cells} == {"later"}
    board = principal.post(f"{reverse('school_board')}?subgroup={new.pk}", filled(place))
    assert {each.cell.hidden for each in board.context["figures"]} == {"later"}

    # Of so few nothing is shown: less than of the old one, whose figures may not stand for them all the same.
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    for table in again.cells.values():
        of_new = table["subgroups"][new.title]
        assert of_new["of"] == new.pk
        assert not any(isinstance(figure, list) for row in of_new["rows"].values() for figure in row.values())


def test_while_somebody_moves_between_schools_the_subgroups_stay_as_they_were(place):
    _subgroup, made = publish_with(place, 20, 24)
    Rollup.objects.filter(scope_id=place.other.pk, level__gte=3).update(n=1)
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    for key, table in made.cells.items():
        assert again.cells[key]["subgroups"] == table["subgroups"]


def test_board_reads_a_subgroup_with_its_purpose(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    url = f"{reverse('school_board')}?subgroup={subgroup.pk}"
    page = principal.post(url, filled(place, place2=str(place.other.pk)))
    assert [each.cell.results for each in page.context["figures"]] == [44, 24]
    text = " ".join(page.content.decode().split())
    assert "Fractions, Birchwood, Learning English" in text
    assert "Its purpose: The council decided so." in text


def test_counts_of_subgroups_are_kept_for_the_next_publication_alone(place):
    subgroup, made = publish_with(place, 20, 6)
    (of_day,) = next(iter(made.counts.values())).values()
    schools = {str(place.school.pk): [20, 40], str(place.other.pk): [6, 54]}
    assert of_day["subgroups"] == {subgroup.title: schools}
    assert Publication.objects.get().counts == made.counts
