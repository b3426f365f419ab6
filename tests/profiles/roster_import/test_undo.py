"""An import is put back for 30 days: what nobody has changed since, and nothing that anybody has made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Evidence
from lrm.changes import enrollments_changed
from lrm.scope import district_scope
from profiles.models import (
    Account,
    Enrollment,
    ImportedRows,
    Learner,
    RosterAct,
    RosterChange,
    RosterImport,
    Section,
)
from profiles.services.roster_import import undoing
from tests.factories.assessments import make_assessment, make_result
from tests.factories.paths import make_goal
from tests.factories.profiles import make_district, make_district_admin
from tests.factories.standards import make_framework, make_standard
from tests.profiles.oneroster.packages import V1P1, changed
from tests.profiles.roster_import.test_deltas import MONDAY, delta, place, student
from tests.profiles.roster_import.test_importing import everything, load

pytestmark = pytest.mark.django_db
CHANGES = changed(
    changed(
        changed(V1P1, "users.csv", "Keanu,Ioane", "Keanu,Kealoha"),
        "users.csv",
        V1P1["users.csv"].splitlines()[2] + "\n",
        "u9,,,true,s1,student,kim,,Kim,Park,,,kim@lakeside.example,,,,05,\n",
    ),
    "enrollments.csv",
    V1P1["enrollments.csv"].splitlines()[2] + "\n",
    "e9,,,k1,s1,u9,student,false,2026-09-01,\n",
)
CHANGES = changed(CHANGES, "users.csv", ",u2,,\n", ",,,\n")


@pytest.fixture
def district():
    district = make_district()
    with district_scope(district.pk):
        yield district


def newest():
    return RosterImport.objects.order_by("-pk")[0]


def put_back(by=None):
    return undoing.undo(newest(), by=by)


def test_undo_puts_everything_back(district):
    load(district, V1P1)
    before = everything()
    load(district, CHANGES)
    seen = undoing.look_at_undo(newest())
    done = put_back()
    assert everything() == before
    assert (seen.counts, seen.left, seen.ended) == (done.counts, [], [])


def test_undo_of_the_first_import_leaves_nobody_behind(district):
    before = everything()
    load(district, V1P1)
    put_back()
    assert everything() == before
    load(district, V1P1)
    assert Learner.objects.count() == 2


def test_undo_of_a_delta_lets_the_same_delta_in_again(district):
    load(district, V1P1)
    before = everything()
    files = delta(
        users=[student("u3", "Kai"), f"u2,tobedeleted,{MONDAY},,,,,,,,,,,,,,,"], enrollments=[place("e3", "u3")]
    )
    load(district, files)
    after = everything()
    put_back()
    assert everything() == before
    load(district, files)
    assert [len(rows) for rows in everything()] == [len(rows) for rows in after]
    assert Learner.objects.get(key="u3").given_name == "Kai"


def test_row_that_was_changed_since_is_left_and_listed(district):
    load(district, V1P1)
    load(district, CHANGES)
    keanu = Learner.objects.get(key="u3")
    Learner.objects.filter(pk=keanu.pk).update(preferred_name="Kea")
    done = put_back()
    assert done.left == [("learners", keanu.pk, "changed")]
    keanu.refresh_from_db()
    assert (keanu.family_name, keanu.preferred_name) == ("Kealoha", "Kea")
    assert not Learner.objects.filter(key="u9").exists()
    assert newest().undo_summary["left"] == 1


def test_learner_with_work_stays_with_all_of_it_and_leaves_the_class(district):
    load(district, V1P1)
    load(district, CHANGES)
    kim, section = Learner.objects.get(key="u9"), Section.objects.get()
    standard = make_standard(make_framework(district))
    evidence = make_result(make_assessment(section, [standard]), kim, standard, 3)
    goal = make_goal(kim)
    done = put_back()
    kim.refresh_from_db()
    assert (kim.left_on is None, kim.account.is_active) == (False, False)
    assert kim.enrollments.get().ends_on < timezone.localdate()
    assert list(Evidence._base_manager.filter(learner=kim).values_list("pk", flat=True)) == [evidence.pk]
    goal.refresh_from_db()
    assert ("learners", kim.pk) in done.ended


def test_address_that_somebody_else_has_by_now_is_left(district):
    load(district, V1P1)
    load(district, changed(V1P1, "users.csv", "rosa@lakeside.example", "delgado@lakeside.example"))
    rosa = Account.objects.get(key="u1")
    make_district_admin(district, email="ROSA@lakeside.example")
    assert put_back().left == [("accounts", rosa.pk, "in_the_way")]
    rosa.refresh_from_db()
    assert rosa.email == "delgado@lakeside.example"


def test_place_that_a_teacher_has_given_again_by_hand_is_left(district):
    load(district, V1P1)
    load(district, CHANGES)
    ana, roster = Learner.objects.get(key="u2"), Section.objects.get().roster
    Enrollment.objects.create(roster=roster, learner=ana, role="learner", starts_on=timezone.localdate())
    left = put_back().left
    assert [(what, why) for what, _pk, why in left] == [("enrollments", "in_the_way")]
    assert ana.enrollments.filter(ends_on__isnull=True).count() == 1


def test_later_import_is_not_overwritten(district):
    load(district, V1P1)
    load(district, CHANGES)
    first = newest()
    load(district, changed(CHANGES, "users.csv", "Kealoha", "Kahale"))
    undoing.undo(first, by=None)
    assert Learner.objects.get(key="u3").family_name == "Kahale"
    assert Learner.objects.get(key="u2").left_on is None


def test_place_that_a_step_by_hand_remembers_ends_and_stays(district):
    load(district, V1P1)
    load(district, CHANGES)
    place = Enrollment.objects.get(key="e9")
    act = RosterAct._base_manager.create(district=district, kind=RosterAct.Kind.STAFF_ADD)
    RosterChange._base_manager.create(act=act, enrollment=place, after={})
    done = put_back()
    place.refresh_from_db()
    assert (place.ends_on < timezone.localdate(), ("enrollments", place.pk) in done.ended) == (True, True)


def test_undo_is_done_once_and_by_somebody(district):
    load(district, V1P1)
    admin = make_district_admin(district)
    put_back(by=admin)
    row = newest()
    assert (row.undone_by, row.undone_at is None, ImportedRows.objects.count()) == (admin, False, 0)
    with pytest.raises(undoing.UndoRefused, match="undone already"):
        put_back()


def test_import_of_a_month_ago_cannot_be_undone_and_keeps_nothing(district):
    load(district, V1P1)
    load(district, CHANGES)
    old = newest()
    RosterImport.objects.filter(pk=old.pk).update(applied_at=timezone.now() - timedelta(days=31))
    old.refresh_from_db()
    assert undoing.forget_old() == 1
    assert set(ImportedRows.objects.values_list("roster_import", flat=True)) == {old.pk - 1}
    with pytest.raises(undoing.UndoRefused, match="30 days"):
        undoing.undo(old, by=None)


def test_undo_tells_those_who_keep_something_by_class_lists(district):
    load(district, V1P1)
    load(district, CHANGES)
    told = []
    listener = lambda ids, roster_ids, ahead, zone: told.append((ids, roster_ids))
    keanu, ana = Learner.objects.get(key="u3"), Learner.objects.get(key="u2")
    enrollments_changed.listen(listener)
    try:
        put_back()
    finally:
        enrollments_changed._functions.remove(listener)
    assert told == [(sorted([ana.pk, keanu.pk]), [Section.objects.get().roster_id])]
