"""The demo school as it stands in the database: two classes, made once for all tests of this file."""

import json

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment, Evidence, Group, GroupSuggestion, Publication
from assessments.services.closings import read_rounds
from lrm.scope import district_scope
from paths.demo.entry import ENTRY_ROLES, PASSWORD, account_for
from paths.demo.removal import remove_demo
from paths.demo.seeding.build import build
from paths.demo.seeding.plan import SIZES
from paths.models import (
    Artifact,
    CheckIn,
    Goal,
    GoalStep,
    ImpactQuestion,
    Message,
    Path,
    Reflection,
    Step,
    Talk,
    WhyText,
)
from profiles.models import (
    Account,
    District,
    Enrollment,
    Guardianship,
    Learner,
    ProfileEntry,
    Roster,
    Section,
    StaffNote,
    Support,
)
from profiles.services.class_codes import learner_with
from tests.factories.profiles import make_district
from tests.paths.demo.says import demo

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]  # the school is made once


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = build(size="small")
    yield made
    with django_db_blocker.unblock():
        remove_demo()


@pytest.fixture
def scene(school, db):
    with district_scope(school.district.pk):
        yield school


def test_full_size_is_500_learners_in_20_homerooms_of_two_schools():
    rooms = SIZES["full"]
    assert (len(rooms), sum(room.learners for room in rooms)) == (20, 500)
    assert {(room.school, room.grade) for room in rooms} == {(s, g) for s in (0, 1) for g in range(3, 9)}
    assert [room.learners for room in rooms if room.is_main] == [28]


def test_small_demo_has_two_rooms_whose_roster_serves_both_subjects(scene):
    rosters = {roster.title: roster for roster in Roster.objects.all()}
    assert sorted(rosters) == ["5 Heron", "6 Avocet"]
    assert sorted(Section.objects.values_list("roster__title", "course__subject")) == [
        ("5 Heron", "English"),
        ("5 Heron", "Mathematics"),
        ("6 Avocet", "English"),
        ("6 Avocet", "Mathematics"),
    ]
    enrolled = Enrollment.objects.of_learners().values_list("roster__title", flat=True)
    assert sorted(enrolled) == ["5 Heron"] * 12 + ["6 Avocet"] * 8


def test_real_district_is_refused_beside_the_demo(scene):
    with pytest.raises(IntegrityError, match="never shares a database with real data"), transaction.atomic():
        make_district()
    assert District.objects.count() == 1


def test_nothing_of_the_demo_lies_in_the_future_or_before_the_learner_came(scene):
    now = timezone.now()
    came = dict(Enrollment.objects.of_learners().values_list("learner_id", "starts_on"))
    dated = {
        "evidence": Evidence.objects.values_list("learner_id", "observed_at"),
        "entries": ProfileEntry.objects.values_list("learner_id", "created_at"),
        "goals": Goal.objects.values_list("learner_id", "created_at"),
        "agreed": Goal.objects.filter(agreed_at__isnull=False).values_list("learner_id", "agreed_at"),
        "goal steps": GoalStep.objects.filter(done_at__isnull=False).values_list("goal__learner_id", "done_at"),
        "check-ins": CheckIn.objects.values_list("goal__learner_id", "at"),
        "answers": CheckIn.objects.filter(replied_at__isnull=False).values_list("goal__learner_id", "replied_at"),
        "reflections": Reflection.objects.values_list("goal__learner_id", "at"),
        "paths": Path.objects.values_list("learner_id", "created_at"),
        "talks": Talk.objects.values_list("learner_id", "created_at"),
        "messages": Message.objects.values_list("talk__learner_id", "at"),
        "supports": Support.objects.values_list("learner_id", "created_at"),
        "work": Artifact.objects.values_list("learner_id", "created_at"),
        "staff notes": StaffNote.objects.values_list("learner_id", "created_at"),
        "steps": Step.objects.filter(done_at__isnull=False).values_list("path__learner_id", "done_at"),
    }
    assert all(len(rows) > 0 for rows in dated.values())
    wrong = [
        (what, learner, at)
        for what, rows in dated.items()
        for learner, at in rows
        if at > now or at.date() < came[learner]
    ]
    assert wrong == []


def test_pages_of_supports_the_why_and_talks_about_work_are_not_empty(scene):
    student = account_for("student")
    about_work = Talk.objects.get(learner__account=student, artifact__isnull=False)

    assert about_work.with_family is True
    assert about_work.widenings.get().at is not None
    assert (bool(WhyText.objects.get().goals), WhyText.objects.get().levels) == (True, "")
    assert not Support.objects.exclude(agreed_on=None).filter(agreed_with="").exists()
    for room in scene.rooms:
        assert Support.objects.filter(learner__in=room.learners, ends_on=None).count() == 3


def test_history_of_a_goal_runs_forwards(scene):
    for goal in Goal.objects.exclude(state=Goal.State.DRAFT):
        moments = [goal.created_at, goal.agreed_at, goal.achieved_at, goal.confirmed_at]
        passed = [moment for moment in moments if moment]
        assert passed == sorted(passed), goal.uuid
        assert goal.revisions.order_by("at").first().what_changed == "written"
        assert (goal.state == Goal.State.ACHIEVED) == (goal.achieved_at is not None)


def test_every_learner_has_a_guardian_and_children_of_one_family_share_them(scene):
    without = Learner.objects.exclude(pk__in=Guardianship.objects.values("learner_id"))
    assert list(without) == []
    by_name = {}
    for account, learner in Guardianship.objects.values_list("account_id", "learner__family_name"):
        by_name.setdefault(account, set()).add(learner)
    assert {len(names) for names in by_name.values()} == {1}


def test_accounts_as_json_open_the_doors_that_they_name(scene):
    listed = {row["role"]: row for row in json.loads(demo("--accounts", "--json"))}
    assert list(listed) == [*ENTRY_ROLES, "district"]
    for role in ("teacher", "family", "principal", "district"):
        account = Account.objects.get_by_natural_key(listed[role]["email"])
        assert (account.name, account.is_active) == (listed[role]["name"], True)
        assert check_password(listed[role]["password"], account.password)
    student = listed["student"]
    learner = learner_with(class_code=student["class_code"], number=student["number"], now=timezone.now())
    assert (learner.name, student["email"], student["password"]) == (student["name"], "", "")


def test_accounts_as_text_name_the_password_and_the_class_code(scene):
    lines = demo("--accounts").splitlines()
    assert [line.split()[0] for line in lines] == [*ENTRY_ROLES, "district"]
    assert lines[0].endswith(f"password: {PASSWORD}")
    assert f"class code {Roster.objects.get(title='5 Heron').class_code}, number" in lines[1]


def test_entry_accounts_see_what_their_role_sees(scene):
    teacher, student, family, principal = (account_for(role) for role in ENTRY_ROLES)
    room = Roster.objects.get(title="5 Heron")
    assert set(Section.objects.taught_by(teacher).values_list("roster_id", flat=True)) == {room.pk}
    assert Learner.objects.visible_to(teacher).count() == 12
    assert list(Learner.objects.visible_to(student)) == [student.learner]
    assert student.learner in Learner.objects.visible_to(family)
    assert Learner.objects.visible_to(principal).count() == 20
    assert set(student.learner.enrollments.values_list("roster_id", flat=True)) == {room.pk}


def test_demo_student_has_a_story_to_show(scene):
    learner = account_for("student").learner
    states = set(learner.goals.values_list("state", flat=True))
    assert {"live", "achieved"} <= states
    live = learner.goals.get(state=Goal.State.LIVE)
    assert live.agreed_at is not None
    assert live.check_ins.count() >= 1
    assert learner.paths.filter(goal=live).count() == 1
    assert set(learner.profile_entries.values_list("kind", flat=True)) == set(ProfileEntry.Kind.values)


def test_an_exit_ticket_waits_for_the_demo_teacher_today(scene):
    waiting = Assessment.objects.get(given_on=scene.today)
    assert waiting.section.roster.title == "5 Heron"
    assert (waiting.columns.count(), waiting.evidence.count()) == (2, 0)
    assert all(len(column.rubric) == 4 for column in waiting.columns.all())


def test_publication_of_today_waits_for_the_demo_principal(scene):
    assert Publication.objects.filter(day=scene.today).count() == 1


def test_groups_of_the_demo_teacher_are_over_running_and_suggested(scene):
    section = Section.objects.get(title="5 Heron Math")
    accepted = GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.ACCEPTED)
    assert accepted.count() == 2
    assert GroupSuggestion.objects.filter(section=section, state=GroupSuggestion.State.CURRENT).count() == 1
    groups = Group.objects.filter(section=section)
    over, running = groups.filter(closed_at__isnull=False), groups.filter(closed_at__isnull=True)
    assert {group.ends_on < scene.today for group in over} == {True}
    to_close = [group for group in running if group.ends_on < scene.today]
    assert [group.suggestion.groups.last() for group in to_close] == to_close
    assert len(to_close) == 1
    rounds, _more = read_rounds(section, today=scene.today)
    assert [len(found.to_close) for found in rounds] == [1, 0]
    assert rounds[1].closing.tried_again > 0
    staff = {e.account.name for e in Enrollment.objects.of_staff().filter(roster=section.roster)}
    assert {group.adult for group in groups} - {""} <= staff
    for suggestion in accepted:
        members = [
            learner
            for group in suggestion.groups.all()
            for learner in group.members.values_list("learner_id", flat=True)
        ]
        assert len(set(members)) == len(members) > 0
        assert set(members) <= {
            learner.pk for learner in Learner.objects.enrolled_in(section.roster_id, on=scene.today)
        }


def test_entry_account_of_no_role_is_none(school):
    assert account_for("teacher") is not None
    assert account_for("district") is None


def test_principal_has_asked_and_two_classes_are_too_few_for_an_answer(scene):
    asked = ImpactQuestion.objects.order_by("asked_at")
    assert [(question.about, question.is_answered) for question in asked] == [("supports", True), ("groups", True)]
    assert all(question.answer["refused"] for question in asked)  # the full demo has an answer to the second
