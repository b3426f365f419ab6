"""Practice, equity and the answers of impact in a real browser: looked at, walked by keys, printed."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from lrm.scope import district_scope
from paths.models import ImpactQuestion
from tests.browsing import faults_of_look, pictures, sign_in, troubles
from tests.factories.assessments import make_group
from tests.factories.classes import join
from tests.factories.paths import make_goal
from tests.factories.profiles import make_district_admin, make_roster, make_school, make_section
from tests.factories.standards import make_framework, make_standard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TARGETS = "main a:not(.wordmark), main button, main summary"
REFUSED = {
    "treated": 2,
    "untreated": 9,
    "without_before": 3,
    "without_later": 4,
    "elsewhere": 1,
    "unmatched": 0,
    "matched": 2,
    "compared": 2,
    "learners": 2,
    "compared_learners": 2,
    "sections": 1,
    "treated_sections": 1,
    "compared_sections": 1,
    "refused": "few_learners",
    "effect": None,
    "minimum_n": 10,
    "by_school": {},
}


def test_figure_opens_by_key_and_all_is_accessible_in_both_themes_and_sizes(page, live_server):
    school = make_school(name="Alder Creek")
    standard = make_standard(make_framework(school.district), code="5.NF.1")
    for place in (school, make_school(school.district, name="Birchwood")):
        section = make_section(make_roster(place))
        learners = join(section.roster, 12)
        make_group(section, standard, learners[:5], purpose="extend")
        with district_scope(place.district_id):
            for learner in learners[:7]:
                make_goal(learner)
    admin = make_district_admin(school.district)
    heard = troubles(page)
    sign_in(page.context, live_server.url, admin)

    page.goto(live_server.url + reverse("school"))
    page.get_by_role("navigation", name="Views of the school").get_by_role("link", name="Practice").press("Enter")
    figure = page.get_by_role("link", name="Birchwood, A goal that is live: 7 of 12.")
    figure.press("Enter")
    panel = page.get_by_role("heading", name="A goal that is live: 7 of 12")
    expect(panel).to_be_focused()
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "practice")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(figure).to_be_focused()

    page.get_by_role("link", name="Equity").press("Enter")
    expect(page.get_by_role("table")).to_contain_text("Birchwood")
    expect(page.get_by_text("No differences: fewer than 30 students.")).to_have_count(1)
    assert faults_of_look(page, targets=TARGETS) == []
    pictures(page, "equity")

    day = timezone.localdate()
    question = ImpactQuestion._base_manager.create(
        **{"district": school.district, "asked_by": admin, "about": "groups", "on": "Unlike fractions"},
        **{"standard_ids": [standard.pk], "school_ids": [school.pk], "since": day, "until": day},
        **{"answer": REFUSED, "answered_at": timezone.now()},
    )
    page.goto(live_server.url + reverse("impact_answer", args=[question.uuid]))
    expect(page.get_by_role("heading", name="Not enough to say yet")).to_be_visible()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.locator("#main summary", has_text="More").press("Enter")
    page.get_by_role("button", name="Print").press("Enter")
    expect(page).to_have_title("printed")
    assert faults_of_look(page, targets=TARGETS) == []
    assert heard == []
