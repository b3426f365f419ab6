"""The columns of a results file, and the headings under which other tools write them."""

import re

COLUMNS: dict[str, tuple[str, ...]] = {
    "learner": (
        "learner",
        "learner id",
        "learner key",
        "student",
        "student id",
        "student number",
        "sourced id",
        "email",
        "e mail",
        "uuid",
    ),
    "standard": ("standard", "standard code", "code", "standard uuid", "outcome", "skill"),
    "assessment": ("assessment", "assessment title", "title", "quiz", "test", "assignment"),
    "observed": ("observed", "observed on", "observed at", "date", "given on", "taken on"),
    "score": ("score", "points", "result", "correct"),
    "possible": ("possible", "points possible", "out of", "max", "maximum"),
    "level": ("level", "mark", "rating", "proficiency"),
    "kind": ("kind", "type", "assessment kind"),
    "excused": ("excused", "exempt"),
    "item": ("item", "item id", "question"),
    "attempt": ("attempt", "try"),
    "comment": ("comment", "feedback", "note"),
}
NEEDED = ("learner", "standard", "assessment", "observed")
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}


def column_of(heading: str) -> str | None:
    """The column that a heading means; letters, spaces, hyphens and underscores may differ."""
    return _NAMES.get(re.sub(r"[\s_\-]+", " ", heading).strip().lower())
