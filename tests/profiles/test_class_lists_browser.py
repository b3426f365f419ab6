"""Class lists by keys alone, and their pages on a phone and for axe."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner
from profiles.services import class_moves, duplicates, rolling_over
from tests.browsing import pictures, violations
from tests.factories.profiles import enroll, make_learner, make_roster, make_school_admin, make_section, make_teacher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CUT_IN_HEAD = """[...document.querySelectorAll(".toolbar h1, .toolbar > .status")]
    .filter((part) => part.scrollWidth > part.clientWidth || part.clientHeight > 40).map((part) => part.textContent)"""
NAMES = ["Amara Okafor", "Ben Castellanos", "Chidi Park", "Dana Whitfield"]


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple", grade="05")
    for name in NAMES:
        given_name, family_name = name.split()
        enroll(make_learner(roster.school, given_name=given_name, family_name=family_name), roster)
    make_section(roster, title="5 Maple Mathematics")
    make_section(roster, title="5 Maple English")
    make_teacher(roster, given_name="Rosa", family_name="Delgado")
    return roster


@pytest.fixture
def other(roster):
    return make_roster(roster.school, title="6 Birch", grade="06", session=roster.session)


@pytest.fixture
def admin(page, client, live_server, roster):
    account = make_school_admin(roster.school, given_name="Sol", family_name="Reyes")
    client.force_login(account)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])
    return account


def on_list(roster) -> list[str]:
    rows = Enrollment._base_manager.filter(roster=roster, role="learner", ends_on=None).select_related("learner")
    return sorted(row.learner.name for row in rows)


def test_two_students_are_ticked_moved_and_brought_back_by_keys(page, live_server, roster, other, admin, troubles):
    page.goto(f"{live_server.url}/rosters/{roster.pk}/")
    expect(page.get_by_role("checkbox", name="Choose Amara Okafor")).to_be_visible()
    page.keyboard.press("x")  # goes to the list
    expect(page.get_by_role("checkbox", name="Choose Amara Okafor")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("x")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Move students")).to_be_focused()
    assert page.evaluate(CUT_IN_HEAD) == []
    page.get_by_label("To").select_option(label=f"6 Birch ({roster.session.title})")
    page.get_by_role("button", name="Move", exact=True).last.press("Enter")
    expect(page.get_by_text("2 students move to 6 Birch.")).to_be_visible()
    assert (on_list(roster), on_list(other)) == (NAMES[2:], NAMES[:2])
    page.keyboard.press("u")
    expect(page.get_by_text("Undone. Everything stands as it did before.")).to_be_visible()
    assert on_list(roster) == NAMES
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("summary", has_text="Class").first.press("Enter")
    expect(page.get_by_role("link", name="6 Birch")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert troubles == []


def test_pages_of_class_lists_are_accessible_and_fit_a_phone(page, live_server, roster, other, admin, troubles):
    twice = make_learner(roster.school, given_name="Amara", family_name="Okafor", grade="05")
    with district_scope(roster.district_id):
        kept = Learner.objects.get(enrollments__roster=roster, given_name="Amara")
        students = Enrollment.objects.of_learners().filter(roster=roster)
        rows = "&".join(f"e={row.pk}" for row in students)
        staff = Enrollment.objects.of_staff().get(roster=roster)
        class_moves.place(learners=[twice], to=other, by=admin, from_day=timezone.localdate())
        third = make_learner(roster.school, given_name="Amara", family_name="Okafor", key="S-3")
        duplicates.tell_apart(kept, third, by=admin)
        plan = rolling_over.begin(school=roster.school, source=roster.session, by=admin)
    make_learner(roster.school, given_name="Zoe", family_name="Lin")
    of_roster, of_plan = f"/rosters/{roster.pk}/", f"/students/next-year/{plan.uuid}/"
    addresses = [
        of_roster,
        f"{of_roster}settings/",
        f"{of_roster}staff/add/",
        f"/enrollments/{staff.pk}/last-day/",
        f"{of_roster}move/?{rows}",
        f"{of_roster}withdraw/?{rows}",
        f"{of_roster}history/",
        f"/rosters/{other.pk}/history/",
        f"{of_roster}paste/",
        f"{of_roster}print/",
        "/students/without-class/",
        "/students/duplicates/",
        "/students/duplicates/?q=amara",
        f"/students/merge/?kept={kept.pk}&merged={twice.pk}",
        "/students/new-class/",
        "/students/next-year/",
        of_plan,
        f"{of_plan}classes/{roster.pk}/",
    ]
    wrong = []
    for address in addresses:
        page.goto(live_server.url + address)
        pictures(page, "lists" + address.partition("?")[0].replace("/", "-"))
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768 if width > 600 else 844})
            found = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{address} is {found} wide at {width}"] if found != width else []
        wrong += [f"{address}: {each}" for each in violations(page)]
    assert wrong == []
    assert troubles == []
