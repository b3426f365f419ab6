"""Subgroups: declared with a purpose, filled with student IDs, ended."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from profiles.models import Account, District, Learner, Subgroup, SubgroupMember

MOST_SUBGROUPS = 6
"""Of one district at a time. Each one more tells people apart in one more way, and hides more of what is published."""
MOST_NAMED = 10


class SubgroupRefused(Exception):
    """code: "title", "many" or "unknown".    lines: (number of the line, text) of IDs that nobody has."""

    def __init__(self, code: str, lines: list[tuple[int, str]] | None = None) -> None:
        super().__init__(code)
        self.code, self.lines = code, lines or []


@dataclass(frozen=True)
class Listed:
    """How many are in it now, came in, and went out."""

    members: int
    added: int
    removed: int


def declare(district: District, *, title: str, purpose: str, by: Account, now: datetime) -> Subgroup:
    """Raises SubgroupRefused: another one is called the same, or there are MOST_SUBGROUPS."""
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)
        if Subgroup.objects.filter(district=district, ended_at__isnull=True).count() >= MOST_SUBGROUPS:
            raise SubgroupRefused("many")
        try:
            with transaction.atomic():
                return Subgroup.objects.create(
                    district=district, title=title, purpose=purpose, declared_by=by, declared_at=now
                )
        except IntegrityError as taken:
            raise SubgroupRefused("title") from taken


def set_members(subgroup: Subgroup, text: str, *, now: datetime) -> Listed:
    """The learners whose student IDs stand in the text, one a line, are in it, and nobody else.

    All or nothing. Raises SubgroupRefused where nobody of the district has one of the IDs.
    """
    asked = {line.strip(): number for number, line in reversed(list(enumerate(text.splitlines(), 1))) if line.strip()}
    with transaction.atomic():
        Subgroup.objects.select_for_update().get(pk=subgroup.pk, ended_at__isnull=True)
        found = dict(
            Learner.objects.named()
            .filter(district_id=subgroup.district_id, key__in=list(asked))
            .values_list("key", "pk")
        )
        if unknown := sorted((number, key) for key, number in asked.items() if key not in found):
            raise SubgroupRefused("unknown", unknown)
        wanted = set(found.values())
        members = SubgroupMember.objects.filter(subgroup=subgroup)
        standing = set(members.values_list("learner_id", flat=True))
        members.filter(learner_id__in=standing - wanted).delete()
        SubgroupMember.objects.bulk_create(
            [SubgroupMember(subgroup=subgroup, learner_id=learner) for learner in sorted(wanted - standing)],
            batch_size=5000,
        )
        Subgroup.objects.filter(pk=subgroup.pk).update(listed_at=now)
    return Listed(len(wanted), len(wanted - standing), len(standing - wanted))


def end(subgroup: Subgroup, *, by: Account, now: datetime) -> None:
    """Nobody is in it any more, and nothing says who was."""
    with transaction.atomic():
        SubgroupMember.objects.filter(subgroup=subgroup).delete()
        Subgroup.objects.filter(pk=subgroup.pk, ended_at__isnull=True).update(ended_at=now, ended_by=by)
