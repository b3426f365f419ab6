"""Whether families read along in conversations by default: a rule of the district, from a day on."""

from datetime import date

from django.db import models
from django.utils import timezone

from lrm.grades import CODES
from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from profiles.models import Account, District

USUAL_GRADE = "06"
"""Where nobody has written a rule: families of learners below grade 6 read along unless somebody takes them out."""


class TalkPolicy(models.Model):
    """family_below: a code of lrm.grades.CODES, or "" where families are never included by default.

    The newest row that has started counts; a row of the same day replaces the older one.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"created_by": "to know whom to ask about the rule"},
        plain="id district starts_on family_below created_at",
    )
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    family_below = models.CharField(max_length=4, blank=True)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "starts_on"], name="talk_policy_once_a_day")]
        ordering = ["-starts_on"]


def family_below(*, on: date) -> str:
    """The code in force in the open district; USUAL_GRADE where nobody has written a rule. One statement."""
    codes = TalkPolicy.objects.filter(starts_on__lte=on).order_by("-starts_on").values_list("family_below", flat=True)
    return next(iter(codes[:1]), USUAL_GRADE)


def includes_family(grade: str, below: str) -> bool:
    """Whether the family of a learner of this grade reads along by default. An unknown grade is the youngest."""
    if not below:
        return False
    code = {"K": "KG"}.get(grade.upper(), grade.upper())
    code = f"{int(code):02d}" if code.isdecimal() else code
    return code not in CODES or CODES.index(code) < CODES.index(below)
