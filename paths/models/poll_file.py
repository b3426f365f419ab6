"""The drawing, sound or video that answers a poll."""

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from lrm.privacy import ENROLLED, SHARED, Privacy
from lrm.scope import ScopedManager
from paths.models.poll import VOICE, Poll, PollAnswer
from profiles.models import Account

LEAST_SHOWN = 5
"""As many answers as results need; paths/services/polls/results.py has the same."""


class PollFileQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PollFileQuerySet":
        """One's own; of a poll with names all, for who runs it; drawings of a poll that is over, for all it asked.

        Those only from five answers up. A voice or a face is for who runs the poll, and never for classmates.
        """
        over = Q(answer__poll__open_until__lt=timezone.localdate()) | Q(answer__poll__ended_at__isnull=False)
        enough = Poll.objects.annotate(n=Count("answers")).filter(n__gte=LEAST_SHOWN).values("pk")
        runs = Q(answer__poll__in=Poll.objects.run_by(account).values("pk"))
        asked = Q(answer__poll__in=Poll.objects.asking(account).values("pk"))
        shown = Q(answer__poll__kind=Poll.Kind.DRAWING, answer__poll__in=enough) & over
        seen = runs & Q(answer__poll__is_anonymous=False) | (runs | asked) & shown
        if account.access.learner_id is not None:
            seen |= Q(answer__hand__learner=account.access.learner_id)
        return self.filter(seen)


class PollFile(models.Model):
    """What lies in the folder of files under `stored`; row and file come together, as with work that is handed in.

    It keeps nothing that would tell whose it is: no name that somebody chose, no time, and no fingerprint by which it
    could be found again among work. size: in bytes.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"stored": VOICE},
        plain="id answer kind media_type size has_preview",
        files="stored",
        export=SHARED,
    )

    answer = models.OneToOneField(PollAnswer, on_delete=models.CASCADE, related_name="file")
    stored = models.UUIDField(unique=True)
    kind = models.CharField(max_length=8)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    has_preview = models.BooleanField(default=False)

    objects = ScopedManager.from_queryset(PollFileQuerySet)()

    @property
    def name(self) -> str:
        """What it is called when it is fetched: "drawing.jpg", the same for everybody."""
        return f"{self.answer.poll.kind}.{ENDINGS.get(self.media_type, 'bin')}"


ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/ogg": "ogv",
    "video/webm": "webm",
}
