import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from assessments.mastery.calibration import Calibration
from assessments.mastery.events import OVERRIDE_SET, history
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL
from assessments.mastery.sureness import CHECK_AGAIN, REASONS, SURE, how_sure, is_sure, newer_results_disagree
from assessments.mastery.tree import DEFAULT_OFFSET, replay_learner
from assessments.mastery.tree_reading import read_pair
from tests.assessments.mastery.strategies import LAWS, histories


def account(rows, shown_level, **options):
    defaults = {"standard": 1, "domain": 10, "overridden": False, "newer": 0, "now": float(rows.ts.max(initial=0))}
    return how_sure(rows, shown_level=shown_level, scale=DEFAULT_SCALE, **(defaults | options))


def marks(*points, standard=1, gap=7, **columns):
    n = len(points)
    made = {
        "learner": [1] * n,
        "standard": standard,
        "domain": 10,
        "ts": np.arange(n) * gap,
        "points": points,
        "weight": 2,
    }
    return history(**(made | {"record": range(100, 100 + n)} | columns))


def test_account_names_its_parts_and_three_steps():
    found = account(marks(4, 4, 1, 4, standard=[2, 1, 1, 1]), 3)
    assert [part.kind for part in found.parts] == ["offset", "other_work", "result", "result", "result", "practice"]
    pulls = [part for part in found.parts if part.kind == "result"]
    assert [part.record for part in pulls] == [102, 103, 101]
    assert [part.micro_logit > 0 for part in pulls] == [False, True, True]
    assert found.parts[0].micro_logit == pytest.approx(DEFAULT_OFFSET * 1e6, abs=1)
    assert sum(part.micro_logit for part in found.parts) == found.eta_micro
    assert found.lo_micro < found.with_results_micro < found.hi_micro
    assert json.loads(json.dumps(found.account()))["parts"][2] == {
        "kind": "result",
        "record": 102,
        "micro_logit": pulls[0].micro_logit,
    }
    assert found.account()["estimate_micro"] == found.with_results_micro


def test_account_with_a_calibration_is_the_belief_that_the_calibration_makes():
    rows = marks(4, 1, 4, item=[7, 8, 7])
    version = Calibration(
        standard=np.array([1]),
        offset=np.array([-0.4]),
        has_items=np.array([True]),
        item=np.array([7, 8]),
        difficulty=np.array([-0.9, 1.2]),
        difficulty_variance=np.array([0.1, 0.2]),
    )
    found = account(rows, 3, calibration=version)
    state = replay_learner(rows, scale=DEFAULT_SCALE, terms=version.terms(rows))
    belief = read_pair(state, standard=1, domain=10, now=14.0, scale=DEFAULT_SCALE, offset=-0.4)
    assert found.eta_micro == to_micro(belief.eta)
    assert sum(part.micro_logit for part in found.parts) == found.eta_micro
    assert found.parts[0].micro_logit == pytest.approx(-0.4e6, abs=1)
    without_items = replace(version, has_items=np.array([False]), item=np.empty(0, np.int64), difficulty=np.empty(0))
    assert account(rows, 3, calibration=without_items).eta_micro != found.eta_micro
    assert account(rows, 3, calibration=without_items) == account(rows, 3, offsets={1: -0.4})


def test_nothing_known_is_what_learners_here_usually_get():
    nothing = np.empty(0)
    found = account(history(learner=nothing, standard=nothing, ts=nothing), None)
    assert found.usually_micro == found.with_other_work_micro == found.with_results_micro
    assert found.usually_micro == pytest.approx(623_000, abs=100)
    assert (found.verdict, found.reason, found.results, found.last_ts) == (CHECK_AGAIN, "no_result", 0, None)


@LAWS
@given(histories(learners=1))
def test_account_sums_exactly_to_the_belief(rows):
    state = replay_learner(rows, scale=DEFAULT_SCALE)
    for standard, domain in ((1, 0), (2, 1), (4, -1), (9, 5)):
        found = account(rows, 3, standard=standard, domain=domain, now=60.0)
        belief = read_pair(state, standard=standard, domain=domain, now=60.0, scale=DEFAULT_SCALE)
        assert sum(part.micro_logit for part in found.parts) == found.eta_micro
        assert found.eta_micro == pytest.approx(belief.eta * 1e6, abs=0.501)
        assert found.with_results_micro == pytest.approx(belief.estimate * 1e6, abs=0.501)
        assert found.reason in REASONS


def test_override_starts_the_account_anew():
    rows = marks(1, 1, 1, 3, kind=[0, 0, OVERRIDE_SET, 0], override_level=4)
    found = account(rows, 4, overridden=True, newer=1)
    assert [(part.kind, part.record) for part in found.parts] == [
        ("offset", None),
        ("other_work", None),
        ("result", 103),
        ("practice", None),
        ("override", 102),
    ]
    assert (found.verdict, found.reason) == (SURE, "set_by_teacher")


@pytest.mark.parametrize(
    ("rows", "shown_level", "options", "verdict", "reason"),
    [
        (marks(4, 4, 4), 4, {}, SURE, "work_agrees"),
        (marks(1, 1, 1), 1, {}, SURE, "work_agrees"),
        (marks(4), 4, {}, CHECK_AGAIN, "one_result"),
        (marks(3, 3), 3, {}, CHECK_AGAIN, "not_settled"),
        (marks(3, 3, 3, 3), 3, {}, CHECK_AGAIN, "not_settled"),
        (marks(4, 4), 4, {"now": 400.0}, CHECK_AGAIN, "old_evidence"),
        (marks(*[1] * 8, 3, 4, standard=[2] * 8 + [1, 1]), 4, {}, CHECK_AGAIN, "other_work_lower"),
        (marks(*[4] * 8, 2, 1, standard=[2] * 8 + [1, 1]), 1, {}, CHECK_AGAIN, "other_work_higher"),
        (marks(3, 3, event=5), 3, {}, CHECK_AGAIN, "one_result"),
    ],
)
def test_verdict_has_one_reason(rows, shown_level, options, verdict, reason):
    found = account(rows, shown_level, **options)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_threshold_is_the_districts():
    four_threes = marks(3, 3, 3, 3)
    assert account(four_threes, 3, threshold=0.65).verdict == SURE
    for threshold in (0.49, 0.96):
        with pytest.raises(ValueError, match="threshold of sureness"):
            account(four_threes, 3, threshold=threshold)


def test_wall_reads_the_same_rule():
    found = is_sure(
        [4, 4, 3, 2, 2, NO_LEVEL, 4], [0.9, 0.9, 0.69, 0.3, 0.36, 0.9, 0.7], [2, 1, 5, 2, 2, 2, 2], scale=DEFAULT_SCALE
    )
    assert found.tolist() == [True, False, False, True, False, False, True]


def test_newer_results_disagree_after_three_and_only_clearly():
    found = newer_results_disagree(
        [3, 3, 3, 2, 2], [0.09, 0.09, 0.11, 0.91, 0.89], [3, 2, 3, 3, 9], scale=DEFAULT_SCALE
    )
    assert found.tolist() == [True, False, False, True, False]
    pinned = is_sure([4, 4], [0.05, 0.05], [9, 9], scale=DEFAULT_SCALE, overridden=True, newer=[3, 2])
    assert pinned.tolist() == [False, True]


def test_override_that_newer_results_contradict_says_so():
    rows = marks(4, *[1] * 8, kind=[OVERRIDE_SET] + [0] * 8, override_level=4)
    found = account(rows, 4, overridden=True, newer=8)
    assert (found.verdict, found.reason) == (CHECK_AGAIN, "newer_results_disagree")
