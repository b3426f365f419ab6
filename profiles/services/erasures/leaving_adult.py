"""What goes with an adult, in the words in which functions of lrm.records ask: of a learner there is nothing here."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db import models

from lrm.privacy import OWN, privacy_of
from lrm.records import rows_of_adult, ways_to_adult
from profiles.models import Account, Guardianship


@dataclass
class LeavingAdult:
    """As `Leaving` is for a learner. own_account_ids: of a learner, whose polls would go; an adult's polls stay."""

    account: Account
    ids: list[int] = field(default_factory=list)
    enrollment_ids: list[int] = field(default_factory=list)
    own_account_ids: list[int] = field(default_factory=list)

    @property
    def district_id(self) -> int:
        return self.account.district_id

    @property
    def account_ids(self) -> list[int]:
        return [self.account.pk]

    @cached_property
    def uuids(self) -> list[UUID]:
        return [self.account.uuid]

    @cached_property
    def source_keys(self) -> list[str]:
        """Ids in the student information system."""
        return [self.account.key] if self.account.key else []

    @cached_property
    def names(self) -> list[str]:
        """The whole name and the address, as a text may have them."""
        return [each for each in (self.account.name, self.account.email) if each]

    @cached_property
    def guardianship_ids(self) -> list[int]:
        return list(Guardianship.objects.filter(account=self.account).values_list("pk", flat=True))


def own_rows(account: Account) -> list[models.QuerySet]:
    """Rows that are all this person's, a queryset a model."""
    return [rows_of_adult(*way, account.pk) for way in ways_to_adult() if _is_own(*way)]


def what_goes(account: Account) -> dict[str, int]:
    """Label of a model -> rows that are deleted with the account; those without a row are left out."""
    found = {rows.model._meta.label: rows.count() for rows in own_rows(account)}
    return {label: n for label, n in found.items() if n}


def what_stays(account: Account) -> dict[str, int]:
    """Label of a model -> rows that name the person, and then a word without a name."""
    found: dict[str, int] = {}
    for model, way in ways_to_adult():
        if not _is_own(model, way) and (n := rows_of_adult(model, way, account.pk).count()):
            found[model._meta.label] = found.get(model._meta.label, 0) + n
    return found


def _is_own(model: type[models.Model], way: models.Field) -> bool:
    return privacy_of(model).way_of_adult(way) == OWN
