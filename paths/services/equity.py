"""Who sits in which kind of group for how long, and who gets choice: means of some learners beside those of all others.

Pure but for the levels. Rows come from `practice.read_practice`; who teaches is not among what is told apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessments.impact.gaps import BoolArray, FloatArray, Gap, find_gaps, why_refused
from lrm.rows import read
from paths.services.practice import BLOCK, CHOICE, OFFERED, OWN, PLACE, PURPOSES, PracticeRow, enough_together

LEVELS = "levels"
DAYS = (*PURPOSES, OWN, BLOCK)
"""Days of the term in a kind of group. A learner may be in several on one day; each counts."""
SHARES = (OFFERED, CHOICE, PLACE)
MEASURES = (*DAYS, *SHARES, LEVELS)
SEED = 20261123
"""The same rows give the same ranges, on the page and in its file."""

LEVELS_MET = """
SELECT l.id AS learner_id,
       (count(*) FILTER (WHERE m.shown_level >= coalesce(f.met, %(met)s)))::float / count(*) AS share
  FROM profiles_learner l
  JOIN assessments_mastery m ON m.learner_id = l.id AND m.shown_level IS NOT NULL
  JOIN standards_standard s ON s.id = m.standard_id AND s.is_leaf
  LEFT JOIN unnest(%(frameworks)s::bigint[], %(levels)s::int[]) AS f (id, met) ON f.id = s.framework_id
 WHERE l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
 GROUP BY l.id
"""


@dataclass(frozen=True)
class Figure:
    """mean: days, or a share in [0, 1], of n learners; None where nobody is behind it.

    gap: in the same unit, None where `refused` says why (assessments.impact.matched.FEW_...), and for everybody.
    """

    mean: float | None
    n: int
    gap: Gap | None = None
    refused: str = ""


@dataclass(frozen=True)
class EquityRow:
    """figures: {measure: Figure}.    n: learners behind them; left_out: whose grade at their school is too small."""

    n: int
    left_out: int
    figures: dict[str, Figure]


def read_levels(school_ids: Collection[int], met: Mapping[int | None, int]) -> dict[int, float]:
    """{learner id: of the standards with a level, the share on which it counts as met}. One statement.

    met: Policies.mastery_levels.
    """
    own = {framework: level for framework, level in met.items() if framework is not None}
    asked = {"schools": sorted(school_ids), "frameworks": list(own), "levels": list(own.values())}
    return {row.learner_id: row.share for row in read(LEVELS_MET, met=met[None], **asked)}


def compare_rows(rows: Sequence[PracticeRow], levels: Mapping[int, float], *, minimum: int) -> EquityRow:
    """Everybody, with nobody to be compared with."""
    told = enough_together(rows, minimum)
    everybody = np.ones(len(told), bool)
    return EquityRow(len(told), len(rows) - len(told), _figures(told, levels, everybody, minimum, is_total=True))


def compare_some(
    rows: Sequence[PracticeRow], inside: Collection[int], levels: Mapping[int, float], *, minimum: int
) -> EquityRow:
    """Those of `inside`, learner ids, beside all others of the rows. minimum: the smallest n of a figure."""
    ids = frozenset(inside)
    told = enough_together(rows, minimum, apart=ids)
    is_inside = np.array([row.learner_id in ids for row in told], bool)
    n = int(is_inside.sum())
    return EquityRow(n, len(ids) - n, _figures(told, levels, is_inside, minimum))


def _figures(
    rows: list[PracticeRow], levels: Mapping[int, float], inside: BoolArray, minimum: int, *, is_total: bool = False
) -> dict[str, Figure]:
    section = np.array([row.roster_id for row in rows], np.int64)
    counted = (*DAYS, *SHARES)
    facts = np.array([[_value(row, measure) for measure in counted] for row in rows], float).reshape(-1, len(counted))
    met = np.array([levels.get(row.learner_id, np.nan) for row in rows], float)[:, None]
    known = ~np.isnan(met[:, 0])
    with_level = _compare(met[known], inside[known], section[known], minimum, is_total)
    return dict(zip(MEASURES, [*_compare(facts, inside, section, minimum, is_total), *with_level], strict=True))


def _value(row: PracticeRow, measure: str) -> float:
    return float(row.n(measure)) if measure in DAYS else float(row.n(measure) > 0)


def _compare(table: FloatArray, inside: BoolArray, section: np.ndarray, minimum: int, is_total: bool) -> list[Figure]:
    """One figure a column; without a mean where fewer than `minimum` are inside."""
    n = int(inside.sum())
    if n < minimum:
        return [Figure(None, n)] * table.shape[1]
    means = [float(mean) for mean in table[inside].mean(axis=0)]
    if is_total:
        return [Figure(mean, n) for mean in means]
    if refused := why_refused(inside, section):
        return [Figure(mean, n, None, refused) for mean in means]
    gaps = find_gaps(table, inside, section, seed=SEED)
    return [Figure(mean, n, gap) for mean, gap in zip(means, gaps, strict=True)]
