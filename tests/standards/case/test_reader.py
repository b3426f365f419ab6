import json
from uuid import UUID

import pytest

from standards.case.problems import WORDS, NotAPackage
from standards.case.reader import read_package

DOCUMENT = "11111111-1111-4111-8111-111111111111"


def item_id(number):
    return f"22222222-2222-4222-8222-{number:012}"


def item(number, **fields):
    return {"identifier": item_id(number), "fullStatement": f"Statement {number}", **fields}


def link(origin, destination, kind="isChildOf", **fields):
    as_id = lambda end: end if isinstance(end, str) else item_id(end)
    return {
        "associationType": kind,
        "originNodeURI": {"identifier": as_id(origin)},
        "destinationNodeURI": {"identifier": as_id(destination)},
        **fields,
    }


def package(items=(), associations=(), document=None, **rest):
    whole = {
        "CFDocument": {"identifier": DOCUMENT, "title": "Reading", **(document or {})},
        "CFItems": list(items),
        "CFAssociations": list(associations),
        **rest,
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def by_number(read):
    return {int(item.identifier[-12:]): item for item in read.items}


def test_parents_of_an_item_the_lowest_sequence_wins_and_an_item_goes_before_the_document():
    links = [
        link(1, DOCUMENT),
        link(2, DOCUMENT),
        link(3, DOCUMENT, sequenceNumber=0),
        link(3, 1, sequenceNumber="7"),
        link(3, 2, sequenceNumber=5),
    ]
    items = by_number(read_package(package([item(1), item(2), item(3)], links)))
    assert items[3].parent == UUID(item_id(2))
    assert items[3].domain == UUID(item_id(2))
    assert items[1].parent is None
    assert (items[1].depth, items[3].depth) == (1, 2)


def test_types_in_other_letters_and_ends_that_are_addresses_only_make_the_same_tree():
    ends = {
        "originNodeURI": {"uri": f"https://x.example/ims/case/v1p0/CFItems/{item_id(2)}"},
        "destinationNodeURI": {"uri": f"https://x.example/ims/case/v1p0/CFItems/{item_id(1).upper()}/"},
    }
    links = [link(1, DOCUMENT, "IsChildOf"), link(3, 1, "Is Child Of"), {"associationType": "isChildOf", **ends}]
    read = read_package(package([item(1), item(2), item(3)], links))
    assert [(item.parent, item.is_placed) for item in read.items] == [
        (None, True),
        (UUID(item_id(1)), True),
        (UUID(item_id(1)), True),
    ]
    assert read.associations[1].source["associationType"] == "Is Child Of", "as it was sent"


def test_parents_with_equal_sequence_the_lower_uuid_wins():
    links = [link(1, DOCUMENT), link(2, DOCUMENT), link(3, 2), link(3, 1)]
    items = by_number(read_package(package([item(1), item(2), item(3)], links)))
    assert items[3].parent == UUID(item_id(1))


def test_order_of_siblings_follows_sequence_then_enumeration_then_code():
    entries = [
        item(1, humanCodingScheme="A.10"),
        item(2, humanCodingScheme="A.9"),
        item(3, humanCodingScheme="Z", listEnumeration="2"),
        item(4, humanCodingScheme="Y"),
    ]
    links = [link(1, DOCUMENT), link(2, DOCUMENT), link(3, DOCUMENT), link(4, DOCUMENT, sequenceNumber="1")]
    items = by_number(read_package(package(entries, links)))
    assert sorted(items, key=lambda number: items[number].position) == [4, 3, 2, 1]


def test_positions_walk_the_tree_from_the_top():
    links = [link(1, DOCUMENT, sequenceNumber=2), link(2, DOCUMENT, sequenceNumber=1), link(3, 1), link(4, 2)]
    items = by_number(read_package(package([item(n) for n in (1, 2, 3, 4)], links)))
    assert sorted(items, key=lambda number: items[number].position) == [2, 4, 1, 3]
    assert [items[n].is_leaf for n in (1, 2, 3, 4)] == [False, False, True, True]


def test_item_without_a_parent_is_kept_after_the_tree():
    read = read_package(package([item(1), item(2)], [link(2, DOCUMENT)]))
    items = by_number(read)
    assert (items[1].is_placed, items[2].is_placed) == (False, True)
    assert (items[1].position, items[2].position) == (1, 0)
    assert items[1].is_leaf
    assert [oddity.code for oddity in read.oddities if oddity.code == "no_parent"] == ["no_parent"]


def test_cycle_is_kept_in_the_data_and_never_walked():
    links = [link(1, 2), link(2, 3), link(3, 1), link(4, 3)]
    read = read_package(package([item(n) for n in (1, 2, 3, 4)], links))
    items = by_number(read)
    assert len(read.associations) == 4
    assert items[1].parent is None
    assert [items[n].depth for n in (1, 3, 2, 4)] == [1, 2, 3, 3]


def test_cycle_with_a_way_out_takes_it():
    links = [link(1, 2, sequenceNumber=1), link(2, 1, sequenceNumber=1), link(2, DOCUMENT, sequenceNumber=2)]
    items = by_number(read_package(package([item(1), item(2)], links)))
    assert (items[1].parent, items[2].parent) == (UUID(item_id(2)), None)
    assert items[2].is_placed


def test_item_that_is_its_own_parent_stands_alone():
    items = by_number(read_package(package([item(1)], [link(1, 1)])))
    assert (items[1].parent, items[1].depth) == (None, 1)


def test_subject_is_own_then_ancestors_then_documents_then_title():
    entries = [item(1, subject=["Art", "Music"]), item(2), item(3, subject="Dance"), item(4)]
    links = [link(1, DOCUMENT), link(2, 1), link(3, 2), link(4, DOCUMENT)]
    items = by_number(read_package(package(entries, links)))
    assert [items[n].subject for n in (1, 2, 3, 4)] == ["Art", "Art", "Dance", "Reading"]
    items = by_number(read_package(package(entries, links, {"subject": ["Arts"]})))
    assert items[4].subject == "Arts"
    linked = {"subjectURI": [{"title": "Fine arts", "identifier": "x", "uri": "y"}]}
    items = by_number(read_package(package(entries, links, linked)))
    assert items[4].subject == "Fine arts"


def test_unknown_types_and_targets_outside_are_kept_as_written():
    away = {"identifier": "local:7", "uri": "urn:elsewhere:7", "title": "Elsewhere"}
    entry = link(1, DOCUMENT, "exemplar") | {"destinationNodeURI": away}
    read = read_package(package([item(1)], [entry]))
    [kept] = read.associations
    assert kept.kind == "exemplar"
    assert (kept.destination.identifier, kept.destination.uri, kept.destination.title) == tuple(away.values())
    assert not read.is_inside(kept.destination)
    assert kept.source == entry


def test_association_without_identifier_gets_the_same_one_every_time():
    links = [link(1, 2, "precedes"), link(1, 2, "precedes"), link(2, 1, "precedes")]
    first, again = (
        [(a.uuid, a.occurrence) for a in read_package(package([item(1), item(2)], links)).associations] for _ in "ab"
    )
    assert first == again
    assert len({uuid for uuid, _ in first}) == 2
    assert [occurrence for _, occurrence in first] == [0, 1, 0]


def test_association_ids_that_repeat_do_not_depend_on_the_order_in_the_file():
    shared = "33333333-3333-4333-8333-333333333333"
    links = [link(1, 2, "precedes", identifier=shared), link(2, 1, "isRelatedTo", identifier=shared)]

    def occurrences(entries):
        read = read_package(package([item(1), item(2)], entries))
        return {link.kind: (str(link.uuid), link.occurrence) for link in read.associations}

    assert occurrences(links) == {"precedes": (shared, 0), "isRelatedTo": (shared, 1)}
    assert occurrences(links) == occurrences(links[::-1])


def test_item_ids_that_repeat_or_are_no_uuid_keep_every_item():
    odd = {"identifier": "local:1", "fullStatement": "Odd"}
    entries = [item(1), item(1, fullStatement="Other"), odd, {"fullStatement": "Nameless"}]
    read = read_package(package(entries, [link("local:1", item_id(1))]))
    assert len({i.uuid for i in read.items}) == 4
    assert read.items[2].parent == read.items[0].uuid
    assert [i.source for i in read.items] == entries


def test_sequence_number_may_be_text_number_or_missing():
    written = ["3", 4, 5.0, "", None, "first", True]
    links = [link(1, DOCUMENT, sequenceNumber=value) for value in written]
    read = read_package(package([item(1)], links))
    assert [a.sequence for a in read.associations] == [3, 4, 5, None, None, None, None]


def test_definitions_and_everything_else_at_the_top_are_kept():
    definitions = {
        "CFSubjects": [{"identifier": "s", "title": "Maths"}],
        "CFLicenses": [],
        "CFAssociationGroupings": [],
    }
    read = read_package(package([item(1)], [], CFDefinitions=definitions, CFRubrics=[{"identifier": "r"}]))
    assert [(d.kind, d.title) for d in read.definitions] == [("CFSubjects", "Maths")]
    assert read.rest == {"CFAssociations": [], "CFRubrics": [{"identifier": "r"}]}  # an empty part too


def test_statement_missing_is_replaced_by_what_there_is():
    entries = [
        item(1, fullStatement="", abbreviatedStatement="Short"),
        item(2, fullStatement=" ", humanCodingScheme="C.2"),
    ]
    assert [i.statement for i in read_package(package(entries)).items] == ["Short", "C.2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_package_in_other_encodings_and_with_bare_cr_reads_the_same(encoding):
    text = package([item(1, fullStatement="Größe 𝑑\rzwei")]).decode().replace("\\r", "\r")
    assert read_package(text.encode(encoding)).items[0].statement == "Größe 𝑑\nzwei"


REFUSED = {
    "empty": b"\xef\xbb\xbf  \n",
    "not_text": b"PK\x03\x04\x00\x00\x81",
    "web_page": b"<!DOCTYPE html><title>Sign in</title>",
    "not_json": b'{\n "CFDocument": }',
    "not_an_object": b"[]",
    "documents_list": b'{"CFDocuments": [{}, {}]}',
    "single_document": b'{"identifier": "x", "title": "T", "creator": "C"}',
    "single_item": b'{"identifier": "x", "fullStatement": "S"}',
    "error_payload": b'{"imsx_codeMajor": "failure", "imsx_description": "unknownobject"}',
    "no_document": b'{"openapi": "3.0"}',
    "no_items": b'{"CFDocument": {"identifier": "x", "title": "T"}}',
    "nameless_document": b'{"CFDocument": {}, "CFItems": []}',
    "wrong_shape": b'{"CFDocument": {"title": "T"}, "CFItems": [3]}',
    "too_deep": b"[" * 200_000,
}


@pytest.mark.parametrize("code", REFUSED)
def test_file_that_is_no_package_is_refused_with_its_reason(code):
    with pytest.raises(NotAPackage) as refused:
        read_package(REFUSED[code])
    assert refused.value.code == code
    assert str(refused.value) == WORDS[code] % refused.value.params


def test_broken_json_is_refused_with_line_and_column():
    with pytest.raises(NotAPackage) as refused:
        read_package(REFUSED["not_json"])
    assert (refused.value.params["line"], refused.value.params["column"]) == (2, 16)


def test_every_reason_has_words():
    assert set(REFUSED) <= set(WORDS)
