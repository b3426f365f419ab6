"""Pages about paths and places in a real browser: accessible, never sideways, by keyboard and by dragging."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from paths.models import Path, Place, Step, StepProposal
from paths.services import places
from tests.browsing import faults_of_look
from tests.factories.paths import make_board, make_mastery, make_opening, make_path, make_template

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TARGETS = "main :is(.button, .input, .menu-item, form .link, .step-card .link)"


@pytest.fixture
def visit(page, live_server):
    def go(account, name, *args):
        client = Client()
        client.force_login(account, backend="profiles.backends.AccountBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        answer = page.goto(live_server.url + reverse(name, args=args))
        assert answer.status == 200
        return page

    return go


@pytest.fixture
def full(classroom):
    """A learner with a path, a board, an idea, an offer and a seat; a teacher with templates and places."""
    learner, standards = classroom.learner, tuple(classroom.standards)
    classroom.path = make_path(learner, title="Clocks")
    first, second, third = classroom.path.steps.all()
    Step.objects.filter(pk=second.pk).update(waits_for=[first.uuid])
    Step.objects.filter(pk=third.pk).update(standard=standards[0], offered_at=timezone.now())
    make_mastery(learner, standards[0], 3)
    make_board(learner)
    Path.objects.filter(pk=classroom.path.pk).update(
        now_since=timezone.localdate(), planned_days=3, look_on=timezone.localdate()
    )
    StepProposal.objects.create(learner=learner, path=classroom.path, title="Build a clock", why="I like wheels")
    classroom.template = make_template(classroom.school, author=classroom.teacher, standards=standards, is_shared=True)
    hall = Place.objects.create(school=classroom.school, name="Hall")
    Place.objects.create(school=classroom.school, name="Garden")
    opening = make_opening(hall, section=classroom.section)
    places.take_seat(opening=opening, learner=learner, now=timezone.now())
    return classroom


def pages_of(full):
    """(account, route, ids) of every page."""
    section, learner = full.section.pk, full.learner.pk
    return [
        (full.account, "my_path", ()),
        (full.account, "step_propose", ()),
        (full.account, "my_places", ()),
        (full.account, "next_steps", (learner,)),
        (full.teacher, "next_steps", (learner,)),
        (full.teacher, "section_paths", (section,)),
        (full.teacher, "section_placement", (section,)),
        (full.teacher, "section_places", (section,)),
        (full.teacher, "step_proposals", ()),
        (full.teacher, "path_templates", ()),
        (full.teacher, "path_template", (full.template.pk,)),
        (full.teacher, "path_template_give", (full.template.pk,)),
        (full.teacher, "path_edit", (Path.objects.exclude(parts=[]).get().pk,)),
    ]


def test_pages_are_readable_by_everybody_and_fit_a_phone(full, visit, page, troubles):
    found = []
    for account, name, args in pages_of(full):
        visit(account, name, *args)
        targets = TARGETS if account == full.account else ""
        found += [(name, *fault) for fault in faults_of_look(page, targets=targets)]

    assert found == []
    assert troubles == []


def test_step_moves_by_keyboard_and_says_what_holds_it(full, visit, page):
    visit(full.account, "my_path")
    page.get_by_role("button", name="Move up: Second").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("“Second” waits for “First”, so it stays after it.")).to_be_visible()
    page.get_by_role("button", name="Move up: Third").focus()
    page.keyboard.press("Enter")
    steps = page.locator(f"#path-{full.path.pk} h3")
    expect(steps).to_have_text(["First", "Third", "Second"])
    expect(page.get_by_role("button", name="Move up: Third")).to_be_focused()


def test_step_dragged_before_the_one_it_waits_for_is_told_why(full, visit, page):
    visit(full.account, "my_path")
    steps = page.locator(f"#path-{full.path.pk} [data-step]")

    steps.nth(1).locator(".step-kind").drag_to(steps.nth(0), target_position={"x": 30, "y": 4})

    expect(page.get_by_role("alert")).to_contain_text("“Second” waits for “First”, so it stays after it.")
    assert [step.title for step in full.path.steps.all()] == ["First", "Second", "Third"]


def test_learner_chooses_on_the_board_and_swaps_without_leaving_the_page(full, visit, page):
    visit(full.account, "my_path")
    page.get_by_role("button", name="Choose: A").click()
    expect(page.get_by_text("You made your choice. You can still swap.")).to_be_visible()

    page.get_by_role("button", name="Swap to: B").click()

    expect(page.get_by_role("button", name="Put back: B")).to_be_visible()
    assert Step.objects.get(chosen_at__isnull=False).title == "B"


def test_teacher_writes_a_choice_board_with_the_keyboard(full, visit, page):
    visit(full.teacher, "path_new", full.learner.pk)
    page.get_by_label("Name of the path").fill("Board")
    page.get_by_text("More than one part").press("Enter")
    part = page.get_by_role("group", name="Part 1")
    part.get_by_label("Its steps are done").select_option("choice")
    part.get_by_label("How many to choose").fill("3")
    titles = page.get_by_label("Step", exact=True)
    for number, title in enumerate(("Draw", "Tell")):
        titles.nth(number).fill(title)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Part 1 asks for more steps than it has.")).to_be_visible()
    page.get_by_role("group", name="Part 1").get_by_label("How many to choose").fill("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/learners/{full.learner.pk}/"))
    assert Path.objects.get(title="Board").parts == [{"kind": "choice", "title": "", "pick": 1}]


def test_my_path_prints_without_buttons(full, visit, page):
    visit(full.account, "my_path")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Clocks")).to_be_visible()
    assert page.locator("main .button:visible").count() == 0
