"""A drawing in a real browser: it waits there until it has come in, and for nobody else."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import PollFile
from tests.browsing import sign_in
from tests.factories.paths import make_poll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INK = (
    "canvas => canvas.getContext('2d').getImageData(0, 0, 1000, 700).data.some((shade, at) => at % 4 < 3 && shade < 9)"
)


def test_a_drawing_outlives_its_page_until_it_has_come_in(browser, live_server, classroom, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    other = classroom.classmate().account
    poll = make_poll(classroom.section, classroom.teacher, kind="drawing", options=[])
    address = live_server.url + reverse("poll", args=[poll.pk])
    context = browser.new_context()
    sign_in(context, live_server.url, classroom.account)

    def opened():
        page = context.new_page()
        page.goto(address)
        return page, page.locator("canvas")

    page, canvas = opened()
    canvas.drag_to(canvas, source_position={"x": 20, "y": 20}, target_position={"x": 90, "y": 60})
    assert canvas.evaluate(INK)
    page.close()
    sign_in(context, live_server.url, other)  # the next one at this computer
    page, canvas = opened()
    assert not canvas.evaluate(INK)
    page.close()

    sign_in(context, live_server.url, classroom.account)
    page, canvas = opened()
    assert canvas.evaluate(INK)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("img", name="My drawing")).to_be_visible()
    assert PollFile.objects.count() == 1
    assert not page.locator("canvas").evaluate(INK)
    context.close()
