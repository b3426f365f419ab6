"""Learners whose place has changed, their rosters, and the days on which something begins or ends for them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from lrm.changes import enrollments_changed


class Affected:
    def __init__(self) -> None:
        self.learners: set[int] = set()
        self.rosters: set[int] = set()
        self.days: set[date] = set()

    def add(self, learner: int | None, *days: date | None, roster: int | None = None) -> None:
        if learner is not None:
            self.learners.add(learner)
            self.days.update(day for day in days if day is not None)
        if roster is not None:
            self.rosters.add(roster)

    def tell(self, zone: ZoneInfo) -> None:
        """Let whoever keeps something by class lists know, in one call."""
        if self.learners:
            enrollments_changed.tell(
                sorted(self.learners), roster_ids=sorted(self.rosters), days=sorted(self.days), zone=zone
            )


def day_after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None
