"""Everything that is sealed, sealed anew under the SECRET_KEY of today, so that the one before can go."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from lrm.scope import unscoped
from lrm.sealed import SealBroken, SealedField, reseal

SECRETS_OF_STEPS = ("secret", "seed")
"""Where allauth keeps what its adapter has encrypted (profiles/second_step.py)."""


@dataclass
class Resealed:
    """rows: how many were sealed anew.    lost: those that no key of the site opens, and which stay as they are."""

    rows: int
    lost: list[str]


def reseal_all() -> Resealed:
    """Row by row, each in a transaction of its own, so that it may run beside the site and be broken off."""
    found = Resealed(0, [])
    with unscoped("the key is the site's, not a district's"):
        for model, columns in _sealed_columns():
            for pk in model._base_manager.order_by("pk").values_list("pk", flat=True):
                _count(found, f"{model._meta.label} {pk}", _reseal_row(model, columns, pk))
        for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
            _count(found, f"second step {pk}", _reseal_step(pk))
    return found


def _sealed_columns() -> Iterator[tuple[type[Model], list[str]]]:
    for model in apps.get_models():
        columns = [field.name for field in model._meta.local_concrete_fields if isinstance(field, SealedField)]
        if columns:
            yield model, columns


def _count(found: Resealed, name: str, done: bool | None) -> None:
    if done:
        found.rows += 1
    elif done is None:
        found.lost.append(name)


@transaction.atomic
def _reseal_row(model: type[Model], columns: list[str], pk: int) -> bool | None:
    """False: there is nothing to seal. None: lost."""
    row = model._base_manager.select_for_update(of=["self"]).filter(pk=pk).first()
    standing = {name: getattr(row, name) for name in columns if row is not None and getattr(row, name)}
    if not standing:
        return False
    try:
        return bool(model._base_manager.filter(pk=pk).update(**{name: reseal(seal) for name, seal in standing.items()}))
    except SealBroken:
        return None


@transaction.atomic
def _reseal_step(pk: int) -> bool | None:
    step = Authenticator.objects.select_for_update(of=["self"]).filter(pk=pk).first()
    sealed = {name: step.data[name] for name in SECRETS_OF_STEPS if step is not None and step.data.get(name)}
    if step is None or not sealed:
        return False
    try:
        step.data = step.data | {name: encrypt(decrypt(value)) for name, value in sealed.items()}
    except (SealBroken, InvalidToken):
        return None
    step.save(update_fields=["data"])
    return True
