"""Of whom a publication has told together: copies of the lists of subgroups, which no page, file or program reads.

A list that differs from a published one by few would tell about these few by its figures. So what was published is kept
for a year after it was last published, also where the subgroup has ended or its list was changed. Of what has shown
nothing, today's lists alone are kept.
"""

from django.db import models

from lrm.privacy import NOBODY, Path, Privacy, kept
from lrm.scope import ScopedManager
from profiles.models.district import District
from profiles.models.learner import Learner

KEPT_DAYS = 366


class PublishedList(models.Model):
    """Never changed; another list is another row.

    title: of its subgroup.    last_on: the last publication that it was taken for, or that has figures of it.
    least: figures of fewer were hidden.
    """

    privacy = NOBODY
    scope_field = "district"

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=60)
    last_on = models.DateField()
    least = models.PositiveSmallIntegerField()

    objects = ScopedManager()

    def __str__(self) -> str:
        return self.title


class PublishedMember(models.Model):
    privacy = Privacy(
        about="learner",
        category="identity",
        keep=kept(KEPT_DAYS, "list__last_on", "a year after figures of the group were last published"),
        personal={"list": "to keep the figures of a later group from telling about the few by whom both differ"},
        plain="id learner",
        erase=Path("deleted", "deleted with the learner"),
    )

    list = models.ForeignKey(PublishedList, on_delete=models.CASCADE, related_name="members")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+")

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "learner"], name="published_member_once")]
