"""The list of imports, one of them, and its undo, as pages."""

import pytest
from django.urls import reverse

from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from profiles.models import AccessLog, Learner, RosterImport
from tests.factories.profiles import make_district, make_district_admin, make_school, make_school_admin
from tests.profiles.oneroster.packages import V1P1, changed
from tests.profiles.roster_import.test_importing import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def admin(client, district):
    account = make_district_admin(district)
    client.force_login(account)
    return account


@pytest.fixture
def row(district):
    with district_scope(district.pk):
        load(district, V1P1)
        load(district, changed(V1P1, "users.csv", "Keanu,Ioane", "Keanu,Kealoha"), name="tuesday.zip")
        return RosterImport.objects.order_by("-pk")[0]


def test_import_is_listed_and_says_what_undo_would_do(client, admin, row):
    page = client.get(reverse("roster_import"))
    address = reverse("roster_import_one", args=[row.uuid])
    assert (address in page.text, "the terminal" in page.text) == (True, True)
    assert "See what undo would do" in client.get(address).text
    page = client.post(address + "undo/")
    assert page.context["counts"] == {"put_back": 1, "removed": 0, "ended": 0, "left": 0}


def test_one_button_puts_it_back(client, admin, row, district):
    address = reverse("roster_import_one", args=[row.uuid])
    client.post(address + "undo/", {"does": "undo"})
    assert "Waiting for its turn." in client.get(address).text
    assert "Another import of this district" in client.post(address + "undo/", {"does": "undo"}, follow=True).text
    assert "HX-Refresh" not in client.get(address + "undo/progress/")
    run(Job._base_manager.get().pk)
    assert client.get(address + "undo/progress/")["HX-Refresh"] == "true"
    with district_scope(district.pk):
        assert Learner.objects.get(key="u3").family_name == "Ioane"
    page = client.get(address)
    assert (f"by {admin.name}" in page.text, page.context["counts"]["put_back"]) == (True, 1)
    assert "cannot be undone any more" in client.post(address + "undo/", {"does": "undo"}, follow=True).text


def test_what_is_left_is_listed_by_name_and_the_look_is_logged(client, admin, row, district):
    with district_scope(district.pk):
        keanu = Learner.objects.get(key="u3")
        Learner.objects.filter(pk=keanu.pk).update(preferred_name="Kea")
    page = client.post(reverse("roster_import_undo", args=[row.uuid]))
    assert page.context["left"] == [{"name": "Kea Kealoha", "what": "student", "why": "changed since"}]
    assert AccessLog._base_manager.filter(learner_ids__contains=[keanu.pk]).exists()


def test_others_do_not_see_imports(client, row, district):
    for account in (make_school_admin(make_school(district)), make_district_admin(make_district())):
        client.force_login(account)
        address = reverse("roster_import_one", args=[row.uuid])
        assert client.get(address).status_code == client.post(address + "undo/").status_code == 404
    assert Job._base_manager.count() == 0
