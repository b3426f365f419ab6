"""Who goes with a learner: rows that were made one with it, the own account, and family with no other child here."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef

from lrm.privacy import privacy_of
from lrm.records import rows_about
from lrm.records.ways import personal_models
from profiles.models import Account, AdminRole, AdultHold, Enrollment, Guardianship, Learner, LearnerMerge


@dataclass
class Leaving:
    """What functions of lrm.records get. keys: id of a row that goes -> id of the key under which levels stay."""

    learner: Learner
    keys: dict[int, int] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[Learner]:
        """The learner, and rows that were made one with it."""
        merged = LearnerMerge.objects.standing().filter(kept=self.learner).select_related("merged")
        return [self.learner, *(step.merged for step in merged)]

    @property
    def district_id(self) -> int:
        return self.learner.district_id

    @cached_property
    def ids(self) -> list[int]:
        return [row.pk for row in self.rows]

    @cached_property
    def uuids(self) -> list[UUID]:
        return [row.uuid for row in self.rows]

    @cached_property
    def source_keys(self) -> list[str]:
        """Ids in the student information system."""
        return [row.key for row in self.rows if row.key]

    @cached_property
    def names(self) -> list[str]:
        """Whole names, as a text may have them."""
        found = {
            " ".join((first, row.family_name)).strip()
            for row in self.rows
            for first in (row.given_name, row.preferred_name)
            if first
        }
        return sorted(found)

    @cached_property
    def enrollment_ids(self) -> list[int]:
        return list(Enrollment.objects.filter(learner__in=self.ids).values_list("pk", flat=True))

    @cached_property
    def guardianship_ids(self) -> list[int]:
        return list(Guardianship.objects.filter(learner__in=self.ids).values_list("pk", flat=True))

    @cached_property
    def own_account_ids(self) -> list[int]:
        return [row.account_id for row in self.rows if row.account_id is not None]

    @cached_property
    def family_account_ids(self) -> list[int]:
        """Accounts of the family that have nothing to do with anybody else here, and that no hold keeps."""
        others = Guardianship.objects.filter(account=OuterRef("pk")).exclude(learner__in=self.ids)
        rows = Account.objects.filter(
            ~Exists(others),
            ~Exists(AdminRole.objects.filter(account=OuterRef("pk"))),
            ~Exists(Enrollment.objects.filter(account=OuterRef("pk"))),
            ~Exists(AdultHold.objects.standing().filter(account=OuterRef("pk"))),
            kind=Account.Kind.GUARDIAN,
            pk__in=Guardianship.objects.filter(learner__in=self.ids).values("account"),
        )
        return list(rows.values_list("pk", flat=True))

    @property
    def account_ids(self) -> list[int]:
        return [*self.own_account_ids, *self.family_account_ids]


def what_goes(leaving: Leaving) -> dict[str, int]:
    """Label of a model -> rows that are deleted with the learner; those without a row are left out."""
    return _counted(leaving, "deleted")


def what_stays(leaving: Leaving) -> dict[str, int]:
    """Label of a model -> rows that stay under a key without a name."""
    return _counted(leaving, "anonymous")


def _counted(leaving: Leaving, how: str) -> dict[str, int]:
    found = {}
    for model in personal_models():
        if privacy_of(model).in_erasure.how == how and (n := rows_about(model, leaving.ids).count()):
            found[model._meta.label] = n
    return found
