"""Learners on standards month by month, with what was expected as each month began: rows for a dated roll-out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from assessments.impact.matched import LATER_RESULTS
from assessments.impact.roll_out import Monthly, by_month
from assessments.services.impact_histories import Expected, Tell, read_about, read_blocks
from assessments.services.policies import Policies


def month_number(day: date) -> int:
    """Months since year 0, so that months follow each other by one."""
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class FoundMonths:
    """Left out, counted as learners on a standard in a month: few: with fewer than three results; split: with three,
    in the month in which the school began."""

    monthly: Monthly
    few: int
    split: int


def read_months(
    standard_ids: Sequence[int],
    *,
    school_ids: Sequence[int],
    began: Mapping[int, date],
    since: date,
    until: date,
    policies: Policies,
    zone: ZoneInfo,
    today: date,
    tell: Tell,
) -> FoundMonths:
    """Each learner on each standard in each month with at least three results: y of the first three, e of its start.

    began: school id -> the day of the roll-out. A school counts as having begun from the first whole month on; the
    month in which it began is left out there, since it is half of each.
    """
    about = read_about(standard_ids)
    school, month, learner, rest = [], [], [], []
    few = split = 0
    blocks = read_blocks(
        about,
        school_ids=school_ids,
        fewest=1,
        policies=policies,
        zone=zone,
        today=today,
        tell=tell,
    )
    for block in blocks if about else ():
        expected = Expected(block, about, policies, zone)
        observed = []
        for who, standard, home in block.pairs:
            results = block.rows.get((who, standard), np.empty(0, dtype=np.int64))
            for number, its in _by_month(block.histories.day, results, since, until):
                if len(its) < LATER_RESULTS:
                    few += 1
                    continue
                if _is_split(began.get(home), number):
                    split += 1
                    continue
                expected.ask(who, standard, datetime.combine(month_start(number), datetime.min.time(), zone))
                observed.append(float(block.score[its[:LATER_RESULTS]].mean()))
                school.append(home)
                month.append(number)
                learner.append(who)
        rest.extend((np.array(observed) - expected.read()).tolist())
    starts = {home: month_number(day) + (day.day > 1) for home, day in began.items()}
    monthly = by_month(school=school, month=month, learner=learner, rest=rest, began=starts)
    return FoundMonths(monthly, few, split)


def _is_split(began: date | None, number: int) -> bool:
    return began is not None and began.day > 1 and month_number(began) == number


def _by_month(day: np.ndarray, results: np.ndarray, since: date, until: date):
    """(month, its results) of results in order of time."""
    found: dict[int, list[int]] = {}
    for row in results.tolist():
        when = date.fromordinal(int(day[row]))
        if since <= when <= until:
            found.setdefault(month_number(when), []).append(row)
    return found.items()
