"""Packages of changes only: what they name changes, in the order in which it was changed, and nothing else."""

import pytest

from lrm.scope import district_scope
from profiles.models import Account, AdminRole, Enrollment, Guardianship, Learner, Section
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import RosterRefused
from tests.factories.profiles import make_district
from tests.profiles.oneroster.packages import V1P1, V1P2, changed, zipped
from tests.profiles.roster_import.test_importing import crowd, everything, load, plan, tally, yesterday

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-0{day}T08:00:00Z" for day in (2, 3, 4))


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        load(district, V1P1)
        yield district


def delta(base=V1P1, version="1.1", **files):
    """A package of the files named, each with the heading of the base and these lines, all of changes only."""
    manifest = f"propertyName,value\nmanifest.version,1.0\noneroster.version,{version}\n"
    manifest += "".join(f"file.{name},{'delta' if name in files else 'absent'}\n" for name in base_files(base))
    found = {"manifest.csv": manifest}
    for name, lines in files.items():
        found[f"{name}.csv"] = "\n".join([base[f"{name}.csv"].splitlines()[0], *lines]) + "\n"
    return found


def base_files(base):
    return [name.removesuffix(".csv") for name in base if name != "manifest.csv"]


def student(key, name, status="active", at=MONDAY):
    return f"{key},{status},{at},true,s1,student,{key},,{name},Park,,,,,,,05,"


def place(key, person, status="active", at=MONDAY, ends=""):
    return f"{key},{status},{at},k1,s1,{person},student,false,2026-09-01,{ends}"


def test_only_what_is_named_changes(district):
    before = everything()
    found = load(district, delta(users=[student("u9", "Kim"), student("u3", "Kai")], enrollments=[place("e9", "u9")]))
    assert tally(found) == (2, 1, 0, 0)
    assert Learner.objects.get(key="u3").given_name == "Kai"
    assert Enrollment.objects.get(key="e9").learner.given_name == "Kim"
    Enrollment.objects.filter(key="e9").delete()
    Learner.objects.filter(key="u9").delete()
    Learner.objects.filter(key="u3").update(given_name="Keanu", family_name="Ioane")
    assert everything() == before


def test_delta_again_changes_nothing(district):
    files = delta(users=[student("u9", "Kim")], enrollments=[place("e9", "u9")])
    assert (load(district, files).is_unchanged, load(district, files).is_unchanged) == (False, True)


def test_learner_who_is_taken_away_leaves_with_the_places_of_packages(district):
    files = delta(users=[f"u2,tobedeleted,{MONDAY},,,,,,,,,,,,,,,"])
    found = load(district, files)
    assert [(one.what, one.name) for one in found.leaving] == [
        ("learners", "Ana Ruiz"),
        ("enrollments", "Ana Ruiz, 5 Maple Math"),
    ]
    ana = Learner.objects.get(key="u2")
    assert (ana.left_on is None, ana.account.is_active, ana.enrollments.get().ends_on) == (False, False, yesterday())
    assert Learner.objects.get(key="u3").left_on is None


def test_class_that_is_taken_away_closes_and_its_places_end(district):
    found = load(district, delta(classes=[f"k1,tobedeleted,{MONDAY},,,,,,,,,,,"]))
    assert sorted(one.what for one in found.leaving) == ["enrollments", "enrollments", "enrollments", "sections"]
    assert Section.objects.get(key="k1").archived_at is not None
    assert set(Enrollment.objects.values_list("ends_on", flat=True)) == {yesterday()}


def test_brake_stops_a_delta_too(district):
    load(district, crowd(60))
    gone = [f"m{n},tobedeleted,{MONDAY},,,,,,,,,,,,,,," for n in range(20)]
    with pytest.raises(RosterRefused) as refused:
        load(district, delta(users=gone))
    assert (refused.value.brake.what, refused.value.brake.leaving) == ("people", 20)
    assert load(district, delta(users=gone[:3])).brake is None


def test_newest_of_several_changes_counts_wherever_it_stands(district):
    lines = [student("u3", "Newest", at=WEDNESDAY), student("u3", "Older", at=MONDAY)]
    found = load(district, delta(users=lines))
    assert Learner.objects.get(key="u3").given_name == "Newest"
    assert [(p.code, p.line, p.blocking) for p in found.roster.problems] == [("newer_below", 3, False)]


def test_two_changes_of_one_moment_are_refused(district):
    found = plan(district, delta(users=[student("u3", "One"), student("u3", "Other")]))
    assert [(p.code, p.line) for p in found.roster.blocking] == [("shared", 3)]


def test_change_that_is_older_than_what_is_here_is_passed_over(district):
    load(district, delta(users=[student("u3", "Tuesday", at=TUESDAY)]))
    found = load(district, delta(users=[student("u3", "Monday", at=MONDAY), student("u9", "Kim", at=MONDAY)]))
    assert Learner.objects.get(key="u3").given_name == "Tuesday"
    assert [(p.code, p.line) for p in found.roster.problems] == [("older", 2)]
    assert Learner.objects.filter(key="u9").exists()
    load(district, delta(users=[student("u3", "Wednesday", at=WEDNESDAY)]))
    assert Learner.objects.get(key="u3").given_name == "Wednesday"


def test_change_from_before_the_last_complete_file_is_passed_over(district):
    load(district, changed(V1P1, "users.csv", "u3,,,true", f"u3,,{TUESDAY},true"))
    load(district, delta(users=[f"u3,tobedeleted,{MONDAY},,,,,,,,,,,,,,,"]))
    assert Learner.objects.get(key="u3").left_on is None
    load(district, delta(users=[f"u3,tobedeleted,{WEDNESDAY},,,,,,,,,,,,,,,"]))
    assert Learner.objects.get(key="u3").left_on is not None


def test_learner_comes_back_by_a_later_change(district):
    load(district, delta(users=[f"u2,tobedeleted,{MONDAY},,,,,,,,,,,,,,,"]))
    load(district, delta(users=[student("u2", "Ana", at=TUESDAY)], enrollments=[place("e2", "u2", at=TUESDAY)]))
    ana = Learner.objects.get(key="u2")
    assert (ana.left_on, ana.account.is_active, ana.enrollments.get().ends_on) == (None, True, None)


def test_what_is_named_has_to_be_here_or_in_the_package(district):
    lines = [place("e8", "nobody"), f"e9,active,{MONDAY},k9,s1,u2,student,false,2026-09-01,"]
    found = plan(district, delta(enrollments=lines))
    assert [(p.code, p.place) for p in found.roster.blocking] == [
        ("dangling", "enrollments.csv:2 userSourcedId"),
        ("dangling", "enrollments.csv:3 classSourcedId"),
    ]


def test_student_cannot_be_made_a_teacher_by_a_place(district):
    line = place("e9", "u2").replace("student", "teacher")
    found = plan(district, delta(enrollments=[line]))
    assert [p.code for p in found.roster.blocking] == ["other_role"]


def test_second_open_place_in_a_class_is_refused_and_a_renamed_one_is_the_same(district):
    found = plan(district, delta(enrollments=[place("e9", "u2")]))
    assert [(p.code, p.place) for p in found.roster.blocking] == [
        ("enrolled_already", "enrollments.csv:2 userSourcedId")
    ]
    load(district, delta(enrollments=[place("e9", "u2"), f"e2,tobedeleted,{MONDAY},,,,,,,"]))
    row = Enrollment.objects.get(learner__key="u2")
    assert (row.key, row.ends_on) == ("e9", None)


def test_what_is_not_here_cannot_be_taken_away_and_that_is_told(district):
    found = load(district, delta(users=[f"u77,tobedeleted,{MONDAY},,,,,,,,,,,,,,,"]))
    assert [(p.code, p.value) for p in found.roster.problems] == [("nothing_to_delete", "u77")]
    assert found.is_unchanged


def test_delta_of_1_2_needs_a_status_and_a_moment():
    district = make_district()
    with district_scope(district.pk):
        load(district, V1P2)
        heading_cells = V1P2["users.csv"].splitlines()[3]
        found = plan(district, delta(V1P2, "1.2", users=[heading_cells]))
    assert [(p.code, p.field) for p in found.roster.blocking] == [
        ("missing", "status"),
        ("missing", "dateLastModified"),
    ]


def test_changes_of_1_2_know_who_somebody_is_without_roles():
    district = make_district()
    with district_scope(district.pk):
        load(district, V1P2)
        lines = [
            line.replace(",,,true", f",active,{MONDAY},true").replace(old, new)
            for line, old, new in zip(
                V1P2["users.csv"].splitlines()[1:4], ("Rosa", "Ruiz", "Keanu"), ("Rose", "Ruiz-Lee", "Kai"), strict=True
            )
        ]
        found = load(district, delta(V1P2, "1.2", users=lines))
        assert tally(found) == (0, 3, 0, 0)
        assert Account.objects.get(key="u1").kind == Account.Kind.STAFF
        assert Learner.objects.get(key="u2").family_name == "Ruiz-Lee"
        assert Guardianship.objects.count() == 1


def test_role_alone_moves_a_school_and_appoints_and_never_dismisses():
    district = make_district()
    with district_scope(district.pk):
        oak = changed(V1P2, "orgs.csv", "s1,,,Maple", "s2,,,Oak School,school,,d1\ns1,,,Maple")
        load(district, oak)
        lines = [
            f"r3,active,{MONDAY},u3,primary,student,2026-08-24,,s2,",
            f"r9,active,{MONDAY},u1,secondary,principal,2026-08-24,,s2,",
            f"r4,tobedeleted,{MONDAY},u4,primary,guardian,2026-08-24,,s1,",
        ]
        found = load(district, delta(oak, "1.2", roles=lines))
        assert Learner.objects.get(key="u3").home_school.key == "s2"
        assert list(AdminRole.objects.values_list("account__key", "school__key")) == [("u1", "s2")]
        assert [p.code for p in found.roster.problems] == ["role_taken_away"]


def test_delta_may_be_read_from_a_zip_as_sent(district):
    assert read_roster(zipped(delta(users=[student("u9", "Kim")]))).deltas == {"users"}
