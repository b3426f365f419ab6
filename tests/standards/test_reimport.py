"""A package that comes again: what is seen before, what stays, and what two frameworks share."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Evidence
from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Association, Framework, Standard
from standards.services.importing import ImportRefused, import_package
from standards.services.planning import plan_import
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section
from tests.standards.case.test_reader import DOCUMENT, item, item_id, link, package

pytestmark = pytest.mark.django_db
OTHER = "44444444-4444-4444-8444-444444444444"


def edition(count=10, words="Statement", document=None):
    items = [item(n, humanCodingScheme=f"G.{n}", fullStatement=f"{words} {n}") for n in range(1, count + 1)]
    return package(
        items, [link(n, document or DOCUMENT) for n in range(1, count + 1)], {"identifier": document or DOCUMENT}
    )


@pytest.fixture
def section():
    section = make_section()
    with district_scope(section.district.pk):
        import_package(read_package(edition()), district_id=section.district.pk)
        yield section


@pytest.fixture
def admin(client, section):
    account = make_district_admin(section.district)
    client.force_login(account)
    return account


def load(section, data, **more):
    return import_package(read_package(data), district_id=section.district.pk, **more)


def send(client, data):
    return client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", data)}).url


def has_result(section, code):
    standard = Standard.objects.get(code=code)
    learner = make_learner(section.roster.school)
    enroll(learner, section.roster)
    give(make_assessment(section, [standard]), learner, standard, 3)
    work_off()
    return standard


def test_page_shows_both_wordings_and_who_has_results_on_what_would_be_retired(client, admin, section):
    has_result(section, "G.10")
    data = edition(9).replace(b'"Statement 1"', b'"Statement one, <b>new</b>"')
    page = client.get(send(client, data))
    changed, retired = (
        next(row for row in page.context["lists"] if str(row["title"]) == word) for word in ("Changed", "Retired")
    )
    assert changed["rows"] == [
        {
            "title": "G.1",
            "fields": [{"name": "Statement", "before": "Statement 1", "after": "Statement one, new"}],
            "in_use": 0,
        }
    ]
    assert [(row["title"], row["in_use"]) for row in retired["rows"]] == [("G.10", 1)]
    assert "1 student has results on it" in page.text


def test_file_of_differences_has_all_of_them(client, admin):
    check = send(client, edition(140, words="New"))
    assert "30 more; all of them are in the file" in client.get(check).text
    rows = list(csv.reader(io.StringIO(client.get(check + "differences.csv").text.lstrip("\ufeff"))))
    assert len([row for row in rows if row[:2] == ["New", "Standard"]]) == 130
    assert ["Changed", "Standard", "G.2", "Statement", "Statement 2", "New 2", ""] in rows
    assert len([row for row in rows if row[:2] == ["New", "Association"]]) == 130


@pytest.mark.parametrize("count", [3, 60])
def test_file_of_differences_asks_as_often_for_many_as_for_few(client, admin, section, count):
    def below_one(words):
        items = [item(n, humanCodingScheme=f"G.{n}", fullStatement=f"{words} {n}") for n in range(1, count + 1)]
        return package(items, [link(n, 1 if n > 1 else DOCUMENT) for n in range(1, count + 1)])

    load(section, below_one("Old"), may_retire_many=True)
    check = send(client, below_one("New"))
    with CaptureQueriesContext(connection) as asked:
        rows = client.get(check + "differences.csv").text.splitlines()
    assert len(rows) == 1 + count
    assert len(asked) == 9


def test_retired_standard_keeps_its_evidence_and_is_not_offered(client, admin, section):
    standard = has_result(section, "G.10")
    load(section, edition(9))
    standard.refresh_from_db()
    assert standard.retired_at is not None
    assert Evidence.objects.filter(standard=standard).count() == 1
    assert client.get(reverse("standards_search"), {"q": "G.10", "as": "options"}).context["found"] == []
    assert "not in use anymore" in client.get(reverse("standard", args=[standard.pk])).text
    assert [row.code for row in client.get(reverse("standards")).context["retired"]] == ["G.10"]


def test_standard_that_comes_back_is_the_same_one(section):
    standard = has_result(section, "G.10")
    load(section, edition(9))
    plan = load(section, edition())
    assert [(d.what, d.label) for d in plan.differences] == [("restored", "G.10")]
    standard.refresh_from_db()
    assert standard.retired_at is None
    assert load(section, edition()).is_unchanged


def test_much_is_retired_only_when_a_person_says_so(client, admin, section):
    check = send(client, edition(3))
    assert "7 of 10 standards would be retired." in client.get(check).text
    sent = {"drawn_from": client.get(check).context["plan"].drawn_from}
    refused = client.post(check + "apply/", sent)
    assert (refused.status_code, Standard.objects.in_force().count()) == (422, 10)
    client.post(check + "apply/", sent | {"sure": "on"})
    assert Standard.objects.in_force().count() == 3


def test_command_asks_before_much_is_retired(section, tmp_path, capsys):
    path = tmp_path / "cut.json"
    path.write_bytes(edition(3))
    with pytest.raises(CommandError, match="7 of 10 standards would be retired"):
        call_command("import_case", str(path))
    call_command("import_case", str(path), "--retire-many")
    assert Standard.objects.in_force().count() == 3


def test_plan_that_is_older_than_another_import_is_shown_anew(client, admin, section):
    check = send(client, edition(9))
    sent = {"drawn_from": client.get(check).context["plan"].drawn_from}
    load(section, edition(11))
    page = client.post(check + "apply/", sent)
    assert page.status_code == 422
    assert "Somebody has brought in another edition meanwhile." in page.text
    assert Standard.objects.in_force().count() == 11
    with pytest.raises(ImportRefused, match="stale"):
        load(section, edition(9), drawn_from="")


def test_document_and_associations_are_compared_too(section):
    data = package(
        [item(n, humanCodingScheme=f"G.{n}") for n in range(1, 11)],
        [*(link(n, DOCUMENT) for n in range(1, 10)), link(10, 1), link(1, 2, "precedes")],
        {"creator": "We"},
    )
    plan = plan_import(read_package(data), district_id=section.district.pk)
    assert plan.document_fields == (("creator", "", "We"),)
    assert sorted((d.what, d.label, d.kind, d.other) for d in plan.link_differences) == [
        ("new", "G.1", "precedes", "G.2"),
        ("new", "G.10", "isChildOf", "G.1"),
        ("retired", "G.10", "isChildOf", DOCUMENT),
    ]
    assert [(d.label, d.fields) for d in plan.differences] == [("G.10", (("parent", "", "G.1"),))]


def test_parent_that_changes_is_named_by_its_code_not_by_its_identifier(section):
    load(
        section,
        package([item(1, humanCodingScheme="A"), item(2, humanCodingScheme="B")], [link(1, DOCUMENT), link(2, 1)]),
    )
    plan = plan_import(
        read_package(
            package([item(1, humanCodingScheme="A"), item(2, humanCodingScheme="B")], [link(2, DOCUMENT), link(1, 2)])
        ),
        district_id=section.district.pk,
    )
    assert [(d.label, d.fields) for d in plan.differences] == [
        ("A", (("parent", "", "B"),)),
        ("B", (("parent", "A", ""),)),
    ]


def test_frameworks_that_share_identifiers_stay_apart_and_the_page_says_so(client, admin, section):
    standard = has_result(section, "G.1")
    check = send(client, edition(2, words="Other", document=OTHER))
    assert "2 standards have the identifiers of standards in Reading." in client.get(check).text
    load(section, edition(2, words="Other", document=OTHER))
    assert load(section, edition()).is_unchanged
    assert load(section, edition(2, words="Other", document=OTHER)).is_unchanged
    assert Standard.objects.filter(uuid=item_id(1)).count() == 2
    standard.refresh_from_db()
    assert standard.statement == "Statement 1"
    assert [row.standard_id for row in Evidence.objects.all()] == [standard.pk]


def test_link_from_elsewhere_goes_to_the_one_in_force_of_those_that_share_an_identifier(section):
    load(section, edition(10, words="Other", document=OTHER))
    load(section, edition(9))
    third = package(
        [item(50)],
        [link(50, 10, "exactMatchOf"), link(50, 1, "isRelatedTo")],
        {"identifier": "5" * 8 + "-5555-4555-8555-555555555555"},
    )
    load(section, third)
    reached = {row.kind: row.destination.framework.uuid for row in Association.objects.filter(origin__uuid=item_id(50))}
    assert {kind: str(uuid) for kind, uuid in reached.items()} == {"exactMatchOf": OTHER, "isRelatedTo": DOCUMENT}
    assert Framework.objects.count() == 3
