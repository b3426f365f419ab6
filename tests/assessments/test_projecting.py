"""All pairs and days at once give what plain loops give."""

from dataclasses import asdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery.calibration import Calibration
from assessments.mastery.events import EXCUSED, NONE, NOT_SEEN, OVERRIDE_LIFT, OVERRIDE_SET, RESULT, history
from assessments.mastery.methods import METHODS, Parameters
from assessments.mastery.scale import DEFAULT_SCALE, Scale
from assessments.mastery.tree import LearnerState
from assessments.services.histories import Histories
from assessments.services.homes import ALWAYS, Homes
from assessments.services.policies import TREE, InForce, Key, Policies, SchoolLine
from assessments.services.projecting import MISSING, project
from lrm.copying import DAY_2000, MICROS_2000, NO_INSTANT
from tests.assessments.mastery.strategies import LAWS, Digits
from tests.assessments.plain_projection import plain_levels, plain_states, plain_wakes

TODAY = date(2026, 3, 20)
SPAN = 60  # days over which records fall, some of them after today
FIRST = TODAY.toordinal() - SPAN + 5
KINDS = [RESULT] * 9 + [EXCUSED, NOT_SEEN, OVERRIDE_SET, OVERRIDE_LIFT]
COARSE = Scale(cuts=(0.5, 0.8), mastery_level=2)


CALIBRATIONS = [
    Calibration(
        standard=np.array([1, 2, 4]),
        offset=np.array(offset),
        has_items=np.array([True, False, True]),
        item=np.array([3, 4]),
        difficulty=np.array([0.9, -0.6]),
        difficulty_variance=np.array([0.1, 0.2]),
    )
    for offset in ([-1.0, 0.2, 2.0], [1.5, 0.2, -0.3])
]


class Fixed(Policies):
    """Policies that stand in no table."""

    def __init__(
        self,
        by_framework: dict[int | None, list[tuple[date, InForce]]],
        calibrations: dict[int, list[tuple[date, int]]],
        of_schools: dict[Key, list[tuple[date, SchoolLine | None]]] | None = None,
    ) -> None:
        self._by_framework = by_framework
        self._calibrations = calibrations
        self._of_schools = of_schools or {}

    load = staticmethod(lambda number: CALIBRATIONS[number])


@st.composite
def scenes(draw):
    """Histories of a few learners on four standards of two frameworks and subjects, who move between schools, and
    policies over time."""
    numbers = draw(st.lists(st.integers(0, 2**62), min_size=1, max_size=40))
    pick = Digits(numbers)
    size = len(numbers)
    learner = pick.choose([7, 8, 21])
    standard = pick.choose([1, 2, 3, 4])
    day = FIRST + pick.choose(range(SPAN))
    ts = day - date(1970, 1, 1).toordinal() + pick.choose([0.25, 0.5, 0.5, 0.75])
    kind = pick.choose(KINDS)
    length = pick.choose([0, 0, 1, 3, 40])
    many = pick.choose([True, False])  # one event of several rows, perhaps on several days
    possible = pick.choose([np.nan, np.nan, 4.0, 10.0])
    points = pick.choose([1.0, 2.0, 2.5, 3.0, 3.9, 4.0])
    rows = history(
        learner=learner,
        standard=standard,
        ts=ts,
        kind=kind,
        points=np.where(kind == RESULT, points, np.nan),
        possible=possible,
        weight=pick.choose([1.0, 2.0]),
        teacher_weight=pick.choose([1.0, 1.0, 0.5, 0.0]),
        domain=np.array([NONE, 90, 90, 91])[standard - 1],
        event=np.where(many, 1000, np.arange(size)),
        is_reassessment=pick.choose([True, False, False, False]),
        counts_earlier=pick.choose([True, False]),
        override_level=pick.choose([1, 2, 3, 4]),
        item=pick.choose([NONE, NONE, 3, 4, 5]),
    )
    order = np.lexsort((np.arange(size), ts, learner))
    ends_day = np.where((kind == OVERRIDE_SET) & (length > 0), day + length, 0)
    framework = np.array([50, 50, 51, 51])[standard - 1]
    subject = np.array([30, 31, 30, 30])[standard - 1]
    matched = np.where(kind == RESULT, pick.choose([NONE, NONE, NONE, 9]), NONE)
    carried = (matched != NONE) & pick.choose([True, False])
    columns = (day, ends_day, subject, framework, matched, carried)
    histories = Histories(rows.take(order), *(column[order] for column in columns), homes=draw(homes()))
    return histories, draw(policies())


@st.composite
def homes(draw):
    """Of all learners but one, who is known to have been at home nowhere. School 72 has no line of its own."""
    rows: list[tuple[int, int, int]] = []
    for learner in draw(st.sampled_from([(7, 8), (7, 21), (8,), ()])):
        moves = sorted(draw(st.lists(st.integers(FIRST - 3, FIRST + SPAN + 3), unique=True, max_size=3)))
        rows += [(learner, start, draw(st.sampled_from([70, 70, 71, 72]))) for start in (ALWAYS, *moves)]
    return Homes(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


@st.composite
def policies(draw):
    by_framework: dict[int | None, list[tuple[date, InForce]]] = {}
    for number in range(draw(st.integers(0, 4))):
        scale = draw(st.sampled_from([DEFAULT_SCALE, COARSE]))
        method = draw(st.sampled_from([*METHODS.values(), TREE, TREE, TREE]))
        starts_on = TODAY + timedelta(days=draw(st.integers(-SPAN, 10)))
        row = starts_on, InForce(number + 1, method, Parameters.on(scale), scale, exact_matches=draw(st.booleans()))
        by_framework.setdefault(draw(st.sampled_from([None, 50, 51])), []).append(row)
    starts = st.integers(-SPAN, 10).map(lambda days: TODAY + timedelta(days=days))
    of_schools: dict[Key, list[tuple[date, SchoolLine | None]]] = {}
    for number in range(draw(st.integers(0, 5))):
        key = draw(st.sampled_from([70, 71])), draw(st.sampled_from([None, 50, 51]))
        method = draw(st.sampled_from([*METHODS.values(), TREE, TREE]))
        cuts = draw(st.sampled_from([(0.4, 0.65, 0.85), (0.2, 0.5, 0.7), (0.3, 0.9)]))
        line = SchoolLine(number + 101, key[0], method, 0.8, 2, method is not TREE and draw(st.booleans()), cuts)
        of_schools.setdefault(key, []).append((draw(starts), draw(st.sampled_from([line, line, None]))))
    calibrations = st.lists(st.tuples(starts, st.sampled_from([0, 1])), max_size=2)
    return Fixed(
        {key: sorted(rows, key=lambda row: row[0]) for key, rows in by_framework.items()},
        {subject: sorted(draw(calibrations), key=lambda row: row[0]) for subject in (30, 31)},
        {key: sorted(rows, key=lambda row: row[0]) for key, rows in of_schools.items()},
    )


def as_tuples(projection):
    """Rows of now and of days in the form of the plain ones."""
    now = {}
    for row in projection.now:
        micros = int(row["last_observed_at"])
        last = np.nan if micros == NO_INSTANT else (micros + MICROS_2000) / 86_400_000_000
        pair = int(row["learner_id"]), int(row["standard_id"])
        now[pair] = *_end(row), int(row["override_id"]), last, int(row["trend"])
    days = {
        (int(row["learner_id"]), int(row["standard_id"]), int(row["day"]) + DAY_2000): _end(row)
        for row in projection.days
    }
    return now, days


def _end(row):
    policy = None if row["policy_id"] == MISSING["policy_id"] else int(row["policy_id"])
    values = (int(row[name]) for name in ("value_micro", "level", "shown_level", "n", "left_out"))
    return *values, row["method"].decode(), policy, row["method_version"].decode()


@LAWS
@given(scenes())
def test_levels_now_and_at_the_end_of_each_day_equal_plain_loops(scene):
    histories, policies = scene
    now, days = as_tuples(project(histories, policies, today=TODAY))
    plain_now, plain_days = plain_levels(histories, policies, TODAY)
    assert str(now) == str(plain_now)  # as text, because no number equals NaN
    assert days == plain_days


@LAWS
@given(scenes())
def test_states_equal_one_result_at_a_time(scene):
    histories, policies = scene
    states = project(histories, policies, today=TODAY).state
    plain = plain_states(histories, policies, TODAY)
    assert states.keys() == plain.keys()
    for pair, (model, stored) in states.items():
        plain_model, state = plain[pair]
        assert model == plain_model
        found = LearnerState.from_bytes(stored)
        assert _numbers(asdict(found)) == pytest.approx(_numbers(asdict(state)), abs=1e-12, rel=1e-12)


@LAWS
@given(scenes())
def test_wakes_are_those_of_plain_loops(scene):
    histories, policies = scene
    assert project(histories, policies, today=TODAY).wakes == plain_wakes(histories, policies, TODAY)


def _numbers(nested):
    """Every number of nested lists in order, none as -1."""
    if isinstance(nested, dict):
        return [x for key in sorted(nested) for x in _numbers(nested[key])]
    if isinstance(nested, list):
        return [x for part in nested for x in _numbers(part)]
    return [-1.0 if nested is None else float(nested)]


def test_pair_left_without_rows_shows_nothing_of_a_pair_whose_assessment_goes_over_days():
    """The last pair has but a match, which its policy does not count; the first has one assessment on two days."""
    day = np.array([FIRST, FIRST + 3, FIRST])
    rows = history(
        learner=np.array([7, 7, 8]),
        standard=np.array([1, 1, 1]),
        ts=day - date(1970, 1, 1).toordinal() + 0.5,
        kind=np.full(3, RESULT),
        points=np.array([1.0, 1.0, 3.0]),
        possible=np.full(3, np.nan),
        weight=np.ones(3),
        event=np.full(3, 1000),
        is_reassessment=np.ones(3, dtype=bool),
    )
    nothing, subject, framework = np.zeros(3, np.int64), np.full(3, 30), np.full(3, 50)
    histories = Histories(rows, day, nothing, subject, framework, np.array([NONE, NONE, 9]))
    now = project(histories, Fixed({}, {}), today=TODAY).now
    assert now["n"].tolist() == [1, 0]
    assert now["shown_level"].tolist() == [1, 0]


def test_move_changes_the_way_of_its_day_and_of_no_day_before():
    """Highest at the first school, newest at the second; the same marks before and after the move."""
    day = np.array([FIRST, FIRST + 1, FIRST + 20, FIRST + 21])
    rows = history(
        learner=np.full(4, 7),
        standard=np.full(4, 1),
        ts=day - date(1970, 1, 1).toordinal() + 0.5,
        kind=np.full(4, RESULT),
        points=np.array([4.0, 1.0, 4.0, 1.0]),
        possible=np.full(4, np.nan),
        weight=np.ones(4),
        event=np.arange(4),
    )
    nothing, subject, framework = np.zeros(4, np.int64), np.full(4, 30), np.full(4, 50)
    move = FIRST + 10
    stays = Homes(np.array([7, 7]), np.array([ALWAYS, move]), np.array([70, 71]))
    line = lambda school, method: [
        (date(2020, 1, 1), SchoolLine(school, school, METHODS[method], 0.65, 3, False, (0.4, 0.65, 0.85)))
    ]
    policies = Fixed({}, {}, {(70, None): line(70, "highest"), (71, None): line(71, "latest")})
    histories = Histories(rows, day, nothing, subject, framework, homes=stays)
    found = project(histories, policies, today=TODAY)
    shown = {int(row["day"]) + DAY_2000: (int(row["shown_level"]), int(row["policy_id"])) for row in found.days}
    assert shown == {FIRST: (4, 70), FIRST + 1: (4, 70), move: (1, 71), FIRST + 20: (4, 71), FIRST + 21: (1, 71)}
