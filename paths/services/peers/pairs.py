"""Pairs: made by a teacher, begun by two who both say yes, ended by anyone at any time or by its last day."""

import uuid as uuids
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import Wish
from paths.models import PeerClass, PeerMatch, PeerNote
from paths.models.peer import in_class
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Learner, Section

Because = PeerMatch.Because


class KeptApart(Exception):
    """A teacher's wish keeps the two apart. Nothing was stored."""


class TakenAlready(Exception):
    """One of the two is in a pair of this class. Nothing was stored."""


@dataclass(frozen=True)
class Meeting:
    """When and where the two begin, as the teacher says it, and the last day of the pair."""

    day: date
    ends_on: date
    time_text: str = ""
    place: str = ""


def kept_apart(learner_ids: Collection[int]) -> set[frozenset[int]]:
    """Pairs of these learners that a wish in force keeps apart, in whichever class somebody wished it. One statement.

    A wish is about two learners and not about a room.
    """
    rows = Wish.objects.filter(
        kind=Wish.Kind.APART, lifted_at=None, first__in=learner_ids, second__in=learner_ids
    ).values_list("first_id", "second_id")
    return {frozenset(pair) for pair in rows}


@transaction.atomic
def make_pair(
    *,
    section: Section,
    standard_id: int,
    helper_id: int,
    asker_id: int,
    meeting: Meeting,
    uuid: uuids.UUID,
    by: Account,
    now: datetime,
) -> PeerMatch:
    """Bring two learners together, who are then asked. The same form twice makes one pair.

    Raises NotNow: the class has it off, or one of the two does not offer or ask for this any more. KeptApart.
    TakenAlready. UuidTaken: the form belongs to another pair.
    """
    today = timezone.localdate()
    # Pairs of a class come one after the other, so that nobody is in two of them by a second window.
    if not PeerClass.objects.select_for_update(of=("self",)).filter(section=section, pairs_on=True).exists():
        raise NotNow
    found = PeerMatch.objects.filter(uuid=uuid).first()
    if found is not None:
        if (found.section_id, found.helper_id, found.asker_id) != (section.pk, helper_id, asker_id):
            raise UuidTaken
        return found
    end_what_is_over(section=section, today=today, now=now)
    said = PeerNote.objects.standing(on=today).filter(section=section, standard=standard_id)
    offers = said.filter(learner=helper_id, kind=PeerNote.Kind.OFFER)
    wishes = said.filter(learner=asker_id, kind=PeerNote.Kind.WISH)
    if helper_id == asker_id or not offers.exists() or not wishes.exists():
        raise NotNow
    if kept_apart({helper_id, asker_id}):
        raise KeptApart
    two = (helper_id, asker_id)
    if PeerMatch.objects.filter(Q(helper__in=two) | Q(asker__in=two), section=section, ended_at=None).exists():
        raise TakenAlready
    return PeerMatch.objects.create(
        uuid=uuid,
        section=section,
        standard_id=standard_id,
        helper_id=helper_id,
        asker_id=asker_id,
        day=meeting.day,
        time_text=meeting.time_text,
        place=meeting.place,
        ends_on=meeting.ends_on,
        made_by=by,
        made_at=now,
    )


@transaction.atomic
def answer(*, match: PeerMatch, learner: Learner, yes: bool, now: datetime) -> PeerMatch:
    """One of the two says yes or not now. Saying the same twice is saying it once.

    "Not now" ends the pair, also after a yes; both are free for another one, and what they said stands. Raises NotNow:
    it was over already.
    """
    row = _locked(match)
    if not row.is_on(timezone.localdate()):
        raise NotNow
    said = PeerMatch.Says.YES if yes else PeerMatch.Says.NOT_NOW
    side = "helper_says" if row.helper_id == learner.pk else "asker_says"
    setattr(row, side, said)
    if not yes:
        row.ended_at, row.ended_because, row.ended_by = now, Because.NOT_NOW, learner.account
    elif row.helper_says == row.asker_says == PeerMatch.Says.YES and row.agreed_at is None:
        row.agreed_at = now
    row.save(update_fields=[side, "agreed_at", "ended_at", "ended_because", "ended_by"])
    return row


@transaction.atomic
def stop(*, match: PeerMatch, by: Account, now: datetime, as_staff: bool = False) -> PeerMatch:
    """Any of the two, or staff of the class, ends it at any time. What is over stays as it ended."""
    row = _locked(match)
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, by
        row.ended_because = Because.STAFF if as_staff else Because.STOPPED
        row.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return row


@transaction.atomic
def done(*, match: PeerMatch, by: Account, now: datetime) -> PeerMatch:
    """The asker has got the help: the pair is over and the wish with it."""
    row = stop(match=match, by=by, now=now)
    _wishes_of(row).update(closed_at=now)
    return row


@transaction.atomic
def thank(*, match: PeerMatch, text: str, now: datetime) -> PeerMatch:
    """One line of the asker to the helper, read by both, their families and the class's teachers; the first stands.

    Raises NotNow: the two have not begun.
    """
    row = _locked(match)
    if row.agreed_at is None:
        raise NotNow
    if not row.thanks:
        row.thanks, row.thanked_at = text.strip(), now
        row.save(update_fields=["thanks", "thanked_at"])
    return row


def end_what_is_over(*, section: Section, today: date, now: datetime) -> None:
    """Write down of pairs past their last day, and of those with somebody who has left, that they are over."""
    rows = PeerMatch.objects.filter(section=section, ended_at=None)
    rows.filter(ends_on__lt=today).update(ended_at=now, ended_because=Because.OVER)
    rows.exclude(Q(in_class("helper", on=today)) & Q(in_class("asker", on=today))).update(
        ended_at=now, ended_because=Because.LEFT
    )


def _wishes_of(match: PeerMatch):
    return PeerNote.objects.filter(
        learner=match.asker_id,
        section=match.section_id,
        standard=match.standard_id,
        kind=PeerNote.Kind.WISH,
        closed_at=None,
    )


def _locked(match: PeerMatch) -> PeerMatch:
    return PeerMatch.objects.select_for_update(of=("self",)).get(pk=match.pk)
