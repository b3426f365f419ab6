"""A note that a teacher says about what was seen, in a browser with a microphone of its own."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import Artifact
from tests.browsing import faults_of_look, sign_in
from tests.factories.policy import let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


def test_spoken_note_goes_with_what_was_seen(
    classroom, live_server, playwright, browser_type_launch_args, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    let_in(classroom.school, audio=True)
    given = browser_type_launch_args
    browser = playwright.chromium.launch(**given | {"args": [*given.get("args", []), *FAKE]})
    try:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        sign_in(page.context, live_server.url, classroom.teacher)
        page.goto(live_server.url + reverse("section_observe", args=[classroom.section.pk]))
        page.locator(f"[data-person='{classroom.learner.pk}']").click()
        page.get_by_role("button", name="2 Building").click()
        note = page.get_by_role("button", name="Say a note")
        assert faults_of_look(page, targets="[data-sound]") == []
        note.click()
        page.get_by_role("button", name=re.compile("^Stop")).click()

        expect(note).to_have_attribute("aria-pressed", "false")
        expect(page.locator("[data-lines] li").get_by_role("link", name="spoken note")).to_be_visible()
    finally:
        browser.close()
    piece = Artifact.objects.get()
    assert (piece.kind, piece.learner, piece.by) == ("audio", classroom.learner, classroom.teacher)
