"""Subgroups: declared with a purpose, filled with student IDs all or nothing, ended with the list deleted."""

import pytest
from django.urls import reverse

from lrm.scope import district_scope
from profiles.models import Learner, Subgroup, SubgroupMember
from profiles.services.subgroups import MOST_SUBGROUPS
from tests.factories.profiles import make_district, make_district_admin, make_learner, make_school

pytestmark = pytest.mark.django_db
PURPOSE = {"title": "Learning English", "purpose": "The council decided in May to look at it."}


@pytest.fixture
def school():
    school = make_school()
    with district_scope(school.district_id):
        yield school


@pytest.fixture
def admin(school, as_account):
    return as_account(make_district_admin(school.district))


def keyed(school, n):
    return [make_learner(school, key=f"S{school.pk}-{number}") for number in range(n)]


def in_it():
    return set(SubgroupMember.objects.values_list("learner_id", flat=True))


def declared(admin):
    assert admin.post(reverse("subgroups"), PURPOSE).status_code == 302
    return Subgroup.objects.get()


def test_group_is_declared_filled_changed_and_ended(school, admin):
    first, second, third = keyed(school, 3)
    subgroup = declared(admin)
    url = reverse("subgroup", args=[subgroup.pk])

    admin.post(url, {"members": f"{first.key}\n\n  {second.key} \n{first.key}"})
    assert in_it() == {first.pk, second.pk}
    page = admin.post(url, {"members": f"{second.key}\r\n{third.key}"}, follow=True)
    assert in_it() == {second.pk, third.pk}
    assert "1 added, 1 taken out." in page.content.decode()

    admin.post(reverse("subgroup_end", args=[subgroup.pk]))
    assert in_it() == set()
    assert admin.get(url).status_code == 404
    assert Subgroup.objects.get().ended_by is not None


def test_unknown_ids_are_named_with_their_lines_and_nothing_changes(school, admin):
    (known,) = keyed(school, 1)
    elsewhere = make_school(make_district())
    with district_scope(elsewhere.district_id):
        (stranger,) = keyed(elsewhere, 1)
    url = reverse("subgroup", args=[declared(admin).pk])

    answer = admin.post(url, {"members": f"{known.key}\nnobody\n{stranger.key}"})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "line 2: “nobody”, line 3: " in text
    assert "nobody\n" in text.replace("\r", "")  # what was typed is still there
    assert in_it() == set()


def test_group_without_a_purpose_or_called_twice_is_none(school, admin):
    assert admin.post(reverse("subgroups"), PURPOSE | {"purpose": " "}).status_code == 422
    declared(admin)
    again = admin.post(reverse("subgroups"), PURPOSE)
    assert "There is a group of that name" in again.content.decode()
    for number in range(MOST_SUBGROUPS - 1):
        assert admin.post(reverse("subgroups"), PURPOSE | {"title": f"Group {number}"}).status_code == 302
    assert "groups already" in admin.post(reverse("subgroups"), PURPOSE | {"title": "One more"}).content.decode()
    assert Subgroup.objects.count() == MOST_SUBGROUPS


def test_name_is_free_again_after_the_end(school, admin):
    admin.post(reverse("subgroup_end", args=[declared(admin).pk]))
    assert admin.post(reverse("subgroups"), PURPOSE).status_code == 302


def test_who_is_in_it_goes_with_the_learner(school, admin):
    (learner,) = keyed(school, 1)
    admin.post(reverse("subgroup", args=[declared(admin).pk]), {"members": learner.key})
    Learner._base_manager.filter(pk=learner.pk).delete()
    assert in_it() == set()
