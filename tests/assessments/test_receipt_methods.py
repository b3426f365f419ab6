"""The receipt under every method that a policy may name, and what a policy keeps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from assessments.mastery.calibration import UNCALIBRATED
from assessments.mastery.methods import METHODS
from assessments.models import Mastery, MasteryPolicy
from assessments.receipt_words import METHODS as METHOD_WORDS
from assessments.receipt_words import draw_course, say_lines, say_outlook
from assessments.services.policies import Policies
from assessments.services.receipts import read_account
from tests.factories.assessments import days_ago, give, make_assessment, work_off


def use(taught, **fields):
    fields = {"district": taught.section.district, "starts_on": days_ago(300).date()} | fields
    return MasteryPolicy.objects.create(**fields)


def mark(taught, *marks):
    learner, standard = taught.learners[0], taught.standards[0]
    for place, points in enumerate(marks):
        given_on = days_ago(len(marks) - place).date()
        give(make_assessment(taught.section, [standard], given_on=given_on), learner, standard, points)
    work_off()
    return learner, standard


def lines_of(taught, *marks, exact=True):
    return say_lines(read_account(*mark(taught, *marks)), exact=exact)


def test_every_method_may_stand_in_a_policy_and_has_words():
    assert set(MasteryPolicy.Method.values) == {*METHODS, "tree"} == set(METHOD_WORDS)


@pytest.mark.parametrize("method", METHODS)
def test_stored_value_names_method_version_and_policy(taught, method):
    policy = use(taught, method=method, newest_weight="0.80", times=2, whole=True)
    learner, standard = mark(taught, 3, 4, 3)
    row = Mastery.objects.get(learner=learner, standard=standard)
    assert (row.method, row.method_version, row.policy_id) == (method, METHODS[method].version, policy.pk)
    in_force = Policies(taught.section.district_id).on(standard.framework_id, timezone.localdate())
    expected = METHODS[method].value([3.0, 4.0, 3.0], [1.0] * 3, in_force.parameters)
    assert row.value_micro == pytest.approx(expected * 1e6, abs=0.51)
    assert (in_force.parameters.newest_weight, in_force.parameters.times, in_force.parameters.whole) == (0.8, 2, True)
    assert row.level == int(expected)
    assert read_account(learner, standard).is_current


@pytest.mark.parametrize("exact", [True, False])
def test_better_result_that_lowers_the_level_is_explained(taught, exact):
    use(taught, method="weighted")
    lines = lines_of(taught, 1, 1, 1, 1, 1, 4, 3, exact=exact)
    assert lines["lowered"] == (
        "The newest result, 3, is above the 2.95 before it, and the level still fell to 2.48: the 4 before it "
        "no longer counts as the newest (65 %), but as one of all the earlier ones."
    )
    assert lines["bounds"] == "Nearest level: 2 Building (1.5 up to 2.5)."


def test_explanation_stands_on_the_page(taught, as_account):
    use(taught, method="weighted")
    learner, standard = mark(taught, 1, 1, 1, 1, 1, 4, 3)
    page = as_account(taught.teacher).get(reverse("receipt", args=[learner.pk, standard.pk])).content.decode()
    assert "no longer counts as the newest (65 %)" in page


def test_power_law_shows_its_sums_to_staff_and_no_shares(taught):
    use(taught, method="power_law")
    lines = lines_of(taught, 1, 2)
    assert lines["sums"].startswith("n = 2, Σ ln j = 0.693147, Σ ln² j = 0.480453, Σ ln x = 0.693147, Σ ln j · ln x")
    assert (lines["in_shares"], [line["share"] for line in lines["counted"]]) == (False, ["", ""])
    family = say_lines(read_account(taught.learners[0], taught.standards[0]), exact=False)
    assert (family["sums"], family["value_short"]) == ("", "2.00")


def test_n_times_says_how_far_it_is(taught, as_account):
    use(taught, method="n_times")
    learner, standard = mark(taught, 3, 1, 4)
    lines = say_lines(read_account(learner, standard), exact=True)
    assert lines["waiting"] == "Mastery was reached 2 of 3 times. A level shows from then on."
    assert lines["method"] == "Mean of what reached mastery, once it was reached 3 times"
    page = as_account(taught.teacher).get(reverse("receipt", args=[learner.pk, standard.pk])).content.decode()
    assert lines["waiting"] in page


def test_tree_moves_a_level_only_by_results_on_the_standard(taught):
    """What it held after the last result there stays shown; other work before that result is a part of it."""
    use(taught, method="tree")
    learner, standard = mark(taught, 3, 3)
    other = taught.standards[1]
    alone = Mastery.objects.get(learner=learner, standard=standard)
    assert (alone.method, alone.shown_level) == ("tree", 3)
    give(make_assessment(taught.section, [other], given_on=days_ago(0).date()), learner, other, 1)
    work_off()
    after = Mastery.objects.get(learner=learner, standard=standard)
    assert (after.value_micro, after.shown_level) == (alone.value_micro, alone.shown_level)
    give(make_assessment(taught.section, [other], given_on=days_ago(9).date()), learner, other, 1)
    work_off()
    late = Mastery.objects.get(learner=learner, standard=standard)
    assert late.value_micro < alone.value_micro
    assert read_account(learner, standard).is_current


@pytest.mark.parametrize("exact", [True, False])
def test_tree_receipt_adds_up_in_words(taught, exact):
    use(taught, method="tree")
    lines = lines_of(taught, 3, 1, 4, exact=exact)
    parts = [
        Decimal((part["whole"] + part["fraction"]).replace("−", "-")) for part in lines["counted"] + lines["terms"]
    ]
    together = Decimal(lines["together"]["whole"] + lines["together"]["fraction"])
    assert sum(parts) == together
    words = ["Practice by trying", "Other work in this subject", "What students here usually show"]
    assert [term["words"] for term in lines["terms"]] == words
    assert (lines["in_shares"], lines["terms"][-1]["whole"]) == (False, "2")
    assert [line["level"] for line in lines["counted"]] == [4, 1, 3]


def test_tree_receipt_is_current_and_stands_on_the_page(taught, as_account):
    policy = use(taught, method="tree")
    learner, standard = mark(taught, 3, 4, 3)
    row = Mastery.objects.get(learner=learner, standard=standard)
    assert (row.method, row.method_version, row.policy_id) == ("tree", "1", policy.pk)
    account = read_account(learner, standard)
    assert account.is_current
    assert account.receipt.stamp["parameters"]["calibration"] == UNCALIBRATED.version
    page = as_account(taught.teacher).get(reverse("receipt", args=[learner.pk, standard.pk])).content.decode()
    assert "Each part says how far it moved the value" in page
    assert "× share" not in page
    assert say_outlook(account, own=True, name="").startswith("One try cannot reach 4 Extending yet")


def test_whole_part_is_named(taught):
    use(taught, method="mean", whole=True)
    assert lines_of(taught, 3, 4)["bounds"] == "By the whole part: 3 Secure (3 up to 4)."


def test_looking_ahead_and_the_drawing_round_half_up_as_the_receipt_does(taught):
    use(taught, method="decaying")
    learner, standard = mark(taught, 2, 2.5)
    account = read_account(learner, standard)
    assert account.receipt.value_micro == 2_325_000
    assert say_lines(account, exact=False)["value_short"] == "2.33"
    assert draw_course(account)["dots"][-1]["value"] == "2.33"


# What a policy keeps


@pytest.mark.parametrize(
    ("changed", "value"), [("method", "mean"), ("newest_weight", "0.70"), ("times", 4), ("whole", True)]
)
def test_policy_that_has_started_stays_as_it_is(taught, changed, value):
    policy = use(taught)
    setattr(policy, changed, value)
    with pytest.raises(DatabaseError, match="stays as it is"):
        policy.save()


def test_policy_that_has_not_started_may_change_and_words_always(taught):
    later = use(taught, starts_on=timezone.localdate() + timedelta(days=10))
    later.method = "mean"
    later.save()
    begun = use(taught)
    begun.level_words = ["One", "Two", "Three", "Four"]
    begun.save()
    later.refresh_from_db()
    assert later.method == "mean"


@pytest.mark.parametrize(
    ("field", "value"), [("newest_weight", Decimal("0.49")), ("newest_weight", "1.00"), ("times", 0), ("whole", True)]
)
def test_policy_that_cannot_work_is_refused(taught, field, value):
    policy = MasteryPolicy(
        district=taught.section.district, starts_on=days_ago(1).date(), method="tree", **{field: value}
    )
    with pytest.raises(ValidationError) as refused:
        policy.clean()
    assert list(refused.value.message_dict) == [field]


def test_columns_have_their_defaults_in_the_database(taught):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessments_masterypolicy (district_id, starts_on, method, newest_weight, cuts, level_words,"
            " mastery_level, minimum_n, created_at) VALUES (%s, %s, 'mean', .65, '{.5}', '{}', 2, 10, now())"
            " RETURNING times, whole",
            [taught.section.district_id, days_ago(1).date()],
        )
        assert cursor.fetchone() == (3, False)
