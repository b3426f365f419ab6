"""Who may use which route, and read which words: written by hand, never taken from the code.

A new route needs one line in the table of its feature; docs/access.md says how to choose it.
"""

from collections.abc import Iterable, Mapping

from tests.lrm.matrix_expectations import (
    accounts,
    api,
    classes,
    goals,
    home,
    paths,
    privacy,
    rosters,
    school,
    talks,
    work,
)
from tests.lrm.matrix_rows import Row


def merged(tables: Iterable[Mapping[str, Row]]) -> dict[str, Row]:
    """All of them as one. Raises ValueError: a route stands in two tables, and one of them would not be walked."""
    found: dict[str, Row] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"In two tables: {', '.join(sorted(twice))}")
        found |= table
    return found


EXPECTATIONS = merged(
    each.ROWS for each in (accounts, api, rosters, classes, school, home, talks, goals, paths, privacy, work)
)
