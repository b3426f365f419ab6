"""What a learner made stands unchanged, and is shown to the learner, through moves, withdrawals and a new year.

Every model about a learner is walked, and every page that a learner may open: a new one is in here by itself.
"""

import io
import re
import zipfile
from datetime import timedelta
from functools import reduce
from html import unescape
from operator import or_

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope, unscoped
from profiles.models import Account, Enrollment, Learner
from profiles.services import enrollments
from tests.factories.any_row import make_any
from tests.factories.profiles import make_roster
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rows import GET
from tests.lrm.matrix_scene import build_scene
from tests.lrm.matrix_walk import ALLOWED, Case, Walker, quick_pages, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(300)]

APPS = ("paths", "profiles")
# Who was on which list when is what changes here, and is written down; the person's own row says since when they have
# been away.
CHANGING = {
    "profiles.AuditEntry",
    "profiles.Enrollment",
    "profiles.Learner",
    "profiles.LearnerMerge",
    "profiles.RollOver",
    "profiles.RosterAct",
    "profiles.RosterChange",
}
# A pair of a class ends with the class, and stays in the history of both.
ENDS_WITH_THE_CLASS = {"paths.PeerMatch": {"ended_at", "ended_because"}}
# A roster file of the office holds many learners, and goes when it is used; so does what an undo would put back.
OF_NO_ONE = {"profiles.ImportedRows", "profiles.Upload"}
# A poll is many learners' at once; theirs is whichever they raised a hand in.
WAYS = {"paths.Poll": ["hands__learner"]}
# Fields that need a sense, of models that the scene of the rights matrix has no row of.
SENSE = {
    "profiles.ScreenName": lambda learner: {"animal": "otter", "place": "forest"},
    "profiles.ToldApart": lambda learner: {"other": Learner.objects.filter(pk__gt=learner.pk).first()},
}


def kept_models():
    """Models of these apps that hold something about a learner and have a way to that learner."""
    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {
        model: ways
        for model in found
        if model.privacy.about == "learner"
        and model._meta.label not in CHANGING
        and (ways := WAYS.get(model._meta.label) or ways_to_learner(model))
    }


def ways_to_learner(model):
    """Lookups from a row to its learners, over as few tables as possible; [] where a row leads to none."""
    level, seen = [(model, "")], {model}
    while level:
        steps = [
            (each.related_model, f"{way}__{each.name}" if way else each.name)
            for at, way in level
            for each in at._meta.get_fields()
            if (each.many_to_one or each.one_to_one) and each.related_model is not Account
        ]
        if found := [step for target, step in steps if target is Learner]:
            return found
        level = [(target, step) for target, step in steps if target not in seen and target.privacy.about == "learner"]
        seen.update(target for target, _step in level)
    return []


def about(model, learner):
    """Rows of the model about the learner."""
    return model._base_manager.filter(reduce(or_, (Q(**{way: learner}) for way in kept_models()[model]))).distinct()


def rows_of(learner):
    """{model: {pk: every value of the row}} of all that is kept about the learner."""
    return {
        model._meta.label: {row.pop("pk"): row for row in about(model, learner).values("pk", *_fields_of(model))}
        for model in kept_models()
    }


def _fields_of(model):
    may_change = ENDS_WITH_THE_CLASS.get(model._meta.label, ())
    return [each.attname for each in model._meta.concrete_fields if each.name not in may_change]


def own_words(learner):
    """Texts that the learner wrote: of rows that name the learner as author, or nobody."""
    found = {}
    for model in kept_models():
        accounts = [each.attname for each in model._meta.concrete_fields if each.related_model is Account]
        texts = [
            each.name for each in model._meta.concrete_fields if type(each) in (models.CharField, models.TextField)
        ]
        for row in about(model, learner):
            named = {getattr(row, name) for name in accounts} - {None}
            if not named or learner.account_id in named:
                for name in texts:
                    if " " in (text := getattr(row, name) or ""):
                        found[text] = f"{model._meta.label}.{name}"
    return found


@pytest.fixture
def scene():
    with unscoped("the scene of the matrix spans districts"):
        built = build_scene()
    own = built.objects["own"]
    learner = own["learner"]
    with district_scope(learner.district_id), quick_pages():
        near = {type(row): row for row in own.values()} | {Account: learner.account, Learner: learner}
        near |= {type(own[noun]): own[noun] for noun in ("goal", "artifact", "project", "talk", "check_in", "step")}
        for model in kept_models():
            if not about(model, learner).exists():
                sense = SENSE.get(model._meta.label, lambda learner: {})
                near[model] = make_any(model, near, **sense(learner))
        yield built


def pages_of(scene):
    """What the learner reads, on all pages that this learner may open and in the binder that is taken along."""
    walker = Walker(scene)
    rows = [(route_of(key), row) for key, row in EXPECTATIONS.items()]
    mine = [(route, row) for route, row in rows if "learner" in row.verbs.get(GET, {}).get("own", ())]
    visits = [walker.visit(Case(route, row, "learner", "own", GET, ALLOWED)) for route, row in mine]
    assert [str(visit.case) for visit in visits if visit.error or visit.status >= 500] == []
    learner = scene.objects["own"]["learner"]
    answer = walker.clients["learner"].get(reverse("binder_zip", args=[learner.pk]))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))
    files = [packed.read(name).decode(errors="replace") for name in packed.namelist()]
    return readable("\n".join([visit.markup for visit in visits] + files))


def readable(text):
    return re.sub(r"\s+", " ", unescape(text))


def leave(learner, by, *, day):
    for enrollment in Enrollment.objects.of_learners().filter(learner=learner, ends_on__isnull=True):
        enrollments.withdraw(enrollment=enrollment, by=by, from_day=day)


def test_every_model_about_a_learner_is_in_the_walk(scene):
    """Else a new one would be kept only by luck."""
    held = {
        model._meta.label
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model.privacy.about == "learner"
    }
    without = held - {model._meta.label for model in kept_models()} - CHANGING - OF_NO_ONE
    assert without == set()
    assert [label for label, rows in rows_of(scene.objects["own"]["learner"]).items() if not rows] == []


def test_nothing_that_a_learner_made_changes_or_hides_on_the_way_to_another_school_and_back(scene):
    own, far = scene.objects["own"], scene.objects["far"]
    learner, by, today = own["learner"], scene.people["district_admin"], timezone.localdate()
    rows, pages = rows_of(learner), pages_of(scene)
    words = {text: place for text, place in own_words(learner).items() if readable(text) in pages}
    assert len(words) > 20

    leave(learner, by, day=today)
    assert rows_of(learner) == rows
    enrollments.enroll(learner=learner, roster=far["roster"], by=by, starts_on=today)
    assert rows_of(learner) == rows
    at_the_other_school = pages_of(scene)
    assert {place for text, place in words.items() if readable(text) not in at_the_other_school} == set()

    leave(learner, by, day=today + timedelta(days=1))
    Learner.objects.filter(pk=learner.pk).update(left_on=today)
    own["section"].archived_at = timezone.now()
    own["section"].save()
    assert rows_of(learner) == rows
    next_year = make_roster(own["school"])
    learner.refresh_from_db()
    enrollments.enroll(learner=learner, roster=next_year, by=by, starts_on=today)
    assert rows_of(learner) == rows
    back = pages_of(scene)
    assert {place for text, place in words.items() if readable(text) not in back} == set()
