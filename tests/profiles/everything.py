"""A learner with a row in every table that may hold something about one, and a word in every text of these rows."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from lrm.privacy import privacy_of
from lrm.records import rows_about, ways_to_learner
from lrm.records.ways import personal_models
from profiles.models import Account, District, Learner, ToldApart
from tests.factories.any_row import make_any

CANARY = "Zyzzyva"
# Fields that need a sense, of models that the scene of the rights matrix has no row of.
SENSE = {
    "profiles.ScreenName": {"animal": "otter", "place": "forest"},
    "mfa.Authenticator": {"type": "totp", "data": {}},
    "profiles.ApiToken": {"scopes": [], "digest": "d" * 64},
    "paths.DigestChoice": {"weekday": 1},
    "profiles.Badge": {"key": "k" * 16},
}
# What these hold is said by the models that they belong to.
CODES = {"profiles.Learner.grade"}
"""A code and no free text; it stays with the key without a name, so that counts of the past stay true."""
# Entries of the audit come by themselves, from the words that are written elsewhere.
NOT_SEEDED = {"profiles.AuditEntry", "profiles.KeptAnswer", "profiles.AccessLog", "sessions.Session"}


def walked() -> list[type[models.Model]]:
    """Models with a way to a learner."""
    return [each for each in personal_models() if ways_to_learner(each) and each._meta.label not in NOT_SEEDED]


def fill(learner: Learner, own: dict) -> None:
    """A row of every model about the learner. own: things of the learner's place in the scene of the rights matrix."""
    near = {type(row): row for row in own.values()} | {Account: learner.account, Learner: learner}
    near |= {District: learner.district} | {
        type(own[noun]): own[noun] for noun in ("goal", "artifact", "project", "talk", "check_in", "step")
    }
    for model in walked():
        if rows_about(model, [learner.pk]).exists():
            continue
        if model is ToldApart:
            namesake = Learner.objects.filter(district=learner.district_id).exclude(pk=learner.pk).latest("pk")
            one, other = sorted((learner, namesake), key=lambda each: each.pk)
            near[model] = make_any(model, near, one=one, other=other)
        else:
            near[model] = make_any(model, near, **SENSE.get(model._meta.label, {}))


def seed(learner: Learner) -> dict[str, str]:
    """Write a word of its own into every text about the learner, and an id into every list of ids of other rows.

    Returns "app.Model.field" -> the word.
    """
    words: dict[str, str] = {}
    for model in walked():
        if privacy_of(model).about == "learner" and privacy_of(model).in_erasure.how == "kept":
            continue
        rows = rows_about(model, [learner.pk])
        for field in texts_of(model):
            word = f"{CANARY}{len(words)}"
            pk = rows.values_list("pk", flat=True).first()
            value = {"said": word} if isinstance(field, models.JSONField) else word
            model._base_manager.filter(pk=pk).update(**{field.name: value})
            words[f"{model._meta.label}.{field.name}"] = word
        for field in model._meta.concrete_fields:
            if isinstance(field, ArrayField) and isinstance(field.base_field, models.UUIDField):
                rows.update(**{field.name: [uuid4()]})
    learner.refresh_from_db()
    return words


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    """Personal texts that hold a word of any kind."""
    declared = privacy_of(model)
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        is_free = not field.choices and not isinstance(field, models.URLField | ArrayField)
        fits = getattr(field, "max_length", None) is None or field.max_length >= 12
        is_code = f"{model._meta.label}.{field.name}" in CODES
        if field.name in declared.personal and is_text and is_free and fits and not is_code:
            yield field


def leave(learner: Learner) -> None:
    """The learner has gone: on no list any more."""
    yesterday = timezone.localdate() - timedelta(days=1)
    learner.enrollments.filter(starts_on__gt=yesterday).update(starts_on=yesterday)
    learner.enrollments.exclude(ends_on__lt=yesterday).update(ends_on=yesterday)
    Learner.objects.filter(pk=learner.pk).update(left_on=yesterday)
    learner.refresh_from_db()
