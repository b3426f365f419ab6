"""A school with two classes that holds a data meeting, for tests of check-ins."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from assessments.models import Mastery, MasteryDay
from paths.models import DataCheckIn, DataCheckInReader, DataDecision
from tests.factories.assessments import days_ago
from tests.factories.classes import join
from tests.factories.profiles import make_roster, make_school, make_school_admin, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard


class Meeting:
    """Two classes of a school with their teachers, its principal, and standards of one framework."""

    def __init__(self):
        self.school = make_school(name="Alder Creek")
        self.maple = make_section(make_roster(self.school, title="5 Maple", grade="05"), title="5 Maple")
        self.birch = make_section(make_roster(self.school, title="5 Birch", grade="05"), title="5 Birch")
        self.teacher, self.other = make_teacher(self.maple.roster), make_teacher(self.birch.roster)
        self.principal = make_school_admin(self.school)
        self.framework = make_framework(self.school.district)
        self.standards = [make_standard(self.framework, code=f"5.NF.{n}") for n in (1, 2)]
        self.ana, self.ben = join(self.maple.roster, 2)
        (self.cleo,) = join(self.birch.roster, 1)
        for learner, name in ((self.ana, "Ana"), (self.ben, "Ben"), (self.cleo, "Cleo")):
            learner.given_name, learner.family_name = name, f"{name}son"
            learner.save()

    @property
    def today(self):
        return timezone.localdate()

    def call(self, *readers, by=None, **fields):
        owner = by or self.principal
        values = {"name": "Fractions, fall", "held_on": self.today - timedelta(days=9), "columns": ["met", "since"]}
        check_in = DataCheckIn.objects.create(owner=owner, district=self.school.district, **(values | fields))
        DataCheckInReader.objects.bulk_create(DataCheckInReader(check_in=check_in, account=each) for each in readers)
        return check_in

    def decide(self, check_in, learner=None, *, text="Work with the aide", ago=9, **fields):
        day = self.today - timedelta(days=ago)
        owner = fields.pop("owner", self.principal)
        return DataDecision.objects.create(
            uuid=uuid4(), check_in=check_in, learner=learner, text=text, owner=owner, by=owner, decided_on=day, **fields
        )

    def level(self, learner, standard, *levels):
        """levels: (days ago, level), the newest last."""
        for ago, level in levels:
            MasteryDay.objects.create(
                learner=learner,
                standard=standard,
                day=self.today - timedelta(days=ago),
                level=level,
                shown_level=level,
                value_micro=level * 1_000_000,
                method="decaying",
            )
        Mastery.objects.create(
            learner=learner,
            standard=standard,
            level=levels[-1][1],
            shown_level=levels[-1][1],
            value_micro=levels[-1][1] * 1_000_000,
            n=len(levels),
            method="decaying",
            method_version="1",
            last_observed_at=days_ago(levels[-1][0]),
        )
