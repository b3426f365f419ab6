"""What is wrong with a file that somebody sent: where, what it says, why it stops, what to do."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

Words = Mapping[str, tuple[str, str]]
"""code -> (why it stops, what to do); message ids with %(name)s places, marked with `noop`."""


def noop(text: str) -> str:
    """Mark a text for the translators where no language is active yet; import it as _.

    Django's own marker needs settings, and readers work without them.
    """
    return text


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person has to settle (blocking) or should know (not blocking).

    line: 1 is the heading of a CSV file; None where the whole file is meant. who: the person or thing the
    line is about, as far as it could be read. suggestion: a value that is very likely meant, never applied by
    itself.
    """

    code: str
    why_id: str
    fix_id: str
    file: str = ""
    line: int | None = None
    field: str = ""
    value: str = ""
    who: str = ""
    suggestion: str = ""
    blocking: bool = True
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def why(self) -> str:
        """Why it stops, one or two sentences, in the reader's language."""
        return gettext(self.why_id) % self.params if self.params else gettext(self.why_id)

    @property
    def fix(self) -> str:
        """What to do, in the reader's language."""
        return gettext(self.fix_id) % self.params if self.params else gettext(self.fix_id)

    @property
    def place(self) -> str:
        """The file, line and field, like "users.csv:12 birthDate", for a terminal and for logs."""
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{at} {self.field}".strip()


def problem(words: Words, code: str, **details: Any) -> Problem:
    """A problem with the words that belong to its code. Raises KeyError: a code without words."""
    why, fix = words[code]
    return Problem(code=code, why_id=why, fix_id=fix, **details)
