"""The board of groups in a real browser: keys, drag, buttons; nothing is lost between two teachers."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Group, Wish
from assessments.services import suggesting
from tests.browsing import sign_in, troubles, violations
from tests.factories.assessments import give, make_assessment, work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Board:
    def __init__(self, page, address):
        self.page, self.address = page, address

    def open(self):
        assert self.page.goto(self.address).status == 200
        return self

    def line(self, learner):
        return self.page.locator(f'[data-board] .learner-line[data-learner="{learner.pk}"]')

    def place(self, learner):
        return self.line(learner).evaluate("line => line.closest('[data-group]').dataset.group")

    def someone_in(self, group):
        return self.page.locator(f'[data-group="{group}"] .learner-line').first

    def says(self, text):
        expect(self.page.get_by_role("status")).to_contain_text(text)


@pytest.fixture
def address(live_server, grouped):
    return live_server.url + reverse("section_groups", args=[grouped.section.pk])


@pytest.fixture
def board(page, live_server, grouped, address):
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, grouped.teacher)
    return Board(page, address)


def learner_of(grouped, line):
    pk = int(line.get_attribute("data-learner"))
    return next(learner for learner in grouped.learners if learner.pk == pk)


def test_learner_is_moved_by_keys_and_the_step_is_taken_back(board, grouped):
    heard = troubles(board.page)
    board.open()
    line = board.someone_in("A")
    learner = learner_of(grouped, line)
    line.focus()

    board.page.keyboard.press("m")
    board.says(f"{learner.name} picked up.")
    board.page.keyboard.press("b")
    board.says(f"{learner.name} moved to B.")
    expect(board.line(learner)).to_be_focused()
    assert board.place(learner) == "B"
    expect(board.line(learner)).to_contain_text("Pinned by you.")
    expect(board.page.locator(".wish", has_text=learner.name)).to_have_count(1)
    board.page.keyboard.press("u")
    board.says("Taken back.")

    assert board.place(learner) == "A"
    expect(board.page.locator(".wish", has_text=learner.name)).to_have_count(0)
    assert heard == []


def test_learner_is_moved_and_pinned_by_pointer_without_dragging(board, grouped):
    board.open()
    line = board.someone_in("A")
    learner = learner_of(grouped, line)

    board.line(learner).get_by_text("Move", exact=True).click()
    board.says(f"{learner.name} picked up.")
    board.line(learner).get_by_role("button", name="B", exact=True).click()
    board.says(f"{learner.name} moved to B.")
    expect(board.line(learner)).to_be_focused()
    assert board.place(learner) == "B"
    other = board.page.locator('[data-group="A"] .learner-line').first
    pinned = learner_of(grouped, other)
    board.line(pinned).get_by_text("Move", exact=True).click()
    board.line(pinned).get_by_role("button", name="Pin here").click()
    board.says(f"{pinned.name} stays in A, pinned.")

    assert board.place(pinned) == "A"
    expect(board.page.locator(".wish", has_text=pinned.name)).to_have_count(1)


def test_move_put_down_again_leaves_the_board_as_it_was(board, grouped):
    board.open()
    learner = learner_of(grouped, board.someone_in("A"))
    move = board.line(learner).get_by_text("Move", exact=True)

    move.click()
    expect(board.line(learner).get_by_role("button", name="B", exact=True)).to_be_visible()
    move.click()

    expect(board.line(learner).get_by_role("button", name="B", exact=True)).to_be_hidden()
    assert board.place(learner) == "A"


def test_learner_goes_to_the_own_path_and_escape_puts_down(board, grouped):
    board.open()
    line = board.someone_in("A")
    learner = learner_of(grouped, line)
    line.focus()
    board.page.keyboard.press("m")
    board.page.keyboard.press("Escape")
    board.says(f"{learner.name} stays.")

    board.page.keyboard.press("m")
    board.page.keyboard.press("o")
    board.says(f"{learner.name} moved to own path.")

    assert board.place(learner) == "own"
    wish = Wish.objects.get()
    assert (wish.kind, wish.first, wish.own_path, wish.created_by) == ("pin", learner, True, grouped.teacher)


def test_arrows_go_between_learners_and_carry_who_is_picked_up(board, grouped):
    board.open()
    lines = board.page.locator('[data-group="A"] .learner-line')
    lines.nth(0).focus()
    board.page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_be_focused()
    board.page.keyboard.press("ArrowRight")
    expect(board.page.locator('[data-group="B"] .learner-line').nth(1)).to_be_focused()
    learner = learner_of(grouped, board.page.locator('[data-group="B"] .learner-line').nth(1))
    board.page.keyboard.press("m")
    board.page.keyboard.press("ArrowLeft")

    board.says(f"{learner.name} moved to A.")
    assert board.place(learner) == "A"


def test_pin_apart_together_and_away_are_wishes_that_are_listed_and_lifted(board, grouped):
    board.open()
    lines = board.page.locator('[data-group="A"] .learner-line')
    one, two, three = (learner_of(grouped, lines.nth(place)) for place in range(3))
    board.line(one).focus()
    board.page.keyboard.press("p")
    board.says(f"{one.name} stays in A, pinned.")
    expect(board.line(one)).to_be_focused()
    board.page.keyboard.press("x")
    board.line(two).focus()
    board.page.keyboard.press("Enter")
    board.says("Wish added")
    assert board.place(one) != board.place(two)
    board.line(two).focus()
    board.page.keyboard.press("+")
    board.line(three).focus()
    board.page.keyboard.press("Enter")
    expect(board.page.get_by_text(f"{two.name} and {three.name} together")).to_be_visible()
    assert board.place(two) == board.place(three)
    board.line(three).focus()
    board.page.keyboard.press("a")
    board.says(f"{three.name} is away today.")
    expect(board.line(three)).to_have_count(0)
    expect(board.page.locator("[data-board] .learner-line:focus")).to_have_count(1)

    assert sorted(Wish.objects.values_list("kind", flat=True)) == ["absent", "apart", "pin", "together"]
    board.page.get_by_role("button", name=f"Take back: {one.name} and {two.name} apart").click()
    expect(board.page.get_by_text(f"{one.name} and {two.name} apart")).to_have_count(0)
    assert Wish.objects.filter(lifted_at=None, kind="apart").count() == 0


def test_learner_is_dragged_to_another_group(board, grouped):
    board.open()
    line = board.someone_in("B")
    learner = learner_of(grouped, line)

    line.drag_to(board.page.locator('[data-group="A"]'))
    board.says(f"{learner.name} moved to A.")

    assert board.place(learner) == "A"


def test_board_that_a_co_teacher_has_changed_is_shown_and_loses_nothing(board, grouped, browser, live_server, address):
    context = browser.new_context()
    sign_in(context, live_server.url, grouped.co_teacher)
    other = Board(context.new_page(), address).open()
    board.open()
    mine, theirs = (learner_of(grouped, board.someone_in(group)) for group in "AB")
    other.line(theirs).focus()
    other.page.keyboard.press("m")
    other.page.keyboard.press("a")
    other.says(f"{theirs.name} moved to A.")

    board.line(mine).focus()
    board.page.keyboard.press("m")
    board.page.keyboard.press("b")
    board.says(f"{mine.name} moved to B. The board had changed meanwhile; your step is taken on the newer one.")

    assert (board.place(theirs), board.place(mine)) == ("A", "B")
    assert Wish.objects.filter(lifted_at=None).count() == 2
    context.close()


def test_wishes_that_cannot_all_hold_are_named_until_one_is_taken_back(board, grouped):
    one, two = grouped.learners[:2]
    for kind in ("apart", "together"):
        Wish.objects.create(section=grouped.section, kind=kind, first=one, second=two, created_by=grouped.teacher)
    with transaction.atomic():
        suggesting.refresh_suggestion(grouped.section)
    board.open()

    alert = board.page.get_by_role("alert")
    expect(alert).to_contain_text("These wishes cannot all hold.")
    expect(alert).to_contain_text(f"{one.name} and {two.name} apart")
    expect(alert).to_contain_text(f"{one.name} and {two.name} together")
    expect(board.page.locator("[data-accept]")).to_be_disabled()
    board.page.get_by_role("button", name=f"Take back: {one.name} and {two.name} together").click()
    expect(alert).to_have_count(0)
    expect(board.page.locator("[data-accept]")).to_be_enabled()

    assert board.place(one) != board.place(two)


def test_groups_are_accepted_in_one_action_and_a_second_tab_is_told(board, grouped):
    board.open()
    n = board.page.locator("[data-group]").count() - 1
    tab = Board(board.page.context.new_page(), board.address).open()
    learner = learner_of(grouped, tab.someone_in("A"))

    board.page.keyboard.press("Control+Enter")
    expect(board.page.get_by_text(re.compile(rf"^{n} groups? (is|are) on\.$"))).to_be_visible()
    expect(board.page.get_by_role("heading", name="Groups that are on")).to_be_visible()
    assert Group.objects.filter(closed_at=None).count() == n
    tab.line(learner).focus()
    tab.page.keyboard.press("m")
    tab.page.keyboard.press("b")
    expect(tab.page.get_by_role("heading", name="Groups that are on")).to_be_visible()
    expect(tab.page.get_by_text("The board has changed meanwhile.")).to_be_visible()

    board.page.go_back()
    expect(board.page.get_by_role("heading", name="Groups that are on")).to_be_visible()


def test_double_click_on_accept_makes_the_groups_once(board, grouped):
    board.open()
    n = board.page.locator("[data-group]").count() - 1

    board.page.locator("[data-accept]").dblclick(no_wait_after=True)
    expect(board.page.get_by_role("heading", name="Groups that are on")).to_be_visible()

    expect(board.page.get_by_text("The board has changed")).to_have_count(0)
    assert Group.objects.count() == n


def test_board_follows_new_results_by_itself(board, grouped):
    assessment = make_assessment(grouped.section, grouped.standards)
    for learner in grouped.learners:
        give(assessment, learner, grouped.standards[0], 4)
    board.open()
    expect(board.page.get_by_text("New results are being worked in.")).to_be_visible()

    work_off()
    suggesting.suggest_due()

    board.says("New results are in; this is the new suggestion.")
    expect(board.page.get_by_text("New results are being worked in.")).to_have_count(0)


def test_board_that_lies_open_follows_results_that_come_later(board, grouped):
    assessment = make_assessment(grouped.section, grouped.standards)
    board.open()
    line = board.someone_in("B")
    line.focus()

    for learner in grouped.learners:
        give(assessment, learner, grouped.standards[0], 4)
    work_off()
    suggesting.suggest_due()

    board.says("New results are in; this is the new suggestion.")
    expect(board.page.locator("[data-board] .learner-line:focus")).to_have_count(1)


def test_empty_board_is_filled_by_keys_one_student_after_the_other(board, grouped):
    board.open()
    board.page.get_by_role("button", name="Start empty").click()
    strip = board.page.locator('[data-group="none"] .learner-line')
    expect(strip).to_have_count(12)
    first, second = (learner_of(grouped, strip.nth(place)) for place in (0, 1))
    strip.first.focus()
    board.page.keyboard.press("m")
    board.page.keyboard.press("b")
    board.says(f"{first.name} moved to B.")
    expect(board.line(second)).to_be_focused()
    board.page.keyboard.press("m")
    board.page.keyboard.press("ArrowRight")
    board.says(f"{second.name} moved to A.")
    expect(strip).to_have_count(10)
    board.page.get_by_role("button", name="Accept 2 groups").click()

    expect(board.page.get_by_text("2 groups are on. 10 students are in none.")).to_be_visible()


def test_board_has_no_accessibility_violation(board, grouped):
    board.open()
    assert violations(board.page) == []
    board.page.goto(f"{board.address}?what_if=1&k=3&adults=1&own_path=on")
    expect(board.page.get_by_role("heading", name="What if?")).to_be_visible()
    board.page.get_by_role("button", name="Start empty").click()
    expect(board.page.get_by_role("heading", name="To be placed 12")).to_be_visible()
    assert violations(board.page) == []
    board.page.locator("[data-undo-board]").click()
    expect(board.page.get_by_role("heading", name="To be placed 12")).to_have_count(0)

    board.page.locator("[data-accept]").click()
    expect(board.page.get_by_role("heading", name="Groups that are on")).to_be_visible()
    assert violations(board.page) == []


@pytest.mark.parametrize("width", [1920, 1366, 390, 320])
def test_board_never_scrolls_the_page_sideways(board, width):
    board.page.set_viewport_size({"width": width, "height": 768})
    board.open()

    assert board.page.evaluate("document.documentElement.scrollWidth") == width


def test_board_is_edited_and_accepted_by_buttons_without_script(browser, live_server, grouped, address):
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server.url, grouped.teacher)
    board = Board(context.new_page(), address).open()
    line = board.someone_in("A")
    learner = learner_of(grouped, line)

    line.get_by_text("Move", exact=True).click()
    line.get_by_role("button", name="B", exact=True).click()
    expect(board.page.locator(f'[data-group="B"] [data-learner="{learner.pk}"]')).to_be_visible()
    board.page.get_by_role("button", name="Undo").click()
    expect(board.page.locator(f'[data-group="A"] [data-learner="{learner.pk}"]')).to_be_visible()
    board.page.get_by_role("button", name=re.compile("^Accept")).click()

    expect(board.page.get_by_role("heading", name="Groups that are on")).to_be_visible()
    context.close()
