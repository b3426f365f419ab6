"""Letting more people read a conversation: said by name before, dated in the conversation, never taken back.

A learner's words are theirs: when staff let the family in, the learner says yes first, except where the district's rule
includes the families of such learners anyway.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max

from paths.models import Message, Talk, TalkWidening
from paths.services.errors import NotNow
from paths.services.talks.circle import Adult, Circle, read_circle
from paths.services.talks.policy import reads_along
from profiles.models import Account

To = TalkWidening.To


class ReadersChanged(Exception):
    """Others than those who were shown would read it now; nothing was changed."""


def may_widen(talk: Talk, circle: Circle, account: Account) -> bool:
    """The learner, and whoever reads it as a teacher; not guardians, for whom a conversation of their own is open.

    talk: one in which the account writes.
    """
    return account.access.learner_id == talk.learner_id or bool(circle.taught_by(account))


def is_wide(talk: Talk, to: str) -> bool:
    return talk.with_family if to == To.FAMILY else talk.teachers == Talk.Teachers.ALL


def new_readers(talk: Talk, circle: Circle, to: str) -> list[Adult]:
    """Who would read it from the start and cannot read it today."""
    readers = circle.readers(
        section_id=talk.section_id,
        teachers=Talk.Teachers.ALL if to == To.TEACHERS else talk.teachers,
        with_family=talk.with_family or to == To.FAMILY,
    )
    known = {adult.account_id for adult in circle.readers_of(talk)}
    return [adult for adult in readers if adult.account_id not in known]


def offers(talk: Talk, circle: Circle, account: Account, widenings: Sequence[TalkWidening]) -> list[str]:
    """To whom the account may open it. widenings: of the talk. What was asked or declined only the learner opens."""
    if not may_widen(talk, circle, account):
        return []
    answered = set() if account.access.learner_id == talk.learner_id else {row.to for row in widenings}
    return [to for to in To.values if to not in answered and new_readers(talk, circle, to)]


def key_of(readers: Sequence[Adult]) -> str:
    """What a form sends back of whom it showed."""
    return "-".join(str(pk) for pk in sorted(adult.account_id for adult in readers))


def count_messages(talk: Talk) -> int:
    """Words that new readers would read."""
    return Message.objects.filter(talk=talk, hidden_at=None).count()


def needs_yes(talk: Talk, to: str, account: Account, *, on: date) -> bool:
    """Whether the learner has to say yes before. At most one statement."""
    if to != To.FAMILY or account.access.learner_id == talk.learner_id:
        return False
    return not reads_along(talk.learner, on=on)


@transaction.atomic
def widen(*, talk: Talk, to: str, shown: str, by: Account, now: datetime, on: date) -> TalkWidening | None:
    """Let them read, or ask the learner whether they may. None: they read it already, nothing was changed.

    talk: one in which the account writes. shown: `key_of` those who were named. Raises ReadersChanged; NotNow where
    the account may not, nobody would come to it, or the learner has been asked.
    """
    row = _locked(talk)
    if is_wide(row, to):
        return None
    standing = row.widenings.filter(to=to).first()
    is_own = by.access.learner_id == row.learner_id
    if standing is not None and not is_own:
        if standing.by_id == by.pk and standing.declined_at is None:
            return standing  # the same form twice
        raise NotNow
    circle = read_circle(row.learner, on=on)
    readers = new_readers(row, circle, to)
    if not may_widen(row, circle, by) or not readers:
        raise NotNow
    if key_of(readers) != shown:
        raise ReadersChanged
    if needs_yes(row, to, by, on=on):
        return _asked(row, to, by, now)
    return _open(row, standing or TalkWidening(talk=row, to=to, asked_at=now), by=by, now=now)


@transaction.atomic
def answer(*, widening: TalkWidening, yes: bool, shown: str, now: datetime, on: date) -> TalkWidening:
    """The learner's answer; the first one stands. shown: `key_of` those who were named. Raises ReadersChanged."""
    row = _locked(widening.talk)
    standing = row.widenings.select_related("by").get(pk=widening.pk)
    if standing.at or standing.declined_at:
        return standing
    if not yes:
        standing.declined_at = now
        standing.save(update_fields=["declined_at"])
        Talk.objects.filter(pk=row.pk).update(version=F("version") + 1)
        return standing
    if key_of(new_readers(row, read_circle(row.learner, on=on), standing.to)) != shown:
        raise ReadersChanged
    return _open(row, standing, by=standing.by, now=now)


def _asked(talk: Talk, to: str, by: Account, now: datetime) -> TalkWidening:
    row = TalkWidening.objects.create(talk=talk, to=to, by=by, asked_at=now, after_message=_newest(talk))
    Talk.objects.filter(pk=talk.pk).update(version=F("version") + 1)
    return row


def _open(talk: Talk, row: TalkWidening, *, by: Account | None, now: datetime) -> TalkWidening:
    row.by, row.at, row.declined_at, row.after_message = by, now, None, _newest(talk)
    row.save()
    rule = {"with_family": True} if row.to == To.FAMILY else {"teachers": Talk.Teachers.ALL}
    Talk.objects.filter(pk=talk.pk).update(version=F("version") + 1, **rule)
    return row


def _newest(talk: Talk) -> int:
    return Message.objects.filter(talk=talk).aggregate(newest=Max("pk"))["newest"] or 0


def _locked(talk: Talk) -> Talk:
    """Messages are sent under the same lock, so that each is said to those who read it then."""
    return Talk.objects.select_for_update(of=("self",)).select_related("learner").get(pk=talk.pk)
