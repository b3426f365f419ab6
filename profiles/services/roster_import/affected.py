"""Learners whose place has changed, their rosters, and whose list differs from which day to come on."""

from collections import defaultdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from lrm.changes import Turns, enrollments_changed


class Affected:
    def __init__(self, today: date) -> None:
        self.learners: set[int] = set()
        self.rosters: set[int] = set()
        self.ahead: defaultdict[date, Turns] = defaultdict(Turns)
        self._today = today

    def add(self, learner: int | None, *days: date | None, roster: int | None = None) -> None:
        """days: on which something begins or ends for the learner in the roster."""
        if roster is not None:
            self.rosters.add(roster)
        if learner is None:
            return
        self.learners.add(learner)
        for day in days:
            if day is not None and day > self._today:
                self.ahead[day].learners.add(learner)
                if roster is not None:
                    self.ahead[day].rosters.add(roster)

    def keep_only(self, learners: set[int], rosters: set[int]) -> None:
        self.learners, self.rosters = learners, rosters
        for turns in self.ahead.values():
            turns.learners &= learners
            turns.rosters &= rosters

    def tell(self, zone: ZoneInfo) -> None:
        """Let whoever keeps something by class lists know, in one call."""
        if self.learners:
            enrollments_changed.tell(
                sorted(self.learners), roster_ids=sorted(self.rosters), ahead=dict(self.ahead), zone=zone
            )


def day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
