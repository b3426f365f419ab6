"""A suppressed table as a publication stores it."""

from collections.abc import Mapping

from assessments import suppression
from assessments.services.published import DISTRICT, NOBODY, SMALL, TOO

CODES = {suppression.SMALL: SMALL, suppression.TOO: TOO, suppression.ABSENT: NOBODY}
Figure = list[int] | str


def figure_of(code: int, reached: int, results: int, people: int) -> Figure:
    """[results, least %, greatest %], or why it is hidden."""
    if code != suppression.SHOWN:
        return CODES[code]
    return [results, *suppression.coarse_share(reached, results, people)]


def hides_enough(table: dict, asked: Mapping[str, int]) -> bool:
    """Whether it was made with what is asked for by now, or more. Older tables do not say."""
    least = table.get("least", {})
    return all(least.get(row, least.get(DISTRICT, 0)) >= n for row, n in asked.items())


def shown_in(table: dict) -> int:
    """How many figures it shows."""
    return sum(isinstance(figure, list) for row in table["rows"].values() for figure in row.values())
