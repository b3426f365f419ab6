"""The page for a board: published figures only, whoever prints it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Publication
from tests.assessments.school_place import publish_both
from tests.factories.profiles import make_district_admin

pytestmark = pytest.mark.django_db


def filled(place, *, at="d", **changes):
    found = Publication._base_manager.get()
    (key,) = found.cells
    figures = {"place1": at, "domain1": key, "place2": str(place.school.pk), "domain2": key, "place3": "d"}
    return {"question": "How are fractions?", "sentence": "", "domain3": "", **figures, **changes}


def test_board_reads_question_figures_and_a_sentence_with_n_and_day(place, principal):
    publish_both(place, 60, 60)
    page = principal.post(reverse("school_board"), filled(place))
    text = " ".join(page.content.decode().split())
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    assert [(each.cell.share, each.cell.results) for each in page.context["figures"]] == [("50 %", 120), ("50 %", 60)]
    assert f"Secure or more. n 120 results, as of {today}. Method: Newest counts most, 65 %." in text
    assert f"As of {today}, 50 % of 120 results are Secure or more: Fractions, All schools of the district." in text


def test_board_reads_nothing_exact_of_few_even_where_its_printer_may(place, principal, as_account):
    publish_both(place, 60, 6)
    for client in (principal, as_account(make_district_admin(place.school.district))):
        page = client.post(reverse("school_board"), filled(place, at=str(place.other.pk)))
        assert [each.cell.hidden for each in page.context["figures"]] == ["hidden", "hidden"]
        assert "n &lt; 10" in page.content.decode()
    page = principal.post(reverse("school_board"), filled(place, place2="d"))
    assert [each.cell.hidden for each in page.context["figures"]] == ["hidden", "hidden"]
    assert page.context["sentence"] == ""


@pytest.mark.parametrize("query", [{"as_of": "2026-09-30"}, {"over": "terms"}, {"compare": "2026-09-30"}])
def test_what_is_not_published_is_refused_with_a_way_on(place, principal, query):
    publish_both(place, 60, 60)
    page = principal.get(reverse("school_board"), query)
    assert page.context["beyond"]
    assert "form" not in page.context
    assert "form" in principal.get(page.context["plain"]).context


@pytest.mark.parametrize("changes", [{"question": ""}, {"place1": "999"}, {"domain1": ""}, {"domain1": "1:2:No"}])
def test_form_that_cannot_be_is_refused_in_place(place, principal, changes):
    publish_both(place, 60, 60)
    answer = principal.post(reverse("school_board"), filled(place, **changes))
    assert answer.status_code == 422
    assert "figures" not in answer.context


def test_before_the_first_night_it_says_when_figures_come(place, principal):
    place.teach(place.school, 1)
    assert "The first ones come tonight" in principal.get(reverse("school_board")).content.decode()
