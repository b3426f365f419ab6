"""Standards that a question about impact may be about: those that classes of the schools teach."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lrm.rows import read
from standards.models import Standard

TAUGHT = """
SELECT DISTINCT ss.standard_id
  FROM assessments_sectionstandard ss
  JOIN profiles_section s ON s.id = ss.section_id
  JOIN profiles_roster r ON r.id = s.roster_id
 WHERE s.district_id = %(district)s AND r.school_id = ANY(%(schools)s)
"""


@dataclass(frozen=True)
class Choice:
    """value: s<subject>, d<domain> or k<standard>.    name: how it is listed; label: how the question says it."""

    value: str
    name: str
    label: str
    standard_ids: tuple[int, ...]


@dataclass(frozen=True)
class Choices:
    """by_subject: its title and what may be chosen of it, the whole subject first, then domains, then standards."""

    by_subject: list[tuple[str, list[Choice]]]

    def offered(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [(title, [(one.value, one.name) for one in choices]) for title, choices in self.by_subject]

    def chosen(self, value: str) -> tuple[str, list[int]]:
        """Its label and its standards. Raises KeyError: it is not offered."""
        for _title, choices in self.by_subject:
            for one in choices:
                if one.value == value:
                    return one.label[:200], list(one.standard_ids)
        raise KeyError(value)


def read_choices(school_ids: Sequence[int]) -> Choices:
    """Two statements."""
    taught = [row.standard_id for row in read(TAUGHT, schools=list(school_ids))]
    standards = (
        Standard.objects.filter(pk__in=taught)
        .select_related("domain", "subject")
        .order_by("subject__title", "framework_id", "position", "pk")
    )
    by_subject: dict[int, list[Standard]] = {}
    for standard in standards:
        by_subject.setdefault(standard.subject_id, []).append(standard)
    return Choices([(of[0].subject.title, _of_subject(of)) for of in by_subject.values()])


def _of_subject(standards: list[Standard]) -> list[Choice]:
    subject = standards[0].subject
    found = [
        Choice(f"s{subject.pk}", _("All of %(subject)s") % {"subject": subject.title}, subject.title, _ids(standards))
    ]
    # Fractions of grade 4 and of grade 5 are one choice, as they are one column of the school's page.
    domains: dict[tuple[int, str], list[Standard]] = {}
    for standard in standards:
        if standard.domain is not None:
            domains.setdefault((standard.framework_id, standard.domain.heading), []).append(standard)
    for (_framework, heading), of in domains.items():
        found.append(Choice(f"d{min(one.domain_id or 0 for one in of)}", heading, heading, _ids(of)))
    for standard in standards:
        name = f"{standard.code} {standard.heading}".strip()
        found.append(Choice(f"k{standard.pk}", name[:100], name[:100], (standard.pk,)))
    return found


def _ids(standards: list[Standard]) -> tuple[int, ...]:
    return tuple(sorted(standard.pk for standard in standards))
