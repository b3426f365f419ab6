"""What can be wrong with results that someone sends; nothing was stored when one of these is raised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.services.ledger import Entry


class ResultsRefused(ValueError):
    """Base of all refusals. `entries`: the entries that caused it, in the order sent."""

    def __init__(self, message: str, entries: Sequence["Entry"] = ()) -> None:
        super().__init__(message)
        self.entries = list(entries)


class ScoreOutOfRange(ResultsRefused):
    """Points off the scale of the assessment, or a result without points."""


class NotEnrolled(ResultsRefused):
    """A learner who is not on the section's roster on that day."""


class NotAssessed(ResultsRefused):
    """A standard that the assessment does not have."""


class NotYetObserved(ResultsRefused):
    """A result from a day to come."""


@dataclass(frozen=True)
class Tip:
    """The record in force of one cell: what somebody else has stored meanwhile."""

    id: int
    kind: str
    points: Decimal | None
    recorded_at: datetime
    recorded_by_id: int | None
    recorded_by: str


class AlreadyReplaced(ResultsRefused):
    """Somebody stored another value first. `conflicts`: [(entry, Tip or None)], both values to be shown."""

    def __init__(self, conflicts: "Sequence[tuple[Entry, Tip | None]]") -> None:
        super().__init__("Another value was stored first.", [entry for entry, _ in conflicts])
        self.conflicts = list(conflicts)
