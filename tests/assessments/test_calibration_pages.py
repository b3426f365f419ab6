"""Calibrations for the district administrator: told, tried without a trace, started for a day and taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.mastery.tree import DEFAULT_OFFSET
from assessments.models import CalibrationRun, CalibrationStart, CalibrationVersion, MasteryPolicy
from assessments.services import calibrations
from assessments.services.policies import Policies
from lrm.scope import district_scope
from tests.assessments.test_calibrations import calibrate, make_scene
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import make_district, make_district_admin, make_school_admin
from tests.fresh_code import with_fresh_code

LIST = reverse("calibrations")


@pytest.fixture
def scene(db):
    return make_scene()


@pytest.fixture
def client(scene, as_account):
    section = scene[0]
    with district_scope(section.district_id):
        office = make_district_admin(section.district, given_name="Noor", family_name="Haddad")
        yield with_fresh_code(as_account(office))


@pytest.fixture
def proposed(scene):
    """The proposal of a night, which waits for a person: levels follow the evidence tree."""
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        MasteryPolicy.objects.create(district=section.district, starts_on=days_ago(1).date(), method="tree")
        calibrate(section, easy.subject)
        work_off()
        return CalibrationRun.objects.get().candidate


def test_page_says_what_counts_and_what_is_proposed(scene, client):
    section, easy, _hard, _learners = scene
    text = client.get(LIST).content.decode()
    assert "every standard and question is taken as equally hard" in text
    assert "nothing yet: a night has to pass" in text
    assert "No policy works levels out by the evidence tree" in text

    calibrate(section, easy.subject)

    with assert_statements(at_most=12):
        page = client.get(LIST)
    (standing,) = page.context["standings"]
    assert (standing.counts.reason, standing.counts.standards_n, standing.counts.questions_n) == ("new", 2, 4)
    assert standing.is_same
    assert "nothing new; last worked out today" in page.content.decode()


def test_proposal_is_tried_without_a_trace_and_at_home_only(scene, client, proposed, as_account):
    page = client.get(LIST)
    assert "since" not in page.content.decode().split("In force")[1].split("</dd>")[0]
    url = reverse("calibration_try", args=[proposed.pk])
    assert url in page.content.decode()

    tried = client.get(url)

    figures = tried.context["figures"]
    assert (figures.students, figures.changed) == (12, len({row.learner.pk for row in tried.context["rows"]}))
    assert figures.changes > 0
    assert not CalibrationStart.objects.exists()
    rows = b"".join(client.get(reverse("calibration_csv", args=[proposed.pk])).streaming_content).decode().splitlines()
    assert len(rows) == 1 + figures.changes
    assert as_account(make_school_admin(scene[3][0].home_school)).get(LIST).status_code == 404
    other = as_account(make_district_admin(make_district()))
    assert "Nothing to calibrate yet" in other.get(LIST).content.decode()
    assert other.get(url).status_code == 404


def test_proposal_starts_on_a_day_and_is_withdrawn_and_put_back(scene, client, proposed):
    section, easy, _hard, _learners = scene
    start, day = reverse("calibration_start", args=[proposed.pk]), timezone.localdate() + timedelta(days=10)
    over = client.post(start, {"starts_on": days_ago(1).date().isoformat()})
    assert (over.status_code, "This day is over" in over.content.decode()) == (422, True)

    text = client.post(start, {"starts_on": day.isoformat()}, follow=True).content.decode()

    event = CalibrationStart.objects.get()
    assert (event.starts_on, event.reason, event.created_by.family_name) == (day, "chosen", "Haddad")
    assert "until then you can withdraw it" in text
    offset = lambda: Policies(section.district_id).calibration(easy.subject_id, day).offsets(easy.pk).item()
    assert offset() > DEFAULT_OFFSET
    again = client.post(start, {"starts_on": day.isoformat()}, follow=True).content.decode()
    assert "counts on that day already" in again
    withdraw = reverse("calibration_withdraw", args=[event.pk])
    assert "Put back" in client.post(withdraw, {"act": "withdraw"}, follow=True).content.decode()
    assert "Somebody else did that first" in client.post(withdraw, {"act": "withdraw"}, follow=True).content.decode()
    assert offset() == DEFAULT_OFFSET
    assert "Put back. It begins" in client.post(withdraw, {"act": "restore"}, follow=True).content.decode()
    assert offset() > DEFAULT_OFFSET
    begun = calibrations.start_version(proposed, starts_on=timezone.localdate())
    url = reverse("calibration_withdraw", args=[begun.pk])
    assert "has begun" in client.post(url, {"act": "withdraw"}, follow=True).content.decode()


def test_proposal_of_an_earlier_night_is_not_started(scene, client, proposed):
    section, easy, _hard, learners = scene
    kept = calibrations.start_version(proposed, starts_on=timezone.localdate() + timedelta(days=5))
    assessment = make_assessment(section, [easy], given_on=days_ago(1).date())
    for learner in learners:
        give(assessment, learner, easy, 1)
    work_off()
    calibrate(section, easy.subject)
    assert CalibrationVersion.objects.count() == 2
    answer = client.post(
        reverse("calibration_start", args=[kept.calibration_id]),
        {"starts_on": timezone.localdate().isoformat()},
        follow=True,
    )
    assert "Another calibration is proposed by now" in answer.content.decode()
    assert CalibrationStart.objects.count() == 1
