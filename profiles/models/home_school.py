"""Which school was a learner's home on which day."""

from django.db import models

from lrm.privacy import ENROLLED, Path, Privacy
from lrm.scope import ScopedManager
from profiles.models.district import School
from profiles.models.learner import Learner


class HomeSchool(models.Model):
    """Written by triggers on learners alone (migrations 0029, 0030), whichever way a learner comes to another school.

    starts_on: the first day there in the district's calendar, on which it was written down; None for the first school
        that is known, which stands for every day before as well.
    school: None where its making was taken back with the import that made it; the days stay days of no other school.
    """

    privacy = Privacy(
        about="learner",
        category="identity",  # levels that stay are worked out by it: it goes with the learner, and with no kind before
        keep=ENROLLED,
        personal={
            "school": "to work out a level as the school of that day does",
            "starts_on": "to work out a level as the school of that day does",
        },
        plain="id learner",
        erase=Path(
            "deleted",
            "deleted with the learner; levels that stay under a key without a name keep the school of their day",
        ),
    )
    merging = "stays"  # see profiles/services/merging.py

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="home_schools")
    school = models.ForeignKey(
        School, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    starts_on = models.DateField(null=True)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "starts_on"], nulls_distinct=False, name="home_school_once_a_day"
            )
        ]
