"""Tutoring blocks with their standards, groups and wishes: set up, changed, filled, emptied and ended.

Who is on a block's roster is profiles/services/blocks.py; what its groups are is the board of its section.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.models import Assessment, Group, GroupSuggestion, SectionStandard, StaleSection, Wish
from assessments.services.closings import close_groups
from assessments.slot_words import said_slots
from profiles.models import Account, Block, Enrollment, Learner, Section
from profiles.services import blocks as rosters
from standards.models import Standard

MOST_STANDARDS = 8
"""As many as a board groups by."""


@transaction.atomic
def set_up(*, standards: Sequence[Standard], like: Section, by: Account, on: date, **facts) -> Block:
    """A block that works on these standards. facts, and what is raised: as rosters.set_up_block has them."""
    block = rosters.set_up_block(like=like, by=by, on=on, **facts)
    _work_on(block, standards)
    return block


@transaction.atomic
def change(*, block: Block, standards: Sequence[Standard], by: Account, on: date, **facts) -> Block:
    """Say anew what the block is; its board is made anew under it.

    Groups that are on go on as they are, but none beyond the block's last day, and where and when they meet changes for
    those that met as the block did. facts, and what is raised: as rosters.change_block has them.
    """
    before = Block.objects.get(pk=block.pk)
    block = rosters.change_block(block=block, by=by, on=on, **facts)
    _work_on(block, standards)
    newest = GroupSuggestion.objects.filter(section=block.section_id).order_by("-version").first()
    if newest is not None:
        usual = {"hi": block.seats, "standards": [standard.pk for standard in standards]}
        if "again" not in newest.settings and "by_hand" not in newest.settings:
            newest.settings = newest.settings | usual
            newest.save(update_fields=["settings"])
    on_now = Group.objects.filter(section=block.section_id, closed_at__isnull=True, ends_on__gte=on)
    once_more = {"version": F("version") + 1, "changed_by": by}
    on_now.filter(place=before.place).exclude(place=block.place).update(place=block.place, **once_more)
    was, is_now = said_slots(before.slots), said_slots(block.slots)
    if was != is_now:
        on_now.filter(time_text=was).update(time_text=is_now, **once_more)
    on_now.filter(ends_on__gt=block.ends_on).update(ends_on=max(block.ends_on, on), **once_more)
    _make_anew(block)
    return block


@transaction.atomic
def draw(*, block: Block, learners: Collection[Learner], by: Account, on: date) -> list[int]:
    """Give learners places; ids of the new ones. Whom a class keeps apart the block keeps apart too.

    learners: whom the caller may draw. The wishes are listed on the block's board and can be lifted there.
    """
    new = rosters.draw_learners(block=block, learners=learners, by=by, on=on)
    inside = Enrollment.objects.on(on).of_learners().filter(roster_id=block.roster_id).values("learner_id")
    standing = Wish.objects.filter(lifted_at__isnull=True, kind=Wish.Kind.APART)
    apart = standing.filter(first__in=inside, second__in=inside)
    here = {
        frozenset(pair)
        for pair in Wish.objects.filter(section=block.section_id, kind=Wish.Kind.APART).values_list(
            "first_id", "second_id"
        )
    }
    pairs = {frozenset(pair) for pair in apart.values_list("first_id", "second_id") if {*pair} & {*new}} - here
    Wish.objects.bulk_create(
        Wish(section_id=block.section_id, kind=Wish.Kind.APART, first_id=first, second_id=second, created_by=by)
        for first, second in sorted(sorted(pair) for pair in pairs)
    )
    return new


@transaction.atomic
def end(*, block: Block, by: Account, on: date) -> bool:
    """End the block today, and its groups with it. True where it was never used, and is gone altogether."""
    if not _was_used(block):
        _remove(block)
        return True
    rosters.end_block(block=block, by=by, on=on)
    running = Group.objects.filter(section=block.section_id, closed_at__isnull=True).values_list("pk", flat=True)
    close_groups(section=block.section, group_ids=list(running), by=by)
    return False


def class_like(sections: Sequence[Section], standards: Sequence[Standard]) -> Section | None:
    """The section that works on most of these standards, the first by title among equals; None where none does.

    A block takes school, course and term from it.
    """
    rows = SectionStandard.objects.filter(section__in=list(sections), standard__in=list(standards))
    count = Counter(rows.values_list("section_id", flat=True))
    working = [section for section in sections if count[section.pk]]
    return min(working, key=lambda section: (-count[section.pk], section.title, section.pk), default=None)


def _was_used(block: Block) -> bool:
    places = Enrollment.objects.of_learners().filter(roster_id=block.roster_id)
    return (
        places.exists()
        or Group.objects.filter(section=block.section_id).exists()
        or Assessment.objects.filter(section=block.section_id).exists()
    )


def _remove(block: Block) -> None:
    Enrollment.objects.filter(roster_id=block.roster_id).delete()
    section, roster = block.section, block.roster
    block.delete()
    section.delete()
    roster.delete()


def _work_on(block: Block, standards: Sequence[Standard]) -> None:
    wanted = {standard.pk: position for position, standard in enumerate(standards)}
    rows = SectionStandard.objects.filter(section=block.section_id)
    rows.exclude(standard__in=list(wanted)).delete()
    here = set(rows.values_list("standard_id", flat=True))
    SectionStandard.objects.bulk_create(
        SectionStandard(section_id=block.section_id, standard_id=pk, position=position)
        for pk, position in wanted.items()
        if pk not in here
    )


def _make_anew(block: Block) -> None:
    StaleSection.objects.create(section_id=block.section_id, due_at=timezone.now())
