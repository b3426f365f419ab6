"""Learners of one class who help each other: what they offer and ask for, and the pairs that their teacher makes."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.privacy import ENROLLED, RECORD, Privacy
from lrm.scope import ScopedManager
from paths.models.talk import TALKING
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard

PEERS = "to bring learners of a class together who want to help each other"


def led_by(account: Account) -> QuerySet[Section]:
    """Classes whose pairs and cheers the account looks after.

    Those that it teaches, other than as a substitute, and those of schools that it administers. Never a tutoring
    block: its name is for staff alone, and its few learners sit together anyway.
    """
    access = account.access
    classes = Section.objects.filter(block__isnull=True)
    if access.is_district_admin:
        return classes.filter(district_id=access.district_id)
    mine = Q(roster__school__in=access.school_ids)
    if access.stays:
        at_work = Enrollment.objects.on(timezone.localdate()).filter(account_id=account.pk, role__in=TALKING)
        here = at_work.filter(Q(section=None) | Q(section=OuterRef("pk")), roster=OuterRef("roster"))
        mine |= Q(Exists(here))
    return classes.filter(mine)


def in_class(learner: str, *, on: date) -> Exists:
    """Whether the learner in that field is in the class of the row's `section` on that day."""
    here = Enrollment.objects.on(on).of_learners()
    return Exists(here.filter(learner=OuterRef(learner), roster=OuterRef("section__roster")))


class PeerClass(models.Model):
    """What a teacher allows between the learners of a class. Without a row: no pairs, and cheers.

    Switching off hides and deletes nothing.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"changed_by": "to know whom to ask about it"},
        plain="section pairs_on cheers_on changed_at",
    )
    scope_field = "section__district"

    section = models.OneToOneField(Section, primary_key=True, on_delete=models.CASCADE, related_name="peer_class")
    pairs_on = models.BooleanField(default=False)
    cheers_on = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()


class PeerNoteQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PeerNoteQuerySet":
        """The learner's own, those of a guardian's children, and for staff those of their classes.

        None of a class where pairs are off; a classmate never reads one.
        """
        access = account.access
        ids = {*access.ward_ids, *([access.learner_id] if access.learner_id else [])}
        here = Q(section__in=led_by(account)) & Q(in_class("learner", on=timezone.localdate()))
        return self.filter(Q(learner__in=ids) | here, section__peer_class__pairs_on=True)

    def of(self, account: Account) -> "PeerNoteQuerySet":
        """The learner's own, which they may take back."""
        mine = self.filter(learner=account.access.learner_id, learner__isnull=False)
        return mine.filter(section__peer_class__pairs_on=True)

    def standing(self, *, on: date) -> "PeerNoteQuerySet":
        """Not taken back, of learners who are in the class that day."""
        return self.filter(in_class("learner", on=on), closed_at=None)


class PeerNote(models.Model):
    """An offer of help, or a wish for it, with one standard in one class. One of each learner at a time.

    Words are not edited: others for the same standard close the note and make a new one.
    text: the learner's own words, "" without any.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={"kind": PEERS, "text": PEERS},
        plain="id uuid learner section standard created_at closed_at",
    )

    class Kind(models.TextChoices):
        OFFER = "offer", _("I can help with")
        WISH = "wish", _("I’d like help with")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="peer_notes")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="peer_notes")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=140, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    level: int | None  # the one shown, where services.peers.reading has read it for staff

    objects = ScopedManager.from_queryset(PeerNoteQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "section", "standard"], condition=Q(closed_at__isnull=True), name="peer_note_once"
            )
        ]
        indexes = [
            models.Index(fields=["section", "standard"], name="peer_note_open", condition=Q(closed_at__isnull=True))
        ]
        ordering = ["created_at", "pk"]


class PeerMatchQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PeerMatchQuerySet":
        """Pairs of the learner, of a guardian's children, and for staff those of their classes; none where off."""
        access = account.access
        ids = {*access.ward_ids, *([access.learner_id] if access.learner_id else [])}
        theirs = Q(helper__in=ids) | Q(asker__in=ids)
        return self.filter(theirs | Q(section__in=led_by(account)), section__peer_class__pairs_on=True)

    def of(self, account: Account) -> "PeerMatchQuerySet":
        """Pairs in which the learner is."""
        mine = account.access.learner_id
        if mine is None:
            return self.none()
        return self.filter(Q(helper=mine) | Q(asker=mine), section__peer_class__pairs_on=True)

    def led_by(self, account: Account) -> "PeerMatchQuerySet":
        """Pairs that the account may end."""
        return self.filter(section__in=led_by(account), section__peer_class__pairs_on=True)

    def on(self, day: date) -> "PeerMatchQuerySet":
        """Not ended, not past their last day, and both in the class that day."""
        both = Q(in_class("helper", on=day)) & Q(in_class("asker", on=day))
        return self.filter(both, ended_at=None, ends_on__gte=day)


class PeerMatch(models.Model):
    """Two learners of a class whom their teacher brings together over one standard, if both say yes.

    helper_says, asker_says: "" until they have answered. The one never reads the other's "not now".
    agreed_at: when the second yes came; before it nobody has begun.
    ends_on: the last day. Past it the pair is over, whether `ended_at` says so or not.
    ended_by: None where it ended by itself. thanks_hidden_at: taken off the pages after a report.
    """

    privacy = Privacy(
        about="learner",
        category="talks",
        keep=ENROLLED,
        personal={
            "helper": PEERS,
            "asker": PEERS,
            "helper_says": "to begin only where both want to",
            "asker_says": "to begin only where both want to",
            "thanks": "to let one thank the other",
            "made_by": "to know whom to ask about it",
            "ended_by": "to know who ended it",
        },
        plain="id uuid section standard day time_text place ends_on made_at agreed_at ended_at ended_because thanked_at"
        " thanks_hidden_at",
    )
    scope_field = "section__district"

    class Says(models.TextChoices):
        YES = "yes", _("yes")
        NOT_NOW = "not_now", _("not now")

    class Because(models.TextChoices):
        OVER = "over", _("its last day is past")
        NOT_NOW = "not_now", _("not this time")
        STOPPED = "stopped", _("one of the two stopped")
        STAFF = "staff", _("ended by a teacher")
        LEFT = "left", _("one of the two left the class")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="peer_matches")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="+")
    helper = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    asker = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    time_text = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=100, blank=True)
    ends_on = models.DateField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    helper_says = models.CharField(max_length=8, choices=Says.choices, blank=True)
    asker_says = models.CharField(max_length=8, choices=Says.choices, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_because = models.CharField(max_length=8, choices=Because.choices, blank=True)
    thanks = models.CharField(max_length=140, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    thanks_hidden_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PeerMatchQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(helper=F("asker")), name="peer_match_of_two"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("day")), name="peer_match_ends_after_its_day"),
            models.UniqueConstraint(
                fields=["section", "helper"], condition=Q(ended_at__isnull=True), name="peer_match_one_helper"
            ),
            models.UniqueConstraint(
                fields=["section", "asker"], condition=Q(ended_at__isnull=True), name="peer_match_one_asker"
            ),
        ]
        indexes = [
            models.Index(fields=["helper", "-made_at"], name="peer_match_helper"),
            models.Index(fields=["asker", "-made_at"], name="peer_match_asker"),
        ]
        ordering = ["-made_at", "-pk"]

    def is_on(self, today: date) -> bool:
        """Whether it goes on by its own row; that both are still in the class is asked by `on`."""
        return self.ended_at is None and self.ends_on >= today

    @property
    def shown_thanks(self) -> str:
        """What learners and families may read of the line of thanks."""
        return "" if self.thanks_hidden_at else self.thanks
