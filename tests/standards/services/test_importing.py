from pathlib import Path
from uuid import UUID

import pytest

from lrm.changes import standards_changed
from lrm.scope import district_scope
from standards.case.reader import read_package
from standards.models import Association, Framework, Standard, Subject
from standards.services.importing import import_package
from standards.services.planning import plan_import
from tests.budgets import assert_statements
from tests.factories.profiles import make_district
from tests.standards.case.test_reader import DOCUMENT, item, item_id, link, package

CASE = Path(__file__).resolve().parents[4] / "shared" / "data" / "standards" / "case"
needs_case = pytest.mark.skipif(not CASE.is_dir(), reason="../shared/data/standards/case is not there")
pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def load(district, data):
    return import_package(read_package(data), district_id=district.pk)


def small(**changes):
    items = [
        item(1, humanCodingScheme="G", subject="Maths"),
        item(2, humanCodingScheme="G.1", educationLevel=["05"]),
        item(3, humanCodingScheme="G.2"),
    ]
    links = [link(1, DOCUMENT), link(2, 1, sequenceNumber=1), link(3, 1, sequenceNumber=2), link(2, 3, "precedes")]
    return package(changes.get("items", items), changes.get("links", links))


def by_code():
    return {standard.code: standard for standard in Standard.objects.select_related("parent", "domain", "subject")}


def test_import_stores_tree_subject_and_source(district):
    plan = load(district, small())
    rows = by_code()
    assert (plan.standards.new, plan.associations.new) == (3, 4)
    assert rows["G.1"].parent == rows["G.1"].domain == rows["G"]
    assert (rows["G"].parent, rows["G"].is_leaf, rows["G.1"].is_leaf) == (None, False, True)
    assert [s.code for s in Standard.objects.all()] == ["G", "G.1", "G.2"]
    assert {s.subject.title for s in rows.values()} == {"Maths"}
    assert rows["G.1"].grades == ["05"]
    precedes = Association.objects.get(kind="precedes")
    assert (precedes.origin, precedes.destination) == (rows["G.1"], rows["G.2"])
    assert precedes.source == link(2, 3, "precedes")
    assert Framework.objects.get().source == {"identifier": DOCUMENT, "title": "Reading"}


def test_import_again_changes_nothing(district):
    load(district, small())
    before = list(Standard.objects.values()), list(Association.objects.values()), Framework.objects.values().get()
    with assert_statements(at_most=6):
        plan = load(district, small())
    assert plan.is_unchanged
    assert (plan.standards.same, plan.associations.same) == (3, 4)
    assert before == (
        list(Standard.objects.values()),
        list(Association.objects.values()),
        Framework.objects.values().get(),
    )


def test_plan_writes_nothing(district):
    plan = plan_import(read_package(small()), district_id=district.pk)
    assert (plan.standards.new, plan.associations.new, plan.is_unchanged) == (3, 4, False)
    assert (Standard.objects.count(), Framework.objects.count()) == (0, 0)


def test_import_changes_retires_and_brings_back(district):
    load(district, small())
    items = [
        item(1, humanCodingScheme="G", subject="Maths"),
        item(2, humanCodingScheme="G.1", educationLevel=["05"], fullStatement="Reworded"),
        item(4, humanCodingScheme="G.3"),
    ]
    plan = load(district, small(items=items, links=[link(1, DOCUMENT), link(2, 1), link(4, 1)]))
    rows = by_code()
    assert [(d.what, d.label, [f[0] for f in d.fields]) for d in plan.differences] == [
        ("changed", "G.1", ["statement"]),
        ("new", "G.3", ["statement"]),
        ("retired", "G.2", []),
    ]
    assert plan.associations.retired == 1 + 1  # G.2 below G, and what preceded it
    assert {code for code, row in rows.items() if row.retired_at} == {"G.2"}
    assert rows["G.1"].statement == "Reworded"

    plan = load(district, small())
    assert {(d.what, d.label) for d in plan.differences} == {
        ("changed", "G.1"),
        ("restored", "G.2"),
        ("retired", "G.3"),
    }
    assert by_code()["G.2"].retired_at is None


def test_import_moves_a_standard_and_says_so(district):
    told = []
    listen = lambda ids: told.append(sorted(ids))
    standards_changed.listen(listen)
    try:
        load(district, small())
        assert told == []
        load(district, small(links=[link(1, DOCUMENT), link(2, DOCUMENT), link(3, 2)]))
        rows = by_code()
        assert told == [sorted([rows["G.1"].pk, rows["G.2"].pk])]
        assert rows["G.2"].domain == rows["G.1"]
    finally:
        standards_changed._functions.remove(listen)


def test_associations_without_ids_meet_those_that_had_one(district):
    with_id = link(2, 3, "precedes", identifier="33333333-3333-4333-8333-333333333333")
    load(district, small(links=[with_id]))
    plan = load(district, small(links=[link(2, 3, "precedes")]))
    assert (plan.associations.changed, plan.associations.new, plan.associations.retired) == (1, 0, 0)
    assert Association.objects.get().uuid == UUID(with_id["identifier"])
    assert load(district, small(links=[link(2, 3, "precedes")])).is_unchanged


def test_links_to_another_framework_are_resolved_when_it_comes(district):
    away = "99999999-9999-4999-8999-999999999999"
    load(district, small(links=[link(2, away, "exactMatchOf")]))
    row = Association.objects.get()
    assert (row.destination, row.destination_uri) == (None, away)
    other = package(
        [{"identifier": away, "fullStatement": "Away"}],
        [link(away, item_id(3), "isRelatedTo")],
        {"identifier": "44444444-4444-4444-8444-444444444444"},
    )
    load(district, other)
    row.refresh_from_db()
    assert row.destination.statement == "Away"
    assert Association.objects.get(kind="isRelatedTo").destination.code == "G.2"
    assert load(district, small(links=[link(2, away, "exactMatchOf")])).is_unchanged


def test_districts_keep_their_frameworks_apart(district):
    load(district, small())
    other = make_district()
    with district_scope(other.pk):
        load(other, small())
        assert Standard.objects.count() == 3
    assert Standard.objects.count() == 3
    assert Subject.objects.count() == 1


def test_subjects_that_differ_in_case_are_one(district):
    load(district, small())
    load(district, package([item(9, subject="MATHS")], [], {"identifier": "44444444-4444-4444-8444-444444444444"}))
    assert Subject.objects.get().title == "Maths"


def test_import_that_fails_leaves_nothing(district):
    def stumble(done, total):
        raise RuntimeError("the machine was switched off")

    with pytest.raises(RuntimeError):
        import_package(read_package(small()), district_id=district.pk, progress=stumble)
    assert (Framework.objects.count(), Standard.objects.count(), Subject.objects.count()) == (0, 0, 0)


@needs_case
def test_crosswalk_after_the_official_package_keeps_every_standard_and_association(district):
    load(district, (CASE / "tx_teks_math_official.case.json").read_bytes())
    plan = load(district, (CASE / "tx_teks_math_with_ccss_crosswalk_and_precedes.case.json").read_bytes())
    assert (plan.standards.new, plan.standards.retired) == (429, 0)
    assert (plan.associations.new, plan.associations.changed, plan.associations.retired) == (1299, 1515, 0)
    assert Association.objects.filter(kind="precedes", origin__isnull=False, destination__isnull=False).count() == 757
