"""Every field is declared personal, with its purpose, or plain; a new field without that fails here."""

import pytest
from django.apps import apps
from django.db import models

from lrm.privacy import FOREIGN, NOBODY, Privacy

OURS = {"lrm", "profiles", "standards", "assessments", "paths"}
PERSON = {"profiles.Account", "profiles.Learner"}
WORDS = (models.TextField, models.JSONField)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS and not model._meta.auto_created]


def concrete(model) -> list[models.Field]:
    return list(model._meta.concrete_fields)


def test_every_model_says_what_it_holds_about_people():
    assert [
        model._meta.label for model in our_models() if not isinstance(getattr(model, "privacy", None), Privacy)
    ] == []


def test_every_concrete_field_is_declared():
    undeclared = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        if model.privacy is not NOBODY
        for field in concrete(model)
        if not model.privacy.declares(field.name)
    ]
    assert undeclared == [], "Name each in the model's Privacy: in `personal` with its purpose, or in `plain`."


def test_every_declared_field_exists_once():
    wrong = []
    for model in our_models():
        names = {field.name for field in concrete(model)}
        declared = [*model.privacy.personal, *model.privacy.plain.split()]
        wrong += [f"{model._meta.label}.{name}" for name in declared if name not in names or declared.count(name) > 1]
    assert wrong == []


def test_a_model_about_nobody_holds_no_name_of_a_person_and_no_words_of_a_learner():
    """Staff who made a policy may be named by reference; a learner or a name never."""
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        if model.privacy is NOBODY
        for field in concrete(model)
        if field.name in {"given_name", "family_name", "email", "preferred_name"}
        or (field.is_relation and field.related_model and field.related_model._meta.label == "profiles.Learner")
    ]
    assert wrong == []


def test_every_purpose_is_a_sentence_part_that_a_parent_understands():
    wrong = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name, purpose in model.privacy.personal.items()
        if not purpose.startswith("to ") or len(purpose) < len("to sign in")
    ]
    assert wrong == []


def test_tables_of_libraries_are_declared_by_hand():
    foreign = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label not in OURS and not model._meta.auto_created
    }
    assert foreign == set(FOREIGN)


def test_personal_fields_without_a_time_to_keep_them_are_refused():
    with pytest.raises(ValueError, match="time to keep"):
        Privacy(about="learner", personal={"name": "to be addressed"})


def test_personal_fields_about_nobody_are_refused():
    with pytest.raises(ValueError, match="whom they are about"):
        Privacy(about="nobody", keep="a year", personal={"name": "to be addressed"})
