"""What of the district a package may lean on where it does not say all itself; no database here."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Known:
    """Keys of rows that are in force here, by entity: schools that have not left, classes that are open, people.

    sessions: key -> (key of the parent or None, first day). kinds: key of an account -> its kind.
    leads: key of a roster -> keys of the enrollments that lead it.
    """

    schools: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()
    rosters: frozenset[str] = frozenset()
    learners: frozenset[str] = frozenset()
    sessions: dict[str, tuple[str | None, date]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    leads: dict[str, set[str]] = field(default_factory=dict)
