"""Forms that make something new: a double click makes it once, the id of somebody else's form makes nothing."""

import pytest
from django.urls import reverse

from paths.models import GoalTemplate, Path, PathTemplate
from tests.factories.profiles import make_teacher
from tests.page_forms import form_to, press

pytestmark = pytest.mark.django_db

STEP = {"title": "Clocks", "steps-0-title": "Read ten clocks"}
WORDS = {"what": "I can read a clock."}


@pytest.mark.parametrize(
    ("route", "about", "typed", "model"),
    [
        ("path_new", "learner", STEP, Path),
        ("section_path_new", "section", STEP, Path),
        ("path_template_new", None, STEP, PathTemplate),
        ("goal_template_new", None, WORDS, GoalTemplate),
    ],
)
def test_a_double_click_makes_one(route, about, typed, model, classroom, teacher):
    address = reverse(route, args=[getattr(classroom, about).pk] if about else [])
    form = form_to(teacher.get(address), address, having=next(iter(typed)))
    if route == "path_template_new":
        typed = typed | {"school": classroom.school.pk}

    answers = [press(teacher, form, **typed) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.url for answer in answers}) == 1
    assert model.objects.count() == 1
    press(teacher, form_to(teacher.get(address), address, having=next(iter(typed))), **typed)  # a new page is a new one
    assert model.objects.count() == 2


@pytest.mark.parametrize(
    ("route", "typed", "model"),
    [("path_template_new", STEP, PathTemplate), ("goal_template_new", WORDS, GoalTemplate)],
)
def test_the_id_of_somebody_elses_form_makes_nothing(route, typed, model, classroom, teacher, as_account):
    address = reverse(route)
    form = form_to(teacher.get(address), address, having=next(iter(typed)))
    if route == "path_template_new":
        typed = typed | {"school": classroom.school.pk}
    press(teacher, form, **typed)

    answer = press(as_account(make_teacher(classroom.roster)), form, **typed)

    assert answer.status_code == 404
    assert model.objects.count() == 1
