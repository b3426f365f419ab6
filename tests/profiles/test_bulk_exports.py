"""Whoever takes records of many along is counted, limited and told about."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope
from profiles import second_step
from profiles.models import BulkExport
from profiles.services import bulk_exports
from tests.factories.profiles import make_district, make_district_admin, make_school, make_school_admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    district = make_district()
    with district_scope(district.pk):
        yield make_school_admin(make_school(district))


class Match:
    view_name = "gradebook"


def asked(admin, monkeypatch, answer):
    """What a guarded page answers to somebody who has just given the second step."""
    monkeypatch.setattr(second_step, "is_fresh", lambda request: True)
    request = RequestFactory().post("/gradebook/")
    request.user, request.looked_at, request.resolver_match, request.nav = admin, {1, 2, 3}, Match, ""
    return second_step.bulk_export(lambda request: answer)(request)


def file():
    return FileResponse(io.BytesIO(b"x"), as_attachment=True, filename="x.zip")


def test_a_file_is_written_down_with_who_what_and_how_many(admin, monkeypatch):
    asked(admin, monkeypatch, file())
    row = BulkExport.objects.get()
    assert (row.account, row.what, row.people) == (admin, "gradebook", 3)


def test_a_page_without_a_file_is_not_counted(admin, monkeypatch):
    asked(admin, monkeypatch, HttpResponse("form"))
    assert not BulkExport.objects.exists()


def test_after_ten_files_in_an_hour_one_waits_and_is_told_how_long(client):
    demo = make_district(is_demo=True)  # which asks for no second step
    with district_scope(demo.pk):
        admin = make_school_admin(make_school(demo))
        client.force_login(admin)
        page = reverse("gradebook")
        for _each in range(bulk_exports.MOST):
            assert client.get(page).status_code == 200
            bulk_exports.note(admin, what="gradebook", people=3)
        refused = client.get(page)
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 3600
        assert "Wait a little" in refused.content.decode()
        BulkExport.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))
        assert client.get(page).status_code == 200


def test_administrators_of_the_district_are_told_once_without_a_name_of_a_learner(admin, client):
    office = make_district_admin(admin.district)
    elsewhere = make_district_admin(make_district())
    bulk_exports.note(admin, what="gradebook", people=3)
    assert bulk_exports.tell() == 1
    assert bulk_exports.tell() == 0
    assert [message.to for message in mail.outbox] == [[office.email]]
    assert admin.name in mail.outbox[0].body
    assert "3 students" in mail.outbox[0].body
    page = reverse("bulk_exports")
    client.force_login(office)
    assert admin.name in client.get(page).content.decode()
    client.force_login(elsewhere)
    assert admin.name not in client.get(page).content.decode()
