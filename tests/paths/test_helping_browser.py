"""Pages of helping each other, good news and drawn answers in a real browser; drawing and recording an answer."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lrm.intake import TakenIn
from paths.models import PeerReport, PollFile
from profiles.models import ScreenName
from tests.browsing import faults_of_look, sign_in
from tests.factories.files import make_picture
from tests.factories.paths import (
    make_pair,
    make_peer_class,
    make_peer_note,
    make_poll,
    make_poll_answer,
    make_poll_file,
    make_shared_moment,
)
from tests.factories.policy import let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A_SECOND = re.compile(r"^(?!0:00)\d+:\d\d$")  # or more: a busy machine may not look while it says 0:01
LONG = "With stories that have so many numbers in them that I do not know which two to begin with, and why it is so"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit(page, live_server):
    def go(account, name, *args):
        sign_in(page.context, live_server.url, account)
        assert page.goto(live_server.url + reverse(name, args=args)).status == 200
        return page

    return go


def pages_of(classroom):
    section, standards = classroom.section, classroom.standards
    make_peer_class(section)
    ben = classroom.classmate(given_name="Maximiliana-Alexandra", family_name="Castellanos-Montgomery")
    cem, dia = classroom.classmate(given_name="Cem"), classroom.classmate(given_name="Dia")
    for learner, kind in ((classroom.learner, "wish"), (ben, "offer"), (cem, "wish"), (dia, "offer")):
        make_peer_note(learner, section, standards[0], kind, text=LONG)
    pair = make_pair(ben, classroom.learner, section, standards[0], place="By the window")
    PeerReport.objects.create(match=pair, by=classroom.account, why=LONG)
    for learner, animal in ((classroom.learner, "otter"), (ben, "fox")):
        ScreenName.objects.create(learner=learner, animal=animal, place="lake")
        news = make_shared_moment(learner, section)
    poll = make_poll(section, classroom.teacher, kind="drawing", options=[])
    over = make_poll(section, classroom.teacher, kind="drawing", options=[], over=True)
    drawn = TakenIn("image", "image/jpeg", "a.jpg", make_picture(), make_picture())
    for learner in (classroom.learner, ben, cem, dia, classroom.classmate()):
        make_poll_file(make_poll_answer(over, learner), drawn)
    me, teacher = classroom.account, classroom.teacher
    return [
        (me, "my_helping", ()),
        (me, "pair_tell", (pair.pk,)),
        (me, "good_news", ()),
        (me, "news_tell", (news.pk,)),
        (me, "poll", (poll.pk,)),
        (me, "poll", (over.pk,)),
        (classroom.guardian(), "learner_helping", (classroom.learner.pk,)),
        (teacher, "section_helping", (section.pk,)),
        (teacher, "poll", (over.pk,)),
    ]


SMALL = """[...document.querySelectorAll('main a, main button, main summary, main input, main select')]
    .filter((one) => one.checkVisibility() && one.type !== 'hidden')
    .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
    .filter(([one, box]) => box.height < 44 && !one.closest('p'))
    .map(([one, box]) => `${one.tagName} ${one.textContent.trim().slice(0, 40)} ${Math.round(box.height)}`)"""


def test_pages_are_readable_by_everybody_and_fit_a_phone(classroom, visit, page, troubles):
    found, small = [], {}
    for account, name, args in pages_of(classroom):
        visit(account, name, *args)
        found += [(name, *fault) for fault in faults_of_look(page)]
        if account != classroom.teacher:
            page.set_viewport_size({"width": 390, "height": 844})
            if low := page.evaluate(SMALL):
                small[name] = low
    assert found == []
    assert small == {}
    assert troubles == []


def test_an_answer_is_drawn_and_sent(classroom, visit, page, troubles):
    poll = make_poll(classroom.section, classroom.teacher, kind="drawing", options=[], is_anonymous=True)
    visit(classroom.account, "poll", poll.pk)
    box = page.locator("canvas").bounding_box()
    for step in (0.2, 0.8):
        page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * step)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * step, steps=5)
        page.mouse.up()
    page.get_by_role("button", name="Undo a line").click()
    page.get_by_role("button", name="Send my answer").click()

    expect(page.get_by_role("img", name="My drawing")).to_be_visible()
    assert PollFile.objects.values_list("kind", flat=True).get() == "image"
    assert troubles == []


@pytest.mark.parametrize("kind", ["sound", "video"])
def test_an_answer_is_recorded_and_sent(classroom, live_server, playwright, browser_type_launch_args, kind):
    let_in(classroom.school, audio=True, video=True)
    poll = make_poll(classroom.section, classroom.teacher, kind=kind, options=[])
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    given = browser_type_launch_args
    browser = playwright.chromium.launch(**given | {"args": [*given.get("args", []), *fake]})
    try:
        page = browser.new_page()
        sign_in(page.context, live_server.url, classroom.account)
        page.goto(live_server.url + reverse("poll", args=[poll.pk]))
        page.get_by_role("button", name="Record").click()
        expect(page.get_by_role("status").filter(has_text="Recording")).to_be_visible()
        expect(page.get_by_role("button", name="Record", exact=True)).to_be_hidden()
        expect(page.locator("[data-record-clock]")).to_have_text(A_SECOND)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Recorded. Send it, or record anew.")).to_be_visible()
        page.get_by_role("button", name="Send my answer").click()
        expect(page.get_by_role("link", name=f"{kind}.webm")).to_be_visible()
    finally:
        browser.close()
    assert PollFile.objects.values_list("kind", flat=True).get() == ("audio" if kind == "sound" else "video")
