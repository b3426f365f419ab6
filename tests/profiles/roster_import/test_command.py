import pytest
from django.core.management import CommandError, call_command

from lrm.scope import district_scope
from profiles.models import District, Learner
from tests.factories.profiles import make_district
from tests.profiles.oneroster.packages import V1P1, changed, zipped
from tests.profiles.roster_import.test_importing import crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return make_district(key="lakeside")


@pytest.fixture
def run(tmp_path, capsys):
    def run(files, *words):
        path = tmp_path / "roster.zip"
        path.write_bytes(zipped(files))
        call_command("import_roster", str(path), *words)
        return capsys.readouterr().out

    return run


def learner_count(district):
    with district_scope(district.pk):
        return Learner.objects.filter(left_on__isnull=True).count()


def test_command_imports_and_again_says_no_change(district, run):
    said = run(V1P1)
    assert "12 new, 0 changed, 0 same, 0 would leave" in said
    assert said.endswith("Imported.\n")
    assert run(V1P1).endswith("No change.\n")
    assert learner_count(district) == 2


def test_dry_run_changes_nothing(district, run):
    assert "Nothing was changed, this was a dry run." in run(V1P1, "--dry-run")
    assert learner_count(district) == 0


def test_command_names_file_line_field_value_and_cause(district, run, capsys):
    files = changed(V1P1, "users.csv", "u3,,,true", "u3,,,maybe")
    with pytest.raises(CommandError, match="settle the lines marked !"):
        run(files)
    assert "! users.csv:4 enabledUser 'maybe' (Keanu Ioane): This is true or false." in capsys.readouterr().out
    assert learner_count(district) == 0
    run(files, "--leave-out", "users.csv:4")
    assert learner_count(district) == 1


def test_command_asks_for_the_order_of_dates(district, run):
    files = changed(V1P1, "academicSessions.csv", "2026-08-24,2027-06-11", "8/24/2026,6/11/2027")
    with pytest.raises(CommandError):
        run(files)
    assert run(files, "--date-order", "mdy").endswith("Imported.\n")


def test_brake_stops_the_command_and_says_how_to_go_on(district, run):
    run(crowd(60))
    with pytest.raises(CommandError, match=r"10 of 64 people would leave \(15.6 %\).*--brake 16"):
        run(crowd(50))
    run(crowd(50), "--brake", "16")
    assert learner_count(district) == 52


def test_command_without_a_package_says_so(district, tmp_path):
    with pytest.raises(CommandError, match="neither a folder nor a zip"):
        call_command("import_roster", str(tmp_path / "nothing"))


def test_command_asks_which_district(run):
    with pytest.raises(CommandError, match="There is no district yet"):
        run(V1P1)
    make_district(key="one"), make_district(key="two")
    with pytest.raises(CommandError, match=r"name one with --district\. Known: one, two"):
        run(V1P1)
    assert run(V1P1, "--district", "two").endswith("Imported.\n")


def test_command_refuses_the_demo_district(district, run):
    District.objects.filter(pk=district.pk).update(is_demo=True)
    with pytest.raises(CommandError, match=r"needs its own database.*demo --remove"):
        run(V1P1)
    assert learner_count(district) == 0
