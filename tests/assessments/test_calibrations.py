"""Calibrations as policy events: proposed at night, in force from a day on, named by what is stored."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.mastery.events import NONE
from assessments.mastery.scale import DEFAULT_SCALE
from assessments.mastery.tree import DEFAULT_OFFSET
from assessments.models import (
    CalibrationRun,
    CalibrationStart,
    CalibrationVersion,
    Mastery,
    MasteryDay,
    MasteryPolicy,
    ModelState,
    RosterVersion,
    StaleMark,
    StaleSection,
)
from assessments.services import calibrating, calibrations, outbox, rebuilding
from assessments.services.histories import read_pairs
from assessments.services.policies import Policies
from assessments.services.policy_changes import begin_policy
from assessments.services.receipts import read_account, read_sureness
from lrm.scope import district_scope
from profiles.models import AcademicSession
from tests.factories.assessments import days_ago, give, give_all, make_assessment, work_off
from tests.factories.profiles import enroll, make_district_admin, make_learner, make_section
from tests.factories.standards import make_framework, make_standard, make_subject

QUESTIONS = [uuid.UUID(int=number << 64 | 7) for number in (1, 2)]


@pytest.fixture
def scene(db):
    """Twelve learners on an easy and a hard standard, the hard one by two questions of a quiz given twice."""
    return make_scene()


def make_scene():
    section = make_section()
    framework = make_framework(section.district)
    easy, hard = make_standard(framework), make_standard(framework)
    learners = [make_learner(section.roster.school) for _ in range(12)]
    for learner in learners:
        enroll(learner, section.roster)
    for days in (9, 2):
        marks = make_assessment(section, [easy], given_on=days_ago(days).date())
        quiz = make_assessment(section, [hard], given_on=days_ago(days).date(), scale="points", points_possible=2)
        give_all(marks, [(learner, easy, 4) for learner in learners])
        for number, question in enumerate(QUESTIONS):
            correct = [number == 0 and place % 4 == 0 for place in range(12)]
            give_all(
                quiz,
                [(learner, hard, 2 * right) for learner, right in zip(learners, correct, strict=True)],
                item=question,
            )
    work_off()
    return section, easy, hard, learners


def tonight(section, hour=3):
    zone = ZoneInfo(section.district.time_zone)
    return timezone.localtime(timezone=zone).replace(hour=hour)


def calibrate(section, subject):
    with district_scope(section.district_id):
        return calibrating.calibrate_subject(section.district, subject, today=tonight(section).date())


def test_questions_reach_the_engine_as_numbers(scene):
    _section, easy, hard, learners = scene
    rows = read_pairs([(one.pk, hard.subject_id) for one in learners[:2]], ZoneInfo("UTC")).rows
    of_hard = rows.take(rows.standard == hard.pk)
    first, second = (of_hard.item[of_hard.learner == one.pk].tolist() for one in learners[:2])
    assert first == second
    assert len(set(first)) == len(first) == 4  # the same question of another assessment is another
    assert (of_hard.item >= 0).all()
    assert set(rows.item[rows.standard == easy.pk].tolist()) == {NONE}


def test_first_calibration_starts_by_itself_and_moves_no_shown_level(scene):
    section, easy, hard, _learners = scene
    with district_scope(section.district_id):
        before = list(Mastery.objects.order_by("pk").values_list("pk", "value_micro", "shown_level", "method_version"))
        assert calibrating.calibrate_due(section.district, now=tonight(section, hour=1)) == []
        assert calibrating.calibrate_due(section.district, now=tonight(section)) == [easy.subject_id]
        assert calibrating.calibrate_due(section.district, now=tonight(section, hour=4)) == []
        work_off()
        event = CalibrationStart.objects.get()
        version = calibrations.load(event.calibration_id)
        assert (event.reason, event.starts_on) == ("new", timezone.localdate())
        assert version.standard.tolist() == [easy.pk, hard.pk]
        assert version.offset[0] > DEFAULT_OFFSET > version.offset[1]
        assert version.has_items.tolist() == [False, True]
        assert len(version.item) == 4
        assert set(ModelState.objects.values_list("version", flat=True)) == {f"t1-{version.version}"}
        after = list(Mastery.objects.order_by("pk").values_list("pk", "value_micro", "shown_level", "method_version"))
        assert after == before


def test_how_sure_tells_what_learners_here_usually_get(scene):
    section, _easy, hard, learners = scene
    with district_scope(section.district_id):
        account = read_account(learners[0], hard)
        before = read_sureness(learners[0], hard, account).usually_micro
        calibrate(section, hard.subject)
        account = read_account(learners[0], hard)
        after = read_sureness(learners[0], hard, account).usually_micro
        assert after < before


def test_standard_with_few_results_waits_for_more(scene):
    section, easy, _hard, learners = scene
    with district_scope(section.district_id):
        rare = make_standard(easy.framework)
        for learner in learners[:9]:
            give(make_assessment(section, [rare]), learner, rare, 1)
        work_off()
        candidate = calibrate(section, easy.subject)
        assert rare.pk in candidate.standards
        assert rare.pk not in CalibrationStart.objects.get().calibration.standards


def test_new_standard_is_adopted_at_once_and_others_keep_their_numbers(scene):
    section, easy, hard, learners = scene
    with district_scope(section.district_id):
        calibrate(section, easy.subject)
        later = make_standard(easy.framework)
        for days in (1, 0):
            assessment = make_assessment(section, [later], given_on=days_ago(days).date())
            for learner in learners:
                give(assessment, learner, later, 2)
        work_off()
        calibrate(section, easy.subject)
        first, second = (calibrations.load(one.calibration_id) for one in CalibrationStart.objects.order_by("pk"))
        assert second.standard.tolist() == [easy.pk, hard.pk, later.pk]
        assert second.offset[:2].tolist() == first.offset.tolist()
        again = calibrate(section, easy.subject)
        assert CalibrationStart.objects.count() == 2
        # Candidates that never started are dropped, all but the newest.
        kept = set(CalibrationVersion.objects.filter(starts=None).values_list("pk", flat=True))
        assert kept == {again.pk} == {CalibrationRun.objects.get().candidate_id}


def test_term_begins_with_the_candidate_of_the_night_before(scene):
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        calibrate(section, easy.subject)
        tomorrow = timezone.localdate() + timedelta(days=1)
        AcademicSession.objects.create(
            district=section.district, key="winter", title="Winter", kind="term", school_year=tomorrow.year,
            starts_on=tomorrow, ends_on=tomorrow + timedelta(days=60),
        )  # fmt: skip
        candidate = calibrate(section, easy.subject)
        event = CalibrationStart.objects.order_by("pk").last()
        assert (event.reason, event.starts_on, event.calibration_id) == ("term", tomorrow, candidate.pk)
        policies = Policies(section.district_id)
        assert policies.calibration(easy.subject_id, tomorrow).version == candidate.version
        assert policies.calibration(easy.subject_id, timezone.localdate()).version != candidate.version
        assert policies.next_change(timezone.localdate()) == tomorrow
        calibrate(section, easy.subject)
        assert CalibrationStart.objects.count() == 2


def test_command_says_what_is_wrong(scene):
    section, easy, _hard, _learners = scene
    for words, why in (
        (["--start", "2026-01-01"], "--subject"),
        (["--subject", "rowing"], "no subject"),
        (["--subject", easy.subject.key], "Nothing is proposed"),
        (["--now", "--subject", easy.subject.key, "--start", days_ago(1).date().isoformat()], "closed days"),
    ):
        with pytest.raises(CommandError, match=why):
            call_command("calibrate", section.district.key, *words)


def test_closed_day_refuses_a_start_and_a_version_stays_as_it_is(scene):
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        candidate = calibrate(section, easy.subject)
        with pytest.raises(calibrations.StartRefused):
            calibrations.start_version(candidate, starts_on=days_ago(1).date())
        for row in (candidate, CalibrationStart.objects.get()):
            with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
                row.save()


@pytest.mark.django_db(transaction=True)
def test_tree_as_level_method_waits_for_a_person_and_keeps_closed_days():
    section, easy, hard, learners = make_scene()

    def said(*words):
        out = StringIO()
        call_command("calibrate", section.district.key, *words, stdout=out)
        return out.getvalue()

    with district_scope(section.district_id):
        MasteryPolicy.objects.create(district=section.district, starts_on=days_ago(30).date(), method="tree")
        rebuilding.rebuild(section.district)
        before = list(MasteryDay.objects.order_by("pk").values_list("pk", "value_micro", "method_version"))
        candidate = calibrate(section, easy.subject)
        assert not CalibrationStart.objects.exists()
        levels = dict(Mastery.objects.values_list("pk", "shown_level"))
        out = said("--subject", "mathematics")
        assert f"in force: the defaults; proposed: {candidate.version} of {timezone.localdate()}." in out
        assert not CalibrationStart.objects.exists()
        started = said("--subject", "mathematics", "--start", timezone.localdate().isoformat())
        assert started == out + f"{candidate.version} counts from {timezone.localdate()} on.\n"
        work_off()
        changed = [pk for pk, level in Mastery.objects.values_list("pk", "shown_level") if level != levels[pk]]
        assert changed
        assert f"It would change {len(changed)} levels, of {len({one for one, _ in changed})} of 12 students." in out
        assert set(Mastery.objects.values_list("method_version", flat=True)) == {f"1-{candidate.version}"}
        closed = MasteryDay.objects.filter(day__lt=timezone.localdate()).order_by("pk")
        assert list(closed.values_list("pk", "value_micro", "method_version")) == before
        assert rebuilding.check(section.district).lines == []
        account = read_account(learners[0], hard)
        assert account.is_current
        assert account.receipt.stamp["parameters"]["calibration"] == candidate.version
        row = Mastery.objects.get(learner=learners[0], standard=hard)
        assert row.value_micro == account.receipt.value_micro
        assert datetime.now(tz=ZoneInfo("UTC")) >= row.computed_at


def test_night_with_nothing_new_starts_nothing(db):
    """Item results there are, but no question of enough learners; what the items say as a whole moves all the same."""
    section = make_section()
    standard = make_standard(make_framework(section.district))
    learners = [make_learner(section.roster.school) for _ in range(12)]
    for learner in learners:
        enroll(learner, section.roster)
    for days, starts in ((9, 0), (6, 1), (2, 1)):
        quiz = make_assessment(section, [standard], given_on=days_ago(days).date(), scale="points", points_possible=2)
        for place, learner in enumerate(learners):
            question = uuid.UUID(int=(place // 6 + 1) << 64 | 7)
            give(quiz, learner, standard, 2 * (place % 4 == days % 4), item=question)
        work_off()
        calibrate(section, standard.subject)
        with district_scope(section.district_id):
            assert CalibrationStart.objects.count() == starts


def test_subject_that_raises_leaves_the_others_their_night(scene):
    section, easy, _hard, learners = scene
    with district_scope(section.district_id):
        broken = make_standard(make_framework(section.district), subject=make_subject(section.district, "English"))
        give(make_assessment(section, [broken]), learners[0], broken, 2)
        work_off()
        nonsense = CalibrationVersion.objects.create(
            subject=broken.subject, version="nonsense", standards=[broken.pk], offsets=[], has_items=[], items=[],
            difficulties=[], difficulty_variances=[], item_variance=0.6,
        )  # fmt: skip
        CalibrationRun.objects.create(subject=broken.subject, candidate=nonsense, day=days_ago(1).date())
        assert calibrating.calibrate_due(section.district, now=tonight(section)) == [easy.subject_id]


def test_calibration_marks_learners_whose_first_state_is_being_computed(scene):
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        newcomer = make_learner(section.roster.school)
        outbox.mark_stale([newcomer.pk], [easy.pk])
        calibrate(section, easy.subject)
        marks = StaleMark.objects.filter(learner_id=newcomer.pk, subject_id=easy.subject_id)
        assert list(marks.order_by("pk").values_list("lane", flat=True)) == [StaleMark.Lane.LIVE, StaleMark.Lane.BULK]
        calibrations.start_version(CalibrationVersion.objects.first(), starts_on=timezone.localdate())
        assert marks.count() == 3


def test_calibration_that_starts_makes_groups_anew_and_moves_the_wall(scene):
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        StaleSection.objects.all().delete()
        before = RosterVersion.objects.get(roster=section.roster_id).version
        calibrate(section, easy.subject)
        work_off()
        assert RosterVersion.objects.get(roster=section.roster_id).version == before + 1
        assert list(StaleSection.objects.values_list("section_id", flat=True)) == [section.pk]


def test_ledger_in_parts_knows_the_same_standards_and_questions(scene, monkeypatch):
    section, easy, hard, _learners = scene
    with district_scope(section.district_id):
        ledger = calibrating._Ledger(section.district, easy.subject, DEFAULT_SCALE, since=days_ago(5).date())
        standards, items = ledger.well_known()
        assert (standards, len(items)) == ([easy.pk, hard.pk], 4)
        monkeypatch.setattr(calibrating, "LEARNERS_AT_ONCE", 5)
        assert ledger.well_known() == (standards, items)
        assert len(ledger.asked_lately) == 2  # of four, asked nine days and two days ago


def test_question_that_was_not_asked_for_a_year_is_left_out_of_a_new_version(scene):
    section, _easy, hard, learners = scene
    quiz = make_assessment(section, [hard], given_on=days_ago(800).date(), scale="points", points_possible=2)
    for learner in learners:
        give(quiz, learner, hard, 1, item=QUESTIONS[0])
    work_off()
    with district_scope(section.district_id):
        calibrate(section, hard.subject)
        assert [len(version.items) for version in CalibrationVersion.objects.all()] == [4]


def test_offsets_are_read_without_questions(scene):
    section, easy, hard, _learners = scene
    with district_scope(section.district_id):
        calibrate(section, hard.subject)
        whole = Policies(section.district_id).on(hard.framework_id, timezone.localdate())
        alone = whole.offsets(hard.subject_id)
        pair = [easy.pk, hard.pk]
        assert alone.offsets(pair).tolist() == whole.calibration(hard.subject_id).offsets(pair).tolist()
        assert (len(alone.item), len(whole.calibration(hard.subject_id).item)) == (0, 4)


def test_policy_of_the_tree_calls_off_the_start_with_the_term(scene):
    section, easy, _hard, _learners = scene
    with district_scope(section.district_id):
        calibrate(section, easy.subject)
        tomorrow = timezone.localdate() + timedelta(days=1)
        candidate = CalibrationVersion.objects.first()
        for reason in ("term", "chosen"):
            calibrations.start_version(candidate, starts_on=tomorrow, reason=reason)
        policy = MasteryPolicy(
            district=section.district, starts_on=tomorrow, method="tree", newest_weight=Decimal("0.65"), times=3,
            whole=False,
        )  # fmt: skip
        begin_policy(policy, by=make_district_admin(section.district))
        assert list(CalibrationStart.objects.order_by("pk").values_list("reason", flat=True)) == ["new", "chosen"]
