"""Marks of work to do, written in the transaction that made the work. Redis only says "hurry"."""

from django.db import models
from django.db.models.functions import Now

from lrm.privacy import NOBODY, Privacy


class StaleMark(models.Model):
    """Insert-only: a worker deletes exactly the marks that it read. Due in the future: a change by date.

    Not scoped: workers and health checks read across districts, and a mark holds two ids.
    """

    privacy = Privacy(about="nobody", plain="id learner_id subject_id lane due_at")

    class Lane(models.IntegerChoices):
        LIVE = 0
        BULK = 1

    learner_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    lane = models.SmallIntegerField(choices=Lane.choices, default=Lane.LIVE)
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["lane", "due_at"], name="stale_mark_due"),
            models.Index(fields=["learner_id", "subject_id"], name="stale_mark_pair"),
        ]


class StaleSection(models.Model):
    """A section whose group suggestion is to be made anew; insert-only, like StaleMark."""

    privacy = NOBODY

    section_id = models.BigIntegerField()
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="stale_section_due")]


class Failure(models.Model):
    """How often a piece of work was begun and did not end well; counted before it begins, so that work which kills its
    process counts too. At five it is parked: /readyz and the School page say so."""

    PARKED_AT = 5
    KILLED = "Killed"  # the error of a try until somebody who outlived it names another

    times = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    last_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class MarkFailure(Failure):
    """Of the levels of a learner in a subject."""

    privacy = NOBODY

    learner_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner_id", "subject_id"], name="mark_failure_once")]


class SuggestionFailure(Failure):
    """Of the groups that are suggested for a section."""

    privacy = NOBODY

    section_id = models.BigIntegerField(unique=True)
