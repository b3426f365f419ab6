"""School-wide mastery as of a closed day."""

import pytest
from django.urls import reverse

from profiles.models import Enrollment
from tests.assessments.school_place import URL, before, figures, rows_of
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import join, learners_of

pytestmark = pytest.mark.django_db


def test_figures_of_yesterday_are_those_of_today_where_nothing_came(place, story, principal):
    queries = [{}, {"grade": "05"}, {"school": place.school.pk, "section": story.pk}]
    for query in queries:
        assert figures(principal.get(URL, query | {"as_of": before(1)})) == figures(principal.get(URL, query))


def test_figures_of_a_closed_day_count_its_students_and_levels(place, story, principal):
    then = principal.get(URL, {"as_of": before(30)})
    assert figures(then)["Alder Creek"] == {"Fractions": (50, 2, 0)}
    assert [line.learners for line in then.context["matrix"].lines] == [2, 2]
    text = then.content.decode()
    assert "end of the day." in text
    assert "students in the classes of that day whom you may see today" in text
    assert f"as_of={before(30)}" in then.context["csv_url"]


def test_list_of_a_closed_day_names_who_was_not_there_yet(place, story, principal):
    ana, ben, _cam = learners_of(story)
    at = place.at("g05", place.first)
    for days, learner in ((30, ana), (5, ben)):
        page = principal.get(URL, {"as_of": before(days), "at": at})
        assert [(row.learner.pk, row.level) for row in page.context["learners"]] == [
            (learner.pk, 1 if days == 30 else 2)
        ]
    (row,) = rows_of(principal.get(reverse("school_list_csv"), {"as_of": before(30), "at": at}))
    assert (row["Level"], row["As of"]) == ("1", before(30).isoformat())


def test_file_of_a_closed_day_says_of_which(place, story, principal):
    answer = principal.get(reverse("school_csv"), {"as_of": before(30)})
    assert before(30).isoformat() in answer["Content-Disposition"]
    assert {row["As of"] for row in rows_of(answer)} == {before(30).isoformat()}
    refused = principal.get(reverse("school_csv"), {"as_of": "2999-01-01"})
    assert (refused.status_code, "still to come" in refused.content.decode()) == (400, True)


def test_day_before_any_result_and_days_that_cannot_be_are_said(place, story, principal):
    assert "No results up to" in principal.get(URL, {"as_of": before(50)}).content.decode()
    assert "is still to come" in principal.get(URL, {"as_of": "2999-01-01"}).content.decode()
    assert "Nothing is known of January 1" in principal.get(URL, {"as_of": "0001-01-01"}).content.decode()


def test_closed_day_by_the_rights_of_today(place, story, principal, district_admin):
    ana = learners_of(story)[0]
    type(ana)._base_manager.filter(pk=ana.pk).update(home_school=place.other)
    Enrollment._base_manager.filter(learner=ana).update(ends_on=before(3))
    query = {"school": place.school.pk, "as_of": before(30), "at": place.at("g05", place.first)}
    mine, all_of_them = principal.get(URL, query), district_admin.get(URL, query)
    assert [row.learner.pk for row in mine.context["learners"]] == []
    assert figures(mine)["Alder Creek"] == {"Fractions": (100, 1, 0)}
    assert [row.learner.pk for row in all_of_them.context["learners"]] == [ana.pk]
    assert figures(all_of_them)["Alder Creek"] == {"Fractions": (50, 2, 0)}


def test_closed_day_of_a_large_district_asks_for_a_school(place, story, district_admin, monkeypatch):
    place.teach(place.other, 1)
    monkeypatch.setattr("assessments.views.school_reading.MOST_THEN", 2)
    page = district_admin.get(URL, {"as_of": before(30)})
    links = [item["url"] for item in page.context["choose"]]
    assert len(links) == 2
    assert figures(district_admin.get(links[0]))["Alder Creek"] == {"Fractions": (50, 2, 0)}
    assert "one school at a time" in district_admin.get(reverse("school_csv"), {"as_of": before(30)}).content.decode()


def test_closed_day_costs_at_most_fourteen_statements_and_does_not_grow(place, story, principal):
    query = {"as_of": before(30), "at": place.at("g05", place.first)}
    principal.get(URL)
    with assert_statements(at_most=14) as few:
        principal.get(URL, query)
    assessment = make_assessment(story, [place.first], given_on=before(45))
    for learner in join(story.roster, 9):
        give(assessment, learner, place.first, 2)
    work_off()
    with assert_statements(exactly=len(few)):
        assert len(principal.get(URL, query).context["learners"]) == 10


def test_list_of_a_number_that_is_no_standard_is_not_there(place, story, principal):
    at = f"{place.at('g05', place.first).rpartition('.')[0]}.{'9' * 20}"

    assert principal.get(reverse("school_list_csv"), {"at": at, "as_of": before(1)}).status_code == 404
