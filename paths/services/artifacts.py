"""Work that is handed in: kept, changed, put away, answered.

A piece is named by the id of its form, so that a double click and a second try after a lost answer make one piece.
"""

import hashlib
import uuid as uuids
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from lrm.file_store import WORK
from lrm.intake import TakenIn
from lrm.scope import unscoped
from paths.models import Artifact, ArtifactReply, ArtifactRevision, PollFile
from paths.services.errors import UuidTaken
from paths.services.hand_in_limits import check_room
from profiles.models import Account, Learner

log = structlog.get_logger()

KEPT_WITHOUT_ROW = timedelta(days=1)
WORDS = ("title", "text", "link")


class ArtifactChanged(Exception):
    """Somebody saved this piece first, in another window. `current` holds what stands now."""

    def __init__(self, current: Artifact) -> None:
        super().__init__(f"Artifact {current.pk} is at version {current.version}.")
        self.current = current


@dataclass(frozen=True)
class Words:
    title: str = ""
    text: str = ""
    link: str = ""
    standard_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class About:
    """What the piece belongs to: ids of the learner's own things, which the caller has looked up."""

    goal_id: int | None = None
    step_id: int | None = None
    reflection_id: int | None = None
    project_id: int | None = None

    def fields(self) -> dict[str, int | None]:
        return {
            "goal_id": self.goal_id,
            "step_id": self.step_id,
            "reflection_id": self.reflection_id,
            "project_id": self.project_id,
        }


NOTHING = About()


@dataclass
class HandedIn:
    """is_new: False where the same form had been taken already."""

    artifact: Artifact
    is_new: bool = field(default=True)


def find_handed_in(*, learner: Learner, uuid: uuids.UUID, by: Account) -> Artifact | None:
    """What came of this form before, so that its file need not be looked at again. Raises UuidTaken."""
    found = Artifact.objects.filter(uuid=uuid).first()
    if found is not None and (found.learner_id, found.by_id) != (learner.pk, by.pk):
        raise UuidTaken
    return None if found is None or found.is_draft else found


def hand_in(
    *,
    learner: Learner,
    uuid: uuids.UUID,
    words: Words,
    file: TakenIn | None,
    about: About = NOTHING,
    by: Account,
    now: datetime,
) -> HandedIn:
    """Keep a piece of work. Row and file come together or not at all.

    Raises UuidTaken, OverLimit, StorageTrouble: nothing is kept then.
    """
    if found := find_handed_in(learner=learner, uuid=uuid, by=by):
        return HandedIn(found, is_new=False)
    stored = WORK.put(file.data, preview=file.preview) if file else None
    try:
        with transaction.atomic():
            handed_in = _store(learner, uuid, words, file, stored, about, by, now)
            if stored and handed_in.is_new:
                transaction.on_commit(lambda: WORK.settle(stored), robust=True)  # reading settles for a lost one
    except BaseException:
        if stored:
            WORK.discard(stored)
        raise
    if stored and not handed_in.is_new:
        WORK.discard(stored)
    if handed_in.is_new:
        log.info("work handed in", artifact=handed_in.artifact.pk, kind=handed_in.artifact.kind, by=by.pk)
    return handed_in


def _store(learner, uuid, words: Words, file: TakenIn | None, stored, about: About, by, now) -> HandedIn:
    # One at a time for a learner: two sendings of one form, and two files that together are too much.
    Learner.objects.select_for_update(of=("self",), no_key=True).get(pk=learner.pk)
    if found := find_handed_in(learner=learner, uuid=uuid, by=by):
        return HandedIn(found, is_new=False)
    check_room(learner, bytes_more=len(file.data) if file else 0, now=now)
    fields = {
        "learner": learner,
        "by": by,
        "is_draft": False,
        "kind": file.kind if file else Artifact.Kind.LINK if words.link else Artifact.Kind.TEXT,
        "created_at": now,
        "updated_at": now,
        **_said(words),
        **about.fields(),
        **_file_fields(file, stored),
    }
    artifact, _ = Artifact.objects.update_or_create(uuid=uuid, defaults=fields)  # a draft becomes the piece
    artifact.standards.set(words.standard_ids)
    return HandedIn(artifact)


def _said(words: Words) -> dict[str, str]:
    return {"title": words.title.strip(), "text": words.text.strip(), "link": words.link}


def _file_fields(file: TakenIn | None, stored: uuids.UUID | None) -> dict:
    if file is None:
        return {}
    return {
        "stored": stored,
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.data),
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "has_preview": bool(file.preview),
    }


@transaction.atomic
def save_draft(
    *, learner: Learner, uuid: uuids.UUID, words: Words, about: About = NOTHING, by: Account, now: datetime
) -> Artifact:
    """Keep words as they are typed, for their writer alone. What was handed in meanwhile stays as it is.

    Raises UuidTaken.
    """
    Learner.objects.select_for_update(of=("self",), no_key=True).get(pk=learner.pk)
    if found := find_handed_in(learner=learner, uuid=uuid, by=by):
        return found
    fields = {
        "learner": learner,
        "by": by,
        "is_draft": True,
        "kind": Artifact.Kind.LINK if words.link else Artifact.Kind.TEXT,
        "updated_at": now,
        **_said(words),
        **about.fields(),
    }
    artifact, _ = Artifact.objects.update_or_create(uuid=uuid, defaults=fields)
    artifact.standards.set(words.standard_ids)
    return artifact


@transaction.atomic
def change_words(*, artifact_id: int, version: int, words: Words, by: Account, now: datetime) -> Artifact:
    """Say it anew; what stood before is kept. The file stays. Raises ArtifactChanged: nothing was stored."""
    artifact = Artifact.objects.select_for_update().get(pk=artifact_id)
    before, after = {name: getattr(artifact, name) for name in WORDS}, _said(words)
    if artifact.version != version and before != after:
        raise ArtifactChanged(artifact)
    artifact.standards.set(words.standard_ids)
    if before == after:
        return artifact
    ArtifactRevision.objects.create(artifact=artifact, at=now, by=by, before=before)
    for name, value in after.items():
        setattr(artifact, name, value)
    if not artifact.stored:
        artifact.kind = Artifact.Kind.LINK if artifact.link else Artifact.Kind.TEXT
    artifact.version, artifact.updated_at = artifact.version + 1, now
    artifact.save(update_fields=[*WORDS, "kind", "version", "updated_at"])
    return artifact


def put_away(*, artifact: Artifact, by: Account, now: datetime) -> None:
    """Take it out of sight; the learner and whoever handed it in still see it. A draft goes for good.

    Put away twice equals once.
    """
    if artifact.is_draft:
        artifact.delete()
        return
    Artifact.objects.filter(pk=artifact.pk, withdrawn_at__isnull=True).update(withdrawn_at=now)
    log.info("work put away", artifact=artifact.pk, by=by.pk)


def bring_back(*, artifact: Artifact, by: Account) -> None:
    Artifact.objects.filter(pk=artifact.pk).update(withdrawn_at=None)
    log.info("work brought back", artifact=artifact.pk, by=by.pk)


@transaction.atomic
def reply(*, artifact: Artifact, uuid: uuids.UUID, text: str, by: Account, now: datetime) -> ArtifactReply:
    """A line under the piece, for the learner. The same form twice is one line. Raises UuidTaken."""
    row, _ = ArtifactReply.objects.get_or_create(
        uuid=uuid, defaults={"artifact": artifact, "text": text.strip(), "by": by, "at": now}
    )
    if (row.artifact_id, row.by_id) != (artifact.pk, by.pk):
        raise UuidTaken
    return row


def sweep_files() -> int:
    """Take away files that no row names. Returns how many."""

    def known(stored):
        with unscoped("files of all districts lie in one folder"):
            work = Artifact.objects.filter(stored__in=stored).values_list("stored", flat=True)
            answers = PollFile.objects.filter(stored__in=stored).values_list("stored", flat=True)
            return {*work, *answers}

    removed = WORK.sweep(known=known, older_than_seconds=KEPT_WITHOUT_ROW.total_seconds())
    if removed:
        log.info("files swept", removed=removed)
    return removed
