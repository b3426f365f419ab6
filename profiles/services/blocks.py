"""Tutoring blocks: setting one up, who leads it, and whom it draws from other sections.

Rights follow enrollments here as everywhere: the adults of a block have theirs on its roster, and whoever is drawn is
enrolled there. Both last AFTERWARDS beyond the block's last day, so that its adults see what became of its groups.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from profiles.models import Account, Block, Enrollment, Learner, Roster, Section
from profiles.services.enrollments import enrollment_changed

log = structlog.get_logger()

AFTERWARDS = timedelta(days=28)
AWAY = timedelta(days=7)
"""Whoever has been in no class of the school for so long leaves its blocks: a move between classes takes less."""


class NoAdult(Exception):
    """A block needs an adult who leads it."""


@transaction.atomic
def set_up_block(
    *,
    name: str,
    like: Section,
    place: str,
    slots: Sequence[Sequence[int]],
    seats: int,
    starts_on: date,
    ends_on: date,
    adults: Collection[Account],
    by: Account,
    on: date,
) -> Block:
    """A block without learners yet.

    like: one of the sections that it will draw from; school, course and term are those of this one. adults: who leads
    it, with rights from the day `on`. slots: as Block has them. Raises NoAdult.
    """
    roster = Roster.objects.create(
        district_id=like.district_id, school_id=like.roster.school_id, session_id=like.session_id, title=name
    )
    section = Section.objects.create(
        district_id=like.district_id, roster=roster, course_id=like.course_id, session_id=like.session_id, title=name
    )
    block = Block.objects.create(
        roster=roster,
        section=section,
        place=place,
        slots=[list(slot) for slot in slots],
        seats=seats,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
    )
    _let_lead(block, adults, by=by, on=on)
    log.info("block set up", block=block.pk, by=by.pk)
    return block


@transaction.atomic
def change_block(
    *,
    block: Block,
    name: str,
    place: str,
    slots: Sequence[Sequence[int]],
    seats: int,
    starts_on: date,
    ends_on: date,
    adults: Collection[Account],
    by: Account,
    on: date,
) -> Block:
    """Say anew what the block is. With its last day, the places of its people move. Raises NoAdult."""
    block = Block.objects.select_for_update(of=["self"]).select_related("section", "roster").get(pk=block.pk)
    moved = ends_on != block.ends_on
    if name != block.section.title:
        Roster.objects.filter(pk=block.roster_id).update(title=name)
        Section.objects.filter(pk=block.section_id).update(title=name)
        block.section.title = block.roster.title = name
    block.place, block.slots, block.seats = place, [list(slot) for slot in slots], seats
    block.starts_on, block.ends_on = starts_on, ends_on
    block.save(update_fields=["place", "slots", "seats", "starts_on", "ends_on"])
    if moved:
        _move_last_day(block, on)
    _let_lead(block, adults, by=by, on=on)
    log.info("block changed", block=block.pk, by=by.pk)
    return block


@transaction.atomic
def end_block(*, block: Block, by: Account, on: date) -> Block:
    """Make that day its last. Its adults read on for AFTERWARDS."""
    block = Block.objects.select_for_update(of=["self"]).get(pk=block.pk)
    block.starts_on, block.ends_on = min(block.starts_on, on), on
    block.save(update_fields=["starts_on", "ends_on"])
    _move_last_day(block, on)
    log.info("block ended", block=block.pk, by=by.pk)
    return block


@transaction.atomic
def draw_learners(*, block: Block, learners: Collection[Learner], by: Account, on: date) -> list[int]:
    """Give learners a place in the block from that day on. Returns the ids of those who had none yet.

    learners: whom the caller may draw; see SectionQuerySet.drawable_by.
    """
    Block.objects.select_for_update(of=["self"]).get(pk=block.pk)
    here = set(_places(block, on=on).values_list("learner_id", flat=True))
    new = sorted({learner.pk for learner in learners} - here)
    Enrollment.objects.bulk_create(
        Enrollment(
            roster_id=block.roster_id,
            learner_id=pk,
            role=Enrollment.Role.LEARNER,
            starts_on=on,
            ends_on=last_day_of(block),
        )
        for pk in new
    )
    _tell(block, new, on)
    log.info("drawn into block", block=block.pk, learners=new, by=by.pk)
    return new


@transaction.atomic
def let_go(*, block: Block, learner_id: int, by: Account, on: date) -> bool:
    """End a learner's place, so that it is free from that day on. False where the learner has none."""
    Block.objects.select_for_update(of=["self"]).get(pk=block.pk)
    ended = _places(block, on=on).filter(learner_id=learner_id).update(ends_on=on - timedelta(days=1))
    if ended:
        _tell(block, [learner_id], on)
        log.info("left block", block=block.pk, learner=learner_id, by=by.pk)
    return bool(ended)


@transaction.atomic
def let_strays_go(district_id: int, *, on: date) -> int:
    """End the places of learners who have been in no class of the block's school for AWAY. Returns how many."""
    of_class = Enrollment.objects.of_learners().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on - AWAY),
        starts_on__lte=on,
        learner=OuterRef("learner"),
        roster__school=OuterRef("roster__school"),
        roster__block__isnull=True,
    )
    strays = Enrollment.objects.on(on).of_learners().filter(~Exists(of_class), roster__district_id=district_id)
    strays = strays.filter(roster__block__isnull=False, starts_on__lte=on - AWAY)
    rows = list(strays.values_list("pk", "learner_id", "roster_id").order_by("roster_id", "learner_id"))
    Enrollment.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(ends_on=on - timedelta(days=1))
    for roster_id in sorted({roster for _, _, roster in rows}):
        enrollment_changed([learner for _, learner, roster in rows if roster == roster_id], roster_id, on)
    return len(rows)


def last_day_of(block: Block) -> date:
    """The last day on which its people have rights and places in it."""
    return block.ends_on + AFTERWARDS


def adults_of(block: Block, *, on: date) -> list[Account]:
    """Who leads it, by name."""
    rows = Enrollment.objects.on(on).of_staff().filter(roster_id=block.roster_id).select_related("account")
    return sorted((row.account for row in rows if row.account is not None), key=lambda account: account.name)


def _places(block: Block, *, on: date):
    """Enrollments of learners that are in force on that day or begin later."""
    rows = Enrollment.objects.of_learners().filter(roster_id=block.roster_id)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _move_last_day(block: Block, on: date) -> None:
    places = _places(block, on=on)
    learners = list(places.values_list("learner_id", flat=True))
    places.update(ends_on=last_day_of(block))
    Enrollment.objects.of_staff().filter(roster_id=block.roster_id, ends_on__gte=on).update(ends_on=last_day_of(block))
    _tell(block, learners, on)


def _let_lead(block: Block, adults: Collection[Account], *, by: Account, on: date) -> None:
    """Exactly these lead the block from that day on; who set it up, or the first, as its teacher."""
    if not adults:
        raise NoAdult
    wanted = {account.pk for account in adults}
    rows = Enrollment.objects.of_staff().filter(roster_id=block.roster_id, ends_on__gte=on)
    here = set(rows.values_list("account_id", flat=True))
    rows.exclude(account_id__in=wanted).update(ends_on=on - timedelta(days=1))
    rows.filter(account_id__in=wanted).update(ends_on=last_day_of(block))
    first = by.pk if by.pk in wanted else min(wanted)
    has_teacher = rows.filter(account_id__in=wanted, role=Enrollment.Role.TEACHER).exists()
    Enrollment.objects.bulk_create(
        Enrollment(
            roster_id=block.roster_id,
            account_id=pk,
            role=Enrollment.Role.TEACHER if pk == first and not has_teacher else Enrollment.Role.CO_TEACHER,
            starts_on=on,
            ends_on=last_day_of(block),
        )
        for pk in sorted(wanted - here)
    )


def _tell(block: Block, learner_ids: Sequence[int], on: date) -> None:
    """Whoever listens, for that day and for the one after the last."""
    if learner_ids:
        enrollment_changed(learner_ids, block.roster_id, on)
        enrollment_changed(learner_ids, block.roster_id, last_day_of(block) + timedelta(days=1))
