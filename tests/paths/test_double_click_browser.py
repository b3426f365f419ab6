"""A double click on a plain form in a real browser: one act, told once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import Goal, GoalTemplate
from tests.browsing import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_second_click_sends_nothing_and_later_the_form_works_again(context, page, live_server, classroom):
    template = GoalTemplate.objects.create(author=classroom.teacher, what="I can …")
    address = live_server.url + reverse("goal_template_give", args=[template.pk])
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    sign_in(context, live_server.url, classroom.teacher)
    page.goto(address)

    page.get_by_role("button", name="Offer it").dblclick()
    expect(page.locator("body")).to_contain_text("Offered to 1 student")
    assert (posts, Goal.objects.count()) == ([address], 1)

    page.goto(address)
    page.get_by_role("button", name="Offer it").click()
    expect(page.locator("body")).to_contain_text("1 student has it already.")
    assert len(posts) == 2
