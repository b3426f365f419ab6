"""What other systems read: who may, every kind of object, paging and filter, and errors in the shape of 1EdTech."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from lrm.api.scopes import GROUPS_READ, STANDARDS_READ
from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Framework, Standard
from standards.services.importing import import_package
from tests.factories.profiles import make_district, make_district_admin, make_learner, make_school, make_token
from tests.standards.case.test_reader import DOCUMENT, item, item_id, link, package

pytestmark = pytest.mark.django_db
ALGEBRA = "44444444-4444-4444-8444-444444444444"
SUBJECT, BELOW, LICENSE, GROUPING, RUBRIC, EDGE = (f"{n}" * 8 + "-7777-4777-8777-777777777777" for n in "abcdef")
DEFINED = {
    "CFSubjects": [
        {"identifier": SUBJECT, "title": "Math", "hierarchyCode": "1"},
        {"identifier": BELOW, "title": "Algebra", "hierarchyCode": "1.2"},
        {"identifier": DOCUMENT, "title": "Art", "hierarchyCode": "10"},
    ],
    "CFLicenses": [{"identifier": LICENSE, "title": "CC BY 4.0"}],
    "CFAssociationGroupings": [{"identifier": GROUPING, "title": "Strands"}],
}


def reading():
    items = [
        item(1, humanCodingScheme="R", subject="Reading", jurisdiction="Here"),
        item(2, humanCodingScheme="R.1", educationLevel="05"),
    ]
    links = [link(1, DOCUMENT), link(2, 1, sequenceNumber="3", identifier=EDGE), link(2, 1, "isStandardAlignedTo")]
    rubrics = [
        {
            "identifier": RUBRIC,
            "CFRubricCriteria": [
                {"identifier": SUBJECT, "weight": "0.5", "CFRubricCriterionLevels": [{"identifier": BELOW, "score": 3}]}
            ],
        }
    ]
    return package(items, links, {"creator": "State"}, CFDefinitions=DEFINED, CFRubrics=rubrics)


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        import_package(read_package(reading()), district_id=district.pk)
        other = package(
            [item(5)], [], {"identifier": ALGEBRA, "title": "Algebra", "creator": "We", "adoptionStatus": "Draft"}
        )
        import_package(read_package(other), district_id=district.pk)
    return district


@pytest.fixture
def ask(client, district):
    """ask("CFItems", id) with a token of the district; secret: another one, "" for none."""
    secret = make_token(make_district_admin(district), STANDARDS_READ)[1]

    def ask(kind, identifier="", version="v1p1", secret=secret, **query):
        address = f"/ims/case/{version}/{kind}" + (f"/{identifier}" if identifier else "")
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return client.get(address, query, headers=headers)

    return ask


def titles(answer):
    return [row.get("title") for row in answer.json()["CFDocuments"]]


def minor(answer):
    said = answer.json()
    assert (said["imsx_codeMajor"], said["imsx_severity"]) == ("failure", "error")
    return answer.status_code, said["imsx_codeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"]


def test_stranger_reads_only_what_the_district_has_made_public(client, ask, district):
    assert titles(ask("CFDocuments", secret="")) == []
    assert minor(ask("CFPackages", DOCUMENT, secret="")) == (404, "unknownobject")
    client.force_login(make_district_admin(district))
    client.post(reverse("framework_public", args=[DOCUMENT]), {"to": "public"})
    client.logout()
    assert titles(ask("CFDocuments", secret="")) == ["Reading"]
    assert ask("CFItems", item_id(2), secret="").json()["humanCodingScheme"] == "R.1"
    assert minor(ask("CFItems", item_id(5), secret="")) == (404, "unknownobject")
    client.force_login(make_district_admin(district))
    client.post(reverse("framework_public", args=[DOCUMENT]), {"to": "district"})
    client.logout()
    assert titles(ask("CFDocuments", secret="")) == []


def test_token_needs_its_scope_and_a_dead_one_hears_so(ask, district):
    wrong = make_token(make_district_admin(district), GROUPS_READ)[1]
    assert minor(ask("CFDocuments", secret=wrong)) == (403, "forbidden")
    assert minor(ask("CFDocuments", secret="nothing")) == (401, "unauthorisedrequest")
    assert titles(ask("CFDocuments")) == ["Reading", "Algebra"]


def test_token_of_another_district_and_a_learner_see_nothing(client, ask, district):
    other = make_token(make_district_admin(make_district()), STANDARDS_READ)[1]
    assert titles(ask("CFDocuments", secret=other)) == []
    assert minor(ask("CFItems", item_id(1), secret=other)) == (404, "unknownobject")
    client.force_login(make_learner(make_school(district), account=True).account)
    assert titles(ask("CFDocuments", secret="")) == []


def test_document_names_its_package_here(ask):
    found = ask("CFDocuments", DOCUMENT).json()
    assert found["CFPackageURI"]["uri"] == f"http://testserver/ims/case/v1p1/CFPackages/{DOCUMENT}"
    assert found["caseVersion"] == "1.1"
    assert "caseVersion" not in ask("CFDocuments", DOCUMENT, version="v1p0").json()


def test_item_gives_types_of_the_specification_and_keeps_the_rest_as_extension(ask):
    assert ask("CFItems", item_id(2)).json()["educationLevel"] == ["05"]
    found = ask("CFItems", item_id(1)).json()
    assert (found["subject"], found["extensions"]) == (["Reading"], {"jurisdiction": "Here"})
    assert found["CFDocumentURI"] == {
        "title": "Reading",
        "identifier": DOCUMENT,
        "uri": f"http://testserver/ims/case/v1p1/CFDocuments/{DOCUMENT}",
    }
    old = ask("CFItems", item_id(1), version="v1p0").json()
    assert "extensions" not in old
    assert "subject" not in old


def test_association_has_both_ends_and_a_type_of_its_version(ask):
    found = ask("CFAssociations", EDGE).json()
    assert (found["sequenceNumber"], found["originNodeURI"]["title"], found["destinationNodeURI"]["identifier"]) == (
        3,
        "R.1",
        item_id(1),
    )
    for version, kind in (("v1p0", "isRelatedTo"), ("v1p1", "ext:isStandardAlignedTo")):
        both = ask("CFItemAssociations", item_id(2), version=version).json()
        assert both["CFItem"]["identifier"] == item_id(2)
        assert sorted(row["associationType"] for row in both["CFAssociations"]) == sorted(["isChildOf", kind])


def test_definitions_come_with_those_below_them(ask):
    assert [row["title"] for row in ask("CFSubjects", SUBJECT).json()["CFSubjects"]] == ["Math", "Algebra"]
    assert ask("CFLicenses", LICENSE).json()["licenseText"] == ""
    assert ask("CFAssociationGroupings", GROUPING).json()["title"] == "Strands"
    rubric = ask("CFRubrics", RUBRIC).json()
    assert rubric["CFRubricCriteria"][0]["weight"] == 0.5
    assert rubric["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]["score"] == 3
    assert minor(ask("CFConcepts", SUBJECT)) == (404, "unknownobject")


def test_package_leaves_out_what_is_retired_and_the_item_says_since_when(ask, district):
    with district_scope(district.pk):
        standard = Standard.objects.get(code="R.1")
        standard.retired_at = timezone.now()
        standard.save()
    assert [row["identifier"] for row in ask("CFPackages", DOCUMENT).json()["CFItems"]] == [item_id(1)]
    assert ask("CFItems", item_id(2)).json()["statusEndDate"] == timezone.localdate(standard.retired_at).isoformat()


def test_list_is_paged_sorted_filtered_and_cut_to_fields(ask):
    first = ask("CFDocuments", limit=1, sort="title", orderBy="asc", fields="title,creator")
    assert first.json() == {"CFDocuments": [{"title": "Algebra", "creator": "We"}]}
    assert first["X-Total-Count"] == "2"
    links = dict(reversed(part.split("; ")) for part in first["Link"].split(", "))
    assert set(links) == {'rel="first"', 'rel="last"', 'rel="next"'}
    assert "offset=1" in links['rel="next"']
    assert titles(ask("CFDocuments", sort="title", orderBy="desc")) == ["Reading", "Algebra"]
    assert titles(ask("CFDocuments", filter="title~'ALG'")) == ["Algebra"]
    assert titles(ask("CFDocuments", filter="creator='state' OR adoptionStatus='Draft'")) == ["Reading", "Algebra"]
    assert titles(ask("CFDocuments", filter="creator='State' AND title!='Reading'")) == []
    assert titles(ask("CFDocuments", filter="title>='b'")) == ["Reading"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"limit": "0"}, "invalid_selection_field"),
        ({"limit": "many"}, "invalid_selection_field"),
        ({"offset": "-1"}, "invalid_selection_field"),
        ({"sort": "color"}, "invalid_sort_field"),
        ({"sort": "title", "orderBy": "up"}, "invalid_sort_field"),
        ({"fields": "title,color"}, "invalid_selection_field"),
        ({"filter": "title=Reading"}, "invalid_selection_field"),
        ({"filter": "title='a' AND"}, "invalid_selection_field"),
        ({"filter": "title='a' AND creator='b' OR creator='c'"}, "invalid_selection_field"),
        ({"filter": "color='a'"}, "invalid_selection_field"),
    ],
)
def test_list_refuses_what_it_cannot_do(ask, query, said):
    assert minor(ask("CFDocuments", **query)) == (400, said)


@pytest.mark.parametrize(
    "kind", ["CFDocuments", "CFPackages", "CFItems", "CFAssociations", "CFItemAssociations", "CFSubjects", "CFRubrics"]
)
def test_unknown_and_malformed_identifiers_are_told_apart(ask, kind):
    assert minor(ask(kind, "99999999-9999-4999-8999-999999999999")) == (404, "unknownobject")
    assert minor(ask(kind, "no-uuid")) == (400, "invaliduuid")


def test_other_addresses_and_verbs_answer_in_the_same_shape(client, ask):
    assert minor(ask("CFThings", DOCUMENT)) == (404, "unknownobject")
    assert minor(ask("CFDocuments", DOCUMENT, version="v2p0")) == (404, "unknownobject")
    refused = client.post(f"/ims/case/v1p0/CFItems/{DOCUMENT}", "{}", content_type="application/json")
    assert (refused.status_code, refused.json()["imsx_codeMajor"]) == (405, "unsupported")


def test_answer_that_has_not_changed_is_not_sent_again(client, ask, district):
    secret = make_token(make_district_admin(district), STANDARDS_READ)[1]
    asked = {"Authorization": f"Bearer {secret}"}
    tag = client.get(f"/ims/case/v1p1/CFPackages/{DOCUMENT}", headers=asked)["ETag"]
    assert (
        client.get(f"/ims/case/v1p1/CFPackages/{DOCUMENT}", headers={**asked, "If-None-Match": tag}).status_code == 304
    )
    with district_scope(district.pk):
        changed = reading().replace(b"Statement 1", b"Reworded")
        import_package(read_package(changed), district_id=district.pk)
    assert (
        client.get(f"/ims/case/v1p1/CFPackages/{DOCUMENT}", headers={**asked, "If-None-Match": tag}).status_code == 200
    )


def test_package_that_is_served_can_be_imported(ask, district):
    served = json.dumps(ask("CFPackages", DOCUMENT).json()).encode()
    with district_scope(district.pk):
        plan = import_package(read_package(served), district_id=district.pk)
        assert (plan.standards.new, plan.standards.retired, plan.associations.retired) == (0, 0, 0)
        assert Framework.objects.count() == 2
