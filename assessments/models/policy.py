"""How levels are computed and named: effective-dated, for a district or one of its frameworks or schools."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from profiles.models import Account, District, School
from standards.models import Framework

DEFAULT_CUTS = [0.40, 0.65, 0.85]
LEAST_WEIGHT, MOST_WEIGHT = Decimal("0.50"), Decimal("0.99")


def default_cuts() -> list[float]:
    """Cut points of four levels, as fractions of what is possible (engine.md 2.2)."""
    return list(DEFAULT_CUTS)


OF_SCHOOLS = ("method", "newest_weight", "times", "whole", "cuts")
"""What a school may have of its own."""
ENDS, AS_DISTRICT = "", "district"
"""In place of a method, of schools alone: what the school had for just this ends; for one framework the district
decides, also where the school has a line for all of them."""


class MasteryPolicyQuerySet(models.QuerySet):
    def readable_by(self, account: Account) -> "MasteryPolicyQuerySet":
        """What the district has written for all, and lines of the schools that this account administers."""
        access = account.access
        rows = self.filter(district=access.district_id)
        return rows if access.is_district_admin else rows.filter(Q(school=None) | Q(school__in=access.school_ids))

    def in_force(self, on: date) -> "MasteryPolicyQuerySet":
        """Policies that have started, newest first; a framework's own comes before the district's."""
        return self.filter(starts_on__lte=on, withdrawn_at__isnull=True).order_by(
            models.F("framework_id").asc(nulls_last=True), "-starts_on", "-pk"
        )


class MasteryPolicy(models.Model):
    """Never edited once it has started; a change is a new row with its own start. No row means the defaults.

    One that has not started may be withdrawn: it stays in the story of the district's policies and has no effect.

    With method and version, a stored value names its policy, which holds every parameter: `newest_weight` (of decaying
    and weighted), `times` (of n_times), `whole` (level by the whole part instead of the nearest), cuts, mastery level.
    `exact_matches`: results on a standard's exact matches, in whichever framework, count for it.
    `parent_share`: of the standards below a parent that must be met, above 0 up to 1, for the rule "met".
    `school`: a line of this school's own. Of its columns method, newest_weight, times, whole and cuts count, nothing
    else (`OF_SCHOOLS`): figures of a district add its schools up, so they share levels, mark and rules. Its method may
    be ENDS or AS_DISTRICT.
    """

    privacy = NOBODY
    scope_field = "district"

    class Method(models.TextChoices):
        DECAYING = "decaying", _("Newest counts most")
        WEIGHTED = "weighted", _("Newest against the mean of the rest")
        LATEST = "latest", _("Newest only")
        HIGHEST = "highest", _("Highest")
        MEAN = "mean", _("Mean of all")
        MODE = "mode", _("Most frequent")
        N_TIMES = "n_times", _("Mastered several times")
        POWER_LAW = "power_law", _("Power law")
        TREE = "tree", _("Evidence tree")

    class ParentRule(models.TextChoices):
        """What a standard above others shows, from the levels below it (`assessments.mastery.parents`)."""

        NONE = "", _("nothing")
        MET = "met", _("whether enough of the standards below it are met")
        LOWEST = "lowest", _("the lowest level below it")
        MEAN = "mean", _("the mean of the levels below it")
        POINTS = "points", _("whether it has the points that it needs")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="mastery_policies")
    framework = models.ForeignKey(Framework, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    method = models.CharField(max_length=16, choices=Method.choices, default=Method.DECAYING, blank=True)
    newest_weight = models.DecimalField(max_digits=3, decimal_places=2, default="0.65")
    times = models.PositiveSmallIntegerField(db_default=3)
    whole = models.BooleanField(db_default=False)
    cuts = ArrayField(models.FloatField(), default=default_cuts)
    level_words = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    mastery_level = models.PositiveSmallIntegerField(default=3)
    minimum_n = models.PositiveSmallIntegerField(default=10)
    parent_rule = models.CharField(max_length=8, choices=ParentRule.choices, default="", db_default="", blank=True)
    exact_matches = models.BooleanField(default=False, db_default=False)
    parent_share = models.DecimalField(max_digits=3, decimal_places=2, default=1, db_default=1)
    why = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(MasteryPolicyQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(method="tree", whole=True), name="policy_tree_reads_by_cuts"),
            models.CheckConstraint(condition=Q(school__isnull=False) | ~Q(method=""), name="policy_only_schools_end"),
            models.CheckConstraint(
                condition=~Q(method="district") | Q(school__isnull=False, framework__isnull=False),
                name="policy_as_district_is_for_one",
            ),
        ]

    def clean(self) -> None:
        if list(self.cuts) != sorted(set(self.cuts)) or not all(0 < cut < 1 for cut in self.cuts):
            raise ValidationError({"cuts": _("Cut points rise and lie between 0 and 1.")})
        if not LEAST_WEIGHT <= Decimal(self.newest_weight) <= MOST_WEIGHT:
            raise ValidationError({"newest_weight": _("The newest result counts 50 to 99 percent.")})
        # A column that nobody has set holds what stands for its default until the row is saved.
        if isinstance(self.times, int) and self.times < 1:
            raise ValidationError({"times": _("Mastery is reached at least once.")})
        if not 0 < Decimal(self.parent_share) <= 1:
            raise ValidationError({"parent_share": _("More than 0 and at most 100 percent are needed.")})
        if self.whole is True and self.method == self.Method.TREE:
            raise ValidationError({"whole": _("The evidence tree reads its level by the cut points.")})
