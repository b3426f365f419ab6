"""Every field is declared personal, with its purpose, or plain; a new field without that fails here.

All models of all apps are walked, tables that libraries bring included.
"""

import pytest
from django.apps import apps
from django.db import models

from lrm.privacy import CATEGORIES, FOREIGN, NOBODY, Keep, Privacy, kept, privacy_of

OURS = {"lrm", "profiles", "standards", "assessments", "paths"}
PERSON = {"profiles.Account", "profiles.Learner"}
WORDS = (models.TextField, models.JSONField)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS and not model._meta.auto_created]


def all_models() -> list[type[models.Model]]:
    """Those of libraries too: sessions, sign-in, second steps, accounts elsewhere."""
    return list(apps.get_models())


def with_people() -> list[type[models.Model]]:
    return [model for model in all_models() if privacy_of(model).personal]


def concrete(model) -> list[models.Field]:
    return list(model._meta.concrete_fields)


def test_every_model_says_what_it_holds_about_people():
    assert [
        model._meta.label for model in our_models() if not isinstance(getattr(model, "privacy", None), Privacy)
    ] == []


def test_every_concrete_field_is_declared():
    undeclared = [
        f"{model._meta.label}.{field.name}"
        for model in all_models()
        if privacy_of(model) is not NOBODY
        for field in concrete(model)
        if not privacy_of(model).declares(field.name)
    ]
    assert undeclared == [], "Name each in the model's Privacy: in `personal` with its purpose, or in `plain`."


def test_every_declared_field_exists_once():
    wrong = []
    for model in all_models():
        names = {field.name for field in concrete(model)}
        declared = [*privacy_of(model).personal, *privacy_of(model).plain.split()]
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
        for model in all_models()
        for name, purpose in privacy_of(model).personal.items()
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
        Privacy(about="learner", category="identity", personal={"name": "to be addressed"})


def test_personal_fields_about_nobody_are_refused():
    with pytest.raises(ValueError, match="whom they are about"):
        Privacy(
            about="nobody", category="identity", keep=kept(366, "at", "a year"), personal={"name": "to be addressed"}
        )


def test_personal_fields_without_a_category_are_refused():
    with pytest.raises(ValueError, match="category"):
        Privacy(about="learner", keep=kept(1, "at", "a day"), personal={"name": "to be addressed"})


def test_what_is_hidden_or_inferred_is_a_declared_field():
    with pytest.raises(ValueError, match="declared field"):
        Privacy(about="learner", category="identity", keep=kept(1, "at", "a day"), plain="id", inferred={"level": "by"})


def test_every_personal_field_has_a_category_a_time_and_both_ways_out():
    assert with_people()
    for model in with_people():
        declared = privacy_of(model)
        assert declared.category in CATEGORIES, model
        assert isinstance(declared.keep, Keep), model
        assert all([declared.keep.words, declared.in_copy.words, declared.in_erasure.words]), model


def test_time_to_keep_is_counted_from_a_date_of_the_row():
    wrong = []
    for model in with_people():
        keep = privacy_of(model).keep
        if keep.days is not None:
            kind = model._meta.get_field(keep.since.split("__")[0])
            for part in keep.since.split("__")[1:]:
                kind = kind.related_model._meta.get_field(part)
            wrong += [] if isinstance(kind, models.DateField) else [model._meta.label]
    assert wrong == []


def test_secrets_of_signing_in_are_in_no_copy():
    """Fields with which somebody could sign in as somebody else."""
    named = {"password", "data", "session_data", "token", "digest", "secret"}
    shown = [
        f"{model._meta.label}.{name}"
        for model in with_people()
        for name in named & set(privacy_of(model).personal)
        if name not in privacy_of(model).hidden.split() and privacy_of(model).in_copy.how == "rows"
    ]
    assert shown == []


def test_of_kinds_in_which_something_waits_for_names_people_are_told_so():
    """Fewer days than names have take nothing away that moves under a key without a name."""
    waits = {privacy_of(model).category for model in all_models() if privacy_of(model).in_erasure.how == "anonymous"}
    assert {key for key, each in CATEGORIES.items() if each.stays} == waits
