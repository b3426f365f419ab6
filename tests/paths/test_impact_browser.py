"""A question of impact in a real browser: while a worker is at it, answered, withdrawn and back by keys; a roll-out."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.impact.roll_out import by_month
from assessments.services.impact_months import FoundMonths, month_number
from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from paths.services import impact
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.factories.profiles import make_district_admin
from tests.paths.test_impact_pages import Taught

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TARGETS = ".toolbar-end .button, .toast .button, .check-in-removed .link"


def rolled_out():
    """Twelve schools: four began three months ago, four two months ago, four not at all; 8 points of 100 since."""
    now, random = month_number(timezone.localdate()), np.random.default_rng(7)
    starts = {n: now - 3 + n % 3 for n in range(12) if n % 3 < 2}
    rows = [(n, at, 100 * n + one) for n in range(12) for at in range(now - 7, now + 1) for one in range(6)]
    school, month, learner = (np.array(column) for column in zip(*rows, strict=True))
    has_begun = np.array([at >= starts.get(n, now + 1) for n, at, _one in rows])
    rest = np.where(has_begun, 0.08, 0.0) + random.normal(0, 0.03, len(rows))
    return FoundMonths(by_month(school=school, month=month, learner=learner, rest=rest, began=starts), 5, 3)


def test_question_is_followed_answered_withdrawn_and_put_back(page, live_server, monkeypatch):
    taught = Taught(classes=10)
    office = make_district_admin(taught.district)
    with district_scope(taught.district.pk):
        question = impact.ask(taught.question(), by=office)
    Job._base_manager.update(state=Job.State.RUNNING, done=400, total=1000, message="Reading what students showed.")
    heard = troubles(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    sign_in(page.context, live_server.url, office)
    page.goto(f"{live_server.url}/impact/")
    expect(page.get_by_role("cell", name="Being worked out.")).to_be_visible()
    page.get_by_role("link", name="Did small groups").press("Enter")
    expect(page.get_by_text("40 %. Reading what students showed.")).to_be_visible()
    page.locator("#main summary", has_text="More").press("Enter")
    expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
    expect(page.get_by_role("button", name="Ask again today")).to_have_count(0)
    page.keyboard.press("Escape")
    pictures(page, "impact-working")
    assert faults_of_look(page, targets=TARGETS) == []

    other = page.context.new_page()  # a second window: it may be left and opened again
    other.goto(f"{live_server.url}/impact/{question.uuid}/")
    Job._base_manager.update(state=Job.State.WAITING)
    run(question.job_id)
    for window in (page, other):
        expect(window.get_by_role("heading", name="Students in groups scored")).to_be_visible()
    other.close()
    pictures(page, "impact-answer")
    assert faults_of_look(page, targets=TARGETS) == []

    page.locator("#main summary", has_text="More").press("Enter")
    page.get_by_role("button", name="Withdraw").press("Enter")
    expect(page.get_by_text("The question was withdrawn.")).to_be_visible()
    page.locator("summary", has_text="Withdrawn: 1").press("Enter")
    page.get_by_role("button", name="Undo").focus()  # it stays while it has the focus
    pictures(page, "impact-withdrawn")
    assert faults_of_look(page, targets=TARGETS) == []
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", name="Students in groups scored")).to_be_visible()

    monkeypatch.setattr(impact, "read_months", lambda *_asked, **_also: rolled_out())
    began = {str(taught.school.pk): (timezone.localdate() - timedelta(days=90)).isoformat()}
    asked = taught.answered(office, about="roll_out", name="Math lab", began=began)
    page.goto(f"{live_server.url}/impact/{asked.uuid}/")
    expect(page.get_by_text("In the months before they were at most")).to_be_visible()
    expect(page.locator('.impact-dot[data-state="before"]').first).to_be_visible()
    pictures(page, "impact-roll-out")
    assert faults_of_look(page, targets=TARGETS) == []
    assert heard == []
