"""Observation at a table: the second tap saves, the same sent twice is one, nothing that is refused leaves a trace."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Assessment, Evidence, Group, GroupMember, ResultNote, SectionStandard
from assessments.services import observing
from assessments.services.entering import read_cells
from paths.models import Artifact
from tests.browsing import sign_in, troubles, violations
from tests.factories.files import make_photo
from tests.factories.profiles import make_learner, make_section
from tests.factories.standards import make_standard
from tests.processes import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(taught, as_account):
    return as_account(taught.teacher)


def url(taught):
    return reverse("section_observe", args=[taught.section.pk])


def send(client, taught, *seen):
    address = reverse("observe_seen", args=[taught.section.pk])
    answer = client.post(address, json.dumps({"seen": list(seen)}), content_type="application/json")
    return answer.status_code, answer.json()


def tap(learner, standard, text="3", **more):
    return {"learner": learner.pk, "standard": standard.pk, "text": text, **more}


def standing(taught, standard):
    """{learner: text} of today's observation, newest try of each."""
    (assessment,) = Assessment.objects.filter(kind="observation", given_on=timezone.localdate())
    cells = read_cells(assessment, [learner.pk for learner in taught.learners])
    return {learner: cell.text for (learner, _standard), cell in cells.items() if _standard == standard.pk}


def test_each_tap_is_kept_and_all_of_a_day_are_one_assessment(teacher, taught):
    one, two, _three = taught.learners
    first, _second = taught.standards
    status, said = send(teacher, taught, tap(one, first, "2"), tap(two, first, "."))
    assert (status, [found["state"] for found in said["seen"]]) == (200, ["saved", "saved"])
    send(teacher, taught, tap(one, first, "4", attempt=2, how="with a drawing"))

    assert standing(taught, first) == {one.pk: "4", two.pk: "."}
    assert Evidence.objects.filter(learner=one).count() == 2
    assert ResultNote.objects.get().text == "with a drawing"


def test_sent_twice_is_one_and_two_adults_are_two(teacher, taught, as_account):
    learner, standard = taught.learners[0], taught.standards[0]
    for _again in range(2):
        status, said = send(teacher, taught, tap(learner, standard, "2"))
        assert (status, said["seen"][0]["state"], said["seen"][0]["attempt"]) == (200, "saved", 1)
    _status, said = send(as_account(taught.co_teacher), taught, tap(learner, standard, "4"))
    assert (said["seen"][0]["state"], said["seen"][0]["attempt"]) == ("saved", 2)
    _status, again = send(as_account(taught.co_teacher), taught, tap(learner, standard, "4"))

    assert again["seen"][0]["id"] == said["seen"][0]["id"]
    assert Evidence.objects.filter(learner=learner).count() == 2


def test_what_one_saw_is_not_sent_by_who_signed_in_since(teacher, taught, as_account):
    address = reverse("observe_seen", args=[taught.section.pk])
    body = {"who": str(taught.teacher.uuid), "seen": [tap(taught.learners[0], taught.standards[0])]}
    answers = [client.post(address, body, "application/json") for client in (as_account(taught.co_teacher), teacher)]

    assert [answer.status_code for answer in answers] == [409, 200]
    assert Evidence.objects.get().recorded_by == taught.teacher


def test_taken_back_is_empty_again(teacher, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    _status, said = send(teacher, taught, tap(learner, standard, "2"))
    send(teacher, taught, tap(learner, standard, "", replaces=said["seen"][0]["id"]))

    assert standing(taught, standard) == {learner.pk: ""}


def test_kept_without_a_network_counts_on_its_own_day(teacher, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    send(teacher, taught, tap(learner, standard, "3", ago=3 * 24 * 3600))

    (assessment,) = Assessment.objects.all()
    assert assessment.given_on == timezone.localdate(timezone.now() - timedelta(days=3))


WRONG = (
    {"text": "5"},
    {"attempt": 0},
    {"attempt": 1000},
    {"ago": -60},
    {"ago": 15 * 24 * 3600},
    {"ago": "never"},
    {"ago": 1e400},
    {"learner": "x"},
    {"learner": 2**70},
    {"how": "x" * 281},
)


def test_what_nobody_can_have_seen_is_refused_in_words(teacher, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    for wrong in WRONG:
        status, said = send(teacher, taught, tap(learner, standard) | wrong)
        plain = teacher.post(url(taught), tap(learner, standard) | wrong, follow=True)

        assert (status, said.get("why")) == (400, "This was not understood. Nothing was saved."), wrong
        assert "Nothing was saved" in plain.content.decode()
    assert not Assessment.objects.exists()


def test_other_children_and_other_standards_leave_no_trace(teacher, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    stranger = make_learner(make_section().roster.school)
    elsewhere = make_standard(standard.framework)
    _status, said = send(teacher, taught, tap(stranger, standard), tap(learner, elsewhere), tap(learner, standard))

    assert [found["state"] for found in said["seen"]] == ["refused", "refused", "saved"]
    assert Assessment.objects.count() == 1
    assert not SectionStandard.objects.filter(standard=elsewhere).exists()


def test_page_opens_on_the_group_and_its_focus(teacher, taught):
    today = timezone.localdate()
    group = Group._base_manager.create(
        section=taught.section, letter="A", purpose="reteach", focus=taught.standards[1], starts_on=today, ends_on=today
    )
    GroupMember._base_manager.create(group=group, learner=taught.learners[2], reason="")
    page = teacher.get(url(taught), {"group": group.pk})

    assert page.context["standard"] == taught.standards[1]
    assert [person.learner for person in page.context["lesson"].people] == [taught.learners[2]]
    whole = teacher.get(url(taught), {"standard": taught.standards[0].pk})
    assert len(whole.context["lesson"].people) == 3


def test_without_script_each_tap_is_a_page(teacher, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    sheet = teacher.get(url(taught), {"standard": standard.pk, "learner": learner.pk})
    assert sheet.context["opened"].learner == learner
    saved = teacher.post(url(taught), tap(learner, standard, "3", attempt="1", group=""), follow=True)
    assert saved.context["saved"].text == "3"
    told = teacher.post(url(taught), tap(learner, standard, "3", attempt="1", how="with a prompt"), follow=True)
    assert "with a prompt" in told.content.decode()
    line = told.context["lesson"].lines[0]
    own = tap(
        learner, standard, "3", attempt="1", note="in own words", how="with a drawing"
    )  # Enter presses a button too
    assert "in own words" in teacher.post(url(taught), own, follow=True).content.decode()
    back = teacher.post(url(taught), tap(learner, standard, "", attempt="1", replaces=line.id), follow=True)
    assert back.context["lesson"].lines == []


def test_class_without_standards_or_students_says_what_to_do(teacher, taught):
    SectionStandard._base_manager.all().delete()

    assert "Nothing to observe yet" in teacher.get(url(taught)).content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_three_taps_and_a_dead_network_lose_nothing(browser, live_server, taught):
    """Counts the taps of a phone: who, what level, how it went."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, taught.teacher)
    page = context.new_page()
    heard = troubles(page)
    page.goto(live_server.url + url(taught))
    one, two, _three = taught.learners
    status = page.get_by_role("status")
    page.locator(f"[data-person='{one.pk}']").tap()
    assert violations(page) == []
    page.get_by_role("button", name="2 Building").tap()
    expect(status).to_contain_text("All saved")
    page.get_by_role("button", name="with a drawing").tap()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-lines] li")).to_contain_text("with a drawing")
    expect(status).to_contain_text("All saved")
    assert heard == []

    context.set_offline(True)
    page.locator(f"[data-person='{two.pk}']").tap()
    page.get_by_role("button", name="3 Secure").tap()
    expect(status).to_contain_text("1 not sent")
    page.get_by_role("link", name="Go on").tap()
    context.set_offline(False)
    page.goto(live_server.url + "/livez")  # away before it was sent, and back
    page.goto(live_server.url + url(taught))
    # Sent by the old page when the network came back, or by the new one: either way it is there once.
    first = taught.standards[0]
    wait_for(lambda: standing(taught, first) == {one.pk: "2", two.pk: "3"}, "what was seen without a network")
    assert ResultNote.objects.get().text == "with a drawing"
    assert Evidence.objects.filter(learner=two).count() == 1
    page.reload()
    page.locator("[data-lines] button").first.tap()
    wait_for(lambda: standing(taught, first)[two.pk] == "", "it to be taken back")
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_photo_and_own_words_go_with_what_was_seen(browser, live_server, taught, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, taught.teacher)
    page = context.new_page()
    page.goto(live_server.url + url(taught))
    one = taught.learners[0]
    photo = {"name": "IMG 1.2.jpg", "mimeType": "image/jpeg", "buffer": make_photo()}
    page.locator(f"[data-person='{one.pk}']").tap()
    page.get_by_role("button", name="2 Building").tap()
    assert violations(page) == []
    context.route("**/observed/", lambda route: route.abort())
    page.locator("[data-photo]").set_input_files(photo)
    expect(page.get_by_role("status")).to_contain_text("1 not sent. They are kept here")
    context.unroute("**/observed/")
    page.locator("[data-note]").fill("counted on the hands")
    page.locator("[data-note]").press("Enter")
    page.evaluate("dispatchEvent(new Event('online'))")  # do not wait for the next try

    line = page.locator("[data-lines] li")
    expect(line.get_by_role("link", name="photo")).to_be_visible()
    expect(line).to_contain_text("counted on the hands")
    expect(page.get_by_role("status")).to_contain_text("All saved")
    assert ResultNote.objects.get().text == "counted on the hands"
    line.get_by_role("link", name="photo").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Seen: ")
    context.close()


# [n, "put" or "delete"]: n more photos of another class into the browser, or out of it; says how many there are.
FILES = """async ([n, act]) => {
  const answer = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const database = await answer(indexedDB.open("lrm-observe", 1));
  const files = database.transaction("files", "readwrite").objectStore("files");
  const store = `${document.querySelector("[data-store]").dataset.store.split(".")[0]}.0`;
  const of = (uuid) => (act === "put" ? { uuid, store, at: Date.now(), file: new Blob() } : uuid);
  for (let i = 0; i < n; i += 1) files[act](of(`${i}`));
  return answer(files.count());
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_photo_without_a_network_outlives_its_page_and_a_colleague(browser, live_server, taught, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, taught.teacher)
    page = context.new_page()
    page.goto(live_server.url + url(taught))
    status, photo = page.get_by_role("status"), {"mimeType": "image/jpeg", "buffer": make_photo()}
    context.set_offline(True)
    page.locator(f"[data-person='{taught.learners[0].pk}']").tap()
    page.get_by_role("button", name="2 Building").tap()
    for name in ("one.jpg", "two.jpg"):
        page.locator("[data-photo]").set_input_files({"name": name, **photo})
    expect(status).to_contain_text("3 not sent. They are kept here")
    page.evaluate(FILES, [28, "put"])
    page.locator("[data-photo]").set_input_files({"name": "three.jpg", **photo})
    expect(status).to_contain_text("4 not sent. There is no room")
    page.evaluate(FILES, [28, "delete"])
    page.close(run_before_unload=False)
    context.set_offline(False)

    # Somebody else signs in on the same phone, and out again.
    sign_in(context, live_server.url, taught.co_teacher)
    page = context.new_page()
    page.goto(live_server.url + url(taught))
    sign_out(page)
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    assert not Evidence.objects.exists()

    sign_in(context, live_server.url, taught.teacher)
    page.route("**/observed/", lambda route: route.abort())
    page.goto(live_server.url + reverse("today"))
    page.goto(live_server.url + url(taught))
    wait_for(Evidence.objects.exists, "what was seen")
    page.reload()
    expect(page.locator("[data-of-file]")).to_have_count(2)
    sign_out(page)
    expect(page.get_by_role("heading", name="2 not sent yet")).to_be_visible()
    page.unroute("**/observed/")
    page.get_by_role("button", name="Send first").tap()
    expect(page.locator("[data-lines]").get_by_role("link", name="photo")).to_have_count(2)
    assert {piece.by for piece in Artifact.objects.all()} == {taught.teacher}
    wait_for(lambda: page.evaluate(FILES, [0, ""]) == 0, "what has arrived to be here no longer")
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_signing_out_asks_about_what_is_not_sent(browser, live_server, taught):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, taught.teacher)
    page = context.new_page()
    page.goto(live_server.url + url(taught))
    one, first = taught.learners[0], taught.standards[0]
    context.route("**/observe/seen/", lambda route: route.abort())
    page.locator(f"[data-person='{one.pk}']").tap()
    page.get_by_role("button", name="2 Building").tap()
    page.get_by_role("link", name="Go on").tap()
    expect(page.get_by_role("status")).to_contain_text("1 not sent")

    page.goto(live_server.url + reverse("today"))  # from any page
    sign_out(page)
    expect(page.get_by_role("heading", name="1 not sent yet")).to_be_visible()
    assert page.url.endswith(url(taught))
    assert violations(page) == []
    context.unroute("**/observe/seen/")
    page.get_by_role("button", name="Send first").tap()
    wait_for(lambda: Evidence.objects.exists() and standing(taught, first) == {one.pk: "2"}, "what was seen to be sent")
    expect(page.get_by_role("status")).to_contain_text("All saved")
    sign_out(page)
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    context.close()


def sign_out(page):
    page.locator(".rail-more summary").tap()
    page.locator(".rail-more").get_by_role("button", name="Sign out").tap()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_signing_out_anyway_loses_what_was_said_and_nothing_stays_here(browser, live_server, taught):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(context, live_server.url, taught.teacher)
    page = context.new_page()
    page.goto(live_server.url + url(taught))
    context.route("**/observe/seen/", lambda route: route.abort())
    page.locator(f"[data-person='{taught.learners[0].pk}']").tap()
    page.get_by_role("button", name="2 Building").tap()
    page.get_by_role("link", name="Go on").tap()
    sign_out(page)
    page.get_by_role("button", name="Sign out and lose them").tap()
    expect(page.get_by_role("heading", name="I am a student")).to_be_visible()
    assert not Evidence.objects.exists()
    context.close()


def test_days_back_is_what_the_browser_keeps():
    script = Path(settings.BASE_DIR, "static", "js", "kept-files.js").read_text()
    assert f"KEPT_DAYS = {observing.DAYS_BACK};" in script
