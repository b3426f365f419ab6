"""Pages about getting in, in the browser: their look, the badge's script, and the sheet that is cut apart."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lrm.scope import district_scope
from profiles.models import Badge
from profiles.services import badges, single_sign_on
from tests.browsing import faults_of_look, sign_in, troubles
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_learner,
    make_provider,
    make_roster,
    make_school,
    make_teacher,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PROVIDER = "/staff/sign-in/provider/"


@pytest.fixture
def roster():
    roster = make_roster(make_school(make_district(is_demo=True)), title="2 Maple")  # which asks for no second step
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def admin(roster):
    return make_district_admin(roster.district, given_name="Kim", family_name="Ortega", email="kim@example.org")


@pytest.fixture
def children(roster):
    found = [make_learner(roster.school, given_name=name) for name in ("Amara", "Ben", "Chidi")]
    for child in found:
        enroll(child, roster)
    return found


def looked_at(page: Page, url: str) -> list:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(url)
    return [(url, *fault) for fault in faults_of_look(page, targets="main .button, main .input")]


def test_pages_about_getting_in_keep_the_rules(context: BrowserContext, live_server, roster, admin, children):
    row = make_provider(roster.district, issuer="http://localhost:1", for_learners=True)
    badges.make_badges(children, by=admin)
    colleague = make_teacher(roster, given_name="Rosa", family_name="Delgado", email="rosa@example.org")
    rosa = single_sign_on.Vouched("rosa-there", "rosa@example.org", email_verified=True)
    single_sign_on.let_in(row, rosa)
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    heard = troubles(page)
    found = []
    for path in (
        *("/staff/", f"/staff/{colleague.pk}/", "/staff/invite/", "/staff/sign-in/", PROVIDER, "/staff/devices/"),
        *("/account/", "/account/second-step/", f"/rosters/{roster.pk}/badges/"),
    ):
        found += looked_at(page, live_server.url + path)
    assert (found, heard) == ([], [])


def test_pages_before_signing_in_keep_the_rules(page: Page, live_server, roster, troubles):
    row = make_provider(roster.district, issuer="http://localhost:1", for_learners=True)
    start = f"/sign-in/with/{row.district.uuid}/"
    found = [fault for path in ("/sign-in/", start, "/badge/") for fault in looked_at(page, live_server.url + path)]
    assert (found, troubles) == ([], [])
    page.goto(live_server.url + "/sign-in/")
    page.get_by_role("button", name="Sign in with Maple Login").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Maple Login does not answer just now.")
    page.get_by_role("link", name="Other ways to sign in").press("Enter")
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()


def test_settings_that_do_not_work_are_shown_at_their_field(context: BrowserContext, live_server, admin):
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    page.goto(live_server.url + PROVIDER)
    page.get_by_label("Name on the button").fill("Maple Login")
    page.get_by_label("Issuer").fill("http://localhost:1")
    page.get_by_label("Client ID").fill("lrm")
    page.get_by_label("Client secret").fill("s3cret")
    page.get_by_role("button", name="Test the connection").press("Enter")
    expect(page.get_by_label("Issuer")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_issuer_error")).to_contain_text("The provider does not answer.")
    expect(page.get_by_label("Client secret")).to_have_value("")


# The badge's script


def square(badge: Badge) -> str:
    return f"/badge/#{badges.written_on(badge)}"


@pytest.fixture
def badge(roster, children, admin):
    badges.make_badges(children[:1], by=admin)
    return Badge.objects.get()


def test_scanned_square_signs_in_and_its_secret_is_in_no_address(page: Page, live_server, badge, troubles):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + square(badge))
    expect(page).not_to_have_url(re.compile("/badge/"))
    assert badges.written_on(badge) not in "".join(url.partition("#")[0] for url in asked)
    page.go_back()
    assert badges.written_on(badge) not in page.url, "nor in the history"
    assert troubles == []


def test_same_square_scanned_while_its_page_stands_open(page: Page, live_server, badge):
    """The camera of a tablet opens the address in the tab that is there: then the browser loads nothing."""
    page.goto(live_server.url + "/badge/")
    page.evaluate("written => { location.hash = written; }", badges.written_on(badge))
    expect(page).not_to_have_url(re.compile("/badge/"))


def test_badge_that_was_revoked_while_its_owner_is_in(page: Page, live_server, badge, admin, children):
    page.goto(live_server.url + square(badge))
    expect(page).not_to_have_url(re.compile("/badge/"))
    badges.revoke_badges([badge], by=admin)
    page.reload()
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    page.goto(live_server.url + square(badge))
    expect(page.get_by_role("alert")).to_have_text("This badge does not work anymore. Ask your teacher for a new one.")
    page.get_by_role("link", name="Type my class code").press("Enter")
    expect(page.get_by_label("Letter 1 of 6")).to_be_visible()


def test_without_a_camera_or_a_script_the_class_code_does_the_same(browser, live_server, roster, badge, children):
    roster.class_code = "CDFHJK"
    roster.save()
    children[0].number = "4711"
    children[0].save()
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(live_server.url + square(badge))
    page.get_by_role("link", name="Type my class code").click()
    page.get_by_label("Class code").fill("cdf hjk")
    page.get_by_label("My number").fill("4711")
    page.get_by_role("button", name="Next").click()
    expect(page).not_to_have_url(re.compile("sign-in"))
    plain.close()


def test_sheet_of_badges_cuts_no_badge_in_two(context: BrowserContext, live_server, roster, admin, tmp_path):
    for n in range(26):
        enroll(make_learner(roster.school, given_name=f"Child{n}"), roster)
    people = [enrollment.learner for enrollment in roster.enrollments.filter(role="learner").select_related("learner")]
    badges.make_badges(people, by=admin)
    sign_in(context, live_server.url, admin)
    page = context.new_page()
    page.goto(f"{live_server.url}/rosters/{roster.pk}/badges/")
    page.emulate_media(media="print")
    assert page.locator(".badge-card").count() == 26
    assert page.locator(".badge-card").evaluate_all(
        "cards => cards.every((card) => getComputedStyle(card).breakInside.startsWith('avoid'))"
    )
    paper = Path(tmp_path, "badges.pdf")
    page.pdf(path=paper, format="Letter")
    pages = len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))
    assert 3 <= pages <= 5
    assert not page.get_by_role("button", name="Make").is_visible()
