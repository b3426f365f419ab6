"""The entry grid in a real browser: few keys, nothing typed is lost, two answers are both shown."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Evidence, ResultNote
from assessments.services.entering import read_cells
from tests.browsing import sign_in, troubles, violations
from tests.factories.assessments import give, make_assessment
from tests.patience import hasty

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Grid:
    """The entry page of an assessment in one tab."""

    def __init__(self, page, address, assessment):
        self.page, self.assessment, self.address = page, assessment, address

    def open(self):
        assert self.page.goto(self.address).status == 200
        return self

    def cell(self, learner, standard):
        return self.page.locator(f'[name="c.{learner.pk}.{standard.pk}"]')

    def says(self, text):
        expect(self.page.get_by_role("status")).to_contain_text(text)

    def stored(self, learners, standard):
        """What the database holds in this column, from the top."""
        cells = read_cells(self.assessment, [learner.pk for learner in learners])
        return [
            cells[learner.pk, standard.pk].text if (learner.pk, standard.pk) in cells else "" for learner in learners
        ]


@pytest.fixture
def assessment(taught):
    return make_assessment(taught.section, taught.standards, title="Exit ticket")


@pytest.fixture
def grid(page, live_server, taught, assessment):
    sign_in(page.context, live_server.url, taught.teacher)
    return Grid(page, live_server.url + reverse("assessment_enter", args=[assessment.pk]), assessment)


@pytest.fixture
def other_tab(browser, live_server, taught, assessment):
    """The same grid, opened by the co-teacher."""
    context = browser.new_context()
    sign_in(context, live_server.url, taught.co_teacher)
    yield Grid(context.new_page(), live_server.url + reverse("assessment_enter", args=[assessment.pk]), assessment)
    context.close()


def test_thirty_students_on_one_standard_take_at_most_35_keystrokes(grid, taught):
    taught.join(27)
    heard = troubles(grid.page)
    grid.open()
    keystrokes = 0

    for place in range(30):
        grid.page.keyboard.press(str(place % 4 + 1))
        keystrokes += 1

    grid.says("All saved")
    assert keystrokes <= 35
    assert grid.stored(taught.learners, taught.standards[0]) == [str(place % 4 + 1) for place in range(30)]
    assert heard == []


def test_cell_is_named_with_learner_standard_value_and_state(grid, taught):
    learner, standard = taught.learners[0], taught.standards[0]
    grid.open()
    grid.page.keyboard.press("3")
    grid.says("All saved")

    expect(grid.cell(learner, standard)).to_have_accessible_name(f"{learner.name}, {standard.code}, 3 of 4, saved")
    expect(grid.cell(taught.learners[1], standard)).to_be_focused()

    grid.open()
    expect(grid.cell(taught.learners[1], standard)).to_be_focused()  # below, and not in the next column


def test_letters_excuse_leave_out_and_take_back(grid, taught):
    standard = taught.standards[0]
    grid.open()
    for key in ("x", ".", "4"):
        grid.page.keyboard.press(key)
    grid.says("All saved")
    assert grid.stored(taught.learners, standard) == ["x", ".", "4"]

    grid.page.keyboard.press("u")
    grid.page.keyboard.press("u")
    expect(grid.cell(taught.learners[1], standard)).to_have_value("")
    expect(grid.cell(taught.learners[1], standard)).to_be_focused()
    grid.says("All saved")

    assert grid.stored(taught.learners, standard) == ["x", "", ""]


def test_next_empty_and_only_empty_go_to_what_is_open(grid, taught, assessment):
    first, second = taught.standards
    give(assessment, taught.learners[0], first, 3)
    for learner in taught.learners[:2]:
        give(assessment, learner, second, 2)
    grid.open()
    expect(grid.cell(taught.learners[1], first)).to_be_focused()

    grid.page.keyboard.press("o")
    expect(grid.cell(taught.learners[0], first)).to_be_hidden()
    grid.says("Lines with an empty cell: 2")
    grid.page.keyboard.press("n")
    expect(grid.cell(taught.learners[2], first)).to_be_focused()
    grid.page.keyboard.press("o")

    expect(grid.cell(taught.learners[0], first)).to_be_visible()


def test_arrows_home_and_end_move_and_enter_goes_down(grid, taught):
    first, second = taught.standards
    grid.open()
    for key, learner, standard in (
        ("ArrowRight", 0, second),
        ("ArrowDown", 1, second),
        ("Home", 1, first),
        ("End", 1, second),
        ("ArrowUp", 0, second),
        ("Enter", 1, second),
    ):
        grid.page.keyboard.press(key)
        expect(grid.cell(taught.learners[learner], standard)).to_be_focused()


# A key that comes before the frame in which the cell that was entered is selected.
TYPED_AT_ONCE = """(field) => {
    field.blur();
    field.focus();
    document.execCommand("insertText", false, "1");
    return new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(
        () => tell([field.value, field.selectionEnd - field.selectionStart]))));
}"""


def test_what_is_no_score_is_said_and_not_taken(grid, taught, assessment):
    assessment.points_possible, assessment.scale = 10, "points"
    assessment.save()
    grid.open()
    first = grid.cell(taught.learners[0], taught.standards[0])
    assert first.evaluate(TYPED_AT_ONCE) == ["1", 0], "the next digit would take its place"
    grid.page.keyboard.press("Escape")

    grid.page.keyboard.type("11")
    grid.page.keyboard.press("Enter")
    grid.says("“11” is no score here.")
    expect(grid.cell(taught.learners[0], taught.standards[0])).to_have_value("")
    grid.page.keyboard.type("7.5")
    grid.page.keyboard.press("Enter")
    grid.says("All saved")

    assert grid.stored(taught.learners[:1], taught.standards[0]) == ["7.5"]


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        text,
    )


def test_pasted_block_is_shown_before_it_is_put_in(grid, taught, assessment):
    first, second = taught.standards
    give(assessment, taught.learners[0], first, 2)
    grid.open()
    grid.cell(taught.learners[0], first).focus()

    paste(grid.page, "2\t3\r\n4\tx\r\n9\t1\r\n1\t1\r\n")
    card = grid.page.locator("[data-paste]")
    expect(card.get_by_role("heading")).to_have_text("Paste 4 cells?")
    expect(card).to_contain_text(f"{taught.learners[2].name}, {first.code}: “9” is no score here")
    expect(card).to_contain_text("2 values lie outside the grid and are left out.")
    expect(card).to_contain_text("1 stay as they are.")
    assert Evidence.objects.count() == 1
    grid.page.keyboard.press("Enter")
    grid.says("All saved")

    assert grid.stored(taught.learners, first) == ["2", "4", ""]
    assert grid.stored(taught.learners, second) == ["3", "x", "1"]


def test_pasted_block_is_left_with_escape(grid, taught):
    grid.open()
    paste(grid.page, "1\n2\n")
    grid.page.keyboard.press("Escape")

    expect(grid.page.locator("[data-paste]")).to_be_hidden()
    expect(grid.cell(taught.learners[0], taught.standards[0])).to_be_focused()
    assert Evidence.objects.count() == 0


def test_line_of_feedback_is_kept_on_the_cell(grid, taught, assessment):
    learner, standard = taught.learners[0], taught.standards[0]
    grid.open()
    grid.page.keyboard.press("c")
    grid.page.keyboard.type("Show the parts.")
    grid.page.keyboard.press("Enter")

    expect(grid.cell(learner, standard)).to_be_focused()
    expect(grid.cell(learner, standard)).to_have_attribute("aria-description", "Show the parts.")
    note = ResultNote.objects.get()
    assert (note.learner, note.standard, note.text, note.author) == (
        learner,
        standard,
        "Show the parts.",
        taught.teacher,
    )


@pytest.mark.parametrize(
    ("answer", "stored", "attempts"),
    [("Use mine, 2", "2", {1: 2}), ("Use theirs, 3", "3", {1: 3}), ("Count both", "2", {1: 3, 2: 2})],
)
def test_two_tabs_show_both_values_and_let_one_count(grid, other_tab, taught, answer, stored, attempts):
    learner, standard = taught.learners[0], taught.standards[0]
    grid.open()
    other_tab.open()
    other_tab.page.keyboard.press("3")
    other_tab.says("All saved")

    grid.page.keyboard.press("2")
    card = grid.page.get_by_role("region", name=f"{learner.name}, {standard.code}")
    expect(card).to_contain_text("You typed 2. Ken Lee typed 3, today,")
    expect(grid.cell(learner, standard)).to_have_accessible_name(
        f"{learner.name}, {standard.code}, 2 of 4, two answers"
    )
    assert grid.stored([learner], standard) == ["3"]
    card.get_by_role("button", name=answer).click()
    expect(card).to_have_count(0)
    expect(grid.cell(learner, standard)).to_have_value(stored)
    expect(grid.page.locator(".entry-cell[data-state=saving]")).to_have_count(0)

    in_force = Evidence.objects.exclude(pk__in=Evidence.objects.exclude(supersedes_id=None).values("supersedes_id"))
    assert {row.attempt: int(row.points) for row in in_force} == attempts
    grid.open()
    expect(grid.cell(learner, standard)).to_have_value(stored)


def test_what_is_typed_before_the_script_is_there_is_saved_by_it(grid, taught, assessment):
    cells = [(learner, standard) for learner in taught.learners for standard in taught.standards]
    for learner, standard in cells[1:]:  # no empty cell is left to go to, which would save the one that is left
        give(assessment, learner, standard, 2)
    scripts = []
    grid.page.route("**/js/entry.js", lambda route: scripts.append(route))
    learner, standard = taught.learners[0], taught.standards[0]
    with hasty(grid.page):
        with grid.page.expect_request("**/js/entry.js"):
            grid.page.goto(grid.address, wait_until="commit")
        grid.cell(learner, standard).press_sequentially("3")
        assert grid.stored([learner], standard) == [""]
    scripts[0].continue_()
    grid.says("All saved")
    assert grid.stored([learner], standard) == ["3"]


def test_lost_network_keeps_typing_and_sends_everything_when_it_is_back(grid, taught):
    standard = taught.standards[0]
    grid.open()
    grid.page.context.set_offline(True)

    for key in ("1", "2", "3"):
        grid.page.keyboard.press(key)
    grid.says("Not saved, trying again: 3 not sent")
    expect(grid.page.locator(".entry-cell[data-state=unsaved]")).to_have_count(3)
    assert Evidence.objects.count() == 0
    grid.page.context.set_offline(False)
    grid.says("All saved")

    assert grid.stored(taught.learners, standard) == ["1", "2", "3"]


def test_signed_out_keeps_what_was_typed_and_sends_it_after_signing_in(grid, taught, live_server):
    grid.open()
    grid.page.context.clear_cookies()
    grid.page.keyboard.press("4")
    grid.says("You are signed out, 1 not sent.")

    sign_in(grid.page.context, live_server.url, taught.teacher)
    grid.says("All saved")

    assert grid.stored(taught.learners[:1], taught.standards[0]) == ["4"]


def test_done_waits_for_what_is_on_its_way(grid, taught):
    grid.open()
    grid.page.context.set_offline(True)
    grid.page.keyboard.press("2")
    grid.says("1 not sent")
    grid.page.get_by_role("link", name="Done, see groups").click()
    grid.page.context.set_offline(False)

    grid.page.wait_for_url(f"**{reverse('section_groups', args=[taught.section.pk])}")
    assert grid.stored(taught.learners[:1], taught.standards[0]) == ["2"]


def test_entry_page_has_no_accessibility_violation(grid, taught, assessment):
    give(assessment, taught.learners[0], taught.standards[0], 2)
    give(assessment, taught.learners[1], taught.standards[0], None)
    grid.open()

    assert violations(grid.page) == []


@pytest.mark.parametrize("width", [1920, 1366, 390, 320])
def test_entry_page_never_scrolls_sideways(grid, width):
    grid.page.set_viewport_size({"width": width, "height": 768})
    grid.open()

    assert grid.page.evaluate("document.documentElement.scrollWidth") == width
    expect(grid.page.locator(".entry-field").first).to_be_in_viewport()


@pytest.fixture
def plain(browser, live_server, taught, assessment):
    """The grid without script."""
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_server.url, taught.teacher)
    yield Grid(context.new_page(), live_server.url + reverse("assessment_enter", args=[assessment.pk]), assessment)
    context.close()


def test_plain_form_saves_and_keeps_what_was_refused(plain, taught):
    standard = taught.standards[0]
    plain.open()
    for learner, text in zip(taught.learners, ("3", "9", "x"), strict=True):
        plain.cell(learner, standard).fill(text)
    plain.page.get_by_role("button", name="Save", exact=True).click()

    expect(plain.page.get_by_role("alert")).to_contain_text(
        f"{taught.learners[1].name}, {standard.code}: “9” is no score"
    )
    expect(plain.cell(taught.learners[1], standard)).to_have_value("9")
    assert plain.stored(taught.learners, standard) == ["3", "", "x"]
    plain.cell(taught.learners[1], standard).fill("4")
    plain.page.get_by_role("button", name="Save", exact=True).click()

    expect(plain.page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert plain.stored(taught.learners, standard) == ["3", "4", "x"]


@pytest.mark.parametrize(("answer", "stored"), [(None, "3"), ("Mine, 2", "2"), ("Theirs, 3", "3"), ("Count both", "2")])
def test_plain_form_shows_both_values_until_one_is_chosen(plain, taught, assessment, answer, stored):
    learner, standard = taught.learners[0], taught.standards[0]
    plain.open()
    plain.cell(learner, standard).fill("2")
    give(assessment, learner, standard, 3, by=taught.co_teacher)
    plain.page.get_by_role("button", name="Save", exact=True).click()

    question = plain.page.get_by_role("group", name="You typed 2. Ken Lee typed 3, today,")
    expect(question).to_be_visible()
    expect(plain.cell(learner, standard)).to_have_value("2")
    if answer:
        question.get_by_label(answer).check()
    plain.page.get_by_role("button", name="Save", exact=True).click()

    assert plain.stored([learner], standard) == [stored]
    expect(question).to_have_count(0 if answer else 1)


def test_keys_of_every_page_work_from_inside_a_cell(grid, taught):
    grid.open()
    cell = grid.cell(taught.learners[0], taught.standards[0])
    expect(cell).to_be_focused()
    grid.page.keyboard.press("?")
    dialog = grid.page.get_by_role("dialog", name="All keys")
    expect(dialog).to_contain_text("set level, go down")
    grid.page.keyboard.press("Escape")
    expect(cell).to_be_focused()

    grid.page.keyboard.press("g")
    grid.page.keyboard.press("o")

    expect(grid.page.locator('.rail a[data-go="o"]')).to_have_attribute("aria-current", "page")
    assert grid.stored(taught.learners, taught.standards[0]) == ["", "", ""]
