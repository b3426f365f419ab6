"""A short heading for a standard that its publisher gave none."""

import re
from textwrap import shorten

HEADING_WIDTH = 60


def heading_of(statement: str) -> str:
    """The first sentence of a statement where it is short, else whole words of its start; without a full stop."""
    first = re.split(r"(?<=[.;:?])\s", statement.strip(), maxsplit=1)[0]
    heading = shorten(first, HEADING_WIDTH, placeholder=" …").rstrip(".;:, ")
    return heading[:1].upper() + heading[1:]
