"""What an administrator may read of schools whose learners they may not list: the newest publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.models import Publication
from assessments.services.school_page import Asked, Column
from profiles.models import Account, School

SMALL, TOO, NOBODY = "small", "too", "nobody"
DISTRICT = "d"


@dataclass(frozen=True)
class PublishedCell:
    """share: in words; results: how many. hidden: SMALL, TOO, NOBODY, or "" for a figure that is shown."""

    share: str = ""
    results: int | str = ""
    hidden: str = ""
    minimum_n: int = 10

    @property
    def words(self) -> str:
        return say_hidden(self)


@dataclass(frozen=True)
class PublishedLine:
    name: str
    cells: list[PublishedCell]


@dataclass(frozen=True)
class Published:
    """day: of the oldest table on it; a table stands until a newer one may be shown."""

    day: date
    minimum_n: int
    lines: list[PublishedLine]

    def hidden(self, why: str) -> int:
        return sum(cell.hidden == why for line in self.lines for cell in line.cells)

    @property
    def small(self) -> int:
        return self.hidden(SMALL)

    @property
    def too(self) -> int:
        return self.hidden(TOO)


def table_key(framework_id: int, subject_id: int, name: str) -> str:
    """Which table of a publication a column of the page is: domains of one framework that are called the same.

    name: "" for standards without a domain.
    """
    return f"{framework_id}:{subject_id}:{name}"


def read_published(account: Account, asked: Asked, columns: Sequence[Column]) -> Published | None:
    """The district and its other schools, for the grade asked for. Two statements.

    None while nothing has been published, and for a class: the lattice does not hold classes.
    """
    if asked.section is not None:
        return None
    found = Publication.objects.filter(district_id=account.district_id).order_by("-day").first()
    if found is None:
        return None
    own = account.access.school_ids
    others = School.objects.filter(district_id=account.district_id, left_on__isnull=True).exclude(pk__in=own)
    organisations = [(DISTRICT, _("All schools of the district")), *((str(row.pk), row.name) for row in others)]
    tables = [found.cells.get(_key(asked, column)) for column in columns]
    lines = [
        PublishedLine(name, [_cell(table, key, asked.grade, found.minimum_n) for table in tables])
        for key, name in organisations
    ]
    days = [date.fromisoformat(table["day"]) for table in tables if table]
    return Published(min(days, default=found.day), found.minimum_n, lines)


def _key(asked: Asked, column: Column) -> str:
    framework, domain = column.domains[0]
    return table_key(framework, asked.subject.pk, column.name if domain else "")


def _cell(table: dict | None, organisation: str, grade: str, minimum_n: int) -> PublishedCell:
    figure = (table or {"rows": {}})["rows"].get(organisation, {}).get(grade, NOBODY)
    if isinstance(figure, str):
        return PublishedCell(hidden=figure, minimum_n=minimum_n)
    results, low, high = figure
    return PublishedCell(share=say_share(low, high), results=results, minimum_n=minimum_n)


def say_share(low: int, high: int) -> str:
    """Percent, or a range near the ends."""
    if low == high:
        return _("%(share)s %%") % {"share": low}
    return _("≤ %(share)s %%") % {"share": high} if low == 0 else _("≥ %(share)s %%") % {"share": low}


def say_hidden(cell: PublishedCell) -> str:
    if cell.hidden == SMALL:
        return _("n < %(n)s") % {"n": cell.minimum_n}
    return _("hidden too") if cell.hidden == TOO else _("nobody")
