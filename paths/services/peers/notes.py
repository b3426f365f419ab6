"""What a learner offers and asks for, and whether the class does this at all."""

import uuid as uuids
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import SectionStandard
from paths.models import PeerClass, PeerNote
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard


@transaction.atomic
def set_class(
    *, section: Section, pairs_on: bool | None = None, cheers_on: bool | None = None, by: Account, now: datetime
) -> PeerClass:
    """Switch pairs or cheers of a class on or off. None leaves it as it is; off deletes nothing."""
    PeerClass.objects.get_or_create(section=section)
    row = PeerClass.objects.select_for_update(of=("self",)).get(section=section)
    row.pairs_on = row.pairs_on if pairs_on is None else pairs_on
    row.cheers_on = row.cheers_on if cheers_on is None else cheers_on
    row.changed_by, row.changed_at = by, now
    row.save(update_fields=["pairs_on", "cheers_on", "changed_by", "changed_at"])
    return row


@transaction.atomic
def say(
    *,
    learner: Learner,
    section: Section,
    standard_id: int,
    kind: str,
    text: str,
    uuid: uuids.UUID,
    now: datetime,
) -> PeerNote:
    """Offer help, or ask for it. The same form twice is one note; another for the standard takes the first one's place.

    Raises NotNow: the class has it off, the learner is not in it, or it does not teach the standard. UuidTaken: the
    form belongs to somebody else's note.
    """
    room = PeerClass.objects.select_for_update(of=("self",)).filter(section=section, pairs_on=True).first()
    here = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner, roster=section.roster_id)
    teaches = SectionStandard.objects.filter(section=section, standard=standard_id, standard__retired_at=None)
    if room is None or not here.exists() or not teaches.exists():
        raise NotNow
    found = PeerNote.objects.filter(uuid=uuid).first()
    if found is not None:
        if found.learner_id != learner.pk:
            raise UuidTaken
        return found
    standing = PeerNote.objects.filter(learner=learner, section=section, standard=standard_id, closed_at=None)
    standing.update(closed_at=now)
    return PeerNote.objects.create(
        uuid=uuid,
        learner=learner,
        section=section,
        standard_id=standard_id,
        kind=kind,
        text=text.strip(),
        created_at=now,
    )


def take_back(*, note: PeerNote, now: datetime) -> None:
    """The note stays in the learner's history. Twice is once; a pair that came of it goes on."""
    PeerNote.objects.filter(pk=note.pk, closed_at=None).update(closed_at=now)


def classes_of(learner: Learner) -> QuerySet[Section]:
    """Classes in which the learner is today, without tutoring blocks."""
    here = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner)
    return Section.objects.filter(roster__in=here.values("roster"), archived_at=None, block__isnull=True)


def offered_in(sections: Sequence[Section]) -> list[tuple[Section, list[Standard]]]:
    """What each of these classes teaches, in the order of its wall. One statement."""
    rows = SectionStandard.objects.filter(section__in=sections, standard__retired_at=None).select_related("standard")
    found: dict[int, list[Standard]] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.section_id, []).append(row.standard)
    return [(section, found.get(section.pk, [])) for section in sections]
