"""How rows lead to their learner: along foreign keys, over models that are about learners too."""

from collections.abc import Collection, Iterator
from functools import cache, reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Q

from lrm.privacy import privacy_of

LEARNER, ACCOUNT = "profiles.Learner", "profiles.Account"
NOT_OF_ADULTS = {"profiles.Learner.account", "profiles.Integration.account"}
"""Accounts of students and of systems."""
OWNERS = ("user", "account")
"""How the field is called that says whose a row of an account is."""


@cache
def ways_to_learner(model: type[models.Model]) -> tuple[str, ...]:
    """Lookups from a row to its learners, over as few tables as possible; () where a row leads to none.

    They lead forward or over a one-to-one, so that following one never doubles a row. A model whose rows are about
    learners further away, too, names its ways itself (`Privacy.ways`).
    """
    declared = privacy_of(model)
    if declared.ways:
        return tuple(declared.ways.split())
    if model._meta.label == LEARNER:
        return ("pk",)
    if declared.about == "account":
        own = next(
            (each.name for each in model._meta.concrete_fields if each.name in OWNERS and _is(each, ACCOUNT)), ""
        )
        if model._meta.label == ACCOUNT:
            return ("learner",)
        return (f"{own}__learner",) if own else ()
    if declared.about not in ("learner", "guardian"):
        return ()
    return tuple(_nearest(model))


def _nearest(model: type[models.Model]) -> list[str]:
    level, seen = [(model, "")], {model}
    while level:
        steps = [
            (_model(each.related_model), f"{way}__{each.name}" if way else each.name)
            for at, way in level
            for each in at._meta.get_fields()
            if each.many_to_one or each.one_to_one
        ]
        if found := [step for target, step in steps if target._meta.label == LEARNER]:
            return found
        level = [
            (target, step) for target, step in steps if target not in seen and privacy_of(target).about == "learner"
        ]
        seen.update(target for target, _step in level)
    return []


def _model(related: type[models.Model] | None) -> type[models.Model]:
    assert related is not None  # of a foreign key it is a model
    return related


def _is(field: models.Field, label: str) -> bool:
    return field.related_model is not None and field.related_model._meta.label == label  # type: ignore[union-attr]  # a class by now


def rows_about(model: type[models.Model], learner_ids: Collection[int]) -> models.QuerySet:
    """Rows of the model about these learners; none where the model leads to no learner.

    Past the managers: a copy and an erasure hold what is put away, too. Whoever asks has opened the district's scope.
    """
    ways = ways_to_learner(model)
    if not ways:
        return model._base_manager.none()
    return model._base_manager.filter(reduce(or_, (Q(**{f"{way}__in": learner_ids}) for way in ways)))


def ways_to_adult() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every field of every model that names an account, by label: what an adult's copy and erasure walk."""
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        for field in model._meta.concrete_fields:
            if field.is_relation and _is(field, ACCOUNT) and str(field) not in NOT_OF_ADULTS:
                yield model, field


def rows_of_adult(model: type[models.Model], field: models.Field, account_id: int) -> models.QuerySet:
    """Past the managers, as rows_about."""
    return model._base_manager.filter(**{field.attname: account_id})


def personal_models() -> list[type[models.Model]]:
    """Every model of every app that has a field about a person, by label."""
    found = [model for model in apps.get_models() if privacy_of(model).personal]
    return sorted(found, key=lambda model: model._meta.label)
