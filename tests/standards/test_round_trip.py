"""Import, export, compare by meaning: what is not given back is what docs/standards.md lists, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from lrm.scope import district_scope
from standards.case.problems import NotAPackage
from standards.case.reader import read_package
from standards.models import Association, Framework, Standard
from standards.services.exporting import export_package
from standards.services.importing import import_package
from tests.factories.profiles import make_district, make_district_admin
from tests.standards.case.test_reader import DOCUMENT, item, link, package

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT.parent / "shared" / "data" / "standards" / "case"
FILES = sorted(str(path.relative_to(CASE)) for path in CASE.rglob("*.json")) if CASE.is_dir() else []
needs_case = pytest.mark.skipif(not FILES, reason="../shared/data/standards/case is not there")


def listed(heading):
    """The first cells of the table below a heading of docs/standards.md."""
    text = (ROOT / "docs" / "standards.md").read_text()
    table = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", table, re.M))


NOT_GIVEN_BACK = "What is not given back"


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def there_and_back(district, data):
    import_package(read_package(data), district_id=district.pk)
    return export_package(Framework.objects.get(uuid=read_package(data).document.uuid))


def differences(sent, given):
    """Names of what differs, as in the table. Two packages mean the same when their parts hold the same objects."""
    found = set()
    if "CFPackage" in sent:
        sent = sent["CFPackage"]
        found.add("wrapper")
    for key in sent.keys() | given.keys():
        one, other = sent.get(key, "absent"), given.get(key, "absent")
        if key in ("CFItems", "CFAssociations") and isinstance(one, list) and isinstance(other, list):
            if one != other:
                found.add("order" if canonical(one) == canonical(other) else key)
        elif one != other:
            found.add(key)
    return found


def canonical(entries):
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries)


@needs_case
@pytest.mark.parametrize("name", FILES)
def test_file_comes_back_as_it_was(district, name):
    data = (CASE / name).read_bytes()
    if "CFDocument" not in json.loads(data, strict=False):
        with pytest.raises(NotAPackage) as refused:
            read_package(data)
        assert refused.value.code in listed("What is refused")
        return
    given = there_and_back(district, data)
    assert differences(json.loads(data, strict=False), given) == set()
    assert len(given["CFItems"]) == Standard.objects.count()
    assert len(given["CFAssociations"]) == Association.objects.count()
    again = import_package(read_package(json.dumps(given).encode()), district_id=district.pk)
    assert again.is_unchanged


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"CFDefinitions": {}},
        {"CFDefinitions": []},
        {"CFDefinitions": None, "CFAssociations": None},
        {"CFDefinitions": {"CFSubjects": [], "CFItemTypes": [{"title": "Cluster"}], "extensions": {"a": [1, None]}}},
        {"CFRubrics": [{"identifier": DOCUMENT, "CFRubricCriteria": [{"weight": 0.5}]}], "extensions": {"x": "y"}},
        {"CFItems": []},
    ],
    ids=["bare", "empty definitions", "list of definitions", "nulls", "definitions", "rubrics", "no items"],
)
def test_everything_beside_the_standards_comes_back(district, rest):
    sent = {"CFDocument": {"identifier": DOCUMENT, "title": "T"}, "CFItems": [item(1, extra={"of": ["ours"]})], **rest}
    assert differences(sent, there_and_back(district, json.dumps(sent).encode())) == set()


def with_wrapper(sent):
    return json.dumps({"CFPackage": sent, "beside": 1}).encode(), {"wrapper"}


def with_repeated_key(sent):
    twice = json.dumps(sent).replace('"title": "Reading"', '"title": "First", "title": "Reading"')
    return twice.encode(), {"repeated key"}


def with_long_number(sent):
    sent["CFItems"][0]["extra"] = "number"
    return json.dumps(sent).replace('"number"', "0.12345678901234567891").encode(), {"long number"}


@pytest.mark.parametrize("change", [with_wrapper, with_repeated_key, with_long_number])
def test_what_is_listed_as_not_given_back_is_true(district, change):
    data, named = change(json.loads(package([item(1)], [link(1, DOCUMENT)])))
    assert named <= listed(NOT_GIVEN_BACK)
    given = there_and_back(district, data)
    as_written = json.loads(data, parse_float=str, object_pairs_hook=tuple)
    again = json.loads(json.dumps(given), parse_float=str, object_pairs_hook=tuple)
    assert sorted(map(str, as_written)) != sorted(map(str, again)), "nothing was lost after all"
    assert differences(json.loads(data), given) == ({"wrapper"} if named == {"wrapper"} else set())


def test_order_after_a_second_import_is_that_in_which_they_came(district):
    there_and_back(district, package([item(2)], [link(2, DOCUMENT)]))
    sent = package([item(1), item(2)], [link(1, DOCUMENT), link(2, DOCUMENT)])
    assert differences(json.loads(sent), there_and_back(district, sent)) == {"order"}


def test_what_is_retired_is_not_in_the_package(district):
    there_and_back(district, package([item(1), item(2)], [link(1, DOCUMENT), link(2, DOCUMENT)]))
    sent = package([item(2)], [link(2, DOCUMENT)])
    assert differences(json.loads(sent), there_and_back(district, sent)) == set()


def test_list_holds_nothing_that_no_test_shows():
    shown = {"wrapper", "repeated key", "long number", "order"}
    assert listed(NOT_GIVEN_BACK) == shown


@pytest.mark.parametrize(
    "written", ['"a\\u0000b"', '"\\ud800"', "1e999"], ids=["NUL", "half a letter", "a number without end"]
)
def test_what_no_database_keeps_is_refused_with_its_line(district, written):
    data = package([item(1, notes="HERE")]).replace(b'"HERE"', written.encode())
    with pytest.raises(NotAPackage) as refused:
        read_package(data)
    assert refused.value.code in ("unstorable", "not_json")


def test_backslash_before_a_code_is_no_letter(district):
    data = package([item(1, notes=r"C:\u0000 and \ud800"), item(2, sequence=10**400)])
    assert differences(json.loads(data), there_and_back(district, data)) == set()


def test_huge_sequence_number_is_kept_and_not_used(district):
    data = package([item(1)], [link(1, DOCUMENT, sequenceNumber=10**12)])
    assert there_and_back(district, data)["CFAssociations"][0]["sequenceNumber"] == 10**12


def test_download_and_command_give_the_same(client, district, capsys):
    data = package([item(1, fullStatement="Sumar números")], [link(1, DOCUMENT)])
    there_and_back(district, data)
    client.force_login(make_district_admin(district))
    answer = client.get(reverse("framework_file", args=[DOCUMENT]))
    assert answer["Content-Disposition"] == 'attachment; filename="reading.case.json"'
    assert answer.json() == json.loads(data)
    call_command("export_case", DOCUMENT)
    assert json.loads(capsys.readouterr().out) == answer.json()
    with pytest.raises(CommandError, match="has no framework"):
        call_command("export_case", DOCUMENT.replace("1", "3"))
