"""A receipt adds up for everybody; what is for staff is not in anybody else's document."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, OverrideReason
from assessments.receipt_words import say_lines
from assessments.services.receipts import read_account
from assessments.services.results import write_note
from profiles.services import objections
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_account, make_guardian, make_learner, make_roster, make_school_admin

pytestmark = pytest.mark.django_db
MARKS = (2, 1, 3, 4)


@pytest.fixture
def marked(taught):
    """Marks 2, 1, 3, 4 on the first standard, a week apart, and a line of feedback on the newest."""
    learner, standard = taught.learners[0], taught.standards[0]
    for place, mark in enumerate(MARKS):
        assessment = make_assessment(taught.section, [standard], given_on=days_ago(28 - 7 * place).date())
        give(assessment, learner, standard, mark)
    write_note(
        assessment=assessment,
        learner_id=learner.pk,
        standard_id=standard.pk,
        text="Now it is clear.",
        by=taught.teacher,
    )
    work_off()
    return taught


def address(taught, name="receipt"):
    return reverse(name, args=[taught.learners[0].pk, taught.standards[0].pk])


def page_for(account, taught, as_account):
    answer = as_account(account).get(address(taught))
    assert answer.status_code == 200
    return answer.content.decode()


def parts_of(lines):
    return [Decimal(line["whole"] + line["fraction"]) for line in lines["counted"]]


@pytest.mark.parametrize(("exact", "total"), [(True, "3.447875"), (False, "3.45")])
def test_printed_parts_add_up_to_the_printed_number(marked, exact, total):
    lines = say_lines(read_account(marked.learners[0], marked.standards[0]), exact=exact)

    assert lines["together"]["whole"] + lines["together"]["fraction"] == total
    assert sum(parts_of(lines)) == Decimal(total)


def test_families_read_two_decimals(marked):
    lines = say_lines(read_account(marked.learners[0], marked.standards[0]), exact=False)

    assert [line["whole"] + line["fraction"] for line in lines["counted"]] == ["2.60", "0.68", "0.08", "0.09"]


def test_staff_see_every_digit_and_how_sure(marked, as_account):
    page = page_for(marked.teacher, marked, as_account)

    assert "447875" in page
    assert "How sure?" in page
    assert "Set the level yourself" in page


def test_how_sure_is_not_said_while_an_objection_stands(marked, as_account):
    learner = marked.learners[0]
    objections.object_to(learner, by=marked.teacher, words="")
    assert "Sure." not in page_for(marked.teacher, marked, as_account)
    assert "the family objects" in page_for(marked.teacher, marked, as_account)
    objections.take_back(learner, by=marked.teacher)
    assert "the family objects" not in page_for(marked.teacher, marked, as_account)


@pytest.mark.parametrize("who", ["learner", "guardian"])
def test_learner_and_guardian_read_the_same_account_without_what_is_for_staff(marked, as_account, who):
    account = marked.learners[0].account if who == "learner" else make_guardian(marked.learners[0])

    page = page_for(account, marked, as_account)

    assert "Now it is clear." in page
    assert ".45" in page
    for hidden in (
        "447875",
        "How sure?",
        'class="how-sure',
        "Set the level yourself",
        "Why? (needed)",
        "Likely",
        "staff only",
    ):
        assert hidden not in page


def test_learner_is_spoken_to(marked, as_account):
    page = page_for(marked.learners[0].account, marked, as_account)

    assert "My level" in page
    assert "You are at 3 of 4. We used your last 4 tries. Newest counts most, 65 %." in page


def test_teacher_elsewhere_reads_the_own_child_as_a_guardian(marked, as_account):
    account = make_account(marked.section.district)
    enroll(account, make_roster(marked.section.roster.school))
    guardian = make_guardian(marked.learners[0])
    enroll(guardian, make_roster(marked.section.roster.school))

    assert "How sure?" not in page_for(guardian, marked, as_account)
    assert as_account(account).get(address(marked)).status_code == 404
    assert as_account(guardian).post(address(marked, "set_level"), {"level": 4, "reason": "Mine"}).status_code == 404


def test_administrator_reads_but_sets_no_level(marked, as_account):
    admin = make_school_admin(marked.section.roster.school)

    page = page_for(admin, marked, as_account)

    assert "How sure?" in page
    assert "Set the level yourself" not in page
    assert as_account(admin).post(address(marked, "set_level"), {"level": 4, "reason": "Seen"}).status_code == 404


def test_classmate_and_stranger_find_nothing(marked, as_account):
    for account in (marked.learners[1].account, make_guardian(marked.learners[1]), make_learner(account=True).account):
        assert as_account(account).get(address(marked)).status_code == 404


def test_level_is_set_with_a_reason_and_shown_to_the_family(marked, as_account):
    client = as_account(marked.teacher)
    refused = client.post(address(marked, "set_level"), {"act": "set", "level": "4", "reason": " "})
    assert refused.status_code == 422
    assert re.search(r'value="4"[^>]*checked', refused.content.decode())
    assert Evidence.objects.filter(kind="set").count() == 0

    done = client.post(address(marked, "set_level"), {"act": "set", "level": "4", "reason": "Taught it to Ana."})
    work_off()

    assert (done.status_code, done["Location"]) == (302, address(marked))
    assert OverrideReason.objects.get().text == "Taught it to Ana."
    page = page_for(make_guardian(marked.learners[0]), marked, as_account)
    assert "Taught it to Ana." in page
    assert "Results say 3." in page


def test_earlier_tries_stand_struck_with_their_reason(marked, as_account):
    learner, standard = marked.learners[0], marked.standards[0]
    give(make_assessment(marked.section, [standard], kind="reassessment"), learner, standard, 4, at=timezone.now())
    work_off()

    lines = say_lines(read_account(learner, standard), exact=True)

    assert [(line["level"], line["why"]) for line in lines["left_out"]] == [
        (mark, "earlier try, not counted") for mark in MARKS
    ]
    assert lines["value"] == "4"


def test_receipt_without_any_result_says_so(taught, as_account):
    page = page_for(taught.teacher, taught, as_account)

    assert "Not yet assessed: no result counts here yet." in page
    assert "no result" in page


def test_receipt_says_which_way_the_level_went(marked, as_account):
    learner, standard = marked.learners[0], marked.standards[0]
    assert "Moved up in the last 30 days." in page_for(marked.teacher, marked, as_account)
    for _ in range(3):
        give(make_assessment(marked.section, [standard]), learner, standard, 1)
    work_off()

    assert "Newer results are lower than 30 days ago." in page_for(marked.teacher, marked, as_account)
    assert "What it takes to go up stands here too." in page_for(learner.account, marked, as_account)
