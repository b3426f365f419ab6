"""Levels set by a teacher with which newer results disagree (engine part 2.7): to be said to staff, nothing more."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC
from typing import Any

import numpy as np
from django.utils import timezone

from assessments.mastery import events
from assessments.mastery.methods import METHODS
from assessments.mastery.shown import shown_levels
from assessments.mastery.sureness import NEWER_RESULTS_DISAGREE, how_sure
from assessments.services.histories import Histories, read_pairs
from assessments.services.policies import Policies
from assessments.services.standing import Pair
from lrm.rows import read

# Fewer results since the level was set cannot disagree, so hardly ever is there anything left to compute.
ASKED = """
SELECT m.learner_id, m.standard_id, m.shown_level, s.subject_id, s.domain_id, s.framework_id,
       (SELECT l.home_school_id FROM profiles_learner l WHERE l.id = m.learner_id) AS school_id
  FROM assessments_mastery m JOIN standards_standard s ON s.id = m.standard_id
  JOIN assessments_evidence o
    ON o.learner_id = m.learner_id AND o.standard_id = m.standard_id AND o.id = m.override_id
 WHERE m.learner_id = ANY(%(learners)s) AND m.standard_id = ANY(%(standards)s) AND m.override_id IS NOT NULL
   AND (SELECT count(DISTINCT e.assessment_id) FROM assessments_evidence e
         WHERE e.learner_id = m.learner_id AND e.standard_id = m.standard_id AND e.kind = 'result'
           AND e.observed_at > o.observed_at) >= %(least)s
   AND NOT EXISTS (SELECT FROM profiles_objection said WHERE said.learner_id = m.learner_id AND said.ended_at IS NULL)
"""
LEAST_NEWER = 3


def read_disagreements(
    learner_ids: Collection[int], standard_ids: Collection[int], *, policies: Policies
) -> frozenset[Pair]:
    """The (learner, standard) pairs whose receipt says to staff that newer results disagree with the level set.

    By the same functions as the receipt; of whoever objects to what a machine works out, nothing. One statement, and
    one for each subject in which there is something to ask.
    """
    if not learner_ids or not standard_ids:
        return frozenset()
    asked = read(ASKED, learners=sorted(learner_ids), standards=sorted(standard_ids), least=LEAST_NEWER)
    found: set[Pair] = set()
    for subject in {row.subject_id for row in asked}:
        rows = [row for row in asked if row.subject_id == subject]
        pairs = sorted({(row.learner_id, subject) for row in rows})
        histories = read_pairs(pairs, timezone.get_current_timezone())
        found.update((row.learner_id, row.standard_id) for row in rows if _disagrees(row, histories, policies))
    return frozenset(found)


def _disagrees(asked: Any, histories: Histories, policies: Policies) -> bool:
    today = timezone.localdate()
    policy = policies.on(asked.framework_id, today, school_id=asked.school_id)
    ended = (histories.ends_day > 0) & (histories.ends_day <= today.toordinal())
    rows = replace(histories.rows, override_ends=np.where(ended, -np.inf, np.inf))
    rows = rows.take(rows.learner == asked.learner_id)
    # How many results are newer does not depend on the method.
    shown = shown_levels(rows, method=METHODS["latest"], parameters=policy.parameters, scale=policy.scale, now=0.0)
    (newer,) = shown.newer[shown.standard == asked.standard_id].tolist() or [0]
    sureness = how_sure(
        histories.rows.take(histories.rows.learner == asked.learner_id),
        standard=asked.standard_id,
        domain=asked.domain_id or events.NONE,
        shown_level=asked.shown_level,
        overridden=True,
        newer=newer,
        now=float(events.days(np.datetime64(timezone.now().astimezone(UTC).replace(tzinfo=None), "us"))),
        scale=policy.scale,
        calibration=policy.calibration(asked.subject_id),
    )
    return sureness.reason == NEWER_RESULTS_DISAGREE
