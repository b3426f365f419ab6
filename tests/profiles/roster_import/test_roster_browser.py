"""The pages of roster files, walked by keys alone, and looked at on a phone and by axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from profiles.models import Learner
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import import_roster
from tests.browsing import faults_of_look, pictures
from tests.factories.profiles import make_district, make_district_admin
from tests.profiles.oneroster.packages import V1P1, changed, zipped
from tests.profiles.roster_import.test_importing import crowd

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def admin(page, client, live_server, district):
    account = make_district_admin(district, given_name="Sol", family_name="Reyes")
    client.force_login(account)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([session])
    return account


def work():
    for pk in Job._base_manager.filter(state=Job.State.WAITING).values_list("pk", flat=True):
        run(pk)


def send(page, live_server, files):
    page.goto(live_server.url + reverse("roster_import"))
    page.get_by_label("OneRoster file").set_input_files(
        {"name": "roster.zip", "mimeType": "application/zip", "buffer": zipped(files)}
    )
    page.get_by_role("button", name="Check the file").press("Enter")


def look(page, name, found):
    pictures(page, name)
    found += [(name, fault) for fault in faults_of_look(page, targets="main .button, main .input")]
    page.set_viewport_size({"width": 1366, "height": 768})


def test_file_is_settled_applied_and_put_back_by_keys(page, live_server, admin, district, troubles):
    found = []
    page.goto(live_server.url + reverse("roster_import"))
    look(page, "import-empty", found)
    send(page, live_server, changed(V1P1, "users.csv", "u3,,,true", "u3,,,maybe"))
    value = page.get_by_label("enabledUser of Keanu Ioane, line 4")
    expect(value).to_be_focused()
    look(page, "check-settle", found)
    value.fill("true")
    value.press("Enter")
    expect(value).to_have_count(0)
    look(page, "check-new", found)
    page.get_by_role("button", name="Apply 12 lines").press("Enter")
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    look(page, "check-at-work", found)
    work()
    expect(page.get_by_role("button", name="See what undo would do")).to_be_visible()
    look(page, "done", found)
    page.get_by_role("button", name="See what undo would do").press("Enter")
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
    look(page, "undo", found)
    page.get_by_role("button", name="Undo this import").press("Enter")
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
    work()
    expect(page.get_by_text("Waiting for its turn.")).to_have_count(0)
    look(page, "undone", found)
    page.goto(live_server.url + reverse("roster_import"))
    look(page, "import-typical", found)
    with district_scope(district.pk):
        assert Learner.objects.count() == 0
    assert found == []


def test_file_that_would_empty_a_school_is_stopped(page, live_server, admin, district, troubles):
    found = []
    with district_scope(district.pk):
        import_roster(read_roster(zipped(crowd(300))), district=district)
    files = changed(crowd(20), "users.csv", "Kim,Park 7,", "Kim,Parker-of-the-very-long-Family-Name 7,")
    send(page, live_server, files)
    release = page.get_by_label("leave, and that is right")
    expect(page.get_by_role("button", name="Apply all the same")).to_be_visible()
    expect(page.get_by_role("button", name="Apply 20")).to_have_count(0)
    look(page, "brake", found)
    assert found == []
    release.press("Space")
    page.get_by_role("button", name="Apply all the same").press("Enter")
    expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
