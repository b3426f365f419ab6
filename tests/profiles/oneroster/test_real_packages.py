"""Packages that exporters really make, and broken ones; read where the shared data folder is beside the repository."""

import json
from collections import Counter
from pathlib import Path

import pytest

from lrm.scope import district_scope
from profiles.oneroster.package import PackageRefused
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import RosterRefused, import_roster
from tests.factories.profiles import make_district
from tests.profiles.oneroster.packages import V1P1, zipped
from tests.tables import everything_stored

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "oneroster"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/oneroster is not there")

READABLE = {
    "samples/mockroster_v1p1": {"orgs": 2, "users": 300, "classes": 84, "courses": 42, "enrollments": 4200},
    "samples/lepo_en_v1p1": {"orgs": 1, "users": 20, "classes": 5, "courses": 2, "enrollments": 30},
    "samples/lepo_en_v1p1/oneroster.zip": {"orgs": 1, "users": 20, "classes": 5, "courses": 2, "enrollments": 30},
    "samples/catalyst_Test_full_data_set.zip": {"orgs": 1, "users": 6, "classes": 2, "enrollments": 6},
    "samples/catalyst_Test_minimal_data_set.zip": {"orgs": 1, "users": 6, "classes": 2, "enrollments": 6},
    "samples/nicelion_headers_only_v1p1": {"orgs": 0, "users": 0, "classes": 0, "courses": 0, "enrollments": 0},
    "valid_v1p2/full_bulk_package": {"orgs": 2, "users": 2, "classes": 1, "courses": 1, "enrollments": 1},
    "valid_v1p2/gradebook_bulk_package": {"orgs": 2, "users": 2, "classes": 1, "courses": 1, "enrollments": 1},
    "valid_v1p2/rostering_bulk_package": {"orgs": 2, "users": 2, "classes": 1, "courses": 1, "enrollments": 1},
    "valid_v1p2/manifest_only_package": {},
    "valid_v1p2/gradebook_delta_package": {"orgs": 2, "users": 2, "classes": 1, "courses": 1, "enrollments": 1},
    "valid_v1p2/resources_delta_package": {"orgs": 2, "users": 2, "classes": 1, "courses": 1, "enrollments": 1},
}
REFUSED = {
    "samples/microsoft_sds_v2p1": "school_data_sync",
    "samples/libre_json_api": "json",
}
# code -> how many lines or places have to be settled
UNSETTLED = {
    "samples/oat_v1p1": {"dangling": 3},
    "samples/rjeike_sync_steps_v1p1": {"slashed_date": 6, "dangling_close": 5, "dangling": 2},
}


@pytest.mark.parametrize("path", READABLE)
def test_package_is_read_without_a_line_to_settle(path):
    roster = read_roster(FOLDER / path)
    counted = ("orgs", "users", "classes", "courses", "enrollments")
    assert roster.blocking == []
    assert {name: len(roster[name]) for name in counted if name in roster.present} == READABLE[path]


@pytest.mark.parametrize("path", REFUSED)
def test_package_is_refused(path):
    with pytest.raises(PackageRefused) as refused:
        read_roster(FOLDER / path)
    assert refused.value.problem.code == REFUSED[path]


@pytest.mark.parametrize("path", UNSETTLED)
def test_package_waits_for_a_person(path):
    assert Counter(p.code for p in read_roster(FOLDER / path).blocking) == UNSETTLED[path]


MALFORMED = FOLDER / "malformed_v1p2"
# The codes of the validator that made the list -> ours, and where it stands when the list does not say.
PACKAGE_LEVEL = {
    "package.missing_manifest": [("manifest_missing", "manifest.csv")],
    "manifest.invalid_header": [("manifest_heading", "manifest.csv:1")],
    "package.unknown_file": [("unknown_file", "extra.csv")],
    "manifest.file_missing": [("file_missing", "manifest.csv:24 file.users")],
    "manifest.file_unexpected": [("file_unexpected", "users.csv file.users")],
    "csv.unescaped_quote": [("stray_quote", "users.csv:2")],
    "schema.header_order_mismatch": [("column_order", "users.csv:1 status")],
    "schema.metadata_column_position": [("metadata_place", "classes.csv:1 metadata.local")],
    "schema.invalid_metadata_header": [("metadata_name", "resources.csv:1 localCode")],
    "row.invalid_year": [("year", "academicSessions.csv:2 schoolYear")],
    "row.invalid_guid": [("guid", "courses.csv:2 orgSourcedId")],
    "row.missing_required_value": [("missing", "categories.csv:2 title")],
    "row.invalid_integer": [("integer", "categories.csv:2 weight")],
    "row.invalid_date": [("not_a_date", "lineItems.csv:2 assignDate")],
    "row.invalid_float": [("decimal", "lineItems.csv:2 resultValueMin")],
    "row.invalid_enum": [("enum", "results.csv:2 scoreStatus")],
    "row.invalid_boolean": [("boolean", "results.csv:2 inProgress"), ("boolean", "users.csv:2 enabledUser")],
    "row.invalid_list": [("scale", "scoreScales.csv:2 scoreScaleValue")],
}


def malformed():
    listing = MALFORMED / "expected.json"
    return json.loads(listing.read_text()) if listing.is_file() else []


@pytest.mark.django_db
@pytest.mark.parametrize("case", malformed(), ids=lambda case: case["dir"])
def test_broken_package_is_refused_at_the_place_that_is_broken_and_changes_no_table(case, tmp_path):
    folder = MALFORMED / case["dir"]
    district = make_district()
    with district_scope(district.pk):
        import_roster(read_roster(zipped(V1P1)), district=district)
        before = everything_stored()
        try:
            source = read_roster(folder if folder.is_dir() else tmp_path)
            import_roster(source, district=district, release_brake=True)
        except RosterRefused as refused:
            found = {(p.code, p.place) for p in refused.plan.roster.blocking}
        except PackageRefused as refused:
            found = {(refused.problem.code, refused.problem.place)}
        else:
            pytest.fail("taken over")
        assert everything_stored() == before
    for expected in case["expected"]:
        if "fileName" in expected:
            place = f"{expected['fileName']}:{expected['rowNumber']} {expected['field']}"
            assert ("dangling", place) in found
        else:
            assert set(PACKAGE_LEVEL[expected["code"]]) <= found


def test_every_broken_package_was_tried():
    assert len(malformed()) == 18
