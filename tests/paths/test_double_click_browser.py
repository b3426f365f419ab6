"""A double click, and Back after sending, on plain forms in a real browser: one act, told once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from paths.models import Goal, GoalTemplate, StepProposal
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


def test_back_after_sending_gives_an_empty_form_and_after_a_refusal_the_words(context, page, live_server, classroom):
    address = live_server.url + reverse("step_propose")
    sign_in(context, live_server.url, classroom.account)
    idea, minutes = page.get_by_label("My idea"), page.get_by_label("Minutes")
    page.goto(live_server.url + reverse("my_path"))
    page.goto(address)
    idea.fill("Build a clock")
    minutes.fill("99999")
    page.locator("main form").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Ask my teacher").click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(idea).to_have_value("Build a clock")
    minutes.fill("20")
    page.get_by_role("button", name="Ask my teacher").click()
    expect(page.get_by_role("heading", level=1, name="My path")).to_be_visible()

    page.goto(address)
    idea.fill("Build a boat")
    page.get_by_role("button", name="Ask my teacher").click()
    expect(page.get_by_role("heading", level=1, name="My path")).to_be_visible()
    page.go_back()
    expect(idea).to_have_value("")
    assert sorted(StepProposal.objects.values_list("title", flat=True)) == ["Build a boat", "Build a clock"]

    idea.fill("Not sent yet")
    page.goto(live_server.url + reverse("my_path"))
    page.go_back()
    expect(idea).to_have_value("Not sent yet")
