"""A package too large to be written while somebody waits: a worker takes it over, through kills, and tells of it."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from lrm.jobs.changing import stop
from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from standards.case.problems import NotAPackage
from standards.case.reader import read_package
from standards.models import Framework, PackageUpload, Standard
from standards.services import importing, package_uploads
from standards.services.importing import import_package
from standards.services.planning import DEEPEST, item_fields
from tests.factories.profiles import make_district, make_district_admin
from tests.standards.case.test_reader import DOCUMENT, item, link, package

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, monkeypatch):
    monkeypatch.setattr(package_uploads, "SMALL_BYTES", 100)
    account = make_district_admin(make_district())
    client.force_login(account)
    with district_scope(account.district_id):
        yield account


def edition(count):
    numbers = range(1, count + 1)
    return package([item(n, humanCodingScheme=f"G.{n}") for n in numbers], [link(n, DOCUMENT) for n in numbers])


def asked(client, data):
    """The page of the file, and what its form says."""
    check = client.post(reverse("standards_import"), {"file": SimpleUploadedFile("state.json", data)}).url
    return check, {"drawn_from": client.get(check).context["plan"].drawn_from}


def test_worker_takes_a_large_package_over(client, admin):
    check, said = asked(client, edition(12))
    assert client.post(check + "apply/", said).url == check
    assert (Standard.objects.count(), Job.objects.get().state) == (0, Job.State.WAITING)
    page = client.get(check)
    assert ("Waiting for its turn." in page.text, "Bring it in" in page.text) == (True, False)
    assert "HX-Refresh" not in client.get(check + "progress/")
    client.post(check + "apply/", said)
    client.post(check + "discard/")
    assert (Job.objects.count(), PackageUpload.objects.count()) == (1, 1), "a second click asks for nothing more"
    run(Job.objects.get().pk)
    assert client.get(check + "progress/")["HX-Refresh"] == "true"
    there = client.get(check, follow=True)
    assert there.redirect_chain[0][0] == reverse("framework", args=[Framework.objects.get().uuid])
    assert "12 standards, 12 associations." in there.text
    assert bytes(PackageUpload.objects.get().data) == b"", "its content is not kept"
    assert client.get(reverse("standards_import")).context["waiting"] is None
    assert client.post(check + "apply/", said).status_code == 404


def test_role_of_the_site_tells_the_database_of_new_rows(monkeypatch):
    site = connection.copy()  # the test's own connection belongs to the owner
    site.settings_dict = connection.settings_dict | {"USER": settings.RUNTIME_ROLE}
    monkeypatch.setattr(importing, "connection", site)
    try:
        importing._analyze()
        assert site.connection.notices == [], "what may not be analyzed is passed over with a warning"
    finally:
        site.close()


def test_file_that_would_do_something_else_by_now_is_refused_and_shown_anew(client, admin):
    check, said = asked(client, edition(12))
    client.post(check + "apply/", said)
    import_package(read_package(edition(9)), district_id=admin.district_id)
    run(Job.objects.get().pk)
    page = client.get(check)
    assert "Somebody has brought in another edition meanwhile." in page.text
    assert (page.context["plan"].standards.new, Standard.objects.count()) == (3, 9)
    client.post(check + "apply/", {"drawn_from": page.context["plan"].drawn_from})
    run(Job.objects.order_by("-pk")[0].pk)
    assert Standard.objects.count() == 12


def test_much_is_retired_by_a_worker_only_when_a_person_says_so(client, admin):
    import_package(read_package(edition(12)), district_id=admin.district_id)
    check, said = asked(client, edition(3))
    client.post(check + "apply/", said)
    run(Job.objects.get().pk)
    assert "More would be retired than was said to be right." in client.get(check).text
    client.post(check + "apply/", said | {"sure": "on"})
    run(Job.objects.order_by("-pk")[0].pk)
    assert Standard.objects.in_force().count() == 3


def test_what_is_killed_or_stopped_leaves_nothing_behind(client, admin, monkeypatch):
    check, said = asked(client, edition(12))
    client.post(check + "apply/", said)
    job = Job.objects.get()
    links = importing._write_links

    def die(*args):
        links(*args)
        raise SystemExit

    monkeypatch.setattr(importing, "_write_links", die)
    with pytest.raises(SystemExit):
        run(job.pk)
    assert (Standard.objects.count(), Job.objects.get().state) == (0, Job.State.RUNNING)
    monkeypatch.setattr(importing, "_write_links", links)
    run(job.pk)
    assert (Standard.objects.count(), Job.objects.get().tries) == (12, 2)

    check, said = asked(client, edition(15))
    client.post(check + "apply/", said)
    job = Job.objects.order_by("-pk")[0]
    stop(job, by=admin)
    run(job.pk)
    assert "It was stopped, and nothing was changed." in client.get(check).text
    assert (Standard.objects.count(), client.post(check + "discard/").url) == (12, reverse("standards_import"))


def test_place_below_more_than_a_column_counts_is_written_as_the_deepest():
    read = read_package(edition(1)).items[0]
    read.depth = DEEPEST + 3
    assert item_fields(read)["depth"] == DEEPEST


def test_more_than_any_framework_has_is_refused():
    with pytest.raises(NotAPackage, match="more than 100000 standards"):
        read_package(json.dumps({"CFDocument": {"title": "All"}, "CFItems": [{}] * 100_001}).encode())
    same = link(1, 2, identifier="66666666-6666-4666-8666-666666666666")
    with pytest.raises(NotAPackage, match="share the identifier 66666666"):
        read_package(package([item(1), item(2)], [same] * 32_769))
