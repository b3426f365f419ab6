"""Points of standards: seen as they count, tried without a trace, written for a day, taken back before it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import MasteryPolicy, ParentPoints
from profiles.models import AccessLog
from tests.factories.paths import make_mastery
from tests.factories.profiles import make_district_admin, make_school_admin
from tests.factories.standards import make_framework, make_standard

PAGE = reverse("policy_points")


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def fractions(taught):
    """A parent over three standards, the levels of the class on them, and a policy that names the points rule."""
    framework = taught.standards[0].framework
    parent = make_standard(framework, code="5.NF", short_title="Fractions", is_leaf=False)
    children = [make_standard(framework, parent=parent, code=f"5.NF.{n}") for n in (1, 2, 3)]
    for learner, levels in zip(taught.learners, ((3, 3, 3), (4, 3, 1), (2, 1)), strict=True):
        for child, level in zip(children, levels, strict=False):
            make_mastery(learner, child, level)
    MasteryPolicy.objects.create(district=framework.district, starts_on=in_days(-9), parent_rule="points")
    return parent, children


@pytest.fixture
def client(taught, as_account):
    return as_account(make_district_admin(taught.section.district, given_name="Noor", family_name="Haddad"))


def sent(fractions, needed="2", points=("1", "1", "0"), required=(), **more):
    parent, children = fractions
    fields = {f"p{parent.pk}-needed": needed, "starts_on": in_days(10).isoformat(), "act": "look"}
    fields |= {f"p{parent.pk}-points_{child.pk}": n for child, n in zip(children, points, strict=True)}
    fields |= {f"p{parent.pk}-required_{children[place].pk}": "on" for place in required}
    return fields | more


def save(client, fields):
    """Look, then save what was looked at."""
    looked = client.post(PAGE, fields).context["looked"]
    return client.post(PAGE, fields | {"act": "save", "looked": looked}, follow=True)


def test_page_shows_what_counts_where_nobody_has_written_points(client, fractions):
    page = client.get(PAGE)
    (form,) = page.context["forms"]
    assert (form["needed"].value(), form.parent.is_usual) == (3, True)
    assert [(child.code, points.value(), required.value()) for child, points, required in form.rows()] == [
        (f"5.NF.{n}", 1, False) for n in (1, 2, 3)
    ]
    text = page.content.decode()
    assert "as it comes" in text
    assert "names the points rule yet" not in text


def test_look_names_students_who_would_change_and_stores_nothing_but_the_look(client, fractions, taught):
    page = client.post(PAGE, sent(fractions))
    (tried,) = page.context["tried"]
    assert (tried.learners, tried.now, tried.then) == (3, 1, 2)
    assert [(row["learner"].pk, row["now"], row["then"]) for row in page.context["listed"]] == [
        (taught.learners[1].pk, False, True)
    ]
    assert list(AccessLog._base_manager.latest("pk").learner_ids) == [taught.learners[1].pk]
    assert not ParentPoints.objects.exists()


def test_what_was_looked_at_is_saved_and_nothing_else(client, fractions):
    looked = client.post(PAGE, sent(fractions)).context["looked"]
    other = sent(fractions, needed="1", act="save", looked=looked)
    assert client.post(PAGE, other).context["looked"] != looked
    assert not ParentPoints.objects.exists()

    text = save(client, sent(fractions, required=(0,))).content.decode()

    row = ParentPoints.objects.get()
    assert (row.needed, row.points, row.required) == (2, [1, 1, 0], [True, False, False])
    assert (row.starts_on, row.created_by.family_name) == (in_days(10), "Haddad")
    assert "Saved: the points of 1 standard count from" in text


def test_usual_points_are_stored_as_such(client, fractions):
    save(client, sent(fractions, starts_on=in_days(0).isoformat()))
    save(client, sent(fractions, needed="3", points=("1", "1", "1"), starts_on=in_days(0).isoformat()))
    assert list(ParentPoints.objects.order_by("pk").values_list("needed", flat=True)) == [2, None]
    assert client.get(PAGE).context["forms"][0].parent.is_usual


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"needed": "3"}, "All standards together are worth 2, so 3 can never be reached."),
        ({"needed": "0"}, "greater than or equal to 1"),
        ({"needed": ""}, "required"),
        ({"points": ("1", "-1", "2")}, "greater than or equal to 0"),
        ({"points": ("1", "half", "2")}, "whole number"),
    ],
)
def test_wrong_points_are_said_at_their_field_and_nothing_is_saved(client, fractions, fields, said):
    for act in ("look", "save"):
        answer = client.post(PAGE, sent(fractions, **fields, act=act))
        assert answer.status_code == 422
        ((label, _field, problem),) = answer.context["problems"]
        assert (label, said in problem) == ("5.NF", True)
    assert not ParentPoints.objects.exists()


def test_day_that_is_over_and_no_change_are_refused(client, fractions):
    over = client.post(PAGE, sent(fractions, starts_on=in_days(-1).isoformat()))
    assert (over.status_code, "This day is over" in over.content.decode()) == (422, True)
    same = client.post(PAGE, sent(fractions, needed="3", points=("1", "1", "1")))
    assert (same.status_code, "Nothing is different" in same.content.decode()) == (422, True)


def test_points_that_were_saved_meanwhile_are_not_replaced_unseen(client, fractions):
    mine = sent(fractions, drawn_at=timezone.now().isoformat())
    save(client, sent(fractions, needed="1"))
    text = save(client, mine).content.decode()
    assert "Somebody else saved points of these standards" in text
    assert ParentPoints.objects.get().needed == 1


def test_points_to_come_are_withdrawn_and_put_back(client, fractions):
    save(client, sent(fractions))
    row = ParentPoints.objects.get()
    url = reverse("points_withdraw", args=[row.pk])
    assert "Put back" in client.post(url, {"act": "withdraw"}, follow=True).content.decode()
    assert "Somebody else did that first" in client.post(url, {"act": "withdraw"}, follow=True).content.decode()
    assert list(ParentPoints.objects.in_force(in_days(10))) == []
    assert "The points of 5.NF begin on" in client.post(url, {"act": "restore"}, follow=True).content.decode()
    assert list(ParentPoints.objects.in_force(in_days(10))) == [row]


def test_points_that_have_started_stay(fractions):
    row = ParentPoints.objects.create(parent=fractions[0], starts_on=in_days(-1))
    row.needed = 1
    with pytest.raises(DatabaseError, match="stay as they are"), transaction.atomic():
        row.save()


def test_page_finds_standards_by_code_and_says_where_there_are_none(client, fractions, taught):
    framework = fractions[0].framework
    assert [form.parent.standard for form in client.get(PAGE, {"q": "5.nf"}).context["forms"]] == [fractions[0]]
    assert "Nothing found" in client.get(PAGE, {"q": "geometry"}).content.decode()
    assert client.get(PAGE, {"framework": make_framework(framework.district).pk}).status_code == 200
    assert client.get(PAGE, {"framework": framework.pk + 999}).status_code == 404


def test_principal_has_no_such_page(fractions, taught, as_account):
    assert as_account(make_school_admin(taught.learners[0].home_school)).get(PAGE).status_code == 404
