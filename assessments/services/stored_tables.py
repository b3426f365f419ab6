"""A suppressed table as a publication stores it."""

from collections.abc import Collection, Mapping, Sequence

from assessments import suppression
from assessments.services.published import DISTRICT, HIDDEN, NOBODY
from assessments.suppression_readers import Reader

Figure = list[int] | str


def figure_of(code: int, reached: int, results: int, people: int) -> Figure:
    """[results, least %, greatest %], or HIDDEN, whatever for, or NOBODY."""
    if code != suppression.SHOWN:
        return NOBODY if code == suppression.ABSENT else HIDDEN
    return [results, *suppression.coarse_share(reached, results, people)]


def hides_enough(table: dict, asked: Mapping[str, int]) -> bool:
    """Whether it was made with what is asked for by now, or more. Older tables do not say."""
    least = table.get("least", {})
    return all(least.get(row, least.get(DISTRICT, 0)) >= n for row, n in asked.items())


def hides_in(table: dict, row: str) -> bool:
    """Whether anything of a row, a school or the district, is hidden for the sake of few."""
    return any(isinstance(figure, str) and figure != NOBODY for figure in table["rows"].get(row, {}).values())


def shown_in(table: dict) -> int:
    """How many figures it shows."""
    return sum(isinstance(figure, list) for row in table["rows"].values() for figure in row.values())


def rows_known(several: Collection[Collection[int]], rows: Sequence[str]) -> list[Reader]:
    """Of sets of schools, which rows of a table they are. Schools that are not in it are left out."""
    row_at = {row: place for place, row in enumerate(rows)}
    return [frozenset(row_at[str(school)] for school in each if str(school) in row_at) for each in several]
