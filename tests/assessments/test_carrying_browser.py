"""Results carried over to a newer framework: looked at, said yes to and taken back by keys, on a phone and for axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import CarryOver
from lrm.scope import district_scope
from tests.assessments.test_carrying import Scene
from tests.browsing import faults_of_look, pictures, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_results_are_carried_over_and_taken_back_by_keys(page, context, live_server, troubles):
    found = []
    made = Scene()
    with district_scope(made.district.pk):
        made.give(made.kept, 4)
    sign_in(context, live_server.url, made.admin)
    address = live_server.url + reverse("carry_results", args=[made.old.uuid])
    page.goto(address)
    pictures(page, "carry-empty")
    found += faults_of_look(page, targets="main .button, main .input")
    page.goto(f"{address}?to={made.new.uuid}")
    pictures(page, "carry")
    found += faults_of_look(page, targets="main .button, main .input")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Let these count").press("Enter")
    expect(page.get_by_text("count in New now")).to_be_visible()
    pictures(page, "carry-done")
    found += faults_of_look(page, targets="main .button, main .input")
    assert found == []
    with district_scope(made.district.pk):
        assert CarryOver.objects.count() == 1
