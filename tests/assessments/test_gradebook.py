"""Results out as a OneRoster 1.2 gradebook: what stands, by keys of the roster, in a package that OneRoster reads."""

import csv
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence
from assessments.services.gradebook_out import WRITTEN, Asked, write_gradebook
from assessments.services.results import write_note
from profiles.models import AccessLog, District
from profiles.oneroster.archive import files_of
from profiles.oneroster.fields import FILES, V1P2
from profiles.oneroster.manifest import read_manifest
from profiles.oneroster.values import parse
from tests.factories.assessments import days_ago, give, make_assessment
from tests.factories.profiles import make_district_admin, make_school, make_school_admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(taught):
    """Levels, points, an excuse and a second try; learners have keys, and one has none."""
    first, second, _ = taught.learners
    standard, other = taught.standards
    levels = make_assessment(taught.section, taught.standards, title='Exit "ticket", day 1')
    points = make_assessment(
        taught.section, [standard], title="Test", scale="points", points_possible=20, given_on=days_ago(40).date()
    )
    give(levels, first, standard, 3)
    give(levels, first, other, None, kind=Evidence.Kind.EXCUSED)
    give(levels, second, standard, 1)
    give(levels, second, standard, 4, attempt=2)
    give(points, first, standard, 17.5, at=days_ago(40))
    write_note(assessment=levels, learner_id=first.pk, standard_id=standard.pk, text="Draw it", by=taught.teacher)
    type(second)._base_manager.filter(pk=second.pk).update(key=None)
    return levels, points


def tables(package: bytes) -> dict[str, list[dict[str, str]]]:
    files = files_of(package)
    return {name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(data.decode()))) for name, data in files.items()}


def written(taught, **asked):
    to = io.BytesIO()
    write_gradebook(to, district=taught.section.district, asked=Asked(**asked))
    return to.getvalue()


def test_package_is_one_that_oneroster_reads(taught, recorded):
    package = written(taught)
    manifest = read_manifest(files_of(package)["manifest.csv"])
    assert ([*manifest.problems], manifest.version) == ([], V1P2)
    assert {name for name, mode in manifest.modes.items() if mode == "bulk"} == set(WRITTEN)
    found = tables(package)
    for name in WRITTEN:
        columns = FILES[V1P2][name]
        ids = [row["sourcedId"] for row in found[name]]
        assert len(ids) == len(set(ids)), name
        for row in found[name]:
            assert list(row) == [column.name for column in columns]
            for column in columns:
                parse(column, row[column.name], strict=True)
    for name, refers, to in (
        ("lineItems", "categorySourcedId", "categories"),
        ("lineItemScoreScales", "lineItemSourcedId", "lineItems"),
        ("lineItemScoreScales", "scoreScaleSourcedId", "scoreScales"),
        ("lineItemLearningObjectiveIds", "lineItemSourcedId", "lineItems"),
        ("results", "lineItemSourcedId", "lineItems"),
        ("resultScoreScales", "resultSourcedId", "results"),
    ):
        known = {row["sourcedId"] for row in found[to]}
        assert {row[refers] for row in found[name]} <= known, (name, refers)


def test_results_are_those_that_stand_with_levels_in_words(taught, recorded):
    levels, points = recorded
    first, second, _ = taught.learners
    standard, other = taught.standards
    found = tables(written(taught))
    item = lambda assessment, of: f"{assessment.uuid}.{of.uuid}"
    shown = {
        (row["lineItemSourcedId"], row["studentSourcedId"]): (
            row["scoreStatus"],
            row["score"],
            row["textScore"],
            row["comment"],
        )
        for row in found["results"]
    }
    assert shown == {
        (item(levels, standard), first.key): ("fully graded", "3", "Secure", "Draw it"),
        (item(levels, other), first.key): ("exempt", "", "", ""),
        (item(levels, standard), str(second.uuid)): ("fully graded", "4", "Extending", ""),
        (item(points, standard), first.key): ("fully graded", "17.5", "", ""),
    }
    assert {row["classSourcedId"] for row in found["results"]} == {taught.section.key}
    items = {row["sourcedId"]: row for row in found["lineItems"]}
    ticket = items[item(levels, standard)]
    assert ticket["title"] == f'Exit "ticket", day 1: {standard.code}'
    assert (ticket["resultValueMin"], ticket["resultValueMax"], ticket["classSourcedId"]) == (
        "1",
        "4",
        taught.section.key,
    )
    assert items[item(points, standard)]["resultValueMax"] == "20"
    assert {row["learningObjectiveId"] for row in found["lineItemLearningObjectiveIds"]} == {
        str(standard.uuid),
        str(other.uuid),
    }
    [scale] = found["scoreScales"]
    assert scale["scoreScaleValue"] == "{1:Starting},{2:Building},{3:Secure},{4:Extending}"
    assert len(found["resultScoreScales"]) == 2


def test_only_what_was_asked_for_is_in_it(taught, recorded):
    _, points = recorded
    far = make_school(taught.section.district)
    assert tables(written(taught, schools=(far.pk,)))["results"] == []
    assert len(tables(written(taught, until=days_ago(30).date()))["results"]) == 1
    [row] = tables(written(taught, until=days_ago(30).date()))["lineItems"]
    assert row["sourcedId"].startswith(str(points.uuid))
    assert len(tables(written(taught, since=timezone.localdate()))["results"]) == 3


def test_page_gives_administrators_the_package_and_notes_whom_it_is_about(client, taught, recorded):
    school = taught.section.roster.school
    client.force_login(make_school_admin(school))
    assert client.get(reverse("gradebook")).status_code == 302, "a fresh second step first"
    District.objects.update(is_demo=True)  # which asks for none
    assert client.get(reverse("gradebook")).status_code == 200
    answer = client.post(reverse("gradebook"), {"school": school.pk})
    package = b"".join(answer.streaming_content)
    assert len(tables(package)["results"]) == 4
    assert set(AccessLog.objects.get(route="gradebook").learner_ids) == {row.pk for row in taught.learners[:2]}
    other = make_school(taught.section.district)
    assert client.post(reverse("gradebook"), {"school": other.pk}).status_code == 422
    client.force_login(make_district_admin(taught.section.district))
    wrong = client.post(reverse("gradebook"), {"since": "2026-10-02", "until": "2026-10-01"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["until"])


def test_command_writes_a_new_file_and_says_what_is_wrong(taught, recorded, tmp_path):
    key, file = taught.section.district.key, tmp_path / "out.zip"
    call_command("export_gradebook", key, str(file))
    assert zipfile.ZipFile(file).testzip() is None
    for wrong, said in (
        ((key, str(file)), "stands already"),
        ((key, str(tmp_path / "no" / "out.zip")), "no folder"),
        (("nowhere", str(tmp_path / "b.zip")), "no district"),
        ((key, str(tmp_path / "b.zip"), "--school", "none"), "no school"),
        ((key, str(tmp_path / "b.zip"), "--since", "1/2/26"), "2026-08-01"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("export_gradebook", *wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["out.zip"]
