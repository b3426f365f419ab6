"""After an incident: whose records were seen or changed, when, on which pages, and whom to write to."""

import csv
import stat
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lrm.acting import PAGE, Actor, acting
from lrm.scope import district_scope
from profiles.models import AccessLog, BulkExport, Learner, LearnerMerge
from tests.factories.profiles import make_district, make_guardian, make_learner, make_school, make_teacher
from tests.factories.profiles import make_roster as make_class_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district(key="lakeside", time_zone="America/New_York")


@pytest.fixture
def people(district):
    """Three of one class, their teacher whose password was stolen, and a day on which somebody looked."""
    with district_scope(district.pk):
        school = make_school(district)
        roster = make_class_list(school)
        thief, other = make_teacher(roster, email="thief@example.org"), make_teacher(roster)
        seen, changed, untouched = (make_learner(school, given_name=name) for name in ("Seen", "Changed", "Untouched"))
        make_guardian(seen, email="family@example.org")
        now = timezone.now()
        look = AccessLog.objects.create
        look(account=thief, district=district, route="learner", learner_ids=[seen.pk], at=now - timedelta(hours=2))
        look(account=thief, district=district, route="goal", learner_ids=[seen.pk], at=now - timedelta(hours=1))
        look(account=thief, district=district, route="wall", learner_ids=[untouched.pk], at=now - timedelta(days=9))
        look(account=other, district=district, route="wall", learner_ids=[untouched.pk], at=now - timedelta(hours=1))
        with acting(Actor(PAGE, "learner_change", thief.pk)):
            Learner.objects.filter(pk=changed.pk).update(given_name="Renamed")
        BulkExport.objects.create(district=district, account=thief, what="section_wall_csv", people=28)
    return {"thief": thief, "seen": seen, "changed": changed, "untouched": untouched, "other": other}


def affected(tmp_path, *words):
    """The rows of the file by their heading, and what was said."""
    path, out = tmp_path / "list.csv", StringIO()
    since = (timezone.now() - timedelta(days=3)).date().isoformat()
    call_command("affected", str(path), "--district", "lakeside", "--since", since, *words, stdout=out)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file)), out.getvalue()


def test_a_stolen_account_is_told_by_what_it_saw_and_changed(people, tmp_path):
    rows, said = affected(tmp_path, "--account", "Thief@example.org")
    assert [row["name"].split()[0] for row in rows] == ["Seen", "Renamed"]
    seen, changed = rows
    assert (seen["times seen"], seen["times changed"]) == ("2", "0")
    assert "goals" in seen["on pages with"]
    assert seen["routes"] == "goal learner"
    assert seen["seen first"] < seen["seen last"]
    assert "<family@example.org>" in seen["write to"]
    assert (changed["times seen"], changed["times changed"], changed["what was changed"]) == ("0", "1", "student")
    assert said.startswith("2 people are in")
    assert "1 times, of 28 people together" in said


def test_a_page_that_showed_too_much_is_told_by_who_was_on_it(people, tmp_path):
    rows, _said = affected(tmp_path, "--route", "wall")
    assert [row["name"].split()[0] for row in rows] == ["Untouched"]


def test_a_lost_backup_concerns_everybody_of_the_district_and_nobody_of_another(people, tmp_path):
    elsewhere = make_district()
    with district_scope(elsewhere.pk):
        make_learner(make_school(elsewhere), given_name="Abroad")
    rows, _said = affected(tmp_path, "--everybody")
    assert {row["name"].split()[0] for row in rows if row["who"] == "student"} == {"Seen", "Renamed", "Untouched"}
    assert "thief@example.org" in {row["write to"] for row in rows if row["who"] == "adult"}


def test_what_was_seen_of_a_double_concerns_the_student_who_was_kept(people, tmp_path):
    with district_scope(people["seen"].district_id):
        LearnerMerge.objects.create(
            district_id=people["seen"].district_id, kept=people["untouched"], merged=people["seen"], by=people["other"]
        )
    rows, _said = affected(tmp_path, "--account", str(people["thief"].pk))
    assert [row["name"].split()[0] for row in rows] == ["Renamed", "Untouched"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--account", "nobody@example.org"], "Nobody in lakeside"),
        (["--until", "2020-01-01"], "not after"),
        (["--until", "tomorrow"], "is no time"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_file_is_made(people, tmp_path, words, said):
    with pytest.raises(CommandError, match=said):
        affected(tmp_path, *words)
    assert not (tmp_path / "list.csv").exists()


def test_a_file_that_is_there_is_not_written_over(people, tmp_path):
    (tmp_path / "list.csv").write_text("of yesterday")
    with pytest.raises(CommandError, match="is there already"):
        affected(tmp_path)
    assert (tmp_path / "list.csv").read_text() == "of yesterday"
