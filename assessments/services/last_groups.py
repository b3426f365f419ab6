"""The groups of a section that were accepted last, and own paths: those that run, else the newest that are over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from assessments.grouping import NO_GROUP, OWN
from assessments.services.board_facts import index_of
from lrm.rows import read
from profiles.models import Section

ROWS = """
WITH newest AS (SELECT suggestion_id, starts_on FROM assessments_group WHERE section_id = %(section)s
                 ORDER BY created_at DESC, id DESC LIMIT 1),
mine AS (
  SELECT g.id, g.letter, g.focus_id, g.starts_on, g.ends_on,
         row_number() OVER (PARTITION BY g.letter ORDER BY g.created_at DESC, g.id DESC) AS place
    FROM assessments_group g CROSS JOIN newest
   WHERE g.section_id = %(section)s
     AND ((g.closed_at IS NULL AND g.ends_on >= %(on)s)
          OR g.suggestion_id = newest.suggestion_id
          OR (g.suggestion_id IS NULL AND newest.suggestion_id IS NULL AND g.starts_on = newest.starts_on)))
SELECT g.letter, g.focus_id, g.starts_on, g.ends_on, m.learner_id
  FROM mine g LEFT JOIN assessments_groupmember m ON m.group_id = g.id
 WHERE g.place = 1
 UNION ALL
SELECT NULL, NULL, o.starts_on, o.ends_on, o.learner_id
  FROM assessments_ownpath o CROSS JOIN newest
 WHERE o.section_id = %(section)s
   AND ((o.closed_at IS NULL AND o.ends_on >= %(on)s) OR o.suggestion_id = newest.suggestion_id)
 ORDER BY letter, learner_id
"""


@dataclass(frozen=True)
class LastGroups:
    """groups: letter, focus (standard id), learners (ids), in the order of letters. Where newer ones begin only later,
    they are the ones of their letter.    own: ids of who is on their own path.    starts_on: None without any.
    """

    groups: tuple[dict[str, Any], ...] = ()
    own: tuple[int, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def foci(self) -> dict[int, int]:
        """Group index -> standard id."""
        return {index_of(group["letter"]): group["focus"] for group in self.groups}

    def places(self, row: Mapping[int, int], count: int) -> np.ndarray:
        """(count,) group index of each row, or OWN; row: learner id -> row."""
        found = np.full(count, NO_GROUP)
        for learner in self.own:
            if learner in row:
                found[row[learner]] = OWN
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
            "own": list(self.own),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
        }


def read_last(section: Section, *, on: date) -> LastGroups:
    """One statement."""
    groups: dict[str, dict[str, Any]] = {}
    rows = read(ROWS, section=section.pk, on=on)
    own = []
    for row in rows:
        if row.letter is None:
            own.append(row.learner_id)
            continue
        group = groups.setdefault(row.letter, {"letter": row.letter, "focus": row.focus_id, "learners": []})
        if row.learner_id is not None:
            group["learners"].append(row.learner_id)
    if not rows:
        return LastGroups()
    return LastGroups(
        tuple(groups.values()), tuple(own), min(row.starts_on for row in rows), max(row.ends_on for row in rows)
    )
