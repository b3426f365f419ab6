"""A framework that comes again, with every difference: by keys alone, on a phone and for axe."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Standard
from standards.services.importing import import_package
from tests.browsing import faults_of_look, pictures, sign_in
from tests.factories.profiles import make_district, make_district_admin
from tests.standards.case.test_reader import DOCUMENT, item, link, package

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def edition(numbers, words):
    items = [
        item(n, humanCodingScheme=f"G.{n}", fullStatement=f"{words} {n} " + "and so on " * (n % 7)) for n in numbers
    ]
    return package(items, [link(n, DOCUMENT, sequenceNumber=n) for n in numbers])


def test_difference_is_looked_at_and_taken_over_by_keys(page, context, live_server, troubles):
    district, found = make_district(), []
    admin = make_district_admin(district)
    with district_scope(district.pk):
        import_package(read_package(edition(range(40), "Know")), district_id=district.pk)
    sign_in(context, live_server.url, admin)
    page.goto(live_server.url + reverse("standards_import"))
    pictures(page, "standards-import")
    found += faults_of_look(page, targets="main .button, main .input")
    page.set_viewport_size({"width": 1366, "height": 768})
    sent = edition([*range(5), *range(20, 60)], "Understand")
    page.get_by_label("CASE package").set_input_files(
        {"name": "geometry.json", "mimeType": "application/json", "buffer": sent}
    )
    page.get_by_label("CASE package").press("Tab")
    page.get_by_role("button", name="Check the file").press("Enter")
    expect(page.get_by_text("G.7", exact=True).first).to_be_visible()
    pictures(page, "standards-difference")
    found += faults_of_look(page, targets="main .button, main .input")
    page.set_viewport_size({"width": 1366, "height": 768})
    sure = page.get_by_role("checkbox")
    sure.press("Space")
    page.locator("form:has(input[name=drawn_from]) button[type=submit]").press("Enter")
    expect(page.get_by_role("heading", name="Reading")).to_be_visible()
    with district_scope(district.pk):
        assert Standard.objects.filter(retired_at__isnull=False).count() == 15
    assert found == []
    assert json.loads(sent)["CFDocument"]["title"] == "Reading"
