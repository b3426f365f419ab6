import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Framework, PackageUpload, Standard
from standards.services.importing import import_package
from tests.budgets import assert_statements
from tests.factories.profiles import (
    make_district,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_teacher,
)
from tests.standards.case.test_reader import DOCUMENT, item, link, package

pytestmark = pytest.mark.django_db
AWAY = "99999999-9999-4999-8999-999999999999"


def small():
    items = [
        item(1, humanCodingScheme="G", fullStatement="Geometry"),
        item(2, humanCodingScheme="G.1", fullStatement="<p>Name shapes &amp; solids<script>alert(1)</script></p>"),
        item(3, humanCodingScheme="G.2", fullStatement="Measure $a<b$"),
        item(4, fullStatement="Nowhere"),
    ]
    links = [
        link(1, DOCUMENT),
        link(2, 1, sequenceNumber=1),
        link(3, 1, sequenceNumber=2),
        link(2, 3, "precedes"),
        link(2, AWAY, "exemplar"),
    ]
    return package(items, links, {"creator": "We"})


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        import_package(read_package(small()), district_id=district.pk)
    return district


@pytest.fixture
def teacher(client, district):
    account = make_teacher(make_roster(make_school(district)))
    client.force_login(account)
    return account


@pytest.fixture
def admin(client, district):
    account = make_district_admin(district)
    client.force_login(account)
    return account


def pk_of(code):
    return Standard._base_manager.get(code=code).pk


def test_tree_shows_the_top_and_what_has_no_place(client, teacher):
    page = client.get(reverse("standards"))
    assert [row.label for row in page.context["standards"]] == ["G", "Nowhere"]
    assert "2 below" in page.text


def test_branch_comes_when_it_is_opened(client, teacher):
    answer = client.get(reverse("standard", args=[pk_of("G")]), headers={"HX-Request": "true"})
    assert re.findall(r'class="code ltr"[^>]*>([^<]+)<', answer.text) == ["G.1", "G.2"]
    assert "<html" not in answer.text


def test_standard_is_shown_safely_with_its_ties(client, teacher):
    page = client.get(reverse("standard", args=[pk_of("G.1")]))
    assert "<p>Name shapes &amp; solids</p>" in page.text
    assert "alert(1)" not in page.text
    assert [(title, [tie.label for tie in ties]) for title, ties in page.context["ties"]] == [
        ("Examples", [AWAY]),
        ("Comes before", ["G.2"]),
    ]
    assert [above.label for above in page.context["trail"]] == ["G"]
    page = client.get(reverse("standard", args=[pk_of("G.2")]))
    assert [title for title, _ in page.context["ties"]] == ["Comes after"]
    assert "Measure $a&lt;b$" in page.text


def test_tree_costs_the_same_for_few_and_many(client, teacher, district):
    with assert_statements(at_most=8):
        client.get(reverse("standards"))
    many = package([item(n) for n in range(1, 80)], [link(n, DOCUMENT) for n in range(1, 80)])
    with district_scope(district.pk):
        import_package(read_package(many), district_id=district.pk)
    with assert_statements(at_most=8):
        client.get(reverse("standards"))


def test_search_page_finds_by_code_and_words(client, teacher):
    page = client.get(reverse("standards_search"), {"q": "shapes"})
    assert [row.code for row in page.context["found"]] == ["G.1"]
    assert "Nothing found" in client.get(reverse("standards_search"), {"q": "zebra"}).text
    assert client.get(reverse("standards_search"), {"q": "g", "framework": "no-uuid"}).context["found"] == []


def test_search_gives_options_to_the_picker(client, teacher):
    with assert_statements(at_most=6):
        answer = client.get(reverse("standards_search"), {"q": "g", "as": "options"})
    assert re.findall(r'data-value="(\d+)"\s+data-label="([^"]+)"', answer.text) == [
        (str(pk_of("G")), "G"),
        (str(pk_of("G.1")), "G.1"),
        (str(pk_of("G.2")), "G.2"),
    ]


def test_learner_may_search_and_not_browse(client, district):
    learner = make_learner(make_school(district), account=True)
    client.force_login(learner.account)
    assert client.get(reverse("standards_search"), {"q": "shapes"}).context["found"][0].code == "G.1"
    assert client.get(reverse("standards")).status_code == 404
    assert client.get(reverse("standard", args=[pk_of("G")])).status_code == 404


def test_other_district_sees_nothing(client, district):
    client.force_login(make_teacher(make_roster()))
    assert client.get(reverse("standard", args=[pk_of("G")])).status_code == 404
    assert client.get(reverse("framework", args=[DOCUMENT])).status_code == 404
    assert client.get(reverse("standards_search"), {"q": "shapes"}).context["found"] == []
    assert "No standards yet" in client.get(reverse("standards")).text


def test_pick_without_script_carries_the_form_along(client, teacher):
    sent = {"picker": "standards", "standards-q": "g", "standards": [str(pk_of("G.2"))], "title": 'Exit "ticket"'}
    page = client.post(reverse("standards_pick"), sent, headers={"referer": "http://testserver/sections/1/new/?a=1"})
    assert 'action="/sections/1/new/?a=1"' in page.text
    assert '<input type="hidden" name="title" value="Exit &quot;ticket&quot;">' in page.text
    assert [row.code for row in page.context["chosen"]] == ["G.2"]
    assert [row.code for row in page.context["found"]] == ["G", "G.1"]


@pytest.mark.parametrize("back", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", ""])
def test_pick_leads_to_no_other_site(client, teacher, back):
    page = client.post(reverse("standards_pick"), {"picker": "standards", "standards-q": "g", "picker-back": back})
    assert page.context["back"] == "/"


def test_package_is_checked_then_applied(client, admin, district):
    changed = small().replace(b"Geometry", b"Geometry, renewed")
    sent = {"file": SimpleUploadedFile("package.json", changed)}
    check = client.post(reverse("standards_import"), sent).url
    page = client.get(check)
    assert (page.context["plan"].standards.changed, page.context["plan"].standards.same) == (1, 3)
    assert "Geometry, renewed" in page.text
    assert Standard._base_manager.get(code="G").statement == "Geometry"
    answer = client.post(check + "apply/", follow=True)
    assert "Reading is here: 4 standards, 5 associations." in answer.text
    assert Standard._base_manager.get(code="G").statement == "Geometry, renewed"
    assert PackageUpload._base_manager.count() == 0


def test_same_package_again_says_no_change(client, admin):
    check = client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", small())}).url
    page = client.get(check)
    assert "Everything in this file is here already" in page.text
    assert "Apply the changes" not in page.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"CFDocuments": [{}]}', "This is a list of 1 documents, not a package."),
        (b"{", "Line 1, column 2 is not JSON"),
        (b"", "The file is empty."),
    ],
)
def test_file_that_is_no_package_is_refused_with_the_reason(client, admin, data, said):
    answer = client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", data)})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert PackageUpload._base_manager.count() == 0


def test_file_thrown_away_changes_nothing(client, admin):
    check = client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", small())}).url
    client.post(check + "discard/")
    assert client.get(check).status_code == 404
    assert Framework._base_manager.count() == 1


def test_teacher_may_not_import(client, teacher):
    assert client.get(reverse("standards_import")).status_code == 404
    assert client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", small())}).status_code == 404


def test_package_of_another_administrator_is_not_there(client, admin, district):
    check = client.post(reverse("standards_import"), {"file": SimpleUploadedFile("p.json", small())}).url
    client.force_login(make_district_admin(district))
    assert client.get(check).status_code == 404
    assert client.post(check + "apply/").status_code == 404
