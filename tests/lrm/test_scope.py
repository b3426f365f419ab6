"""Rows about learners are not read while no district scope is open."""

import pytest
from django.apps import apps

from lrm.scope import ScopedManager, UnscopedQuery, current_district_id, district_scope, unscoped
from profiles.models import Learner, Roster
from tests.factories.profiles import make_learner, make_roster
from tests.lrm.test_privacy import our_models

# Read before the scope opens, or by workers across districts; each says so in its docstring.
EXEMPT = {"profiles.Account", "profiles.AdminRole", "profiles.SignInAttempt"}


def about_people() -> list:
    return [model for model in our_models() if model.privacy.about != "nobody" and model._meta.label not in EXEMPT]


def test_every_model_about_people_needs_a_scope():
    unguarded = [
        model._meta.label for model in about_people() if not isinstance(model._meta.default_manager, ScopedManager)
    ]
    assert unguarded == [], "Give these `objects = ScopedManager()`; see lrm/scope.py."


@pytest.mark.parametrize("model", about_people(), ids=lambda model: model._meta.label)
def test_query_without_a_scope_raises(model):
    with pytest.raises(UnscopedQuery):
        model.objects.all()


def test_every_scope_field_leads_to_the_district():
    for model in apps.get_models():
        name = getattr(model, "scope_field", None)
        if name is None:
            continue
        reached = model
        for part in name.split("__"):
            reached = reached._meta.get_field(part).related_model
        assert reached._meta.label == "profiles.District", model._meta.label


@pytest.mark.django_db
def test_scope_shows_rows_of_its_district_only():
    here, there = make_learner(), make_learner()
    with district_scope(here.district_id):
        assert list(Learner.objects.all()) == [here]
    with district_scope(there.district_id):
        assert list(Learner.objects.all()) == [there]


@pytest.mark.django_db
def test_inner_scope_ends_and_the_outer_one_holds_again():
    here, there = make_roster(), make_roster()
    with district_scope(here.district_id):
        with district_scope(there.district_id):
            assert list(Roster.objects.all()) == [there]
        assert list(Roster.objects.all()) == [here]
    with pytest.raises(UnscopedQuery):
        Roster.objects.all()


@pytest.mark.django_db
def test_unscoped_reads_across_districts_and_says_why():
    rosters = {make_roster(), make_roster()}
    with unscoped("this test compares districts"):
        assert set(Roster.objects.all()) == rosters
        assert current_district_id() is None
    with pytest.raises(ValueError, match="Say why"), unscoped(""):
        pass


def test_an_error_inside_closes_the_scope():
    with pytest.raises(KeyError), district_scope(1):
        raise KeyError
    with pytest.raises(UnscopedQuery):
        current_district_id()
