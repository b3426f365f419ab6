"""What prepares what comes in by codes, for one framework, as "precedes"; rings are kept and named."""

import itertools
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lrm.scope import district_scope
from standards.case.problems import NotAPackage
from standards.case.reader import read_package
from standards.case.rings import rings
from standards.models import Association
from standards.services.prerequisites import as_crosswalk
from standards.tables.coherence import Edge, read_edges
from standards.tables.words import TableRefused
from tests.factories.profiles import make_district, make_district_admin
from tests.factories.standards import make_framework, make_standard
from tests.standards.case.test_reader import item, link, package

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards" / "prerequisites"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/standards/prerequisites is not there")
TABLE = b"""type,from_id,from_code,to_id,to_code
prerequisite,1,1.G.A.1,2,2.G.A.1
related,2,2.G.A.1,3,2.G.A.2
related,3,2.G.A.2,2,2.G.A.1
"""


def a_map(**more):
    return json.dumps(
        {
            "standards": {
                "1": {"ccmathcluster_id": "5", "ordinal": "2.a"},
                "2": {"ccmathcluster_id": "6", "ordinal": "1"},
            },
            "clusters": {"5": {"ccmathdomain_id": "8", "ordinal": "A"}, "6": {"ccmathdomain_id": "9", "ordinal": "B"}},
            "domains": {"8": {"grade": "1", "ordinal": "NBT"}, "9": {"grade": "HS", "ordinal": "A-SSE"}},
            "edges": [{"from": "1", "to": "2"}],
            "nd_edges": [{"from": "2", "to": "1"}, {"from": "1", "to": "2"}],
            **more,
        }
    ).encode()


def test_table_gives_every_edge_once():
    assert read_edges(TABLE) == [Edge("prerequisite", "1.G.A.1", "2.G.A.1"), Edge("related", "2.G.A.1", "2.G.A.2")]


def test_map_gives_codes_of_grades_and_of_high_school():
    assert read_edges(a_map()) == [
        Edge("prerequisite", "1.NBT.A.2.a", "A-SSE.B.1"),
        Edge("related", "1.NBT.A.2.a", "A-SSE.B.1"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"{", "not_json"),
        (b'{"edges": []}', "no_edges"),
        (b"a,b\n1,2\n", "no_edges"),
        (a_map(edges=[{"from": "1", "to": "7"}]), "edge_without_end"),
        (a_map(clusters={}), "no_edges"),
    ],
)
def test_other_files_are_refused(data, code):
    with pytest.raises(NotAPackage) as refused:
        read_edges(data)
    assert refused.value.code == code


def test_every_wrong_line_is_named():
    with pytest.raises(TableRefused) as refused:
        read_edges(b"type,from_code,to_code\nprepares,1.G.A.1,2.G.A.1\nrelated,,2.G.A.1\n")
    assert [(one.line, one.field, one.code) for one in refused.value.problems] == [
        (2, "type", "not_one_of"),
        (3, "from_code", "empty"),
    ]


@pytest.mark.django_db
def test_codes_are_found_as_they_are_written_elsewhere():
    district = make_district()
    with district_scope(district.pk):
        framework = make_framework(district)
        for code in (
            "CCSS.Math.Content.1.G.A.1",
            "2.G.1",
            "2.G.A.2",
            "HSA-SSE.B.1",
            "4.G.1",
            "CCSS.MATH.CONTENT.4.G.A.1",
        ):
            make_standard(framework, code=code)
        codes = ["1.G.A.1", "2.G.A.1", "2.G.A.2", "A-SSE.B.1", "4.G.A.1", "9.X.A.1"]
        found = as_crosswalk([Edge("prerequisite", one, other) for one, other in itertools.pairwise(codes)], framework)
        assert (found.edges, found.missing) == (4, ("9.X.A.1",))
        make_standard(framework, code="1.g.a.1")
        assert as_crosswalk([Edge("prerequisite", "1.G.A.1", "2.G.A.1")], framework).many == ("1.G.A.1",)


@pytest.mark.django_db
def test_page_brings_them_in_and_again_changes_nothing(client):
    district = make_district()
    framework = make_framework(district)
    first, then = make_standard(framework, code="1.G.1"), make_standard(framework, code="2.G.1")
    client.force_login(make_district_admin(district))
    send = lambda **more: client.post(
        reverse("standards_import"), {"file": SimpleUploadedFile("edges.csv", TABLE), **more}
    )
    assert "Choose the framework whose standards it names" in send().text
    check = send(framework=framework.pk).url
    page = client.get(check)
    assert "1 of 2 lines lead from one standard here to another." in page.text
    assert "2.G.A.2" in page.text
    client.post(check + "apply/")
    row = Association._base_manager.get(kind="precedes")
    assert (row.origin, row.destination) == (first, then)
    assert client.get(send(framework=framework.pk).url).context["plan"].is_unchanged


@needs_data
@pytest.mark.parametrize("name", ["coherence_map.json", "coherence_map_edges.csv"])
def test_real_map_is_the_same_as_json_and_as_table(name):
    edges = read_edges((DATA / name).read_bytes())
    kinds = [edge.kind for edge in edges]
    assert (kinds.count("prerequisite"), kinds.count("related")) == (757, 142)
    assert rings([(edge.before, edge.after) for edge in edges if edge.kind == "prerequisite"]) == []


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ([], []),
        ([(1, 2), (2, 3), (1, 3)], []),
        ([(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)], [[1, 2, 3]]),
        ([(1, 1)], [[1]]),
        ([(1, 2), (2, 1), (5, 6), (6, 5)], [[1, 2], [5, 6]]),
    ],
)
def test_rings_are_found(before, found):
    assert [sorted(ring) for ring in rings(before)] == found


def test_ring_is_kept_in_the_data_and_named():
    items = [item(n, humanCodingScheme=f"G.{n}") for n in (1, 2, 3)]
    read = read_package(package(items, [link(1, 2, "precedes"), link(2, 3, "precedes"), link(3, 1, "precedes")]))
    assert len(read.associations) == 3
    assert [o.params["codes"] for o in read.oddities if o.code == "ring"] == ["G.1 → G.2 → G.3 → G.1"]
