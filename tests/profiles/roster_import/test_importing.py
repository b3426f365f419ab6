from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from lrm.changes import Turns, enrollments_changed
from lrm.scope import district_scope
from profiles.models import (
    AcademicSession,
    Account,
    AdminRole,
    Course,
    Enrollment,
    Guardianship,
    Learner,
    Roster,
    School,
    Section,
)
from profiles.oneroster.package import Options
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import import undoing
from profiles.services.roster_import.applying import RosterRefused, import_roster
from profiles.services.roster_import.digest import digest_of
from profiles.services.roster_import.planning import plan_import
from tests.budgets import assert_statements, statements
from tests.factories.profiles import make_account, make_district, make_learner, make_school
from tests.profiles.oneroster.packages import V1P1, V1P2, changed, zipped

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "oneroster" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/oneroster is not there")
pytestmark = pytest.mark.django_db


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def load(district, files, **options):
    read = Options(**{name: options.pop(name) for name in ("left_out", "repairs") if name in options})
    return import_roster(read_roster(zipped(files), options=read), district=district, **options)


def plan(district, files, **options):
    return plan_import(read_roster(zipped(files)), district=district, today=timezone.localdate(), **options)


def everything():
    models = (School, AcademicSession, Course, Roster, Section, Account, Learner, Enrollment, Guardianship, AdminRole)
    return [list(model._base_manager.order_by("pk").values()) for model in models]


def tally(plan):
    return plan.count("new"), plan.count("changed"), plan.count("same"), len(plan.leaving)


def test_import_stores_places_people_and_enrollments(district):
    load(district, V1P1)
    section = Section.objects.get()
    assert (section.title, section.course.title, section.session.title) == ("5 Maple Math", "Mathematics 5", "Fall")
    assert (section.roster.school.name, section.session.parent.title) == ("Maple School", "2026-27")
    ana = Learner.objects.get(key="u2")
    assert (ana.name, ana.grade, ana.home_school.key, ana.account.email) == (
        "Ana Ruiz",
        "05",
        "s1",
        "ana@lakeside.example",
    )
    assert Learner.objects.get(key="u3").account is None
    rows = Enrollment.objects.order_by("key").values_list("key", "role", "starts_on", "ends_on")
    assert list(rows) == [
        ("e1", "teacher", date(2026, 8, 24), None),
        ("e2", "learner", date(2026, 8, 24), None),
        ("e3", "learner", date(2026, 8, 24), date(2026, 12, 18)),
    ]


def test_import_hashes_no_password_and_stores_none(district):
    load(district, V1P1)
    assert set(Account.objects.values_list("password", flat=True)) == {"!"}
    assert not Account.objects.get(key="u2").has_usable_password()


def test_family_is_noted_and_sees_nothing_before_the_school_confirms(district):
    load(district, V1P1)
    note = Guardianship.objects.get()
    assert (note.account.key, note.learner.key, note.relation, note.confirmed_at) == ("u4", "u2", "parent", None)
    assert note.account.kind == Account.Kind.GUARDIAN
    assert list(Learner.objects.visible_to(note.account)) == []


@pytest.mark.parametrize("files", [V1P1, V1P2], ids=["1.1", "1.2"])
def test_import_again_changes_nothing(district, files):
    first = load(district, files)
    before = everything()
    again = load(district, files)
    assert (first.is_unchanged, again.is_unchanged) == (False, True)
    assert everything() == before
    new, changed_, same, leaving = tally(again)
    assert (new, changed_, leaving) == (0, 0, 0)
    assert same == first.count("new")


def test_plan_writes_nothing_and_counts_lines(district):
    before = everything()
    assert tally(plan(district, V1P1)) == (12, 0, 0, 0)
    assert everything() == before


def test_roles_of_1_2_decide_who_somebody_is(district):
    files = changed(
        V1P2, "roles.csv", "r1,,,u1,primary,teacher", "r5,,,u1,secondary,principal,,,s1,\nr1,,,u1,primary,teacher"
    )
    load(district, files)
    assert Learner.objects.get(key="u2").preferred_name == "Anita"
    assert list(AdminRole.objects.values_list("account__key", "kind", "school__key")) == [("u1", "school_admin", "s1")]
    load(district, files)
    assert AdminRole.objects.count() == 1


def test_changed_lines_are_shown_from_old_to_new(district):
    load(district, V1P1)
    files = changed(V1P1, "users.csv", "Keanu,Ioane", "Keanu,Ioane-Kealoha")
    files = changed(files, "classes.csv", "5 Maple Math", "5 Maple Mathematics")
    files = changed(files, "enrollments.csv", "2026-08-24,2026-12-18", "2026-08-24,2026-10-30")
    found = load(district, files)
    assert [(c.file, c.line, c.who, str(c.label), c.before, c.after) for c in found.changes] == [
        ("classes.csv", 2, "5 Maple Mathematics", "title", "5 Maple Math", "5 Maple Mathematics"),
        ("users.csv", 4, "Keanu Ioane-Kealoha", "family name", "Ioane", "Ioane-Kealoha"),
        ("enrollments.csv", 4, "Keanu Ioane-Kealoha", "last day", "December 18, 2026", "October 30, 2026"),
    ]
    assert tally(found) == (0, 3, 9, 0)
    assert Learner.objects.get(key="u3").family_name == "Ioane-Kealoha"


def test_who_is_gone_from_the_package_leaves_and_keeps_what_they_made(district):
    load(district, V1P1)
    files = changed(V1P1, "users.csv", V1P1["users.csv"].splitlines()[2] + "\n", "")
    files = changed(files, "users.csv", ",u2,,\n", ",,,\n")
    files = changed(files, "enrollments.csv", V1P1["enrollments.csv"].splitlines()[2] + "\n", "")
    found = load(district, files)
    assert [(one.what, one.name) for one in found.leaving] == [
        ("learners", "Ana Ruiz"),
        ("enrollments", "Ana Ruiz, 5 Maple Math"),
    ]
    ana = Learner.objects.get(key="u2")
    assert ana.left_on is not None
    assert not ana.account.is_active
    assert ana.enrollments.get().ends_on == yesterday()
    assert load(district, files).is_unchanged

    load(district, V1P1)  # and comes back
    ana = Learner.objects.get(key="u2")
    assert (ana.left_on, ana.account.is_active, ana.enrollments.get().ends_on) == (None, True, None)


def test_people_and_enrollments_made_by_hand_never_leave(district):
    load(district, V1P1)
    by_hand = make_learner(School.objects.get(), key=None)
    Enrollment.objects.create(
        roster=Roster.objects.get(), learner=by_hand, role=Enrollment.Role.LEARNER, starts_on=date(2026, 9, 1)
    )
    make_account(district, key=None)
    assert load(district, V1P1).is_unchanged


def test_enrollment_made_by_hand_is_adopted(district):
    load(district, V1P1)
    Enrollment.objects.filter(key="e2").update(key=None)
    load(district, V1P1)
    assert Enrollment.objects.count() == 3
    assert Enrollment.objects.get(key="e2").learner.key == "u2"


def places(person):
    rows = Enrollment.objects.filter(learner__key=person).order_by("pk")
    return list(rows.values_list("key", "starts_on", "ends_on"))


def test_place_under_another_id_goes_on_whatever_its_days(district):
    load(district, V1P1)
    pks = list(Enrollment.objects.order_by("pk").values_list("pk", flat=True))
    text = V1P1["enrollments.csv"]
    for key in ("e1", "e2", "e3"):
        text = text.replace(f"{key},,", f"new-{key},,")
    found = load(district, V1P1 | {"enrollments.csv": text})
    assert (tally(found), found.brake) == ((0, 3, 9, 0), None)
    assert [(str(one.label), one.before, one.after) for one in found.changes] == [
        ("ID", key, f"new-{key}") for key in ("e1", "e2", "e3")
    ]
    rows = Enrollment.objects.order_by("pk").values_list("pk", "key")
    assert list(rows) == [(pk, f"new-e{number}") for number, pk in enumerate(pks, 1)]
    undoing.undo(found.kept_as, by=None)
    assert list(Enrollment.objects.order_by("pk").values_list("key", flat=True)) == ["e1", "e2", "e3"]


def test_line_that_is_over_takes_nobodys_place(district):
    load(district, V1P1)
    Enrollment.objects.filter(key="e2").update(key=None, starts_on=date(2026, 10, 1))
    load(
        district,
        changed(V1P1, "enrollments.csv", "u2,student,false,2026-08-24,", "u2,student,false,2026-08-24,2026-09-01"),
    )
    assert places("u2") == [(None, date(2026, 10, 1), None), ("e2", date(2026, 8, 24), date(2026, 9, 1))]


def test_place_that_ended_and_began_again_by_hand_is_the_line_s_once_more(district):
    load(district, V1P1)
    roster, ana = Roster.objects.get(), Learner.objects.get(key="u2")
    begun, ended, again = date(2026, 8, 24), yesterday() - timedelta(days=9), yesterday() - timedelta(days=5)
    Enrollment.objects.filter(key="e2").update(ends_on=ended)
    Enrollment.objects.create(roster=roster, learner=ana, role="learner", starts_on=again)
    before = everything()
    seen = plan(district, V1P1)
    done = load(district, V1P1, expect=digest_of(seen))
    assert [(str(c.label), c.after) for c in done.changes] == [
        ("place on the class list", "part of this one"),
        ("last day", ""),
    ]
    assert places("u2") == [("e2", begun, None), (None, again, again - timedelta(days=1))]
    assert load(district, V1P1).is_unchanged
    undoing.undo(done.kept_as, by=None)
    assert everything() == before


def test_two_learners_whose_places_changed_their_ids_keep_them(district):
    both = changed(V1P1, "enrollments.csv", "2026-08-24,2026-12-18", "2026-08-24,")
    load(district, both)
    swapped = both["enrollments.csv"].replace("u2", "?").replace("u3", "u2").replace("?", "u3")
    load(district, both | {"enrollments.csv": swapped})
    assert dict(Enrollment.objects.of_learners().values_list("key", "learner__key")) == {"e2": "u3", "e3": "u2"}


def test_account_made_by_hand_with_the_same_address_is_adopted(district):
    by_hand = make_account(district, email="ROSA@lakeside.example", given_name="R.", key=None)
    load(district, V1P1)
    by_hand.refresh_from_db()
    assert (by_hand.key, by_hand.given_name) == ("u1", "Rosa")
    assert Account.objects.filter(email__iexact="rosa@lakeside.example").count() == 1


def test_account_of_the_first_sign_in_is_adopted_and_never_lost(district):
    load(district, V1P1)
    keanu = Learner.objects.get(key="u3")
    keanu.account = make_account(district, email=None, key=None, kind=Account.Kind.LEARNER)
    keanu.save()
    load(district, changed(V1P1, "users.csv", "Keanu,Ioane,,,,", "Keanu,Kealoha,,,,"))
    keanu.refresh_from_db()
    assert keanu.account is not None
    load(district, changed(V1P1, "users.csv", "Keanu,Ioane,,,,", "Keanu,Ioane,,,keanu@lakeside.example,"))
    again = Learner.objects.get(key="u3")
    assert (again.account_id, again.account.email) == (keanu.account_id, "keanu@lakeside.example")


def test_address_of_somebody_elsewhere_is_not_taken(district):
    elsewhere = make_account(email="rosa@lakeside.example")
    found = load(district, V1P1)
    assert Account.objects.get(key="u1").email is None
    assert [(p.code, p.place, p.blocking) for p in found.roster.problems] == [
        ("address_taken", "users.csv:2 email", False)
    ]
    elsewhere.refresh_from_db()
    assert elsewhere.email == "rosa@lakeside.example"


def test_line_with_an_error_is_not_a_departure_and_stops_everything(district):
    load(district, V1P1)
    files = changed(V1P1, "users.csv", "u2,,,true", "u2,,,maybe")
    files = changed(files, "users.csv", "Keanu", "Kimo")
    found = plan(district, files)
    assert (found.leaving, found.need_you) == ([], 1)
    with pytest.raises(RosterRefused) as refused:
        load(district, files)
    assert refused.value.brake is None
    assert Learner.objects.get(key="u3").given_name == "Keanu"


@pytest.mark.parametrize(
    ("file", "column"), [("users.csv", "givenName"), ("enrollments.csv", "classSourcedId"), ("classes.csv", "title")]
)
def test_heading_without_a_needed_column_stops_the_file_and_is_no_departure(district, file, column):
    load(district, V1P1)
    found = plan(district, changed(V1P1, file, f",{column},", ",other,"))
    assert [(p.code, p.place) for p in found.roster.blocking] == [("column_missing", f"{file}:1 {column}")]
    assert found.leaving == []


def test_line_left_out_is_not_a_departure_either(district):
    load(district, V1P1)
    found = load(district, V1P1, left_out=frozenset({("users.csv", 3)}))
    assert (found.leaving, found.is_unchanged) == ([], True)
    assert Learner.objects.get(key="u2").left_on is None


def crowd(people):
    lines = [f"m{n},,,true,s1,student,m{n},,Kim,Park {n},,,,,,,05," for n in range(people)]
    return changed(V1P1, "users.csv", "u4,,,", "\n".join(lines) + "\nu4,,,")


def test_brake_stops_when_too_many_would_leave(district):
    load(district, crowd(60))
    assert load(district, crowd(57)).brake is None  # 3 of 64, 4.7 %
    with pytest.raises(RosterRefused) as refused:
        load(district, crowd(50))
    brake = refused.value.brake
    assert (brake.what, brake.leaving, brake.known, round(brake.percent, 1)) == ("people", 7, 61, 11.5)
    assert Learner.objects.filter(left_on__isnull=True).count() == 59
    load(district, crowd(50), release_brake=True)
    assert Learner.objects.filter(left_on__isnull=True).count() == 52


def test_package_of_headings_only_would_empty_the_district_and_is_stopped(district):
    load(district, crowd(10))
    empty = {name: text.splitlines()[0] + "\n" if name != "manifest.csv" else text for name, text in V1P1.items()}
    with pytest.raises(RosterRefused) as refused:
        load(district, empty)
    assert refused.value.brake.percent == 100


def test_file_that_is_not_in_the_package_lets_nobody_leave(district):
    load(district, V1P1)
    manifest = V1P1["manifest.csv"].replace("file.users,bulk", "file.users,absent")
    manifest = manifest.replace("file.enrollments,bulk", "file.enrollments,absent")
    files = {k: v for k, v in V1P1.items() if k not in ("users.csv", "enrollments.csv")} | {"manifest.csv": manifest}
    assert load(district, files).is_unchanged


def test_enrollments_alone_meet_people_who_are_known(district):
    load(district, V1P1)
    manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.enrollments,bulk\n"
    rows = V1P1["enrollments.csv"] + "e4,,,k9,s1,u2,student,false,2026-08-24,\n"
    files = {"manifest.csv": manifest, "enrollments.csv": V1P1["enrollments.csv"]}
    assert load(district, files).is_unchanged
    with pytest.raises(RosterRefused) as refused:
        load(district, files | {"enrollments.csv": rows})
    assert [(p.code, p.place) for p in refused.value.plan.roster.blocking] == [
        ("dangling", "enrollments.csv:5 classSourcedId")
    ]


def test_student_enrolled_as_teacher_is_refused(district):
    with pytest.raises(RosterRefused) as refused:
        load(district, changed(V1P1, "enrollments.csv", "u2,student", "u2,teacher"))
    assert [(p.code, p.place) for p in refused.value.plan.roster.blocking] == [("other_role", "enrollments.csv:3 role")]


def test_second_teacher_is_a_co_teacher(district):
    files = changed(V1P1, "users.csv", "u4,,,", "u5,,,true,s1,teacher,lee,,Sam,Lee,,,,,,,,\nu4,,,")
    files = changed(files, "enrollments.csv", "e2,,,", "e5,,,k1,s1,u5,teacher,false,2026-08-24,\ne2,,,")
    load(district, files)
    roles = dict(Enrollment.objects.of_staff().values_list("account__key", "role"))
    assert roles == {"u1": "teacher", "u5": "co_teacher"}


def test_class_without_a_course_gets_one_of_its_own(district):
    files = changed(V1P1, "classes.csv", "05,c1,5MM", "05,,5MM")
    found = load(district, files)
    assert Section.objects.get().course.title == "5 Maple Math"
    assert [p.code for p in found.roster.problems] == ["own_course"]
    assert load(district, files).is_unchanged


def test_two_districts_with_the_same_keys_keep_apart(district):
    load(district, V1P1)
    other = make_district()
    with district_scope(other.pk):
        load(other, V1P1)
        assert Learner.objects.count() == 2
        assert load(other, V1P1).is_unchanged
    assert Learner.objects.count() == 2


def test_listeners_hear_of_learners_whose_place_has_changed(district):
    told = []
    listener = lambda ids, roster_ids, ahead, zone: told.append((ids, roster_ids, ahead))
    load(district, V1P1)
    enrollments_changed.listen(listener)
    try:
        load(district, V1P1)
        assert told == []
        load(district, changed(V1P1, "enrollments.csv", "2026-12-18", "2190-01-29"))
        keanu, roster = Learner.objects.get(key="u3"), Roster.objects.get()
        assert told == [([keanu.pk], [roster.pk], {date(2190, 1, 30): Turns({keanu.pk}, {roster.pk})})]
    finally:
        enrollments_changed._functions.remove(listener)


def test_learner_who_moves_school_gives_the_number_back(district):
    load(district, V1P1)
    Learner.objects.filter(key="u3").update(number="1234")
    neighbour = make_learner(make_school(district, key="s2"), number="1234")
    files = changed(V1P1, "orgs.csv", "s1,,,Maple", "s2,,,Oak School,school,,d1\ns1,,,Maple")
    files = changed(files, "users.csv", "u3,,,true,s1", "u3,,,true,s2")
    load(district, files)
    moved = Learner.objects.get(key="u3")
    assert (moved.home_school.key, moved.number) == ("s2", None)
    neighbour.refresh_from_db()
    assert neighbour.number == "1234"


def test_five_thousand_people_need_a_tenth_of_a_statement_each(district):
    files = crowd(5000)
    roster = read_roster(zipped(files))
    with assert_statements(at_most=500) as captured:
        import_roster(roster, district=district)
    assert Learner.objects.count() == 5002
    assert len(statements(captured)) < 100


# docs/rosters.md, "Packages tried": (code, place) of what has to be settled; [] is accepted.
TRIED = {
    "samples/lepo_en_v1p1": [("other_role", f"enrollments.csv:{line} role") for line in range(2, 7)],
    "samples/lepo_en_v1p1/oneroster.zip": [("other_role", f"enrollments.csv:{line} role") for line in range(2, 7)],
    "samples/catalyst_Test_minimal_data_set.zip": [
        ("other_role", "enrollments.csv:3 role"),
        ("other_role", "enrollments.csv:6 role"),
    ],
    "samples/catalyst_Test_full_data_set.zip": [("other_role", "enrollments.csv:3 role")],
    "samples/nicelion_headers_only_v1p1": [],
    "samples/oat_v1p1": [("dangling", f"classes.csv:{line} termSourcedIds") for line in (2, 3, 4)],
    "valid_v1p2/full_bulk_package": [],
    "valid_v1p2/gradebook_bulk_package": [],
    "valid_v1p2/rostering_bulk_package": [],
    "valid_v1p2/manifest_only_package": [],
    "valid_v1p2/gradebook_delta_package": [],
    "valid_v1p2/resources_delta_package": [],
}


@needs_samples
@pytest.mark.parametrize("path", TRIED)
def test_package_is_accepted_or_refused_as_the_table_says(district, path):
    try:
        import_roster(read_roster(SAMPLES.parent / path), district=district)
        found = []
    except RosterRefused as refused:
        found = [(problem.code, problem.place) for problem in refused.plan.roster.blocking]
    assert found == TRIED[path]


@needs_samples
def test_mock_roster_comes_in_whole_and_again_changes_nothing(district):
    first = import_roster(read_roster(SAMPLES / "mockroster_v1p1"), district=district)
    found = (
        School.objects.count(),
        Learner.objects.count(),
        Account.objects.filter(kind=Account.Kind.STAFF).count(),
        Section.objects.count(),
        Course.objects.count(),
        Enrollment.objects.count(),
    )
    assert found == (2, 292, 8, 84, 42, 4200)
    assert first.count("new") == 2 + 3 + 42 + 84 + 300 + 4200
    assert import_roster(read_roster(SAMPLES / "mockroster_v1p1"), district=district).is_unchanged
