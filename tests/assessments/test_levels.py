"""Setting many levels in one act, taking the act back, and two teachers on one cell."""

import re

import pytest
from django.urls import reverse

from assessments.models import Evidence, Mastery, OverrideReason
from assessments.services import overrides
from assessments.services.overrides import Chosen
from tests.budgets import assert_statements, statements
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import make_learner

pytestmark = pytest.mark.django_db

REASON = "Explained it at the board."


@pytest.fixture
def full(taught):
    """Results on the first standard for all three, a level set on the first of them, none on the second standard."""
    first, _second = taught.standards
    assessment = make_assessment(taught.section, taught.standards, given_on=days_ago(3).date())
    for learner, mark in zip(taught.learners, (1, 2, 4), strict=True):
        give(assessment, learner, first, mark)
    overrides.set_level(learner=taught.learners[0], standard=first, level=2, reason="At home", by=taught.teacher)
    work_off()
    return taught


def levels(full):
    work_off()
    shown = Mastery.objects.values_list("learner_id", "standard_id", "shown_level", "level", "value_micro")
    reasons = OverrideReason.objects.in_bulk(field_name="evidence_id")
    overridden = dict(Mastery.objects.filter(override_id__isnull=False).values_list("learner_id", "override_id"))
    texts = {learner: reasons[record].text for learner, record in overridden.items()}
    return sorted(row for row in shown if row[2] is not None), texts


def ticked(full, cells, **fields):
    """What the form sends: the values of these boxes, as the page holds them."""
    page = fields.pop("page")
    values = []
    for learner, standard in cells:
        (value,) = re.findall(rf"value=({learner.pk}\.{standard.pk}\.\d+)", page)
        values.append(value)
    return {"cell": values, "level": "3", "reason": REASON} | fields


@pytest.fixture
def page_of(full, as_account):
    """(client, url, text of the page) of a teacher."""

    def open_page(account):
        client = as_account(account)
        url = reverse("section_levels", args=[full.section.pk])
        return client, url, client.get(url).content.decode()

    return open_page


def all_cells(full):
    return [(learner, standard) for learner in full.learners for standard in full.standards]


def test_one_undo_restores_exactly_what_was_before(full, page_of):
    before = levels(full)
    client, url, page = page_of(full.teacher)

    wall = client.post(url, ticked(full, all_cells(full), page=page), follow=True).content.decode()

    set_levels, reasons = levels(full)
    assert [row[2] for row in set_levels] == [3] * 6
    assert set(reasons.values()) == {REASON}
    (undo,) = re.findall(r'action="([^"]+/undo/)"', wall)
    said = client.post(undo, follow=True).content.decode()
    assert "Undone: 6 cells stand as before." in said
    assert levels(full) == before
    assert "There is nothing left to undo." in client.post(undo, follow=True).content.decode()
    assert levels(full) == before


def test_act_can_be_undone_later_from_the_page_and_by_nobody_else(full, page_of):
    before = levels(full)
    client, url, page = page_of(full.teacher)
    client.post(url, ticked(full, all_cells(full)[:3], page=page))
    work_off()
    (undo,) = re.findall(r'action="([^"]+/undo/)"', client.get(url).content.decode())

    other, _url, others_page = page_of(full.co_teacher)
    assert "/undo/" not in others_page
    assert "There is nothing left to undo." in other.post(undo, follow=True).content.decode()
    assert levels(full) != before
    client.post(undo)
    assert levels(full) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"level": "5"}, "Pick a level first."),
        ({"level": ""}, "Pick a level first."),
        ({"level": "9" * 5000}, "Pick a level first."),
        ({"reason": " "}, "Say why, in at most 500 characters."),
        ({"cell": []}, "Tick at least one cell first."),
        ({"cell": ["x.1.0"]}, "Some of the ticked cells are not on this wall any more."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_set(full, page_of, fields, said):
    client, url, page = page_of(full.teacher)
    before = Evidence.objects.count()

    answer = client.post(url, ticked(full, all_cells(full)[:2], page=page) | fields)

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Evidence.objects.count() == before


def test_one_cell_of_another_class_refuses_all_and_keeps_the_other_ticks(full, page_of):
    client, url, page = page_of(full.teacher)
    sent = ticked(full, all_cells(full)[:2], page=page)
    sent["cell"] = [*sent["cell"], f"{make_learner().pk}.{full.standards[0].pk}.0"]
    before = Evidence.objects.count()

    again = client.post(url, sent)

    assert (again.status_code, again.content.decode().count(" checked aria-label=")) == (422, 2)
    assert Evidence.objects.count() == before


def test_keeping_what_the_other_teacher_set_changes_nothing_and_says_so(full, page_of):
    client, url, _page = page_of(full.teacher)
    before = Evidence.objects.count()

    kept = client.post(url, {"choice.0": "", "level": "3", "reason": REASON}, follow=True)

    assert kept.redirect_chain == [(reverse("section_wall", args=[full.section.pk]), 302)]
    assert "Nothing was changed." in kept.content.decode()
    assert Evidence.objects.count() == before


@pytest.mark.parametrize("field", ["level", "section"])
def test_endless_number_on_the_receipt_is_no_number(full, as_account, field):
    url = reverse("set_level", args=[full.learners[1].pk, full.standards[0].pk])

    answer = as_account(full.teacher).post(url, {"level": "", "reason": REASON, "section": ""} | {field: "9" * 5000})

    assert (answer.status_code, "Pick a level first." in answer.content.decode()) == (422, True)


def test_lost_race_shows_both_values_and_sets_nothing_until_it_is_answered(full, page_of):
    one, two, three = full.learners
    first = full.standards[0]
    client, url, page = page_of(full.teacher)
    for learner, level in [(one, 4), (two, 1)]:
        overrides.set_level(learner=learner, standard=first, level=level, reason="Seen in the hall", by=full.co_teacher)
    work_off()
    before = Evidence.objects.count()

    asked = client.post(url, ticked(full, [(learner, first) for learner in full.learners], page=page))

    text = asked.content.decode()
    assert asked.status_code == 409
    assert Evidence.objects.count() == before
    assert [text.count("Ken Lee"), text.count("Seen in the hall"), text.count("Use mine")] == [2, 2, 2]
    assert re.findall(r'name="cell" value="(\d+)\.', text) == [str(three.pk)]
    mine = re.findall(r'name="(choice\.\d+)" value="(\d+\.\d+\.\d+)"', text.replace("\n", " "))
    rest = re.findall(r'name="cell" value="([^"]+)"', text)
    answers = {mine[0][0]: "", mine[1][0]: mine[1][1]}  # keep the one, use mine on the other
    client.post(url, {"level": "3", "reason": REASON, "cell": rest, **answers})
    work_off()

    shown = dict(Mastery.objects.filter(standard=first).values_list("learner_id", "shown_level"))
    assert shown == {one.pk: 4, two.pk: 3, three.pk: 3}


def test_own_newer_level_and_a_level_that_was_seen_are_no_race(full):
    one, two, _three = full.learners
    first = full.standards[0]
    mine = overrides.set_level(learner=two, standard=first, level=3, reason="Mine", by=full.teacher)
    theirs = overrides.set_level(learner=one, standard=first, level=4, reason="Theirs", by=full.co_teacher)

    batch = overrides.set_levels(
        cells=[Chosen(two.pk, first.pk, 0), Chosen(one.pk, first.pk, theirs)],
        standards=[first],
        level=3,
        reason="Mine",
        by=full.teacher,
        district_id=full.section.district_id,
    )

    assert (batch.changed, batch.records[two.pk, first.pk]) == (1, mine)


def test_level_that_somebody_lifted_meanwhile_is_a_race(full):
    one, first = full.learners[0], full.standards[0]
    seen = Mastery.objects.get(learner=one, standard=first).override_id
    overrides.lift_level(learner=one, standard=first, by=full.co_teacher)

    with pytest.raises(overrides.TakenFirst) as refused:
        overrides.set_level(learner=one, standard=first, level=4, reason="x", by=full.teacher, seen=seen)

    (taken,) = refused.value.taken
    assert (taken.standing.level, taken.standing.by_name) == (None, "Ken Lee")


def test_undo_leaves_what_another_teacher_set_since(full, page_of):
    one, first = full.learners[0], full.standards[0]
    client, url, page = page_of(full.teacher)
    wall = client.post(url, ticked(full, all_cells(full), page=page), follow=True).content.decode()
    overrides.set_level(learner=one, standard=first, level=1, reason="Since", by=full.co_teacher)
    (undo,) = re.findall(r'action="([^"]+/undo/)"', wall)

    client.post(undo)
    work_off()

    shown = dict(Mastery.objects.filter(standard=first).values_list("learner_id", "shown_level"))
    assert [shown[learner.pk] for learner in full.learners] == [1, 2, 4]


def test_cost_of_setting_does_not_grow_with_the_cells(full, page_of):
    client, url, page = page_of(full.teacher)
    with assert_statements(at_most=18) as few:
        client.post(url, ticked(full, all_cells(full)[:2], page=page))
    spent = len(statements(few))  # the next request empties the log
    full.join(20)
    client, url, page = page_of(full.teacher)
    with assert_statements(exactly=spent):
        client.post(url, ticked(full, all_cells(full), page=page))


def test_receipt_shows_both_values_when_another_teacher_was_first(full, as_account):
    one, first = full.learners[1], full.standards[0]
    client = as_account(full.teacher)
    url = reverse("set_level", args=[one.pk, first.pk])
    (seen,) = set(re.findall(r'name="seen"\s+value="(\d+)"', receipt_of(client, one, first)))
    overrides.set_level(learner=one, standard=first, level=4, reason="Seen in the hall", by=full.co_teacher)

    asked = client.post(url, {"act": "set", "level": "3", "reason": REASON, "seen": seen})

    text = " ".join(asked.content.decode().split())
    assert (seen, asked.status_code) == ("0", 422)
    assert "Ken Lee set 4, today," in text
    assert ["“Seen in the hall”" in text, f"Yours: 3, “{REASON}”." in text] == [True, True]
    assert Evidence.objects.filter(learner=one, kind="set").count() == 1
    again = re.findall(r'name="seen"\s+value="(\d+)"', text)[-1]
    client.post(url, {"act": "set", "level": "3", "reason": REASON, "seen": again})
    work_off()
    assert Mastery.objects.get(learner=one, standard=first).shown_level == 3


def test_nobody_lifts_a_level_that_they_have_not_seen(full, as_account):
    one, first = full.learners[0], full.standards[0]
    client = as_account(full.co_teacher)
    seen = re.findall(r'name="seen"\s+value="(\d+)"', receipt_of(client, one, first))[0]
    overrides.set_level(learner=one, standard=first, level=4, reason="New", by=full.teacher)

    text = client.post(reverse("set_level", args=[one.pk, first.pk]), {"act": "lift", "seen": seen}).content.decode()

    work_off()
    assert "Rosa Delgado set 4" in text
    assert Mastery.objects.get(learner=one, standard=first).shown_level == 4


def receipt_of(client, learner, standard):
    return client.get(reverse("receipt", args=[learner.pk, standard.pk])).content.decode()
