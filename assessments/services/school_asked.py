"""What the school-wide page is asked for, and the rows and columns that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.school_filters import SchoolFilters
from assessments.services.kept_counts import Kept
from assessments.services.policies import InForce
from assessments.services.school_counts import ClosedDay, Counts, Domain, Places, Tally
from profiles.models import School, Section


@dataclass(frozen=True)
class Taught:
    """A subject that some class teaches."""

    pk: int
    title: str


@dataclass(frozen=True)
class Subgrouped:
    """A subgroup whose purpose is declared."""

    pk: int
    title: str
    purpose: str

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Teacher:
    """Who leads classes of the chosen school. sections: their ids."""

    pk: int
    name: str
    family: str
    sections: set[int]


@dataclass(frozen=True)
class Asked:
    """What the page is about. schools: all that the account administers; school: the chosen one, or the only one.

    filters: what was asked for, as an address says it.    grade: a code, or "" for all.    section: a class of the
    school; it stands for its roster.    teacher: whose classes are the rows.    branch: key of a column whose
    standards are the columns.    past: the closed day whose end is asked for, None for now.    then: the one that it
    is compared with.    over: how it was over the terms.    kept: where these are more learners than a page walks.
    """

    subject: Taught
    schools: Sequence[School]
    filters: SchoolFilters = field(default_factory=SchoolFilters)
    school: School | None = None
    section: Section | None = None
    teacher: Teacher | None = None
    subgroup: Subgrouped | None = None
    past: ClosedDay | None = None
    then: ClosedDay | None = None
    kept: Kept | None = None

    @property
    def grade(self) -> str:
        return self.filters.grade

    @property
    def branch(self) -> str:
        return self.filters.branch

    @property
    def over(self) -> bool:
        return self.filters.over == "terms"

    @property
    def by_class(self) -> bool:
        """Whether rows are classes; else they are schools or grades."""
        return bool(self.school and (self.section or self.teacher or self.grade))

    @property
    def subgroup_id(self) -> int | None:
        return self.subgroup.pk if self.subgroup else None

    @property
    def kept_ids(self) -> Mapping[date | None, int]:
        return self.kept.ids if self.kept else {}

    def places(self, roster_ids: Sequence[int] = ()) -> Places:
        chosen = [self.school] if self.school else self.schools
        return Places(
            self.subject.pk,
            tuple(school.pk for school in chosen),
            tuple(sorted(set(roster_ids))),
            self.grade,
            self.subgroup_id,
            self.kept_ids,
        )


def say_schools(n: int) -> str:
    """What several schools together are called: "Both schools", "All 6 schools"."""
    return _("Both schools") if n == 2 else ngettext("%(n)s school", "All %(n)s schools", n) % {"n": n}


@dataclass(frozen=True)
class Column:
    """Domains that are called the same, in one framework: "Fractions" of grade 4 and of grade 5 are one column.

    standard_id: where a branch is open, its standards are columns of their own, under the key of their domain.
    """

    key: str
    name: str
    code: str
    domains: tuple[Domain, ...]
    policy: InForce
    standard_id: int | None = None

    @property
    def mastery_level(self) -> int:
        return self.policy.scale.mastery_level


@dataclass(frozen=True)
class Line:
    """A row: key is d, s<school>, g<grade> or r<roster>. learners: today's, each once; tallies: one a column.

    then: tallies of the day that it is compared with, () for none; learners_then: the learners of that day.
    """

    key: str
    name: str
    learners: int
    school_ids: tuple[int, ...]
    grades: tuple[str, ...]
    tallies: tuple[Tally, ...]
    is_total: bool = False
    roster_id: int | None = None
    section: Section | None = None
    then: tuple[Tally, ...] = ()
    learners_then: int = 0

    @property
    def total(self) -> Tally:
        """All columns together."""
        return sum(self.tallies, Tally())


@dataclass(frozen=True)
class Matrix:
    """columns: as shown.    branches: all domains that could be opened.    then_policies: in force on the day that it
    is compared with, one a column.
    """

    asked: Asked
    columns: list[Column]
    lines: list[Line]
    grades: list[str]
    branches: list[Column]
    counts: Counts = field(repr=False)
    then_policies: tuple[InForce, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.columns

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    def place_of(self, key: str, standard: str) -> int | None:
        """The place of a column; where standards are columns, by the text of the standard's id as well."""
        for place, column in enumerate(self.columns):
            if column.key == key and (column.standard_id is None or str(column.standard_id) == standard):
                return place
        return None

    def total(self) -> Tally:
        """All columns of the first line together."""
        return self.lines[0].total if self.lines else Tally()
