"""Long work, and what could not be worked out, with more rows than a page holds, in a real browser: by keys alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import MarkFailure, SuggestionFailure
from assessments.services import parked
from assessments.views import jobs
from lrm.jobs.models import Job
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.factories.profiles import make_district_admin, make_section

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = "main .button"
State = Job.State


def fill(taught, admin) -> None:
    now = timezone.now()
    said = {State.FAILED: "The file could not be read: line 7,214 has no student ID. Nothing was changed."}
    rows = [
        Job(
            district=taught.section.district,
            kind="impact",
            state=state,
            done=40 if state == State.RUNNING else 0,
            total=100 if state == State.RUNNING else 0,
            message="Reading the students of all schools." if state == State.RUNNING else "",
            error=said.get(state, ""),
            tries=2 if state == State.RUNNING else 1,
            started_by=admin,
            created_at=now - timedelta(minutes=n),
            finished_at=None if state in (State.WAITING, State.RUNNING) else now - timedelta(minutes=n),
        )
        for state, count in ((State.RUNNING, 1), (State.WAITING, 6), (State.FAILED, 6), (State.DONE, 6))
        for n in range(count)
    ]
    Job.objects.bulk_create(rows)
    standard = taught.standards[0]
    taught.join(3)
    MarkFailure.objects.bulk_create(
        MarkFailure(learner_id=each.pk, subject_id=standard.subject_id, times=5, error="Killed")
        for each in taught.learners
    )
    sections = [make_section(roster=taught.section.roster, title=f"Tutoring {n}") for n in range(6)]
    SuggestionFailure.objects.bulk_create(
        SuggestionFailure(section_id=each.pk, times=5, error="MemoryError") for each in sections
    )


def press_on(page, name: str) -> None:
    """Tab until the first button of that name has the focus, and press it."""
    wanted = page.get_by_role("button", name=name).first
    for _ in range(300):
        page.keyboard.press("Tab")
        if wanted.evaluate("button => button === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_many_rows_are_read_and_tried_again_by_keys(page, live_server, taught, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_SHOWN", 4)
    monkeypatch.setattr(parked, "MOST_SHOWN", 4)
    admin = make_district_admin(taught.section.district)
    fill(taught, admin)
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, admin)
    page.goto(live_server.url + reverse("jobs"))
    expect(page.get_by_text("3 more wait for their turn.")).to_be_visible()
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "long-work")
    press_on(page, "Begin again")
    expect(page.get_by_text("Begun again.")).to_be_visible()
    assert Job.objects.filter(state=State.FAILED).count() == 5

    link = page.locator("#on-its-way ~ table th a").first
    link.focus()
    link.evaluate("link => link.dataset.former = ''")
    expect(page.locator("[data-former]")).to_have_count(0)  # the list has been asked for again
    expect(link).to_be_focused()

    page.get_by_role("link", name="See which, and try again").press("Enter")
    expect(page.get_by_text("1 to 4 of 6")).to_have_count(2)
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "parked")
    press_on(page, "Try again Tutoring")
    expect(page.get_by_text("1 to 4 of 5")).to_be_visible()
    press_on(page, "Try all again")
    expect(page.get_by_text("Everything is worked out")).to_be_visible()
    assert not MarkFailure.objects.exists()
    assert heard == []
