"""An adult with a row in every table that is all theirs, and a word in every text of these rows."""

from django.db import models

from lrm.privacy import OWN, privacy_of
from lrm.records import rows_of_adult, ways_to_adult
from profiles.models import Account, AdultHold
from tests.factories.any_row import make_any
from tests.profiles.everything import CANARY, SENSE

SENSES = SENSE | {"profiles.AdminRole": {"kind": "district_admin"}}
WAYS = [(model, way, privacy_of(model).way_of_adult(way)) for model, way in ways_to_adult()]


def fill(account: Account, own: dict) -> None:
    """own: things of the person's place in the scene of the rights matrix. A legal hold is none of these rows."""
    near = {type(row): row for row in own.values()} | {Account: account}
    for model, way, rule in WAYS:
        if rule != OWN or model is AdultHold:
            continue
        rows = rows_of_adult(model, way, account.pk)
        if not rows.exists():
            near[model] = make_any(model, near, **{way.name: account}, **SENSES.get(model._meta.label, {}))
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
            if is_text and not field.primary_key and (field.max_length or 99) >= 20:
                word = CANARY + field.name[:10]
                value = {"said": word} if isinstance(field, models.JSONField) else word
                model._base_manager.filter(pk=rows.values_list("pk", flat=True)[0]).update(**{field.name: value})
