"""The school's page on paper: many columns are several tables, so that every figure is printed once."""

import re

import pytest

from assessments.school_parts import ACROSS, ACROSS_COMPARED, UPRIGHT
from tests.assessments.school_place import URL, before, branch_of
from tests.browsing import sign_in
from tests.factories.classes import give_levels, learners_of
from tests.factories.profiles import make_school_admin
from tests.factories.standards import make_standard

pytestmark = pytest.mark.django_db
A4_TURNED = 1000
"""Pixels between the margins of an A4 sheet that is turned; Letter has 30 less."""


def teach(place, standards):
    place.standards = [make_standard(place.framework, domain=place.domain, code=f"5.NF.{n}") for n in range(standards)]
    give_levels(learners_of(place.teach(place.school, 12)), place.standards, counted=True)
    return {"branch": branch_of(place)}


@pytest.mark.parametrize(
    ("columns", "compare", "sizes", "is_wide"),
    [
        (UPRIGHT, False, [], False),
        (ACROSS, False, [], True),
        (ACROSS + 1, False, [5, 4], True),
        (30, False, [8, 8, 8, 6], True),
        (ACROSS_COMPARED + 1, True, [4, 3], True),
    ],
)
def test_each_column_is_printed_once_and_what_is_left_out_stands_last(
    place, principal, columns, compare, sizes, is_wide
):
    query = teach(place, columns) | ({"compare": before(10)} if compare else {})
    page = principal.get(URL, query)
    sheets, whole = page.context["sheets"], page.context["whole"]
    assert [len(part.columns) for part in sheets] == sizes
    assert [column for part in sheets for column in part.columns] == (list(whole.columns) if sizes else [])
    assert [[cell for part in sheets for cell in part.lines[0]["cells"]]] == [whole.lines[0]["cells"] if sizes else []]
    assert [part.is_last for part in sheets] == [False] * (len(sizes) - 1) + [True] * bool(sizes)
    text = page.content.decode()
    tables = text.split('<table class="table school-table"')[1:]
    assert [table.count('scope="col"') for table in tables] == [columns + 2, *(size + 1 for size in sizes[:-1])] + (
        [sizes[-1] + 2] if sizes else []
    )
    assert bool(re.search(r"\bdata-wide\b", text)) == is_wide


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_thirty_standards_of_a_school_fit_on_turned_sheets(page, live_server, place):
    query = teach(place, 30)
    page.set_viewport_size({"width": A4_TURNED - 30, "height": 700})
    sign_in(page.context, live_server.url, make_school_admin(place.school))
    page.goto(f"{live_server.url}{URL}?branch={query['branch']}")
    page.emulate_media(media="print")
    tables = page.locator(".school-table:visible")
    assert tables.count() == 4
    assert all(box["x"] + box["width"] <= A4_TURNED - 30 for box in (each.bounding_box() for each in tables.all()))
    assert len(set(page.locator(".school-table thead .ltr:visible").all_text_contents())) == 30
    page.emulate_media(media="screen")
    assert tables.count() == 1
