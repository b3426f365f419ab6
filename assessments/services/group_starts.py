"""What is known about learners on the focus of their group as it starts, kept for its closure and for impact."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from assessments.mastery import events, tree
from assessments.mastery.calibration import Calibration
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, Scale, level_from_score
from assessments.mastery.tree_reading import read_pair
from assessments.services.policies import InForce, Policies
from assessments.services.projecting import CALIBRATED_MODEL, MODEL_VERSION
from lrm.rows import read

LAST_RESULTS = 3
Results = list[list[float | None]]
"""[points, possible] of each; possible is None for a mark on the scale."""

# One row for each asked learner who is on the roster that day. The ledger is planned once for all of its years; what
# supersedes a record is about the same learner and standard, so both are among those read.
STARTS = """
WITH asked (learner_id, standard_id) AS (SELECT * FROM unnest(%(learners)s::bigint[], %(standards)s::bigint[])),
ledger AS MATERIALIZED (
  SELECT e.id, e.school_year, e.learner_id, e.standard_id, e.kind, e.points, e.possible, e.observed_at, e.supersedes_id
    FROM asked w JOIN assessments_evidence e ON e.learner_id = w.learner_id AND e.standard_id = w.standard_id),
standing AS (
  SELECT e.*, row_number() OVER (PARTITION BY e.learner_id ORDER BY e.observed_at DESC, e.id DESC) AS place
    FROM ledger e
   WHERE e.kind = 'result'
     AND NOT EXISTS (SELECT FROM ledger x WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)),
last AS (
  SELECT learner_id, json_agg(json_build_array(points::float8, possible::float8)) AS results
    FROM standing WHERE place <= %(last)s GROUP BY learner_id)
SELECT w.learner_id, EXISTS (SELECT FROM profiles_objection o
                               WHERE o.learner_id = w.learner_id AND o.ended_at IS NULL) AS has_objected,
       w.standard_id, s.subject_id, s.domain_id, s.framework_id,
       m.shown_level, m.value_micro, m.policy_id, t.beliefs, r.results,
       (SELECT l.home_school_id FROM profiles_learner l WHERE l.id = w.learner_id) AS school_id
  FROM asked w JOIN standards_standard s ON s.id = w.standard_id
  LEFT JOIN assessments_mastery m ON m.learner_id = w.learner_id AND m.standard_id = w.standard_id
  LEFT JOIN assessments_modelstate t ON t.learner_id = w.learner_id AND t.subject_id = s.subject_id
  LEFT JOIN last r ON r.learner_id = w.learner_id
 WHERE EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.roster_id = %(roster)s AND n.learner_id = w.learner_id AND n.role = 'learner'
                  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s))
"""


def read_starts(
    roster_id: int, focus_of: Mapping[int, int], *, policies: Policies, on: date, at: datetime
) -> dict[int, dict[str, Any]]:
    """{learner id: the fields of GroupMember that keep the start}, for those on the roster that day. One statement.

    focus_of: learner id -> id of the standard that their group works on.    at: the moment to which beliefs fade.
    """
    if not focus_of:
        return {}
    rows = read(
        STARTS,
        learners=list(focus_of),
        standards=list(focus_of.values()),
        roster=roster_id,
        on=on,
        last=LAST_RESULTS,
    )
    now = float(events.days(np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")))
    rules = [policies.on(row.framework_id, on, school_id=row.school_id) for row in rows]
    means = mean_scores([row.results or [] for row in rows], [policy.scale for policy in rules])
    return {
        row.learner_id: _start(row, policy, policies.calibration(row.subject_id, on), mean, now)
        for row, policy, mean in zip(rows, rules, means, strict=True)
    }


def _start(row: Any, policy: InForce, calibration: Calibration, mean: float | None, now: float) -> dict[str, Any]:
    belief = read_pair(
        tree.LearnerState.from_bytes(row.beliefs) if row.beliefs else tree.new_state(),
        standard=row.standard_id,
        domain=row.domain_id or events.NONE,
        now=now,
        scale=policy.scale,
        offset=calibration.offsets(row.standard_id).item(),
    )
    return {
        "expected_micro": None if row.has_objected else to_micro(belief.estimate),
        "first_mean_micro": None if mean is None else to_micro(mean),
        "first_band": None if mean is None else band_of(mean),
        "start_level": row.shown_level,
        "start_value_micro": row.value_micro,
        "start_policy_id": row.policy_id,
        "model_version": MODEL_VERSION if calibration.is_empty else CALIBRATED_MODEL + calibration.version,
    }


def mean_score(results: Results, scale: Scale) -> float | None:
    """The mean of results as scores in [0, 1]; None without one."""
    return mean_scores([results], [scale])[0]


def mean_scores(results: Sequence[Results], scales: Sequence[Scale]) -> list[float | None]:
    """The mean of each list of results as scores in [0, 1], each on its scale; None for an empty list.

    All results on one scale are read at once: a history for each learner would take longer than the statement.
    """
    means: list[float | None] = [None] * len(results)
    for scale in set(scales):
        rows = [row for row, of in enumerate(scales) if of == scale and results[row]]
        flat = [result for row in rows for result in results[row]]
        if not flat:
            continue
        n = len(flat)
        history = events.history(
            learner=np.zeros(n, dtype=np.int64),
            standard=np.zeros(n, dtype=np.int64),
            ts=np.zeros(n),
            points=np.array([points for points, _ in flat], dtype=float),
            possible=np.array([np.nan if possible is None else possible for _, possible in flat], dtype=float),
        )
        ends = np.cumsum([len(results[row]) for row in rows])
        for row, scores in zip(rows, np.split(history.scores(scale), ends[:-1]), strict=True):
            means[row] = float(scores.mean())
    return means


def band_of(mean: float) -> int:
    """The band, 1 to 4, of a mean score in [0, 1] (engine.md 5.2).

    By the cut scores of the default scale, whatever the district's own: bands of different districts and years compare.
    """
    return int(level_from_score(mean, DEFAULT_SCALE))
