"""Signing in and the Students page in a real browser: by keys alone, on a phone, on a shared device."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from profiles.models import Enrollment, Learner
from tests.browsing import violations
from tests.factories.profiles import enroll, make_learner, make_roster, make_section, make_teacher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ["Amara Okafor", "Ben Castellanos", "Chidi Park", "Dana Whitfield", "Eli Marsh", "Nia Adler"]


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple", class_code="CDFHJK")
    for number, name in enumerate(NAMES):
        given_name, family_name = name.split()
        learner = make_learner(
            roster.school, given_name=given_name, family_name=family_name, number=f"{4711 + number}", key=f"S-{number}"
        )
        enroll(learner, roster)
    past = make_learner(roster.school, given_name="Zoe", family_name="Lin")
    enroll(past, roster, ends_on=timezone.localdate().replace(day=1) - timedelta(days=1))
    make_section(roster, title="5 Maple Mathematics")
    return roster


@pytest.fixture
def teacher(roster):
    return make_teacher(roster, given_name="Rosa", family_name="Delgado")


@pytest.fixture
def signed_in(page, client, live_server, teacher):
    """The page with the teacher's session."""
    client.force_login(teacher)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


def on_roster() -> list[str]:
    rows = Enrollment._base_manager.filter(role="learner", ends_on__isnull=True).select_related("learner")
    return sorted(row.learner.name for row in rows)


def test_class_code_is_typed_letter_by_letter_or_pasted_whole(page, live_server, roster, troubles):
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Letter 1 of 6").focus()
    page.keyboard.type("cdf-h")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("fhjk")
    expect(page.get_by_label("My number")).to_be_focused()
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_server.url + "/why/?first")  # read once, before the first Home
    assert Learner._base_manager.get(number="4711").account is not None
    assert troubles == []


def test_class_code_pasted_fills_all_boxes(page, live_server, roster):
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Letter 3 of 6").focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text", " cdf hjk ");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    assert page.locator("input[name=class_code]").input_value() == "CDFHJK"
    expect(page.get_by_label("My number")).to_be_focused()


def test_class_code_without_script_is_one_field(browser, live_server, roster):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Class code").fill("cdfhjk")
    page.get_by_label("My number").fill("4711")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(live_server.url + "/")
    context.close()


def test_signing_out_leaves_no_page_behind_on_a_shared_device(page, live_server, roster):
    page.goto(live_server.url + "/sign-in/")
    page.get_by_label("Letter 1 of 6").focus()
    page.keyboard.type("CDFHJK4711")
    page.get_by_label("My number").fill("4711")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Amara").first).to_be_visible()
    page.goto(live_server.url + "/goals/")
    page.evaluate("localStorage.setItem('draft', 'half a sentence')")
    page.get_by_text("Your account").locator("xpath=ancestor::summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    # lrm_browser names nobody: it says that somebody has signed in here before (profiles/known_browser.py).
    assert {each["name"] for each in page.context.cookies()} <= {"csrftoken", "lrm_browser"}
    assert page.evaluate("localStorage.getItem('draft')") is None
    page.go_back()
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    assert "Amara" not in page.content()


def test_student_is_found_while_typing(signed_in, live_server, roster, troubles):
    page = signed_in
    page.goto(live_server.url + "/students/")
    page.keyboard.press("/")
    page.keyboard.type("ni")
    expect(page.get_by_text("1 student found")).to_be_visible()
    expect(page.get_by_role("link", name="Nia Adler")).to_be_visible()
    expect(page.get_by_role("link", name="Amara Okafor")).to_have_count(0)
    expect(page.locator("#find-student")).to_be_focused()
    assert troubles == []


def test_student_is_added_withdrawn_and_brought_back_by_keys(signed_in, live_server, roster, troubles):
    page = signed_in
    page.goto(live_server.url + "/students/")
    page.get_by_role("link", name="Add a student").press("Enter")
    page.get_by_label("First name").fill("Ivy")
    page.get_by_label("Last name").fill("Brook")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ivy Brook is in 5 Maple.")).to_be_visible()
    assert on_roster() == sorted([*NAMES, "Ivy Brook"])

    page.get_by_role("link", name="Withdraw Ivy Brook").press("Enter")
    expect(page.get_by_role("heading", name="Withdraw Ivy Brook")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Withdraw Ivy Brook")).to_have_count(0)
    page.get_by_role("link", name="Withdraw Ivy Brook").press("Enter")
    panel = page.locator("form", has=page.get_by_role("heading", name="Withdraw Ivy Brook"))
    panel.get_by_role("button", name="Withdraw").press("Enter")
    expect(page.get_by_text("Ivy Brook is not in this class anymore.")).to_be_visible()
    assert on_roster() == sorted(NAMES)

    page.keyboard.press("u")
    expect(page.get_by_text("Ivy Brook is back in this class.")).to_be_visible()
    assert on_roster() == sorted([*NAMES, "Ivy Brook"])
    assert troubles == []


def test_double_is_asked_about_before_it_is_made(signed_in, live_server, roster):
    page = signed_in
    page.goto(f"{live_server.url}/rosters/{roster.pk}/add/")
    page.get_by_label("First name").press_sequentially("Nia")
    expect(page.locator("#known").get_by_role("link", name="Nia Adler")).to_be_visible()
    page.get_by_label("Last name").fill("Adler")
    page.get_by_role("button", name="Add to the class").click()
    expect(page.get_by_text("Is Nia Adler one of these?")).to_be_visible()
    page.get_by_role("button", name="Add to the class").click()
    expect(page).to_have_url(f"{live_server.url}/rosters/{roster.pk}/")
    assert on_roster() == sorted(NAMES)


ADDRESSES = ["/sign-in/", "/password/reset/", "/students/", "/students/?q=a", "add/", "settings/", "cards/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_people_pages_are_accessible_and_fit_a_phone(signed_in, live_server, roster, troubles, address):
    page = signed_in
    if address in ("/sign-in/", "/password/reset/"):
        page.context.clear_cookies()
    page.goto(live_server.url + (address if address.startswith("/") else f"/rosters/{roster.pk}/{address}"))
    for width in (1366, 390, 320):
        page.set_viewport_size({"width": width, "height": 768 if width > 600 else 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width, width
        assert violations(page) == []
    assert troubles == []
