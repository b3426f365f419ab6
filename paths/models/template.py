"""A path that a teacher writes once, to give it to many: each learner's path is then a copy of its own."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lrm.privacy import RECORD, Privacy
from lrm.scope import ScopedManager
from paths.models.planned import Planned, PlannedStep
from profiles.models import Account, Roster, School


class PathTemplateQuerySet(models.QuerySet):
    def visible_to(self, account: Account) -> "PathTemplateQuerySet":
        """The account's own, and those shared in schools where it is staff today."""
        access = account.access
        if not access.is_staff:
            return self.none()
        here = Q(school__in=Roster.objects.filter(pk__in=access.roster_ids).values("school"))
        here |= Q(school_id__in=access.school_ids)
        if access.is_district_admin:
            here |= Q(school__district_id=access.district_id)
        return self.filter(Q(author=account) | here & Q(is_shared=True))

    def editable_by(self, account: Account) -> "PathTemplateQuerySet":
        """The account's own; administrators also change those that their school shares."""
        access = account.access
        mine = Q(author=account)
        if access.is_district_admin:
            mine |= Q(school__district_id=access.district_id, is_shared=True)
        return self.visible_to(account).filter(mine | Q(school_id__in=access.school_ids, is_shared=True))


class PathTemplate(Planned):
    """`version` counts up with each change of its plan. is_shared: all staff of the school read and give it."""

    privacy = Privacy(
        about="staff",
        category="running",
        keep=RECORD,
        personal={"author": "to know whom to ask about it"},
        plain="id uuid school title parts covers_all is_shared version created_at archived_at",
    )
    scope_field = "school__district"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=200)
    is_shared = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PathTemplateQuerySet)()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class TemplateStep(PlannedStep):
    """`days_after`: its day, counted from the first day of the path; None for a step without one."""

    privacy = Privacy(
        about="nobody",
        plain="id uuid template position part title kind tier standard link place minutes_expected waits_for is_fixed"
        " days_after",
    )

    template = models.ForeignKey(PathTemplate, on_delete=models.CASCADE, related_name="steps")
    days_after = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "position"], name="template_step_position_once")]
        ordering = ["position"]
