"""Asking, answering, suggesting, ending; and opening an anonymous answer for safety."""

import uuid as uuids
from collections.abc import Sequence
from datetime import date, datetime

import structlog
from django.db import transaction

from assessments.models import Group
from paths.models import Poll, PollAnswer, PollHand, Unmasking
from paths.services.errors import NotNow, UuidTaken
from profiles.models import Account, Learner, School, Section

log = structlog.get_logger()


def ask(
    *,
    uuid: uuids.UUID,
    kind: str,
    question: str,
    options: Sequence[str],
    is_anonymous: bool,
    school: School,
    section: Section | None,
    group: Group | None,
    open_until: date,
    by: Account,
    now: datetime,
) -> Poll:
    """Ask a class, a group of it, or (without a section) a school. The same form twice asks once. Raises UuidTaken."""
    poll, _is_new = Poll.objects.get_or_create(
        uuid=uuid,
        defaults={
            "kind": kind,
            "question": question.strip(),
            "options": list(options),
            "is_anonymous": is_anonymous,
            "school": school,
            "section": section,
            "group": group,
            "open_until": open_until,
            "created_by": by,
            "created_at": now,
        },
    )
    if poll.created_by_id != by.pk:
        raise UuidTaken
    return poll


def suggest(*, uuid: uuids.UUID, text: str, section: Section, is_anonymous: bool, by: Account, now: datetime) -> Poll:
    """A learner's own idea, to those who teach the class. The same form twice is one. Raises UuidTaken."""
    poll, _is_new = Poll.objects.get_or_create(
        uuid=uuid,
        defaults={
            "kind": Poll.Kind.SUGGESTION,
            "question": text.strip(),
            "is_anonymous": is_anonymous,
            "school_id": section.roster.school_id,
            "section": section,
            "created_by": by,
            "created_at": now,
        },
    )
    if poll.created_by_id != by.pk:
        raise UuidTaken
    return poll


@transaction.atomic
def answer(*, poll: Poll, learner: Learner, choices: Sequence[int], text: str, today: date) -> PollAnswer:
    """The learner's answer; as long as the poll is open a later one takes its place. Raises NotNow."""
    locked = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if not locked.takes_answers(today):
        raise NotNow
    values = {"choices": sorted(set(choices)), "text": text.strip(), "at": today}
    hand = PollHand.objects.select_related("answer").filter(poll=locked, learner=learner).first()
    if hand is None:
        row = PollAnswer.objects.create(poll=locked, **values)
        PollHand.objects.create(poll=locked, learner=learner, answer=row)
        return row
    PollAnswer.objects.filter(pk=hand.answer_id).update(**values)
    return hand.answer


@transaction.atomic
def end(*, poll: Poll, ending: str, text: str, by: Account, now: datetime, today: date) -> Poll:
    """Say what came of it; that ends it. The first word stands. Raises NotNow while answers still come in."""
    row = Poll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if row.ended_at is None:
        if row.takes_answers(today):
            raise NotNow
        row.ending, row.ending_text, row.ended_by, row.ended_at = ending, text.strip(), by, now
        row.save(update_fields=["ending", "ending_text", "ended_by", "ended_at"])
    return row


def stop_asking(*, poll: Poll, today: date) -> None:
    """No more answers from now on: the last day was yesterday."""
    Poll.objects.filter(pk=poll.pk, open_until__gte=today).update(open_until=date.fromordinal(today.toordinal() - 1))


def ask_to_unmask(*, poll: Poll, answer: PollAnswer | None, why: str, by: Account, now: datetime) -> Unmasking:
    """The first of two adults. answer: None for the author of a suggestion. Asking twice is asking once."""
    row, is_new = Unmasking.objects.get_or_create(
        poll=poll, answer=answer, defaults={"asked_by": by, "why": why.strip(), "asked_at": now}
    )
    if is_new:
        log.warning("unmasking asked", poll=poll.pk, unmasking=row.pk, account=by.pk)
    return row


@transaction.atomic
def agree_to_unmask(*, unmasking: Unmasking, by: Account, now: datetime) -> Unmasking:
    """The second of two adults: from now on both, and the learner, see whose words they are. Twice is once.

    Raises NotNow: nobody agrees to what they have asked for themselves.
    """
    row = Unmasking.objects.select_for_update(of=("self",)).get(pk=unmasking.pk)
    if row.asked_by_id == by.pk:
        raise NotNow
    if row.agreed_at is None:
        row.agreed_by, row.agreed_at = by, now
        row.save(update_fields=["agreed_by", "agreed_at"])
        log.warning("unmasking agreed", poll=row.poll_id, unmasking=row.pk, asked=row.asked_by_id, agreed=by.pk)
    return row


def unmasked_learner(unmasking: Unmasking, *, to: Account) -> Learner | None:
    """Who it was: for the two adults only, once both have said so."""
    if unmasking.agreed_at is None or to.pk not in (unmasking.asked_by_id, unmasking.agreed_by_id):
        return None
    if unmasking.answer_id:
        return Learner.objects.filter(
            pk__in=PollHand.objects.filter(answer=unmasking.answer_id).values("learner")
        ).first()
    return Learner.objects.filter(account=unmasking.poll.created_by_id).first()
