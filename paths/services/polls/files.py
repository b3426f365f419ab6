"""Answers that are drawn, spoken or filmed. The door, the quota and the folder are those of work that is handed in."""

from datetime import date, datetime

from django.db import transaction

from lrm.file_store import WORK
from lrm.intake import AUDIO, IMAGE, VIDEO, TakenIn
from paths.models import Poll, PollAnswer, PollFile
from paths.services.hand_in_limits import check_room, kinds_allowed
from paths.services.polls.acts import answer
from profiles.models import Learner

KIND_OF = {Poll.Kind.DRAWING: IMAGE, Poll.Kind.SOUND: AUDIO, Poll.Kind.VIDEO: VIDEO}
"""What kind of file answers which poll; other polls take none."""


def kinds_for(poll: Poll) -> frozenset[str]:
    """Kinds of files that this poll takes today: none of sound or video where the school has turned them off."""
    wanted = KIND_OF.get(Poll.Kind(poll.kind))
    return frozenset({wanted} if wanted else ()) & kinds_allowed(poll.school_id)


def answer_with_file(*, poll: Poll, learner: Learner, file: TakenIn, today: date, now: datetime) -> PollAnswer:
    """Keep the learner's answer with its file; a later one takes its place, and the earlier file goes.

    Raises NotNow, OverLimit, StorageTrouble: nothing is kept then.
    """
    stored = WORK.put(file.data, preview=file.preview)
    try:
        with transaction.atomic():
            Learner.objects.select_for_update(of=("self",), no_key=True).get(pk=learner.pk)
            check_room(learner, bytes_more=len(file.data), now=now)
            row = answer(poll=poll, learner=learner, choices=[], text="", today=today)
            earlier = PollFile.objects.filter(answer=row).first()
            fields = {
                "stored": stored,
                "kind": file.kind,
                "media_type": file.media_type,
                "size": len(file.data),
                "has_preview": bool(file.preview),
            }
            PollFile.objects.update_or_create(answer=row, defaults=fields)
            transaction.on_commit(lambda: WORK.settle(stored), robust=True)  # reading settles for a lost one
            if earlier:
                transaction.on_commit(lambda: WORK.discard(earlier.stored), robust=True)  # else the sweep does
    except BaseException:
        WORK.discard(stored)
        raise
    return row
