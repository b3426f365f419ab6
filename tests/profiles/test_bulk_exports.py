"""Whoever takes records of many along is counted, limited and told about."""

import io
from datetime import timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.db.models import F
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone

from lrm.scope import district_scope
from profiles import second_step
from profiles.models import BulkExport
from profiles.services import bulk_exports
from profiles.services.taken_words import WORDS
from profiles.views import retention
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


def take(account, what="gradebook", people=3):
    """Count a file, and give it unless there were too many; whether it was given."""
    row = bulk_exports.begin(account, what=what)
    if isinstance(row, timedelta):
        return False
    bulk_exports.give(row, people=people)
    return True


def file():
    return FileResponse(io.BytesIO(b"x"), as_attachment=True, filename="x.zip")


def test_a_file_is_written_down_with_who_what_and_how_many(admin, monkeypatch):
    asked(admin, monkeypatch, file())
    row = BulkExport.objects.get()
    assert (row.account, row.what, row.people) == (admin, "gradebook", 3)


def test_a_page_without_a_file_is_not_counted(admin, monkeypatch):
    asked(admin, monkeypatch, HttpResponse("form"))
    assert not BulkExport.objects.exists()


def test_a_file_that_fails_is_not_counted(admin, monkeypatch):
    class Broken(HttpResponse):
        @property
        def status_code(self):
            raise RuntimeError("disk")

        @status_code.setter
        def status_code(self, value):
            pass

    with pytest.raises(RuntimeError):
        asked(admin, monkeypatch, Broken())
    assert not BulkExport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_do_not_all_pass(admin):
    start, given = Barrier(4), []

    def ask():
        with district_scope(admin.district_id):
            start.wait()
            given.extend(isinstance(bulk_exports.begin(admin, what="gradebook"), BulkExport) for _each in range(5))
        connection.close()

    threads = [Thread(target=ask) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 20
    assert sum(given) == bulk_exports.MOST == BulkExport.objects.count()


def test_binders_of_one_child_after_the_other_are_told_from_the_eleventh_on_and_end(admin):
    given = [take(admin, "binder_zip", 1) for _each in range(bulk_exports.MOST_OF_ONE + 1)]
    assert given == [True] * bulk_exports.MOST_OF_ONE + [False]
    assert take(admin)  # whoever printed binders may still take a list along
    make_district_admin(admin.district)
    assert bulk_exports.tell() == 2
    assert [message.subject for message in mail.outbox] == [
        "Records of 1 student were taken along",
        "Records of 3 students were taken along",
    ]
    assert "It was: a binder.\nThey are about 1 student.\nWithin a day" in mail.outbox[0].body
    assert "they took 10 more files about one person each.\n" in mail.outbox[0].body
    assert [row.what for row in BulkExport.objects.filter(told_at__isnull=True)] == []


def test_few_binders_an_hour_are_told_of_once_a_day_too(admin):
    make_district_admin(admin.district)
    for _hour in range(5):
        for _each in range(10):
            take(admin, "binder_zip", 1)
        BulkExport.objects.update(at=F("at") - timedelta(hours=1, minutes=1))
    assert bulk_exports.tell() == 1
    assert "they took 40 more files" in mail.outbox[0].body


def test_a_file_whose_end_was_never_heard_is_told_of_all_the_same(admin):
    bulk_exports.begin(admin, what="gradebook")  # and the process was killed
    assert bulk_exports.tell() == 0
    BulkExport.objects.update(at=timezone.now() - bulk_exports.LONGEST - timedelta(seconds=1))
    make_district_admin(admin.district)
    assert bulk_exports.tell() == 1
    assert [message.subject for message in mail.outbox] == ["Records were taken along"]


def test_after_ten_files_in_an_hour_one_waits_and_is_told_how_long(client):
    demo = make_district(is_demo=True)  # which asks for no second step
    with district_scope(demo.pk):
        admin = make_school_admin(make_school(demo))
        client.force_login(admin)
        page = reverse("gradebook")
        for _each in range(bulk_exports.MOST):
            assert client.get(page).status_code == 200
            take(admin)
        refused = client.get(page)
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 3600
        assert "Wait a little" in refused.content.decode()
        BulkExport.objects.update(at=timezone.now() - timedelta(hours=1, seconds=1))
        assert client.get(page).status_code == 200


def test_words_are_of_files_that_there_are():
    assert [route for route in WORDS if not any(route == name for name in get_resolver().reverse_dict)] == []
    assert set(WORDS) >= bulk_exports.ONE_PERSON


def test_administrators_of_the_district_are_told_once_without_a_name_of_a_learner(admin, client, monkeypatch):
    office = make_district_admin(admin.district)
    elsewhere = make_district_admin(make_district())
    type(admin.district).objects.filter(pk=admin.district_id).update(time_zone="Asia/Kathmandu")
    take(admin)
    assert bulk_exports.tell() == 1
    assert bulk_exports.tell() == 0
    assert [message.to for message in mail.outbox] == [[office.email]]
    assert admin.name in mail.outbox[0].body
    assert mail.outbox[0].subject == "Records of 3 students were taken along"
    assert "It was: results for another system.\nThey are about 3 students.\n" in mail.outbox[0].body
    at = BulkExport.objects.get().at.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert f"at {at:%H:%M}." in mail.outbox[0].body  # by the district's clock
    page = reverse("bulk_exports")
    client.force_login(office)
    assert "Older" not in client.get(page).content.decode()
    monkeypatch.setattr(retention, "MOST_EXPORTS", 1)
    take(admin, "audit_csv")
    assert "who changed what" in client.get(page).content.decode()
    page += "?page=2"
    shown = client.get(page).content.decode()
    assert (admin.name in shown, "results for another system" in shown) == (True, True)
    client.force_login(elsewhere)
    assert admin.name not in client.get(page).content.decode()
