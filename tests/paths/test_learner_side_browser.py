"""The learner's pages in a real browser: one tap, keys alone, nothing typed is lost, readable by everybody."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from paths.models import CheckIn, Goal, GoalTemplate, Reflection, TalkDraft, TryRequest
from paths.services.goal_templates import offer_goal
from profiles.models import Support
from tests.browsing import faults_of_look
from tests.factories.paths import make_check_in, make_entry, make_goal, make_mastery, make_path, make_reflection
from tests.factories.profiles import make_district_admin
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TARGETS = ".button, .segment > button, .tick-line, .choice, .input"


@pytest.fixture
def visit(page, live_server):
    """Open a route as an account: visit(account, "goal", 7)."""

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
    """A learner with a bit of everything, and goals that wait for the teacher."""
    goal = make_goal(
        classroom.learner,
        standards=(classroom.standards[0],),
        steps=("Ask for a clock", "Read ten clocks"),
        done_when="I read ten clocks\nI taught it",
        due_on=timezone.localdate(),
    )
    make_check_in(goal, text="Slower but right.", at=timezone.now() - timedelta(days=3))
    make_goal(classroom.learner, state=Goal.State.DRAFT)
    reached = make_goal(classroom.learner, state=Goal.State.ACHIEVED, achieved_at=timezone.now())
    make_reflection(reached)
    make_path(classroom.learner)
    make_entry(classroom.learner)
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    make_mastery(classroom.learner, classroom.standards[1], 1, days=[(4, 1.0)])
    classroom.goal, classroom.reached = goal, reached
    classroom.asked = TryRequest.objects.create(
        learner=classroom.learner,
        section=classroom.section,
        standard=classroom.standards[1],
        practiced="I read ten clocks.",
        answer="First show me one with 12ths.",
        state=TryRequest.State.ANSWERED,
    )
    Support.objects.create(learner=classroom.learner, kind="read_aloud", starts_on=timezone.localdate())
    classroom.template = GoalTemplate.objects.create(author=classroom.teacher, what="I can …", steps=["One", "Two"])
    offer_goal(
        template_id=classroom.template.pk,
        learner_ids=[classroom.learner.pk],
        by=classroom.teacher,
        now=timezone.now(),
    )
    return classroom


def pages_of(full):
    """(account, route, ids) of every page."""
    learner = full.learner.pk
    return [
        (full.account, "home", ()),
        (full.account, "goals", ()),
        (full.account, "goal_new", ()),
        (full.account, "goal", (full.goal.pk,)),
        (full.account, "goal", (full.reached.pk,)),
        (full.account, "goal_edit", (full.goal.pk,)),
        (full.account, "goal_history", (full.goal.pk,)),
        (full.account, "try_new", ()),
        (full.account, "try_request", (full.asked.pk,)),
        (full.account, "profile_ask", ("strength",)),
        (full.account, "why", ()),
        (full.account, "supports", (learner,)),
        (full.account, "my_path", ()),
        (full.account, "learner", (learner,)),
        (full.account, "profile", (learner,)),
        (full.guardian(), "learner", (learner,)),
        (full.teacher, "learner", (learner,)),
        (full.teacher, "goals", ()),
        (full.teacher, "goal", (full.goal.pk,)),
        (full.teacher, "try_requests", ()),
        (full.teacher, "supports", (learner,)),
        (make_district_admin(full.district), "why_edit", ()),
        (full.teacher, "goal_templates", ()),
        (full.teacher, "goal_template_new", ()),
        (full.teacher, "goal_template_give", (full.template.pk,)),
        (make_district_admin(full.district), "starters", ()),
        (full.teacher, "path_new", (learner,)),
        (full.teacher, "section_path_new", (full.section.pk,)),
    ]


def test_pages_are_readable_by_everybody_and_fit_a_phone(full, visit, page, troubles):
    found = []
    for account, name, args in pages_of(full):
        visit(account, name, *args)
        targets = TARGETS if account == full.account else ""
        found += [(name, *fault) for fault in faults_of_look(page, targets=targets)]

    assert found == []
    assert troubles == []


def test_check_in_is_one_tap_and_a_double_click_is_one(full, visit, page):
    visit(full.account, "goal", full.goal.pk)
    page.get_by_label("In your own words").fill("Half a thought")

    page.get_by_role("button", name="mostly").dblclick()
    expect(page.get_by_text("Saved for today.")).to_be_visible()

    expect(page.get_by_role("button", name="mostly")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("In your own words")).to_have_value("Half a thought")
    assert [row.confidence for row in CheckIn.objects.filter(text="")] == [4]

    page.get_by_label("Say more, if you like").fill("Drawing helps.")
    page.keyboard.press("Enter")
    expect(page.locator("#along").get_by_text("Drawing helps.")).to_be_visible()
    said = [(row.confidence, row.text) for row in CheckIn.objects.order_by("at")]
    assert said == [(3, "Slower but right."), (4, "Drawing helps.")]


def test_enter_in_the_line_without_a_tap_checks_nothing_in(full, visit, page):
    visit(full.account, "goal", full.goal.pk)

    page.get_by_label("Say more, if you like").fill("Drawing helps.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="half").click()
    expect(page.locator("#along").get_by_text("Drawing helps.")).to_be_visible()

    assert [row.confidence for row in CheckIn.objects.filter(text="Drawing helps.")] == [3]


def test_reflection_is_kept_as_it_is_typed_and_then_sent(full, visit, page):
    visit(full.account, "goal", full.goal.pk)
    page.get_by_label("Drawing first").check(force=True)
    page.get_by_label("In your own words").press_sequentially("I drew it first")
    expect(page.locator("[data-kept]")).to_have_text("saved")
    # What was typed first may be kept before the rest is.
    draft = Reflection.objects.filter(goal=full.goal, is_draft=True)
    wait_for(lambda: draft.get().text == "I drew it first", "all that was typed")

    page.reload()
    expect(page.get_by_label("In your own words")).to_have_value("I drew it first")
    expect(page.get_by_label("Drawing first")).to_be_checked()

    page.get_by_role("button", name="Send it", exact=True).click()
    expect(page.locator("#along").get_by_text("I drew it first")).to_be_visible()
    assert Reflection.objects.filter(goal=full.goal, is_draft=False, helped=["drawing"]).count() == 1


def test_goal_is_kept_as_a_draft_while_it_is_typed(classroom, visit, page):
    visit(classroom.account, "goal_new")
    page.get_by_label("My goal").press_sequentially("I can read a clock")
    expect(page.locator("[data-status]")).to_contain_text("Kept as you type")
    wait_for(lambda: Goal.objects.get().what == "I can read a clock", "all that was typed")

    visit(classroom.account, "goals")
    page.get_by_role("link", name="Open “I can read a clock”").click()
    page.get_by_role("button", name="Add a step").click()
    page.keyboard.type("Ask for a clock")
    page.get_by_role("button", name="This is my goal").click()
    expect(page.get_by_role("heading", level=1, name="I can read a clock")).to_be_visible()

    goal = Goal.objects.get()
    assert (goal.state, [step.text for step in goal.steps.all()]) == (Goal.State.LIVE, ["Ask for a clock"])


# Types, and acts before any time has passed: nothing but leaving can have kept the words.
TYPE_AND = """([where, text, act]) => {
    const field = document.querySelector(where);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (act.startsWith("/")) location.assign(act);
    else document.querySelector(act).click();
}"""


def test_words_typed_just_before_a_page_is_left_are_kept_unless_thrown_away(full, visit, page, live_server):
    home, goals = (live_server.url + reverse(name) for name in ("home", "goals"))
    visit(full.account, "goal", full.goal.pk)
    page.evaluate(TYPE_AND, ["#reflect-text", "Drawing it", reverse("home")])
    page.wait_for_url(home)  # loaded: the next visit would break into it
    wait_for(lambda: Reflection.objects.filter(goal=full.goal, is_draft=True, text="Drawing it").exists(), "a draft")

    visit(full.account, "talk_new", full.learner.pk)
    page.evaluate(TYPE_AND, ["[name=text]", "May I", reverse("home")])
    page.wait_for_url(home)  # loaded: the next visit would break into it
    wait_for(lambda: TalkDraft.objects.filter(text="May I").exists(), "a draft of the talk")

    draft = Goal.objects.create(learner=full.learner, author=full.account, what="Clocks")
    visit(full.account, "goal_edit", draft.pk)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/draft/") else None)
    page.evaluate(TYPE_AND, ["[name=what]", "Clocks and more", "form[data-drops] button"])
    page.wait_for_url(goals)
    assert (sent, Goal.objects.filter(pk=draft.pk).exists()) == ([], False)


def test_path_is_put_in_order_by_keyboard_alone(classroom, visit, page):
    path = make_path(classroom.learner)
    visit(classroom.account, "my_path")
    titles = page.locator("[data-path] h3")
    down = page.get_by_role("button", name="Move down: First")

    down.focus()
    page.keyboard.press("Enter")
    expect(titles).to_have_text(["Second", "First", "Third"])
    expect(down).to_be_focused()

    page.keyboard.press("Enter")
    expect(titles).to_have_text(["Second", "Third", "First"])
    expect(page.get_by_role("button", name="Move up: First")).to_be_focused()
    assert list(path.steps.order_by("position").values_list("title", flat=True)) == ["Second", "Third", "First"]


def test_path_is_put_in_order_by_dragging(classroom, visit, page):
    path = make_path(classroom.learner)
    visit(classroom.account, "my_path")
    steps = page.locator("[data-step]")

    with page.expect_response(lambda answer: "/order/" in answer.url) as answered:
        steps.nth(2).locator(".step-kind").drag_to(steps.nth(0).locator(".step-kind"), target_position={"x": 5, "y": 2})

    assert answered.value.status == 200
    assert list(path.steps.order_by("position").values_list("title", flat=True)) == ["Third", "First", "Second"]


def test_queue_is_worked_by_keys_alone(full, visit, page):
    visit(full.teacher, "goals")
    cards = page.locator("[data-review-card]")
    expect(cards).to_have_count(2)

    page.keyboard.press("j")
    expect(cards.nth(0)).to_be_focused()
    page.keyboard.press("y")
    expect(cards.nth(0)).to_have_attribute("data-state", "done")
    expect(cards.nth(1)).to_be_focused()

    page.keyboard.press("r")
    page.keyboard.type("Good plan.")
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(cards.nth(1)).to_have_attribute("data-state", "done")

    full.goal.refresh_from_db()
    full.reached.refresh_from_db()
    assert (full.reached.confirmed_by, full.goal.agreed_by) == (full.teacher, full.teacher)
    assert [row.text for row in full.goal.feedback.all()] == ["Good plan."]

    page.keyboard.press("u")
    expect(cards.nth(1).get_by_role("button", name="Agree")).to_be_visible()
    full.goal.refresh_from_db()
    assert full.goal.agreed_at is None


def test_receipt_opens_in_the_panel_of_the_teacher_and_closes_again(full, visit, page):
    visit(full.teacher, "learner", full.learner.pk)
    chip = page.get_by_role("table").get_by_role("link", name=f"{full.standards[0].code}, 3 Secure")

    chip.click()
    expect(page.locator("#panel")).to_contain_text(full.learner.name)
    expect(page).to_have_url(re.compile(r"/receipt/$"))  # it can be shared and reloaded

    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(rf"/learners/{full.learner.pk}/$"))
    expect(page.locator("#panel")).to_be_hidden()


def test_steps_change_places_by_keys_and_a_beginning_is_one_press(full, visit, page):
    visit(full.account, "goal_edit", full.goal.pk)
    page.get_by_label("Step 2", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_label("Step 1", exact=True)).to_have_value("Read ten clocks")
    expect(page.get_by_label("Step 1", exact=True)).to_be_focused()
    page.get_by_label("Move step 1 down").click()
    expect(page.get_by_label("Step 1", exact=True)).to_have_value("Ask for a clock")

    page.get_by_label("Why it matters to me").fill("")
    page.get_by_role("button", name="It matters to me because …").click()
    page.keyboard.type("I like it.")
    expect(page.get_by_label("Why it matters to me")).to_have_value("It matters to me because I like it.")


def test_rewording_that_was_not_saved_comes_back(full, visit, page):
    visit(full.account, "goal_edit", full.goal.pk)
    page.get_by_label("My goal", exact=True).fill("I read every clock.")
    expect(page.locator("[data-status]")).to_have_text(re.compile("Kept as you type"))

    visit(full.account, "goal_edit", full.goal.pk)
    expect(page.get_by_label("My goal", exact=True)).to_have_value("I read every clock.")
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("My goal", exact=True)).to_have_value(full.goal.what)


def test_check_in_takes_two_taps_with_how_far(full, visit, page):
    visit(full.account, "goal", full.goal.pk)
    page.get_by_text("half done").click()
    page.get_by_role("button", name="mostly", exact=True).click()
    expect(page.get_by_text("Saved for today.")).to_be_visible()

    found = CheckIn.objects.order_by("-pk").first()
    assert (found.confidence, found.progress) == (4, 3)
