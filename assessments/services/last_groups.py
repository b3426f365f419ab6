"""The groups of a section that were accepted last: those that run, else the newest that are over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from assessments.grouping import NO_GROUP
from assessments.services.board_facts import index_of
from lrm.rows import read
from profiles.models import Section

ROWS = """
WITH newest AS (SELECT suggestion_id, starts_on FROM assessments_group WHERE section_id = %(section)s
                 ORDER BY created_at DESC, id DESC LIMIT 1)
SELECT g.letter, g.focus_id, g.starts_on, g.ends_on, m.learner_id
  FROM assessments_group g CROSS JOIN newest
  LEFT JOIN assessments_groupmember m ON m.group_id = g.id
 WHERE g.section_id = %(section)s
   AND ((g.closed_at IS NULL AND g.ends_on >= %(on)s)
        OR (g.suggestion_id IS NOT DISTINCT FROM newest.suggestion_id AND g.starts_on = newest.starts_on))
 ORDER BY g.letter, g.id, m.learner_id
"""


@dataclass(frozen=True)
class LastGroups:
    """groups: letter, focus (standard id), learners (ids), in the order of letters.    starts_on: None without any."""

    groups: tuple[dict[str, Any], ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def foci(self) -> dict[int, int]:
        """Group index -> standard id."""
        return {index_of(group["letter"]): group["focus"] for group in self.groups}

    def places(self, row: Mapping[int, int], count: int) -> np.ndarray:
        """(count,) group index of each row; row: learner id -> row."""
        found = np.full(count, NO_GROUP)
        for group in self.groups:
            for learner in group["learners"]:
                if learner in row:
                    found[row[learner]] = index_of(group["letter"])
        return found

    def said(self) -> dict[str, Any] | None:
        """As a board stores it."""
        if self.starts_on is None or self.ends_on is None:
            return None
        return {
            "groups": list(self.groups),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
        }


def read_last(section: Section, *, on: date) -> LastGroups:
    """One statement."""
    groups: dict[str, dict[str, Any]] = {}
    rows = read(ROWS, section=section.pk, on=on)
    for row in rows:
        group = groups.setdefault(row.letter, {"letter": row.letter, "focus": row.focus_id, "learners": []})
        if row.learner_id is not None:
            group["learners"].append(row.learner_id)
    if not rows:
        return LastGroups()
    return LastGroups(tuple(groups.values()), min(row.starts_on for row in rows), max(row.ends_on for row in rows))
