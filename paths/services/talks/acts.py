"""Beginning a conversation, saying something in it, keeping what is not sent yet, and having read."""

import uuid as uuids
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max

from assessments.models import Group
from paths.models import Artifact, Goal, Message, Step, Talk, TalkDraft, TalkSeen
from paths.services.errors import UuidTaken
from profiles.models import Account, Learner
from standards.models import Standard

KINDS = ("goal", "step", "standard", "group", "artifact")
"""What a conversation can be about."""


class AudienceChanged(Exception):
    """More people read the conversation than when its form was opened; nothing was said."""


@dataclass(frozen=True)
class Anchor:
    """What a conversation is about: at most one of them."""

    goal: Goal | None = None
    step: Step | None = None
    standard: Standard | None = None
    group: Group | None = None
    artifact: Artifact | None = None

    @property
    def key(self) -> str:
        """Under which the draft of a conversation that is not there yet is kept."""
        for kind in KINDS:
            if found := getattr(self, kind):
                return f"new:{kind}:{found.pk}"
        return "new"

    @property
    def title(self) -> str:
        """A first title, or "" where the conversation is about nothing in particular."""
        if self.goal:
            return self.goal.what[:120]
        if self.step:
            return self.step.title[:120]
        if self.artifact:
            return self.artifact.heading[:120]
        standard = self.standard or (self.group.focus if self.group else None)
        return standard.heading[:120] if standard else ""


@dataclass(frozen=True)
class Audience:
    """teachers: of Talk.Teachers. section_id: the class; with all teachers where it was begun, or None."""

    section_id: int | None
    teachers: str
    with_family: bool


@transaction.atomic
def begin_talk(
    *,
    learner: Learner,
    anchor: Anchor,
    audience: Audience,
    title: str,
    text: str,
    uuid: uuids.UUID,
    by: Account,
    now: datetime,
) -> Talk:
    """A conversation with its first message. The same form twice begins one.

    uuid: of the form; it is that of the first message. Raises UuidTaken: it is that of somebody else's message.
    """
    with connection.cursor() as cursor:  # of two equal forms sent at once the second one sees the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"talk {uuid}"])
    standing = Message.objects.select_related("talk").filter(uuid=uuid).first()
    if standing is not None:
        if standing.author_id != by.pk or standing.talk.learner_id != learner.pk:
            raise UuidTaken
        return standing.talk
    talk = Talk.objects.create(
        learner=learner,
        section_id=audience.section_id,
        teachers=audience.teachers,
        with_family=audience.with_family,
        title=title.strip(),
        goal=anchor.goal,
        step=anchor.step,
        standard=anchor.standard,
        group=anchor.group,
        artifact=anchor.artifact,
        created_by=by,
        created_at=now,
        last_at=now,
    )
    message = send_message(talk=talk, text=text, uuid=uuid, by=by, now=now)
    TalkDraft.objects.filter(account=by, learner=learner, key=anchor.key).delete()
    return message.talk


@transaction.atomic
def send_message(*, talk: Talk, text: str, uuid: uuids.UUID, by: Account, now: datetime, audience: str = "") -> Message:
    """Say something. The same form twice says it once; its draft goes, and its author has read up to it.

    audience: Talk.audience as the form was opened with it, or "" where nobody was shown any. Raises AudienceChanged;
    UuidTaken: the identifier is that of another conversation's or author's message.
    """
    # One after the other, so that ids, versions and "has read up to" are in the order of the conversation.
    locked = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    if audience and audience != locked.audience and not Message.objects.filter(uuid=uuid).exists():
        raise AudienceChanged
    try:
        with transaction.atomic():
            message, is_new = Message.objects.get_or_create(
                uuid=uuid, talk=talk, defaults={"author": by, "text": text.strip(), "at": now}
            )
    except IntegrityError:
        raise UuidTaken from None
    if message.author_id != by.pk:
        raise UuidTaken
    if is_new:
        Talk.objects.filter(pk=talk.pk).update(last_at=now, version=F("version") + 1)
        TalkDraft.objects.filter(account=by, learner_id=talk.learner_id, key=draft_key(talk)).delete()
        _seen_up_to(talk.pk, by.pk, message.pk)
    return message


def mark_seen(*, talk: Talk, account: Account, up_to: int) -> None:
    """up_to: id of a message that was on the screen. Never further than what has been said, and never back."""
    newest = Message.objects.filter(talk=talk, pk__lte=up_to).aggregate(newest=Max("pk"))["newest"]
    if newest is not None:
        _seen_up_to(talk.pk, account.pk, newest)


def _seen_up_to(talk_id: int, account_id: int, message_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TalkSeen._meta.db_table} AS seen (talk_id, account_id, last_message) VALUES (%s, %s, %s)"
            " ON CONFLICT (talk_id, account_id)"
            " DO UPDATE SET last_message = greatest(seen.last_message, excluded.last_message)",
            [talk_id, account_id, message_id],
        )


def keep_draft(*, learner: Learner, key: str, text: str, by: Account, now: datetime) -> None:
    """What is being written; an empty text takes the draft away."""
    if text.strip():
        TalkDraft.objects.update_or_create(
            account=by, learner=learner, key=key, defaults={"text": text, "updated_at": now}
        )
    else:
        TalkDraft.objects.filter(account=by, learner=learner, key=key).delete()


def draft_of(*, learner_id: int, key: str, account: Account) -> str:
    """What the account was writing there, or ""."""
    texts = TalkDraft.objects.filter(account=account, learner=learner_id, key=key).values_list("text", flat=True)
    return next(iter(texts), "")


def draft_key(talk: Talk) -> str:
    return f"talk:{talk.pk}"
