"""A copy of everything about an adult: what is theirs is in it, and no student is."""

import csv
import io
import json
import zipfile

import pytest
from django.urls import reverse

from lrm.inventory import models_with_people
from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.privacy import OWN
from lrm.scope import district_scope
from profiles.models import AccessLog, Account, AdultCopy, BulkExport, District, Learner, LearnerCopy
from profiles.services.copies import adult_tables, adults, files
from profiles.services.copies.labels import LABELS
from tests.factories.profiles import make_signed_in
from tests.fresh_code import with_fresh_code
from tests.profiles.everything_of_adults import WAYS, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(matrix_scene):
    with district_scope(matrix_scene.people["teacher"].district_id):
        AdultCopy.objects.all().delete()
        yield matrix_scene


def made(copy):
    """The zip, once the worker is through."""
    running.run(copy.job_id)
    copy.refresh_from_db()
    assert Job.objects.get(pk=copy.job_id).error == ""
    with files.COPIES.open(copy.stored) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.mark.parametrize("who", ["teacher", "guardian"])
def test_all_that_is_theirs_is_in_it_and_no_student_and_no_secret(scene, who):
    account = scene.people[who]
    fill(account, scene.objects["own"])
    session = make_signed_in(account).session_key  # whoever sends it as a cookie is the account
    AccessLog.objects.create(district_id=account.district_id, account=account, route="today", learner_ids=[1])
    type(scene.objects["own"]["check_in"]).objects.update(by=account)
    packed = made(adults.make(account, by=account))
    text = packed.read("everything.json").decode()
    found = json.loads(text)
    own = {model._meta.label_lower for model, _way, rule in WAYS if rule == OWN}
    left_out = {label.lower() for label in adult_tables.NOT_SHOWN}
    assert own - left_out - {"profiles.adulthold"} <= set(found["tables"])
    assert not left_out & set(found["tables"])
    assert account.email in text
    assert {"at", "page"} <= set(found["tables"]["profiles.accesslog"]["labels"])
    whole = text + packed.read("index.html").decode()
    names = [each.family_name for each in Learner.objects.all()] + [each.given_name for each in Learner.objects.all()]
    assert [name for name in names if name and name != account.given_name and name in whole] == []
    assert [secret for secret in ("pbkdf2", "d" * 64, session) if secret in whole] == []
    if who == "teacher":
        titles = {each["title"] for each in found["counted"]}
        assert ("Check-ins on goals" in titles, "Places on class lists" in titles) == (True, False)
        heads = next(csv.reader(io.StringIO(packed.read("tables/profiles.enrollment.csv").decode("utf-8-sig"))))
        assert {"Class list", "Role", "First day"} <= set(heads)


def test_two_clicks_are_one_and_a_second_run_changes_nothing(scene):
    account = scene.people["teacher"]
    copy = adults.make(account, by=account)
    assert adults.make(account, by=account) == copy
    made(copy)
    stored = copy.stored
    Job.objects.filter(pk=copy.job_id).update(state=Job.State.WAITING)
    running.run(copy.job_id)
    copy.refresh_from_db()
    assert copy.stored == stored


def test_the_person_makes_it_takes_it_along_and_is_counted(scene, as_account):
    account = scene.people["teacher"]
    client = as_account(account)
    page, theirs = reverse("own_data"), reverse("adult_data", args=[account.pk])
    assert "What is kept about" in client.get(page).content.decode()
    assert "second-step" in client.post(page)["Location"]
    assert not AdultCopy.objects.exists()
    with_fresh_code(client)
    assert client.post(page)["Location"] == page
    copy = AdultCopy.objects.get()
    made(copy)
    assert "Take the copy along" in client.get(page).content.decode()
    answer = client.get(reverse("adult_copy_zip", args=[copy.uuid]))
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert BulkExport.objects.get().what == "adult_copy_zip"
    other = with_fresh_code(as_account(scene.people["co_teacher"]))
    addresses = [theirs, reverse("adult_copy_zip", args=[copy.uuid])]
    assert [other.get(each).status_code for each in addresses] == [404, 404]
    admin = with_fresh_code(as_account(scene.people["district_admin"]))
    assert [admin.get(each).status_code for each in addresses] == [200, 200]


def test_family_without_a_second_step_reads_about_themselves(scene, as_account):
    account = scene.people["guardian"]
    client = as_account(account)
    client.post(reverse("own_data"))
    copy = AdultCopy.objects.get(account=account, made_by=account)
    made(copy)
    assert client.get(reverse("adult_copy_zip", args=[copy.uuid])).status_code == 200


def test_students_and_systems_have_no_such_page(scene, as_account):
    admin = with_fresh_code(as_account(scene.people["district_admin"]))
    learner = scene.objects["own"]["learner"].account
    system = Account.objects.filter(kind=Account.Kind.INTEGRATION).first()
    found = [admin.get(reverse("adult_data", args=[each.pk])).status_code for each in (learner, system)]
    assert found == [404, 404]


def test_copies_of_students_are_counted_and_want_a_second_step_of_staff(scene, as_account):
    """A whole school is taken along, child after child, by nobody unseen."""
    stored = files.COPIES.put(b"zip")
    files.COPIES.settle(stored)
    copy = LearnerCopy.objects.filter(learner=scene.objects["own"]["learner"]).first()
    LearnerCopy.objects.filter(pk=copy.pk).update(stored=stored)
    District.objects.update(is_demo=False)
    address, client = reverse("copy_zip", args=[copy.uuid]), as_account(scene.people["district_admin"])
    assert "second-step" in client.get(address)["Location"]
    assert client.get(address).status_code == 302
    assert with_fresh_code(client).get(address).status_code == 200
    assert BulkExport.objects.get().what == "copy_zip"
    assert as_account(scene.people["guardian"]).get(address).status_code == 200
    assert BulkExport.objects.count() == 1


def test_each_column_of_a_copy_has_a_label():
    shown = {
        each.name
        for model, declared in models_with_people()
        for each in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if declared.in_copy.how in ("rows", "notes") and each.name not in declared.hidden.split()
    }
    assert sorted(shown - set(LABELS) - {"pk"}) == []
