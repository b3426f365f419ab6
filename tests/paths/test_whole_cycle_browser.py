"""The whole cycle in real browsers, by links and buttons alone: from a pre-assessment to good news at home."""

import re

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Mastery
from paths.models import Goal, Step
from tests.browsing import sign_in, troubles
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.files import make_photo
from tests.factories.paths import make_path, make_staff_note

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHOTO = {"name": "box.jpg", "mimeType": "image/jpeg", "buffer": make_photo()}
WHAT = "I can compare fractions in two ways."
MOST_ACTIONS = {"teacher": 20, "student": 35, "family": 2}


class Person:
    """Somebody at a browser of their own, who sees their start page and counts what they do."""

    def __init__(self, browser, url, account):
        self.context = browser.new_context()
        sign_in(self.context, url, account)
        self.page: Page = self.context.new_page()
        self.heard, self.actions, self.url = troubles(self.page), 0, url
        self.page.on("response", lambda answer: self.heard.append(answer.url) if answer.status >= 400 else None)
        self.page.goto(url)

    def press(self, place):
        place.click()
        self.actions += 1

    def link(self, name):
        self.press(self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def button(self, name):
        self.press(self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first)

    def write(self, selector, text):
        self.page.locator(selector).first.fill(text)
        self.actions += 1

    def reads(self, text):
        expect(self.page.locator("main")).to_contain_text(text)

    def types(self, name, *keys):
        """Digits into the line of a student, from the first column on."""
        cells = self.page.locator(f'.entry-field[data-name="{name}"]')
        for number, key in enumerate(keys):
            cells.nth(number).click()
            self.page.keyboard.press(key)
            self.actions += 2
        expect(self.page.get_by_role("status")).to_contain_text("All saved")
        work_off()


@pytest.fixture
def people(browser, live_server, classroom, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    accounts = {"teacher": classroom.teacher, "student": classroom.account, "family": classroom.guardian()}
    found = {name: Person(browser, live_server.url, account) for name, account in accounts.items()}
    yield found
    for person in found.values():
        person.context.close()


def test_from_a_pre_assessment_to_good_news_at_home(classroom, people):
    teacher, student, family = people["teacher"], people["student"], people["family"]
    learner, (known, wanted, _other) = classroom.learner, classroom.standards
    name = learner.name
    path = make_path(learner)
    path.steps.update(standard=known)
    make_staff_note(learner, classroom.teacher, text="For staff alone.")
    earlier = make_assessment(classroom.section, [wanted], title="Exit ticket", given_on=days_ago(9).date())
    give(earlier, learner, wanted, 1)
    work_off()

    # A pre-assessment, typed; it offers, and the learner decides.
    teacher.link(re.compile("^Enter"))
    teacher.link("New assessment")
    teacher.write("[name=title]", "Before we start")
    teacher.page.locator("[name=kind]").select_option("pre")
    if not teacher.page.locator(f".picker-chosen [value='{known.pk}']").count():
        teacher.press(teacher.page.locator(".picker-offered label", has_text=known.label))
    for chosen in teacher.page.locator(".picker-chosen label").all_inner_texts():
        if chosen.strip() != known.label:
            teacher.press(teacher.page.locator(".picker-chosen label", has_text=chosen.strip()))
    teacher.button("Make it and enter")
    teacher.types(name, "3")
    student.link("My path")
    student.button(re.compile("^Skip it.*First"))
    student.reads("You showed this before, so you skipped it.")
    student.button(re.compile("^Do it anyway.*Second"))
    expect(student.page.get_by_role("button", name=re.compile("^Skip it after all.*Second"))).to_be_visible()
    student.button("Done: Second")
    expect(student.page.get_by_role("button", name="Not done yet: Second")).to_be_visible()
    steps = dict(path.steps.values_list("title", "placement"))
    assert steps == {"First": Step.Placement.SKIPPED, "Second": Step.Placement.KEPT, "Third": ""}

    # A goal of the learner's own, agreed on the page where all goals wait.
    student.link("Goals")
    student.link("Write my first goal")
    student.write("[name=what]", WHAT)
    student.press(student.page.locator(".check-list label", has_text=wanted.heading))
    student.button("This is my goal")
    student.reads("My teacher confirms it")
    teacher.link("Goals")
    teacher.button("Agree")
    teacher.reads("Agreed.")

    # Work: words, then a photo; a check-in; words on what helped.
    student.link("Hand in something")
    student.write("[name=text]", "I drew both.")
    student.button("Hand in")
    student.reads("It is handed in.")
    student.link(WHAT)
    student.link("Hand in something")
    student.page.locator("[name=file]").set_input_files(PHOTO)
    student.actions += 1
    student.button("Hand in")
    student.reads("It is handed in.")
    student.link(WHAT)
    student.press(student.page.locator("#sure-4"))
    expect(student.page.locator("#sure-4")).to_have_attribute("aria-pressed", "true")
    student.write("#reflect-text", "Drawing helped me.")
    student.button(re.compile("^Send (?!it and close)"))
    student.reads("Your words are sent.")

    # Ready to try again, with proof; a place from Today; the new try in the same grid, one click away.
    student.link("Home")
    student.press(student.page.locator(".step-card", has_text="Ready to try again?").get_by_role("link"))
    student.write("[name=practiced]", "I compared ten.")
    student.press(student.page.locator("[name=work]").first)
    student.button("I’m ready")
    student.reads("You will see your place here.")
    teacher.link(re.compile("^Today"))
    teacher.link("Open 1 place")
    teacher.button("Open 1 place")
    teacher.reads("is open.")
    student.link("Home")
    student.reads("Try again: ")
    teacher.link(re.compile("^Today"))
    teacher.link("Start")
    teacher.button("Start the new try")
    expect(teacher.page.locator(".entry-field")).to_have_count(1)
    teacher.types(name, "4")
    assert Mastery.objects.get(learner=learner, standard=wanted).shown_level == 4

    # The learner celebrates, sees why, and shows it at home.
    student.link("Home")
    expect(student.page.locator(".warm-card")).to_contain_text("You went from")
    student.press(student.page.locator(".warm-card").get_by_role("link", name="See why"))
    student.reads("earlier try, not counted")
    student.link("Home")
    student.link("Show my family")
    student.write("[name=words]", "I did it.")
    student.button("Let my family read it")
    student.reads("Your family can read it here now.")

    # The goal is closed by the learner, confirmed by the teacher.
    student.link("Goals")
    student.link(re.compile("^Open"))
    student.button("I reached it")
    student.reads("You reached this goal")
    teacher.link("Goals")
    teacher.button("Confirm")
    teacher.reads("Confirmed.")
    goal = Goal.objects.get()
    assert (goal.state, goal.confirmed_by) == (Goal.State.ACHIEVED, classroom.teacher)

    # Where they would talk about it, which is no part of the cycle.
    student.page.goto(f"{student.url}/learners/{learner.pk}/talks/new/")
    student.reads("Who reads it")

    # The family sees what it may.
    family.page.reload()
    assert "For staff alone." not in family.page.content()
    family.link(re.compile("wants to show you"))
    family.reads("I did it.")

    assert {who: person.heard for who, person in people.items()} == {who: [] for who in people}
    assert {who: n for who in people if (n := people[who].actions) > MOST_ACTIONS[who]} == {}
