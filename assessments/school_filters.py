"""What the school-wide page is narrowed to, as its address carries it: read from a query string, written back as one.

The values are texts as they came. Whether they name something that the account may see is for whoever reads with
them, so that what was kept with a check-in is asked anew by the rights of the day on which it is opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

LONGEST = 40
NARROWER = {
    "subject": ("branch", "section", "teacher"),
    "school": ("section", "teacher"),
    "grade": ("section",),
    "teacher": ("section",),
}
"""What a choice takes away with it: a class of one school is none of another."""


@dataclass(frozen=True)
class SchoolFilters:
    """Ids of a subject, a school, a subgroup, a class and a teacher (account); "" for all of them.

    grade: a code.    branch: key of a column, "framework-domain".    as_of, compare: closed days as 2026-10-13.
    over: "terms" shows how it was over the terms.
    """

    subject: str = ""
    school: str = ""
    grade: str = ""
    branch: str = ""
    subgroup: str = ""
    section: str = ""
    teacher: str = ""
    as_of: str = ""
    compare: str = ""
    over: str = ""

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "SchoolFilters":
        """From request.GET or a kept dictionary. What it does not know, and NUL, is left out."""
        return cls(**{name: str(query.get(name, "")).replace("\0", "").strip()[:LONGEST] for name in NAMES})

    def but(self, **changes: object) -> "SchoolFilters":
        """The same with other choices; None and "" take one away, and NARROWER ones go with what they stand in."""
        gone = {name: "" for wide in changes for name in NARROWER.get(wide, ())}
        given = {name: "" if value is None else str(value) for name, value in changes.items()}
        return replace(self, **(gone | given))

    @property
    def chosen(self) -> dict[str, str]:
        """Those that are set, in the order of an address."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    def query(self, **more: object) -> str:
        """The query string, without "?". more: what else the address asks for, such as the open cell (at)."""
        return urlencode(self.chosen | {name: value for name, value in more.items() if value})


NAMES = tuple(field.name for field in fields(SchoolFilters))
