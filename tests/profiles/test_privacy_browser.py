"""What is kept, copies, erasures and nights in the browser: by keyboard, on a phone, without a fault of axe."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext

from lrm.scope import district_scope
from profiles.models import Enrollment, Erasure, Learner, PolicyRule, RetentionRun
from profiles.services import bulk_exports
from profiles.services.copies import asking
from tests.browsing import faults_of_look, sign_in, troubles
from tests.factories.paths import make_entry
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PICTURES = os.environ.get("LRM_PICTURES", "")


@pytest.fixture
def place():
    section = make_section(make_roster(make_school(make_district(is_demo=True))))  # which asks for no second step
    with district_scope(section.district_id):
        learner = make_learner(section.roster.school, given_name="Nia", family_name="Adler", account=True)
        enroll(learner, section.roster)
        admin, guardian = make_district_admin(section.district), make_guardian(learner)
        asking.ask(learner, by=guardian)
        bulk_exports.give(bulk_exports.begin(admin, what="gradebook"), people=31)
        RetentionRun.objects.create(
            district=section.district, day=timezone.localdate(), finished_at=timezone.now(), counts={"paths.Goal": 3}
        )
        yield admin, guardian, learner


def look(page, address, name):
    """Stop for a picture where LRM_PICTURES names a folder for them."""
    if not PICTURES:
        return
    for width, height in ((1366, 768), (390, 844)):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)


def test_pages_keep_the_rules_in_light_and_dark_and_fit_a_phone(context: BrowserContext, live_server, place):
    admin, guardian, learner = place
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    heard = troubles(page)
    for name, address in {
        "data": f"/learners/{learner.pk}/data/",
        "copies": "/copies/",
        "erase": f"/learners/{learner.pk}/erase/",
        "erasures": "/erasures/",
        "retention": "/retention/?look=tomorrow",
        "audit": "/audit/?who=&place=",
        "exports": "/taken-along/",
        "privacy": "/privacy/",
        "own": "/account/data/",
        "adult": f"/adults/{guardian.pk}/data/",
        "erase adult": f"/adults/{guardian.pk}/erase/",
    }.items():
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(live_server.url + address)
        look(page, address, name)
        assert (address, faults_of_look(page)) == (address, [])
    assert heard == []


def test_family_reads_what_is_kept_and_objects_by_keyboard(context: BrowserContext, live_server, place):
    _admin, guardian, learner = place
    sign_in(context, live_server.url, guardian)
    page = context.new_page()
    page.goto(f"{live_server.url}/learners/{learner.pk}/data/")
    look(page, "", "data-family")
    assert faults_of_look(page) == []
    page.get_by_label("What you object to (optional)").focus()
    page.keyboard.type("She is more than numbers.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take the objection back").wait_for()


def test_an_erasure_is_asked_for_and_stopped_by_keyboard(context: BrowserContext, live_server, place):
    admin, _guardian, learner = place
    yesterday = timezone.localdate() - timedelta(days=1)
    Enrollment.objects.filter(learner=learner).update(starts_on=yesterday, ends_on=yesterday)
    Learner.objects.filter(pk=learner.pk).update(left_on=yesterday)
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    page.goto(f"{live_server.url}/learners/{learner.pk}/erase/")
    look(page, "", "erase-left")
    assert faults_of_look(page) == []
    page.get_by_label("Type the name: Nia Adler").focus()
    page.keyboard.type("nia adler")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop it").wait_for()
    look(page, "", "erasure")
    assert faults_of_look(page) == []
    page.get_by_role("button", name="Stop it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was changed.").first.wait_for()
    assert Erasure.objects.get().stopped_by == admin


def test_a_shorter_time_for_a_school_is_looked_at_and_saved_by_keyboard(context: BrowserContext, live_server, place):
    admin, _guardian, learner = place
    long_ago = timezone.localdate() - timedelta(days=100)
    left = make_learner(learner.home_school)
    Learner.objects.filter(pk=left.pk).update(left_on=long_ago)
    make_entry(left, author=admin)
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    page.goto(f"{live_server.url}/policy/lines/keeping/")
    look(page, "", "keeping-empty")
    page.get_by_label("Goals, paths and work").focus()
    page.keyboard.type("60")
    page.get_by_label("Why").focus()
    page.keyboard.type("Families asked.")
    page.keyboard.press("Enter")
    page.get_by_text("Goals, paths and work, 1 row; that is of 1 student.").wait_for()
    look(page, "", "keeping-looked")
    assert faults_of_look(page) == []
    page.get_by_role("button", name="Let it count").focus()
    page.keyboard.press("Enter")
    page.get_by_text("until then it can be withdrawn").wait_for()
    assert PolicyRule.objects.get().value == {"learning": 60}
    page.goto(f"{live_server.url}/retention/")
    page.get_by_label("Groups").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    page.get_by_text("Groups: 90 days after leaving in place of 366.").wait_for()
    look(page, "", "retention-looked")
    assert faults_of_look(page) == []
    sign_in(context, live_server.url, make_school_admin(learner.home_school))
    page.goto(f"{live_server.url}/policy/lines/keeping/")
    page.get_by_text("The district’s administrators write this one.").wait_for()
    look(page, "", "keeping-read")
    assert faults_of_look(page) == []
