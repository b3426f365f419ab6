"""What learners are asked, and what they say of their own accord; each ends in what came of it."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Group
from lrm.privacy import CUT, ENROLLED, SHARED, Privacy
from lrm.scope import ScopedManager
from paths.models.talk import TALKING
from profiles.models import Account, Enrollment, Learner, School, Section

VOICE = "to hear what learners think"


class PollQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PollQuerySet":
        """Polls that a learner is asked, suggestions of their own, and what the account runs."""
        return self.filter(_asks(account) | _runs(account))

    def asking(self, account: Account) -> "PollQuerySet":
        """Polls to the class, group or school of the learner that the account is; never somebody's suggestion."""
        mine = _asks(account)
        return self.filter(mine).exclude(kind=Poll.Kind.SUGGESTION)

    def run_by(self, account: Account) -> "PollQuerySet":
        """Those of classes that the account teaches, other than as a substitute, and of schools that it administers."""
        return self.filter(_runs(account))


def _asks(account: Account) -> Q:
    learner_id = account.access.learner_id
    if learner_id is None:
        return Q(pk__in=[])
    here = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner_id=learner_id)
    in_group = Group.objects.filter(members__learner=learner_id)
    own = Q(kind=Poll.Kind.SUGGESTION, created_by=account.pk)
    asked = (
        Q(group=None, section__roster__in=here.values("roster"))
        | Q(group__in=in_group.values("pk"))
        | Q(section=None, school__in=here.values("roster__school"))
    )
    return own | (asked & ~Q(kind=Poll.Kind.SUGGESTION))


def _runs(account: Account) -> Q:
    access = account.access
    if access.is_district_admin:
        return Q(school__district=access.district_id)
    runs = Q(school__in=access.school_ids)
    if access.stays:
        at_work = Enrollment.objects.on(timezone.localdate()).filter(account_id=account.pk, role__in=TALKING)
        taught = Section.objects.filter(
            Exists(at_work.filter(Q(section=None) | Q(section=OuterRef("pk")), roster=OuterRef("roster")))
        )
        runs |= Q(section__in=taught)
    return runs


class Poll(models.Model):
    """To a class (section), to a group of it (section and group), or to a school (school alone).

    options: texts to choose from, in order; none where words are asked for. A suggestion has its words in `question`.
    is_anonymous: no page shows who answered, or who suggested; see PollHand and Unmasking.
    ending: what came of it, with `ending_text`; with both it is over.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "created_by": "to know who asks, or who suggested",
            "question": VOICE,
            "ended_by": "to know who answered the learners",
        },
        plain="id uuid kind school section group options is_anonymous created_at open_until ending ending_text"
        " ended_at",
        erase=CUT,
        export=SHARED,
    )
    scope_field = "school__district"

    class Kind(models.TextChoices):
        ONE = "one", _("Choose one")
        SEVERAL = "several", _("Choose several")
        WORDS = "words", _("Words")
        DRAWING = "drawing", _("A drawing")
        SOUND = "sound", _("Sound")
        VIDEO = "video", _("Video")
        SUGGESTION = "suggestion", _("Suggestion")

    class Ending(models.TextChoices):
        DID = "did", _("You said, we did")
        CANNOT = "cannot", _("We can’t, because")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="polls")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    question = models.CharField(max_length=280)
    options = models.JSONField(default=list, blank=True)
    is_anonymous = models.BooleanField(default=False)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    open_until = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    ending_text = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PollQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | (~Q(ending="") & ~Q(ending_text="")), name="poll_ends_with_words"
            ),
            models.CheckConstraint(
                condition=Q(kind="suggestion") | Q(open_until__isnull=False), name="poll_is_open_until_a_day"
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | ~Q(kind__in=["sound", "video"]), name="poll_voices_have_names"
            ),
        ]
        indexes = [models.Index(fields=["section", "-created_at"], name="poll_section")]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.question

    def takes_answers(self, today: date) -> bool:
        return self.ended_at is None and self.open_until is not None and today <= self.open_until


class PollAnswer(models.Model):
    """What was said. Who said it stands in PollHand; `at` is a day, so that no clock tells it either.

    choices: places in the poll's options, from 0.    uuid: by which pages order answers, so that no order tells it.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"choices": VOICE, "text": VOICE},
        plain="id uuid poll at",
        export=SHARED,
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="answers")
    choices = models.JSONField(default=list, blank=True)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateField()

    objects = ScopedManager()


class PollHand(models.Model):
    """Whose answer it is: read by the learner, for named polls by who runs them, else only through an Unmasking."""

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"learner": "to let each learner answer once, and change the answer"},
        plain="id poll answer",
        export=SHARED,
    )

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="hands")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    answer = models.OneToOneField(PollAnswer, on_delete=models.CASCADE, related_name="hand")

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "learner"], name="poll_answered_once")]


class UnmaskingQuerySet(models.QuerySet):
    def agreeable_by(self, account: Account) -> "UnmaskingQuerySet":
        """Requests that the account may agree to: of schools that it administers, and never its own."""
        access = account.access
        rows = self.filter(agreed_at=None).exclude(asked_by=account.pk)
        if access.is_district_admin:
            return rows.filter(poll__school__district=access.district_id)
        return rows.filter(poll__school__in=access.school_ids)

    def told_to(self, account: Account) -> "UnmaskingQuerySet":
        """Of the learner who is the account: everyone is told whose answer was opened."""
        learner_id = account.access.learner_id
        if learner_id is None:
            return self.none()
        return self.filter(agreed_at__isnull=False).filter(
            Q(answer__hand__learner=learner_id) | Q(answer=None, poll__created_by=account.pk)
        )


class Unmasking(models.Model):
    """Two named adults open who gave an anonymous answer, for safety: one asks, an administrator agrees.

    answer: None where it is the author of a suggestion. Rows are never changed afterwards, and the learner is told.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "asked_by": "to name who asked",
            "agreed_by": "to name who agreed",
            "why": "to say why it was for safety",
        },
        plain="id poll answer asked_at agreed_at",
        export=SHARED,
    )

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="unmaskings")
    answer = models.ForeignKey(PollAnswer, null=True, on_delete=models.CASCADE, related_name="unmaskings")
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=500)
    agreed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(UnmaskingQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("asked_by")), name="unmasking_needs_two"
            ),
            models.UniqueConstraint(fields=["poll", "answer"], name="unmasking_once", nulls_distinct=False),
        ]
        ordering = ["asked_at", "pk"]
