"""Handing in from a real browser: a lost net, a lost session, somebody else at the same device, no script."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from lrm.intake import TakenIn
from paths.models import Artifact, Project, ProjectTime
from tests.browsing import faults_of_look, sign_in
from tests.factories.files import make_photo, make_picture
from tests.factories.paths import make_artifact, make_goal, make_path, make_project
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TARGETS = "main :is(.button, .input, .check)"

PHOTO = {"name": "bridge.jpg", "mimeType": "image/jpeg", "buffer": make_photo()}


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit(page, live_server):
    """Open a route as an account: visit(account, "hand_in", 7)."""

    def go(account, name, *args, query=""):
        sign_in(page.context, live_server.url, account)
        assert page.goto(live_server.url + reverse(name, args=args) + query).status == 200
        return page

    return go


def pages_of(classroom):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],))
    make_path(classroom.learner)
    picture = TakenIn("image", "image/jpeg", "bridge.jpg", make_picture(), make_picture())
    piece = make_artifact(
        classroom.learner, file=picture, title="My bridge " * 9, goal=goal, text="It holds.\n\nTwice."
    )
    make_artifact(classroom.learner, is_draft=True)
    make_artifact(classroom.learner, withdrawn_at=piece.created_at)
    learner = classroom.learner.pk
    project = make_project(classroom.learner, state=Project.State.RUNNING, standards=(classroom.standards[0],))
    project.steps.create(position=1, text="Cut the wood for the bridge in three even parts", due_on="2026-03-03")
    ProjectTime.objects.create(project=project, on="2026-03-02", minutes=95, text="I cut wood and sanded " * 4)
    waiting = make_project(classroom.learner)
    return [
        (classroom.account, "project", (project.pk,)),
        (classroom.account, "project_edit", (waiting.pk,)),
        (classroom.account, "projects", ()),
        (classroom.teacher, "project", (project.pk,)),
        (classroom.teacher, "project", (waiting.pk,)),
        (classroom.teacher, "projects", ()),
        (classroom.account, "learner_work", (learner,)),
        (classroom.account, "hand_in", (learner,)),
        (classroom.account, "work", (piece.pk,)),
        (classroom.account, "work_edit", (piece.pk,)),
        (classroom.account, "my_path", ()),
        (classroom.guardian(), "work", (piece.pk,)),
        (classroom.teacher, "learner_work", (learner,)),
        (classroom.teacher, "work", (piece.pk,)),
        (classroom.teacher, "hand_in", (learner,)),
    ]


def test_pages_are_readable_by_everybody_and_fit_a_phone(classroom, visit, page, troubles):
    found = []
    for account, name, args in pages_of(classroom):
        visit(account, name, *args)
        targets = TARGETS if account == classroom.account else ""
        found += [(name, *fault) for fault in faults_of_look(page, targets=targets)]
    assert found == []
    assert troubles == []


def test_a_photo_is_handed_in_in_three_acts(classroom, visit, page):
    """Acts: open the form, pick the file, hand in."""
    visit(classroom.account, "learner_work", classroom.learner.pk)
    page.get_by_role("link", name="Hand in my first piece").click()
    page.get_by_label("A file").set_input_files(PHOTO)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is handed in.")).to_be_visible()
    expect(page.get_by_role("img", name="Picture: bridge.jpg")).to_be_visible()
    expect(page.locator(".work-picture img")).to_have_js_property("complete", True)
    assert page.locator(".work-picture img").evaluate("image => image.naturalWidth") > 0
    assert Artifact.objects.values_list("kind", "is_draft").get() == ("image", False)


def test_a_lost_net_loses_neither_words_nor_file_and_makes_one_piece(classroom, visit, page):
    """The first sending arrives and its answer is lost; the second one is the same form."""
    visit(classroom.account, "hand_in", classroom.learner.pk)
    sent = []

    def lose_the_first_answer(route):
        if b'name="do"\r\n\r\nhand_in' not in (route.request.post_data_buffer or b""):
            return route.continue_()
        sent.append(route.request.url)
        if len(sent) == 1:
            route.fetch()
            return route.abort("connectionreset")
        return route.continue_()

    page.route("**/hand-in/", lose_the_first_answer)
    page.get_by_label("Words optional").fill("It holds two books.")
    page.get_by_label("A file").set_input_files(PHOTO)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("img", name="Picture: bridge.jpg")).to_be_visible()
    assert len(sent) == 2
    assert Artifact.objects.values_list("text", "kind").get() == ("It holds two books.", "image")


def test_without_net_it_waits_and_a_button_tries_again(classroom, visit, page):
    visit(classroom.account, "hand_in", classroom.learner.pk)
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_hidden()
    expect(page.locator("[data-progress]")).to_be_hidden()
    page.get_by_label("A file").set_input_files(PHOTO)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("The net is gone. Your words and your file are still here.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.context.set_offline(False)  # the browser says that it is back, and the form goes on
    expect(page.get_by_text("It is handed in.")).to_be_visible()


def test_what_is_refused_says_so_at_the_file_and_keeps_the_words(classroom, visit, page, troubles):
    visit(classroom.account, "hand_in", classroom.learner.pk)
    page.get_by_label("Words optional").fill("See my drawing.")
    page.get_by_label("A file").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='alert(1)'/>"}
    )
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("inside it is something else")).to_be_visible()
    expect(page.get_by_label("A file")).to_be_focused()
    expect(page.get_by_label("Words optional")).to_have_value("See my drawing.")
    assert not Artifact.objects.filter(is_draft=False).exists()


def test_a_lost_session_loses_nothing(classroom, visit, page, live_server):
    visit(classroom.account, "hand_in", classroom.learner.pk)
    page.get_by_label("A file").set_input_files(PHOTO)
    Session.objects.all().delete()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("You are signed out. Your words and your file are still here.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    sign_in(page.context, live_server.url, classroom.account)  # in another window
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is handed in.")).to_be_visible()
    assert Artifact.objects.values_list("kind", "by").get() == ("image", classroom.account.pk)


def test_somebody_else_who_signs_in_sends_nothing_of_the_one_before(classroom, visit, page, live_server):
    visit(classroom.account, "hand_in", classroom.learner.pk)
    page.get_by_label("A file").set_input_files(PHOTO)
    Session.objects.all().delete()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    sign_in(page.context, live_server.url, classroom.teacher)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Somebody else is signed in now. Nothing was sent.")).to_be_visible()
    assert not Artifact.objects.exists()


def test_words_are_kept_as_they_are_typed(classroom, visit, page):
    visit(classroom.account, "hand_in", classroom.learner.pk)
    page.get_by_label("Words optional").press_sequentially("Half a thought")
    expect(page.get_by_text("Kept as you type. Only you can see it.")).to_be_visible()
    # What was typed first may be kept before the rest is.
    kept = Artifact.objects.values_list("text", "is_draft")
    wait_for(lambda: kept.get() == ("Half a thought", True), "all that was typed")
    visit(classroom.account, "learner_work", classroom.learner.pk)
    page.get_by_role("link", name="Half a thought").click()
    expect(page.get_by_label("Words optional")).to_have_value("Half a thought")


def test_without_script_a_file_is_handed_in_too(classroom, browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server.url, classroom.account)
    page = context.new_page()
    page.goto(live_server.url + reverse("hand_in", args=[classroom.learner.pk]))
    page.get_by_label("A file").set_input_files(PHOTO)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("It is handed in.")).to_be_visible()
    context.close()
    assert Artifact.objects.values_list("kind", flat=True).get() == "image"
