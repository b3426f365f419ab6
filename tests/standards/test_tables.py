"""Canvas outcomes and OpenSALT tables come in as frameworks, whole or not at all, and every wrong line is named."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from lrm.scope import district_scope
from standards.case.problems import NotAPackage
from standards.case.reader import read_package
from standards.models import Association, Framework, PackageUpload, Standard
from standards.services.exporting import export_package
from standards.services.importing import import_package
from standards.tables import reading
from standards.tables.reading import as_package
from standards.tables.words import TableRefused
from tests.factories.profiles import make_district, make_district_admin

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "standards"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/standards is not there")
CANVAS = (
    "vendor_guid,object_type,title,description,calculation_method,calculation_int,workflow_state,parent_guids,ratings"
)


def canvas(*lines):
    return "\n".join([CANVAS + ",,,", *lines]).encode()


def opensalt(
    *lines, heading="Identifier,fullStatement,Human Coding Scheme,sequenceNumber,Is Child Of,IsRelatedTo,Teacher"
):
    return "\n".join([heading, *lines]).encode()


def read(data, **more):
    return read_package(as_package(data, name="file.csv", **more))


def tree(package):
    codes = {item.uuid: item.code for item in package.items}
    items = sorted(package.items, key=lambda item: item.position)
    return [(item.code, codes.get(item.parent)) for item in items]


def places(data):
    with pytest.raises(TableRefused) as refused:
        read(data)
    return [(one.line, one.field, one.code) for one in refused.value.problems]


def test_canvas_levels_with_decimal_commas():
    heading = (CANVAS + ",,,").replace(",", ";")
    line = "c;outcome;C;Draw;latest;;active;;{};Best;1,25;Fair"
    data = "\n".join([heading, line.format("3,5")]).encode()
    kept = read(data, title="T").items[0].source["extensions"]
    assert "3.5" in json.dumps(kept)
    assert "1.25" in json.dumps(kept)
    assert places("\n".join([heading, line.format("1,000")]).encode()) == [(2, "ratings", "ratings")]


def test_opensalt_workbook_whose_tree_is_in_its_levels():
    heading = "identifier,fullStatement,humanCodingScheme,smartLevel"
    rows = ["a,Geometry,G,1", "b,Shapes,G.1,1.1", "c,Circles,G.2,1.2", "d,Round,G.2.a,1.2.1", "e,Number,N,2"]
    package = read(opensalt(*rows, heading=heading), title="T")
    assert tree(package) == [("G", None), ("G.1", "G"), ("G.2", "G"), ("G.2.a", "G.2"), ("N", None)]
    assert places(opensalt(rows[0], "x,Lost,L,3.1", heading=heading)) == [(3, "Is Child Of", "no_parent")]
    twice = [rows[0], "z,Again,A,1", rows[1]]
    assert places(opensalt(*twice, heading=heading)) == [(4, "Is Child Of", "no_parent")]


def test_canvas_groups_and_outcomes_are_a_tree_and_keep_their_levels():
    data = canvas(
        "a,group,M,Math,,,,,",
        "b,group,G,Geometry,,,active,a,",
        "c,outcome,C,<p>Draw</p>,decaying_average,40,active,a b,3,Best,1.5,Fair",
        "d,outcome,D,Old,,,deleted,a,",
    )
    package = read(data, title="Our outcomes")
    assert (package.document.title, tree(package)) == ("Our outcomes", [("M", None), ("G", "M"), ("C", "M")])
    kept = package.items[2].source["extensions"]["canvas"]
    assert kept["ratings"] == [{"points": 3.0, "description": "Best"}, {"points": 1.5, "description": "Fair"}]
    assert (kept["calculation_method"], kept["calculation_int"]) == ("decaying_average", "40")
    assert len([link for link in package.associations if link.origin.identifier == "c"]) == 2


def test_canvas_names_every_wrong_line():
    data = canvas(
        "a,group,A,,,,,,",
        "a,group,B,,,,,,",
        ",outcome,C,,,,,,",
        "d,thing,D,,,,,,",
        "e,outcome,,,,,,,",
        "f,outcome,F,,guess,,,,",
        "g,outcome,G,,n_mastery,99,,,",
        "h,outcome,H,,,,gone,,",
        "i,outcome,I,,,,,z,",
        "j,outcome,J,,,,,k,",
        "k,outcome,K,,,,,k,",
        "l,outcome,L,,,,,,many,Good",
    )
    assert places(data) == [
        (3, "vendor_guid", "twice"),
        (4, "vendor_guid", "empty"),
        (5, "object_type", "not_one_of"),
        (6, "title", "empty"),
        (7, "calculation_method", "not_one_of"),
        (8, "calculation_int", "not_a_number"),
        (9, "workflow_state", "not_one_of"),
        (10, "parent_guids", "no_parent"),
        (11, "parent_guids", "parent_later"),
        (12, "parent_guids", "own_parent"),
        (13, "ratings", "ratings"),
    ]


def test_opensalt_parents_are_codes_or_identifiers_and_other_columns_are_kept():
    data = opensalt(
        "m,Everything,M,2,,,",
        "m.f,Fractions,M.F,1,M,CCSS.5.NF,Ms. Ito",
        ",Add them,M.F.1,1,m.f,M,",
        ",Art,A,1,,,",
    )
    package = read(data)
    assert tree(package) == [("A", None), ("M", None), ("M.F", "M"), ("M.F.1", "M.F")]
    assert package.items[1].source["extensions"] == {"Teacher": "Ms. Ito"}
    related = {link.origin.identifier: link.destination for link in package.associations if link.kind == "isRelatedTo"}
    assert (related["m.f"].identifier, related["M.F.1"].identifier) == ("CCSS.5.NF", "m")
    assert package.document.title == "file"


def test_opensalt_names_every_wrong_line():
    data = opensalt(
        "a,Add,A,1,,,",
        "a,Again,A2,1,,,",
        "b,,B,1,,,",
        "c,Count,C,first,,,",
        "d,Draw,D,1,Z,,",
        "e,Eat,E,1,E,,",
        "f,Fly,F,1,,,,more",
        "g,Go,A,1,,,",
        "h,Hop,H,1,A,,",
    )
    assert places(data) == [
        (3, "identifier", "twice"),
        (4, "fullStatement", "empty"),
        (5, "sequenceNumber", "not_a_number"),
        (6, "Is Child Of", "no_parent"),
        (7, "Is Child Of", "own_parent"),
        (8, "", "ragged"),
        (10, "Is Child Of", "many_parents"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_table_is_read_in_encodings_that_spreadsheets_write(encoding):
    data = "fullStatement;humanCodingScheme\r\nSumar números;N.1\r\n".encode(encoding)
    assert [item.statement for item in read(data).items] == ["Sumar números"]


def test_package_stays_as_it_is_and_other_tables_are_refused():
    assert as_package(b' {"CFDocument": 1}', name="a.json") == b' {"CFDocument": 1}'
    with pytest.raises(NotAPackage, match="this one has: Rank, Code, Title"):
        read(b"Rank,Code,Title\n1,IT,Infant\n")
    with pytest.raises(TableRefused, match="never closed"):
        read(b'fullStatement\n"open\n')


def test_table_longer_than_any_framework_is_refused_whole(monkeypatch):
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    lines = (",Count,N.1,1,,,", ",Add,N.2,2,,,", ',"cut off')
    assert len(json.loads(as_package(opensalt(*lines[:2]), name="file.csv"))["CFItems"]) == 2
    with pytest.raises(NotAPackage, match="more than 2 lines"):
        as_package(opensalt(*lines), name="file.csv")


@needs_data
@pytest.mark.parametrize(
    ("name", "items", "links"),
    [
        ("outcome_csv/canvas_demo.csv", 3, 4),
        ("outcome_csv/canvas_scoring.csv", 9, 10),
        ("case/opensalt/sample_case.csv", 10, 14),
        ("case/opensalt/test_items.csv", 99, 99),
    ],
)
def test_real_tables_are_read_whole(name, items, links):
    package = read((DATA / name).read_bytes())
    assert (len(package.items), len(package.associations)) == (items, links)


@pytest.mark.django_db
def test_table_comes_in_again_without_a_change_and_goes_out_as_a_package():
    district = make_district()
    data = as_package(opensalt("m,Everything,M,2,,,", "n,More,N,1,M,,"), name="x.csv", title="Ours")
    with district_scope(district.pk):
        import_package(read_package(data), district_id=district.pk)
        assert import_package(read_package(data), district_id=district.pk).is_unchanged
        given = json.dumps(export_package(Framework.objects.get(title="Ours"))).encode()
        assert import_package(read_package(given), district_id=district.pk).is_unchanged
        longer = as_package(opensalt("m,Everything,M,2,,,", "n,Less,N,1,M,,"), name="y.csv", title=" ours ")
        plan = import_package(read_package(longer), district_id=district.pk)
        assert (plan.standards.changed, Framework.objects.count(), Association.objects.count()) == (1, 1, 2)


@pytest.mark.django_db
def test_page_names_the_lines_and_takes_nothing(client):
    client.force_login(make_district_admin(make_district()))
    wrong = SimpleUploadedFile("o.csv", canvas("a,group,A,,,,,z,"))
    page = client.post(reverse("standards_import"), {"file": wrong})
    assert (page.status_code, PackageUpload._base_manager.count()) == (422, 0)
    assert [(one.line, one.field) for one in page.context["problems"]] == [(2, "parent_guids")]
    right = SimpleUploadedFile("o.csv", canvas("a,group,A,,,,,,"))
    check = client.post(reverse("standards_import"), {"file": right, "title": "Outcomes"}).url
    client.post(check + "apply/")
    assert Standard._base_manager.get().framework.title == "Outcomes"


@pytest.mark.django_db
def test_command_reads_tables_too(tmp_path):
    make_district()
    path = tmp_path / "outcomes.csv"
    path.write_bytes(canvas("a,group,A,,,,,z,"))
    with pytest.raises(CommandError, match="parent_guids"):
        call_command("import_case", str(path))
    path.write_bytes(canvas("a,group,A,,,,,,"))
    call_command("import_case", str(path), "--title", "Outcomes")
    assert Framework._base_manager.get().title == "Outcomes"
