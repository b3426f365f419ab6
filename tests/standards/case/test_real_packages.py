"""The packages that publishers really serve; read where the shared data folder is beside the repository."""

import json
from collections import Counter
from pathlib import Path

import pytest

from standards.case.problems import NotAPackage
from standards.case.reader import read_package

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "standards"
CASE = FOLDER / "case"
pytestmark = pytest.mark.skipif(not CASE.is_dir(), reason="../shared/data/standards is not there")

# name: items, associations, depth, links with an end outside, items without a place
PACKAGES = {
    "tx_teks_math_official.case.json": (1515, 1515, 6, 0, 0),
    "tx_teks_math_with_ccss_crosswalk_and_precedes.case.json": (1944, 2814, 6, 0, 429),
    "sbac/sbac_math_content_spec.case.json": (585, 3368, 5, 2005, 15),
    "sbac/sbac_dok.case.json": (15, 15, 2, 0, 0),
    "sbac/sbac_ela_pt_g5_narrative.case.json": (164, 244, 5, 58, 0),
    "sbac/sbac_hs_math_c1_th.case.json": (86, 126, 4, 24, 0),
    "sbac/sbac_math_hs_claim2.case.json": (207, 351, 6, 132, 0),
    "opensalt/MarkdownFramework.json": (2, 2, 1, 0, 0),
    "opensalt/Ordering.json": (28, 28, 5, 0, 0),
    "opensalt/Utf8TestFramework.json": (1, 1, 1, 0, 0),
    "opensalt/opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json": (16, 39, 3, 21, 0),
}


@pytest.mark.parametrize("name", PACKAGES)
def test_package_loses_nothing(name):
    data = (CASE / name).read_bytes()
    raw, read = json.loads(data), read_package(data)
    counts = {oddity.code: oddity.params.get("count") for oddity in read.oddities}
    found = (
        len(read.items),
        len(read.associations),
        max(item.depth for item in read.items),
        counts.get("outside", 0),
        counts.get("no_parent", 0),
    )
    assert found == PACKAGES[name]
    assert [item.source for item in read.items] == raw["CFItems"]
    assert [link.source for link in read.associations] == raw["CFAssociations"]
    assert len({item.uuid for item in read.items}) == len(read.items)
    assert len({(link.uuid, link.occurrence) for link in read.associations}) == len(read.associations)
    assert Counter(link.kind for link in read.associations) == Counter(
        link["associationType"] for link in raw["CFAssociations"]
    )
    for kind, entries in raw.get("CFDefinitions", {}).items():
        assert [entry.source for entry in read.definitions if entry.kind == kind] == entries


@pytest.mark.parametrize("name", PACKAGES)
def test_package_read_backwards_gives_the_same_identifiers_and_tree(name):
    raw = json.loads((CASE / name).read_bytes())
    facts = lambda read: {i.uuid: (i.parent, i.position, i.subject, i.depth) for i in read.items}
    associations = lambda read: {(a.uuid, a.occurrence) for a in read.associations}
    forwards = read_package(json.dumps(raw).encode())
    raw["CFItems"].reverse()
    raw["CFAssociations"].reverse()
    backwards = read_package(json.dumps(raw).encode())
    assert facts(forwards) == facts(backwards)
    assert associations(forwards) == associations(backwards)


def test_teks_has_at_most_twenty_children_and_one_subject():
    read = read_package((CASE / "tx_teks_math_official.case.json").read_bytes())
    assert max(Counter(item.parent for item in read.items).values()) == 20
    assert {item.subject for item in read.items} == {"Mathematics"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("case/sbac/sbac_cfdocuments_list.json", "documents_list"),
        ("asn/DC-math.json", "no_document"),
        ("csp/CC-math-0.8.0.json", "not_an_object"),
        ("prerequisites/coherence_map.json", "no_document"),
        ("schema/opencase/case-v1p0-cfpackage.json", "no_document"),
    ],
)
def test_neighbouring_files_are_refused(name, code):
    with pytest.raises(NotAPackage) as refused:
        read_package((FOLDER / name).read_bytes())
    assert refused.value.code == code
