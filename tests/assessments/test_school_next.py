"""What the page of the school says to do next, and the ways from its figures to a check-in and to other days."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Rollup
from assessments.models.rollup import ScopeKind
from profiles.models import Learner
from tests.assessments.school_place import URL, before, branch_of
from tests.budgets import assert_statements
from tests.factories.classes import give_levels, learners_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_domains(place):
    """Twelve students: all met in Geometry, four in Fractions, where eight places have no record."""
    school, grade = place.school.pk, learners_of(place.teach(place.school, 12))[0].grade
    Rollup.objects.bulk_create(
        Rollup(kind=ScopeKind.SCHOOL, scope_id=school, grade=grade, standard_id=standard.pk, level=level, n=n)
        for standard, level, n in ((place.shape, 4, 12), (place.first, 3, 4), (place.first, 1, 8), (place.second, 3, 4))
    )


def test_smallest_share_and_what_has_no_level_are_named_with_the_way_to_them(place, two_domains, principal):
    page = principal.get(URL)
    [share] = page.context["advice"]
    assert share["text"] == (
        "Fractions has the smallest share: 50 % of 16 results are Secure or more."
        " 8 of its 24 places have no level: 8 no result yet."
    )
    assert principal.get(share["url"]).context["panel"]["column"].name == "Fractions"
    assert share["text"] in page.content.decode()


def test_a_domain_that_only_waits_has_a_line_and_a_way_of_its_own(place, two_domains, principal):
    of = Rollup.objects.filter(scope_id=place.school.pk)
    of.filter(standard_id=place.first.pk, level=1).delete()
    of.filter(standard_id=place.first.pk).update(n=12)
    of.filter(standard_id=place.second.pk).update(n=11)
    of.filter(standard_id=place.shape.pk).update(level=1)
    share, waiting = principal.get(URL).context["advice"]
    assert share["text"] == "Geometry has the smallest share: 0 % of 12 results are Secure or more."
    assert waiting["text"] == "In Fractions 1 of 24 places has no level: 1 no result yet."
    assert waiting["url"] == f"{reverse('coverage')}?school={place.school.pk}"


@pytest.mark.parametrize(("fell", "said"), [(6, "6 points"), (1, "1 point")])
def test_what_fell_since_the_other_day_comes_first(place, two_domains, principal, monkeypatch, fell, said):
    principal.get(URL)
    points = property(lambda cell: -fell if cell.share == 50 else 1)
    monkeypatch.setattr("assessments.school_drawing.Cell.points", points)
    first, *_rest = principal.get(URL, {"compare": before(10)}).context["advice"]
    assert first["text"].startswith(f"Fractions is {said} of percent lower than on ")
    assert "It also has the smallest share: 50 % of 16 results" in first["text"]


def test_few_results_and_closed_days_give_no_advice(place, story, principal):
    assert principal.get(URL).context["advice"] == []
    assert principal.get(URL, {"as_of": before(5)}).context["advice"] == []


def test_students_of_the_page_and_of_a_figure_are_taken_to_a_check_in(place, two_domains, principal):
    page = principal.get(URL, {"grade": "05", "compare": before(10)})
    made = principal.get(page.context["check_in_url"])
    assert made.context["form"].initial["grade"] == "05"
    assert made.context["n"] == 12

    panel = principal.get(URL, {"at": place.at("g05")})
    form = principal.get(panel.context["panel_check_in_url"]).context["form"]
    assert (form.initial["grade"], form.initial["branch"]) == ("05", branch_of(place))


def test_figure_of_a_school_is_taken_along_with_it(place, two_domains, district_admin):
    give_levels(learners_of(place.teach(place.other, 3)), [place.first], counted=True)
    panel = district_admin.get(URL, {"at": place.at(f"s{place.other.pk}")})
    made = district_admin.get(panel.context["panel_check_in_url"])
    assert made.context["form"].initial["school"] == str(place.other.pk)
    assert made.context["n"] == 3


def test_figure_of_students_without_a_grade_is_not_taken_to_a_check_in_of_everybody(place, two_domains, principal):
    section = place.teach(place.school, 4)
    Learner.objects.filter(enrollments__roster=section.roster).update(grade="")
    give_levels(learners_of(section), [place.first], counted=True)
    panel = principal.get(URL, {"at": place.at("g")})
    assert [each["line"].name for each in panel.context["lines"] if not each["url"]] == [place.school.name, "No grade"]
    assert "Take to a check-in" not in panel.content.decode()
    assert "Take to a check-in" in principal.get(URL, {"at": place.at("g05")}).content.decode()


def test_terms_and_a_month_ago_are_one_choice_away_until_they_are_chosen(place, two_domains, principal):
    terms, month = principal.get(URL).context["ways"]
    assert principal.get(terms["url"]).context["terms"] is not None
    both = principal.get(terms["url"] + "&" + month["url"].partition("?")[2])
    assert both.context["asked"].then.day == timezone.localdate() - (before(0) - before(28))
    assert both.context["ways"] == []


def test_advice_costs_no_statement(place, two_domains, principal):
    principal.get(URL)
    with assert_statements(at_most=14):
        assert principal.get(URL).context["advice"]
