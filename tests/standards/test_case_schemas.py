"""Answers of the read endpoints, and whole packages as other systems would get them, fit the schemas of 1EdTech."""

import copy
import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft201909Validator, FormatChecker

from lrm import imsx
from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Association, Framework, Standard
from standards.services.importing import import_package
from standards.services.serving import Served
from tests.factories.profiles import make_district
from tests.standards.case.test_reader import item, package

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/standards is not there"),
]
# Two fixtures of OpenSALT have identifiers that are no UUIDs of any version; identifiers are never changed.
FILES = [
    "case/sbac/sbac_math_content_spec.case.json",
    "case/sbac/sbac_ela_pt_g5_narrative.case.json",
    "case/opensalt/Ordering.json",
    "case/opensalt/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json",
]
formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_moment(value):
    return "T" in value and datetime.fromisoformat(value).tzinfo is not None


@formats.checks("date", raises=ValueError)
def is_day(value):
    return bool(date.fromisoformat(value)) and len(value) == 10


@formats.checks("uri")
def is_address(value):
    return re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*:[!-~]+", value) is not None


def old(name):
    """A type of the CASE 1.0 swagger. Parts that forbid each other's fields are joined: nothing could fit them."""
    definitions = json.loads((DATA / "schema" / "opensalt_case-v1p0-swagger.json").read_text())["definitions"]
    for definition in definitions.values():
        if "allOf" in definition:
            parts = [definitions[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in definition.pop("allOf")]
            definition["properties"] = {k: v for part in parts for k, v in part["properties"].items()}
            definition["required"] = [name for part in parts for name in part.get("required", [])]
            definition["additionalProperties"] = False
    return Draft4Validator({"$ref": f"#/definitions/{name}.Type", "definitions": definitions}, format_checker=formats)


def new(name="CFPackage", **more):
    schema = json.loads((DATA / "schema" / "opencase" / "official" / "case-v1p1-cfpackage.json").read_text())
    if name != "CFPackage":
        part = copy.deepcopy(schema["$defs"][name])
        part["properties"] |= {key: {"$ref": f"#/$defs/{of}"} for key, of in more.items()}
        schema = {**part, "$defs": schema["$defs"], "required": [*part["required"], *more]}
    schema.pop("$schema", None)
    return Draft201909Validator(schema, format_checker=formats)


def thin(package):
    """Some forty items and associations of a large package, from all over it: a validator takes its time for each."""
    cut = {key: part[:: len(part) // 40 + 1] for key, part in package.items() if isinstance(part, list)}
    return package | cut


def faults(validator, answer):
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(answer)
    ][:5]


@pytest.fixture(params=FILES, ids=lambda name: Path(name).name[:24])
def framework(request):
    district = make_district()
    with district_scope(district.pk):
        plan = import_package(read_package((DATA / request.param).read_bytes()), district_id=district.pk)
        yield Framework.objects.get(uuid=plan.package.document.uuid)


def served(version):
    return Served(Framework.objects.all(), version=version, home=f"https://lrm.example.org/ims/case/{version}/")


def test_everything_of_a_real_framework_fits(framework):
    one, two = served("v1p0"), served("v1p1")
    standard = Standard.objects.filter(is_leaf=True).first()
    association = Association.objects.exclude(kind="isChildOf").first() or Association.objects.first()
    answers = [
        (old("CFPackage"), thin(one.package(framework.uuid))),
        (new(), thin(two.package(framework.uuid))),
        (old("CFDocumentSet"), {"CFDocuments": one.documents()}),
        (new("CFPckgDocument", CFPackageURI="LinkURI"), two.document(framework.uuid)),
        (old("CFDocument"), one.document(framework.uuid)),
        (old("CFItem"), one.item(standard.uuid)),
        (new("CFPckgItem", CFDocumentURI="LinkURI"), two.item(standard.uuid)),
        (old("CFAssociation"), one.association(association.uuid)),
        (new("CFPckgAssociation", CFDocumentURI="LinkURI"), two.association(association.uuid)),
        (old("CFAssociationSet"), thin(one.item_associations(standard.uuid))),
    ]
    for kind, entries in framework.definitions.items():
        if kind in ("CFItemTypes", "CFSubjects") and entries:
            answers.append((old(f"{kind[:-1]}Set"), {kind: one.definitions(kind, entries[0]["identifier"])}))
    assert [faults(validator, answer) for validator, answer in answers] == [[] for _ in answers]


def test_package_of_odd_values_fits_too():
    district = make_district()
    odd = item(
        1,
        lastChangeDateTime="yesterday",
        educationLevel="K",
        statusStartDate="2018-08-27T00:00:00Z",
        statusEndDate="never",
        conceptKeywords="one",
        licenseURI="http://example.org/a b",
        listEnumeration=3,
        language=None,
        CFItemTypeURI={"title": "Cluster"},
        notes=["a"],
    )
    rubrics = [
        {"identifier": "x", "CFRubricCriteria": [{"weight": "heavy", "CFRubricCriterionLevels": [{"score": "2"}]}]}
    ]
    data = package([odd], [{"associationType": "no such kind!"}], CFRubrics=rubrics, extensions={"a": 1})
    with district_scope(district.pk):
        plan = import_package(read_package(data), district_id=district.pk)
        assert faults(old("CFPackage"), served("v1p0").package(plan.package.document.uuid)) == []
        assert faults(new(), served("v1p1").package(plan.package.document.uuid)) == []


def test_refusal_fits():
    for status in (400, 401, 403, 404, 405, 429, 500):
        assert faults(old("imsx_StatusInfo"), imsx.status_info(status, "No.")) == []
