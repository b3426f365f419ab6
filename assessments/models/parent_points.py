"""What the standards below a parent are worth, for policies that name the points rule: dated, as policies are."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from assessments.mastery.parents import ChildPoints, PointsRule
from lrm.privacy import NOBODY
from lrm.scope import ScopedManager
from profiles.models import Account
from standards.models import Standard


class ParentPointsQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "ParentPointsQuerySet":
        """The row of each parent that counts on that day; none where the usual points do."""
        begun = self.filter(starts_on__lte=on, withdrawn_at__isnull=True)
        return begun.order_by("parent_id", "-starts_on", "-pk").distinct("parent_id")


class ParentPoints(models.Model):
    """Counts from its first day until the next row of its parent does; of two on one day the later one.

    The database refuses to change one that has started. One that has not may be withdrawn.
    needed: None goes back to the usual rule (`assessments.mastery.parents.usual_points`).
    children, points, required: of equal length, a standard and what it is worth at each place.
    """

    privacy = NOBODY
    scope_field = "parent__framework__district"

    parent = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    needed = models.PositiveSmallIntegerField(null=True, blank=True)
    children = ArrayField(models.BigIntegerField(), default=list, blank=True)
    points = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    required = ArrayField(models.BooleanField(), default=list, blank=True)
    created_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ParentPointsQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["parent", "-starts_on", "-id"], name="parent_points_newest")]

    @property
    def rule(self) -> PointsRule | None:
        """As written, about children that there were then; None for the usual one."""
        return rule_of(self.needed, self.children, self.points, self.required)


def rule_of(
    needed: int | None, children: list[int] | None, points: list[int] | None, required: list[bool] | None
) -> PointsRule | None:
    """The rule in the columns of a row; None without one, or where it goes back to the usual rule."""
    if needed is None:
        return None
    worth = zip(children or (), points or (), required or (), strict=True)
    return PointsRule(needed, tuple(ChildPoints(*child) for child in worth))
