"""What is known about learners on the focus of their group as it starts, kept for its closure and for impact."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from assessments.mastery import events, tree
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import DEFAULT_SCALE, Scale, level_from_score
from assessments.mastery.tree_reading import read_pair
from assessments.services.policies import InForce, Policies
from assessments.services.projecting import CALIBRATED_MODEL, MODEL_VERSION
from lrm.rows import read

LAST_RESULTS = 3

# One row for each asked learner who is on the roster that day.
STARTS = """
SELECT w.learner_id, w.standard_id, s.subject_id, s.domain_id, s.framework_id,
       m.shown_level, m.value_micro, m.policy_id,
       t.beliefs,
       (SELECT json_agg(json_build_array(r.points, r.possible)) FROM (
           SELECT e.points::float8, e.possible::float8 FROM assessments_evidence e
            WHERE e.learner_id = w.learner_id AND e.standard_id = w.standard_id AND e.kind = 'result'
              AND NOT EXISTS (SELECT FROM assessments_evidence x
                               WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
            ORDER BY e.observed_at DESC, e.id DESC LIMIT %(last)s) r) AS results
  FROM unnest(%(learners)s::bigint[], %(standards)s::bigint[]) AS w (learner_id, standard_id)
  JOIN standards_standard s ON s.id = w.standard_id
  LEFT JOIN assessments_mastery m ON m.learner_id = w.learner_id AND m.standard_id = w.standard_id
  LEFT JOIN assessments_modelstate t ON t.learner_id = w.learner_id AND t.subject_id = s.subject_id
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
    return {row.learner_id: _start(row, policies.on(row.framework_id, on), policies, on, now) for row in rows}


def _start(row: Any, policy: InForce, policies: Policies, on: date, now: float) -> dict[str, Any]:
    calibration = policies.calibration(row.subject_id, on)
    belief = read_pair(
        tree.LearnerState.from_bytes(row.beliefs) if row.beliefs else tree.new_state(),
        standard=row.standard_id,
        domain=row.domain_id or events.NONE,
        now=now,
        scale=policy.scale,
        offset=calibration.offsets(row.standard_id).item(),
    )
    mean = mean_score(row.results or [], policy.scale)
    return {
        "expected_micro": int(to_micro(belief.estimate)),
        "first_mean_micro": None if mean is None else int(to_micro(mean)),
        "first_band": None if mean is None else band_of(mean),
        "start_level": row.shown_level,
        "start_value_micro": row.value_micro,
        "start_policy_id": row.policy_id,
        "model_version": MODEL_VERSION if calibration.is_empty else CALIBRATED_MODEL + calibration.version,
    }


def mean_score(results: list[list[float | None]], scale: Scale) -> float | None:
    """The mean of results as scores in [0, 1]; None without one.    results: [points, possible], None for a mark."""
    if not results:
        return None
    n = len(results)
    rows = events.history(
        learner=np.zeros(n, dtype=np.int64),
        standard=np.zeros(n, dtype=np.int64),
        ts=np.zeros(n),
        points=np.array([points for points, _ in results], dtype=float),
        possible=np.array([np.nan if possible is None else possible for _, possible in results], dtype=float),
    )
    return float(rows.scores(scale).mean())


def band_of(mean: float) -> int:
    """The band, 1 to 4, of a mean score in [0, 1] (engine.md 5.2).

    By the cut scores of the default scale, whatever the district's own: bands of different districts and years compare.
    """
    return int(level_from_score(mean, DEFAULT_SCALE))
