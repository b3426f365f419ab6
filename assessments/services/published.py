"""What an administrator may read of schools whose learners they may not list: the newest publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.models import Publication
from assessments.services.school_asked import Asked, Column, Subgrouped
from profiles.models import School

HIDDEN, NOBODY, LATER = "hidden", "nobody", "later"
DISTRICT = "d"
IN, OUT = "in", "out"
"""Of a subgroup: who is in it, and everybody else."""


@dataclass(frozen=True)
class PublishedCell:
    """share: in words; results: how many. hidden: HIDDEN, NOBODY, LATER for a subgroup of which nothing has been
    published, or "" for a figure that is shown.

    Whether a hidden figure is of few, or would only tell one that is, nobody is told: where a total of 11 has two
    hidden parts, the word would say that one of them is of a single learner.

    day: of its table, where there is one.
    """

    share: str = ""
    results: int | str = ""
    hidden: str = ""
    minimum_n: int = 10
    day: date | None = None

    @property
    def words(self) -> str:
        return say_hidden(self)


@dataclass(frozen=True)
class PublishedLine:
    key: str
    name: str
    cells: list[PublishedCell]


@dataclass(frozen=True)
class Published:
    """day: of the oldest table on it; a table stands until a newer one may be shown."""

    day: date
    minimum_n: int
    lines: list[PublishedLine]

    @property
    def hidden(self) -> int:
        """How many figures are."""
        return sum(cell.hidden == HIDDEN for line in self.lines for cell in line.cells)

    @property
    def largest_n(self) -> int:
        """Of the school that hides figures of the most learners."""
        return max((cell.minimum_n for line in self.lines for cell in line.cells), default=self.minimum_n)

    @property
    def days_differ(self) -> bool:
        return len({cell.day for line in self.lines for cell in line.cells if cell.day}) > 1


def table_key(framework_id: int, subject_id: int, name: str) -> str:
    """Which table of a publication a column of the page is: domains of one framework that are called the same.

    name: "" for standards without a domain.
    """
    return f"{framework_id}:{subject_id}:{name}"


def say_beyond(asked: Asked) -> str:
    """Why nothing is shown of other schools: what is asked for is no part of what is published. "" where it is."""
    said = [
        (asked.section, _("of single classes")),
        (asked.teacher, _("of one teacher’s classes")),
        (asked.subgroup and asked.grade, _("of a subgroup by grade")),
        (asked.branch, _("by standard")),
        (asked.filters.as_of, _("of earlier days")),
        (asked.filters.compare, _("of two days side by side")),
        (asked.over, _("over the terms")),
    ]
    found = [words for given, words in said if given]
    if not found:
        return ""
    words = _("Of other schools you read what is published once a day: by domain, of each grade or of each subgroup.")
    return (
        words
        + " "
        + _("There are no figures of them %(what)s, so that nobody is found out.") % {"what": ", ".join(found)}
    )


def read_beside(asked: Asked, columns: Sequence[Column], others: Sequence[School]) -> Published | None:
    """The district and the schools that the account does not administer, for the grade or the subgroup asked for.

    Only where say_beyond has nothing to say. One statement. None while nothing has been published.
    """
    found = Publication.objects.order_by("-day").first()
    if found is None:
        return None
    keys = [_key(asked, column) for column in columns]
    return read_tables(found, organisations(others), keys, asked)


def organisations(schools: Sequence[School]) -> list[tuple[str, str]]:
    """(key in a table, name): the whole district and these schools."""
    return [(DISTRICT, _("All schools of the district")), *((str(row.pk), row.name) for row in schools)]


def read_tables(found: Publication, named: Sequence[tuple[str, str]], keys: Sequence[str], asked: Asked) -> Published:
    """A line for each organisation, a cell for each table; of the grade or of the subgroup asked for, one of them."""
    tables, figure, missing = [found.cells.get(key) for key in keys], asked.grade, NOBODY
    if asked.subgroup:
        figure, missing = IN, LATER
        tables = [table and _of_subgroup(table, asked.subgroup) for table in tables]
    blank = PublishedCell(hidden=missing, minimum_n=found.minimum_n)
    lines = [
        PublishedLine(key, name, [_cell(table, key, figure, found.minimum_n) if table else blank for table in tables])
        for key, name in named
    ]
    days = [date.fromisoformat(table["day"]) for table in tables if table]
    return Published(min(days, default=found.day), found.minimum_n, lines)


def _of_subgroup(table: dict, subgroup: Subgrouped) -> dict | None:
    """None where nothing is published of it yet, also where it has the title of one that has ended."""
    found = table.get("subgroups", {}).get(subgroup.title)
    return found if found and found.get("of") == subgroup.pk else None


def _key(asked: Asked, column: Column) -> str:
    framework, domain = column.domains[0]
    return table_key(framework, asked.subject.pk, column.name if domain else "")


def _cell(table: dict, organisation: str, grade: str, minimum_n: int) -> PublishedCell:
    day = date.fromisoformat(table["day"])
    figure = table["rows"].get(organisation, {}).get(grade, NOBODY)
    least = table.get("least", {})
    minimum_n = least.get(organisation, least.get(DISTRICT, minimum_n))
    if isinstance(figure, str):  # publications of before said of a hidden one which of two kinds it was
        return PublishedCell(hidden=NOBODY if figure == NOBODY else HIDDEN, minimum_n=minimum_n, day=day)
    results, low, high = figure
    return PublishedCell(share=say_share(low, high), results=results, minimum_n=minimum_n, day=day)


def say_share(low: int, high: int) -> str:
    """Percent, or a range near the ends."""
    if low == high:
        return _("%(share)s %%") % {"share": low}
    return _("≤ %(share)s %%") % {"share": high} if low == 0 else _("≥ %(share)s %%") % {"share": low}


def say_hidden(cell: PublishedCell) -> str:
    if cell.hidden == HIDDEN:
        return _("hidden (n < %(n)s)") % {"n": cell.minimum_n}
    return _("not published yet") if cell.hidden == LATER else _("nobody")
