"""Who sits in which kind of group for how long, and who gets choice: means of some learners beside those of all others.

Pure but for the levels. Rows come from `practice.read_practice`; who teaches is not among what is told apart.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessments.impact.gaps import BoolArray, FloatArray, Gap, draw_sections, find_gaps
from assessments.mastery.left_out import NOTHING
from assessments.services.minimums import Minimums
from lrm.rows import read
from paths.services.practice import BLOCK, CHOICE, OFFERED, OWN, PLACE, PURPOSES, PracticeRow, enough_together

LEVELS = "levels"
DAYS = (*PURPOSES, OWN, BLOCK)
"""Days of the term in a kind of group. A learner may be in several on one day; each counts."""
SHARES = (OFFERED, CHOICE, PLACE)
MEASURES = (*DAYS, *SHARES, LEVELS)
SEED = 20261123
"""The same rows give the same ranges, on the page and in its file."""

# Reasons stand in the order of mastery.left_out, so that the greatest is the one nearest to a level.
LEVELS_MET = """
SELECT l.id AS learner_id,
       (count(*) FILTER (WHERE m.shown_level >= coalesce(f.met, %(met)s)))::float
         / nullif(count(m.shown_level), 0) AS share,
       max(m.left_out) AS why, array_agg(DISTINCT s.framework_id) FILTER (WHERE m.shown_level IS NOT NULL) AS frameworks
  FROM profiles_learner l
  JOIN assessments_mastery m ON m.learner_id = l.id AND (m.shown_level IS NOT NULL OR m.left_out > 0)
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
    """figures: {measure: Figure}.    n: learners behind them; left_out: whose grade at their school is too small.

    least: of fewer learners nothing is said, by the schools that they are of.
    without: of the n those without a level, by reason; they are in no figure of levels.
    """

    n: int
    left_out: int
    least: int
    figures: dict[str, Figure]
    without: Counter[int]


@dataclass(frozen=True)
class Levels:
    """shares: {learner id: of the standards with a level, the share on which it counts as met}.

    without: {learner id: the reason that is nearest to a level (mastery.left_out)}, of who has none and has a record.
    frameworks: {learner id: those of the levels}.
    """

    shares: dict[int, float]
    without: dict[int, int]
    frameworks: dict[int, list[int]]


def read_levels(school_ids: Collection[int], met: Mapping[int | None, int]) -> Levels:
    """One statement. met: Policies.mastery_levels."""
    own = {framework: level for framework, level in met.items() if framework is not None}
    asked = {"schools": sorted(school_ids), "frameworks": list(own), "levels": list(own.values())}
    rows = read(LEVELS_MET, met=met[None], **asked)
    return Levels(
        {row.learner_id: row.share for row in rows if row.share is not None},
        {row.learner_id: row.why for row in rows if row.share is None},
        {row.learner_id: row.frameworks for row in rows if row.frameworks},
    )


def compare(
    rows: Sequence[PracticeRow], groups: Sequence[Collection[int]], levels: Levels, *, minimums: Minimums
) -> list[EquityRow]:
    """Everybody, with nobody to be compared with, and then each group beside all others of the rows.

    groups: learner ids.    levels: as read_levels gives them.    minimums: the smallest n of a figure.
    """
    ids = np.array([row.learner_id for row in rows], np.int64)
    values = np.array([_values(row, levels.shares) for row in rows], float).reshape(-1, len(MEASURES))
    draws = draw_sections(np.array([row.roster_id for row in rows], np.int64), seed=SEED)
    everybody = np.ones(len(rows), bool)
    schools = np.array([row.school_id for row in rows], np.int64)
    least_of = lambda chosen: minimums.largest(set(schools[chosen].tolist()))
    why = np.array([levels.without.get(row.learner_id, NOTHING) for row in rows], np.int64)
    found = [_row(_told(rows, ids, values, (), minimums), why, everybody, least_of(everybody))]
    for group in groups:
        inside = np.isin(ids, np.array(list(group), np.int64))
        told = _told(rows, ids, values, group, minimums)
        found.append(_row(told, why, inside, least_of(inside), find_gaps(draws, told, inside)))
    return found


def _values(row: PracticeRow, levels: Mapping[int, float]) -> list[float]:
    """One a measure; NaN for who has no level."""
    days = [float(row.n(measure)) for measure in DAYS]
    shares = [float(row.n(measure) > 0) for measure in SHARES]
    return [*days, *shares, levels.get(row.learner_id, np.nan)]


def _told(
    rows: Sequence[PracticeRow], ids: np.ndarray, values: FloatArray, apart: Collection[int], minimums: Minimums
) -> FloatArray:
    """The values, NaN for who is left out since a figure of so few would be told."""
    enough = [row.learner_id for row in enough_together(rows, minimums, apart=frozenset(apart))]
    return np.where(np.isin(ids, np.array(enough, np.int64))[:, None], values, np.nan)


def _row(told: FloatArray, why: np.ndarray, inside: BoolArray, least: int, gaps: Sequence[Gap | str] = ()) -> EquityRow:
    """why: of each learner, the reason of having no level where there is none."""
    here = told[inside]
    known = ~np.isnan(here)
    figures = {}
    for column, measure in enumerate(MEASURES):
        n = int(known[:, column].sum())
        if n < least:
            figures[measure] = Figure(None, n)
            continue
        gap = gaps[column] if gaps else ""
        mean = float(here[known[:, column], column].mean())
        figures[measure] = Figure(mean, n, None, gap) if isinstance(gap, str) else Figure(mean, n, gap)
    n = figures[DAYS[0]].n
    levelless = known[:, MEASURES.index(DAYS[0])] & ~known[:, MEASURES.index(LEVELS)]
    without = Counter(why[inside][levelless].tolist()) if n >= least else Counter()
    return EquityRow(n, int(inside.sum()) - n, least, figures, without)
