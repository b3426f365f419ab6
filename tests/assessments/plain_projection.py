"""What projections hold, by plain loops over pairs and days: the oracle of the vectorised form."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from assessments.mastery import left_out, tree
from assessments.mastery.events import EXCUSED, NONE, NOT_SEEN, OVERRIDE_SET, RESULT, History
from assessments.mastery.left_out import BY_METHOD, PRACTICE
from assessments.mastery.rounding import NO_VALUE
from assessments.mastery.scale import fraction_to_points
from assessments.mastery.shown import shown_levels, trend
from assessments.mastery.tree_level import TreeMethod
from assessments.mastery.tree_reading import read_pair
from assessments.services.histories import Histories
from assessments.services.policies import Policies

TREND_DAYS = 30


def plain_levels(histories: Histories, policies: Policies, today: date) -> tuple[dict, dict]:
    """(learner, standard) -> row of now, and (learner, standard, ordinal) -> row of that day's end, as tuples."""
    rows = histories.rows
    now, days = {}, {}
    for learner, standard in sorted(set(zip(rows.learner.tolist(), rows.standard.tolist(), strict=True))):
        members = np.flatnonzero((rows.learner == learner) & (rows.standard == standard))
        series = _series(histories, members, policies, today)
        before = None
        for day, end, _rest in series:
            if end != before and not (before is None and end[2] == 0 and end[3] == 0 and end[4] == 0):
                days[learner, standard, day] = end
            before = end
        day, end, rest = series[-1]
        now[learner, standard] = (*end, *rest, _trend(series))
    return now, days


def _series(histories: Histories, members: np.ndarray, policies: Policies, today: date) -> list[tuple]:
    """[(ordinal, (micro, level, shown, n, method, policy), (override, last observed in days))]"""
    framework, subject = int(histories.framework[members[0]]), int(histories.subject[members[0]])
    learner = int(histories.rows.learner[members[0]])
    days = set(histories.day[members].tolist())
    days.update(day for day in histories.ends_day[members].tolist() if day)
    first = min(days)
    for start, school in [(0, None), *plain_stays(histories, learner)]:
        starts = {start, *(day.toordinal() for day in policies.starts(framework, subject, school))}
        days.update(day for day in starts if day > first)
    last = max(today.toordinal(), *histories.day[members].tolist())
    series = []
    for day in sorted(day for day in days if day <= last):
        rows = histories.rows.take(members[histories.day[members] <= day])
        if not len(rows):
            continue
        ends = histories.ends_day[members[histories.day[members] <= day]]
        rows.override_ends[:] = np.where((ends > 0) & (ends <= day), -np.inf, np.inf)
        at_home = plain_home(histories, learner, day)
        policy = policies.on(framework, date.fromordinal(day), subject_id=subject, school_id=at_home)
        matched = np.zeros(len(histories), bool) if histories.matched is None else histories.matched != NONE
        by_match = matched if histories.carried is None else matched & ~histories.carried
        if not policy.exact_matches:
            own = ~by_match[members[histories.day[members] <= day]]
            rows, ends = rows.take(own), ends[own]
        if not len(rows):
            nothing = NO_VALUE, 0, 0, 0, 0, policy.method.name, policy.policy_id, policy.method.version
            series.append((day, nothing, (NONE, float("nan"))))
            continue
        method = policy.method
        if isinstance(method, TreeMethod):
            whole = (histories.rows.learner == rows.learner[0]) & (histories.subject == subject)
            here = (policy.exact_matches | ~by_match) & (histories.framework == framework)
            method = PlainTree(histories.rows.take(whole & (histories.day <= day) & (~matched | here)), method)
        shown = shown_levels(rows, method=method, parameters=policy.parameters, scale=policy.scale, now=0.0)
        end = (
            int(shown.value_micro[0]), int(shown.computed_level[0]), int(shown.shown_level[0]), int(shown.n[0]),
            _left_out(rows, int(shown.shown_level[0]), int(shown.n[0])), policy.method.name, policy.policy_id,
            policy.method.version,
        )  # fmt: skip
        series.append((day, end, (int(shown.override_record[0]), float(shown.last_ts[0]))))
    return series


def plain_stays(histories: Histories, learner: int) -> list[tuple[int, int]]:
    """[(ordinal of the first day, school)], oldest first."""
    homes = histories.homes
    if homes is None:
        return []
    rows = zip(homes.learner.tolist(), homes.start.tolist(), homes.school.tolist(), strict=True)
    return [(start, school) for who, start, school in rows if who == learner]


def plain_home(histories: Histories, learner: int, day: int) -> int | None:
    found = [school for start, school in plain_stays(histories, learner) if start <= day]
    return found[-1] if found else None


def _left_out(rows: History, shown: int, n: int) -> int:
    """rows: of one pair, oldest first."""
    if shown:
        return 0
    if n:
        return BY_METHOD
    for kind, points, weight in zip(rows.kind[::-1], rows.points[::-1], rows.teacher_weight[::-1], strict=True):
        if kind == EXCUSED:
            return left_out.EXCUSED
        if kind == NOT_SEEN or (kind == RESULT and np.isnan(points)):
            return left_out.NOT_SEEN
        if kind == RESULT and weight == 0:
            return PRACTICE
    return 0


@dataclass(frozen=True)
class PlainTree:
    """The tree as level method of one pair, one result of its learner at a time.  whole: the learner in the subject."""

    whole: History
    tree: TreeMethod
    name: str = "tree"
    version: str = ""

    def values(self, rows, counted, parameters, scale):
        counts = set(rows.record[counted.row].tolist())
        state, found = tree.new_state(), np.nan
        calibration = self.tree.calibration
        for row, step in tree.replay_steps(state, self.whole, scale=scale, terms=calibration.terms(self.whole)):
            if step is not None and self.whole.record[row] in counts:
                place = {"standard": int(self.whole.standard[row]), "domain": int(self.whole.domain[row])}
                offset = calibration.offsets(place["standard"]).item()
                estimate = read_pair(state, now=float(self.whole.ts[row]), scale=scale, offset=offset, **place).estimate
                found = float(fraction_to_points(estimate, scale))
        return np.array([found])

    def stamp(self, parameters):
        return {}


def _trend(series: list[tuple]) -> int:
    _day, end, (_override, last) = series[-1]
    if np.isnan(last) or not end[2]:
        return 0
    day = max(at for place, (at, entry, _) in enumerate(series) if not place or entry != series[place - 1][1])
    shown = [(at, entry) for at, entry, _ in series if entry[2]]
    before = [entry for at, entry in shown if at <= day - TREND_DAYS]
    start = before[-1] if before else shown[0][1]
    return int(trend(start[2], start[0], end[2], end[0]))


def plain_states(
    histories: Histories, policies: Policies, today: date
) -> dict[tuple[int, int], tuple[str, tree.LearnerState]]:
    """(learner, subject) -> the model, and the tree's state after one result at a time."""
    if histories.matched is not None:
        carried = np.zeros(len(histories), bool) if histories.carried is None else histories.carried
        histories = histories.take(np.flatnonzero((histories.matched == NONE) | carried))
    learners, subjects = histories.rows.learner, histories.subject
    found = {}
    for learner, subject in set(zip(learners.tolist(), subjects.tolist(), strict=True)):
        members = np.flatnonzero((learners == learner) & (subjects == subject))
        at_home = plain_home(histories, learner, today.toordinal())
        scale = policies.on(int(histories.framework[members[0]]), today, school_id=at_home).scale
        rows, calibration = histories.rows.take(members), policies.calibration(subject, today)
        state = tree.replay_learner(rows, scale=scale, terms=calibration.terms(rows))
        found[learner, subject] = f"t1-{calibration.version}" if len(calibration.standard) else "tree-1", state
    return found


def plain_wakes(histories: Histories, policies: Policies, today: date) -> dict[tuple[int, int], date]:
    change = policies.next_change(today)
    found: dict[tuple[int, int], date] = {}
    for i in range(len(histories)):
        pair = int(histories.rows.learner[i]), int(histories.subject[i])
        days = [change] if change else []
        if histories.rows.kind[i] == OVERRIDE_SET and histories.ends_day[i] > today.toordinal():
            days.append(date.min + timedelta(days=int(histories.ends_day[i]) - 1))
        if days:
            found[pair] = min([*days, found.get(pair, date.max)])
    return found
