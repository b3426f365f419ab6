"""How much a learner may hand in: enough for any school day, and an end for what runs away."""

from datetime import datetime, time

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.intake import AUDIO, IMAGE, PDF, VIDEO
from paths.models import Artifact, PollFile
from profiles.models import Learner, PolicyRule
from profiles.services.policy_rules import value_on

PIECES_A_DAY = 60
MB_A_DAY = 200
MB_IN_ALL = 1000


class OverLimit(Exception):
    """So much was not taken. `message` says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def check_room(learner: Learner, *, bytes_more: int, now: datetime) -> None:
    """Two statements at most, also over what was put away. To be called under the learner's lock. Raises OverLimit."""
    day_starts = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    today = Q(created_at__gte=day_starts)
    found = Artifact.objects.filter(learner=learner, is_draft=False).aggregate(
        pieces=Count("pk", filter=today), today=Sum("size", filter=today), in_all=Sum("size")
    )
    answers = {"today": 0, "in_all": 0}
    if bytes_more:  # files that answer a poll fill the same folder
        mine = PollFile.objects.filter(answer__hand__learner=learner)
        answers = mine.aggregate(
            today=Sum("size", filter=Q(answer__at=timezone.localdate(now)), default=0), in_all=Sum("size", default=0)
        )
    if found["pieces"] >= PIECES_A_DAY:
        raise OverLimit(
            _("That is %(count)d pieces for one day. Your words are kept here. Hand in the rest tomorrow.")
            % {"count": PIECES_A_DAY}
        )
    if bytes_more and (found["today"] or 0) + answers["today"] + bytes_more > MB_A_DAY * 2**20:
        raise OverLimit(_("Your files of today are very large together. Hand in this one tomorrow, or a smaller one."))
    if bytes_more and (found["in_all"] or 0) + answers["in_all"] + bytes_more > MB_IN_ALL * 2**20:
        raise OverLimit(_("Your folder is full. Ask your teacher. Words and links still work."))


def kinds_allowed(school_id: int) -> frozenset[str]:
    """Kinds of files that learners of the school may hand in today: pictures and PDF, and what policy turned on."""
    rule = value_on(PolicyRule.Line.UPLOADS, timezone.localdate(), school_id=school_id)
    return frozenset({IMAGE, PDF} | ({AUDIO} if rule["audio"] else set()) | ({VIDEO} if rule["video"] else set()))
