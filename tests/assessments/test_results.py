"""Recording results: races are told with both values, nothing is stored when something is wrong."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Evidence, Mastery, StaleMark
from assessments.services.entering import Outcome, Typed, stood_already
from assessments.services.errors import (
    AlreadyReplaced,
    NotAssessed,
    NotEnrolled,
    NotYetObserved,
    ScoreOutOfRange,
    Tip,
)
from assessments.services.ledger import ANYTHING, Entry, Kind
from assessments.services.results import record_results, record_sittings
from lrm.scope import district_scope, unscoped
from tests.factories.assessments import entry, give, make_assessment, work_off
from tests.factories.profiles import enroll, make_learner, make_roster, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard


def make_scene():
    section = make_section()
    standard = make_standard(make_framework(section.district))
    learner = make_learner(section.roster.school)
    enroll(learner, section.roster)
    return make_assessment(section, [standard]), learner, standard


@pytest.fixture
def scene(db):
    with unscoped("tests read what was written"):
        yield make_scene()


def test_same_value_twice_appends_once(scene):
    assessment, learner, standard = scene
    rows = [entry(learner, standard, 3)]
    assert len(record_results(assessment=assessment, entries=rows, by=None)) == 1
    assert record_results(assessment=assessment, entries=rows, by=None) == []
    assert Evidence.objects.count() == 1


def test_other_value_over_an_unseen_one_is_refused_with_both(scene):
    assessment, learner, standard = scene
    teacher = make_teacher(assessment.section.roster, given_name="Jo", family_name="Lee")
    first = give(assessment, learner, standard, 3, by=teacher)
    with pytest.raises(AlreadyReplaced) as refused:
        record_results(assessment=assessment, entries=[entry(learner, standard, 2)], by=None)
    [(mine, theirs)] = refused.value.conflicts
    assert (mine.points, theirs.points, theirs.id, theirs.recorded_by) == (Decimal(2), Decimal(3), first, "Jo Lee")
    assert Evidence.objects.count() == 1


def test_correction_names_what_it_replaces_and_keeps_its_place(scene):
    assessment, learner, standard = scene
    first = give(assessment, learner, standard, 3)
    late = timezone.now() + timedelta(seconds=1)
    [row] = record_results(
        assessment=assessment, entries=[entry(learner, standard, 2, at=late, replaces=first)], by=None
    )
    stored = {e.pk: e for e in Evidence.objects.all()}
    assert stored[row.id].supersedes_id == first
    assert stored[row.id].observed_at == stored[first].observed_at
    with pytest.raises(AlreadyReplaced):
        record_results(assessment=assessment, entries=[entry(learner, standard, 4, replaces=first)], by=None)


def test_cleared_cell_shows_nothing_and_starts_anew(scene):
    assessment, learner, standard = scene
    give(assessment, learner, standard, 3)
    cleared = entry(learner, standard, kind=Kind.CLEARED, replaces=ANYTHING)
    record_results(assessment=assessment, entries=[cleared], by=None)
    work_off()
    assert not Mastery.objects.exists()
    give(assessment, learner, standard, 2)
    work_off()
    assert Mastery.objects.get().shown_level == 2


def test_zero_is_evidence_and_excused_is_not(scene):
    _, learner, standard = scene
    quiz = make_assessment(scene[0].section, [standard], scale="points", points_possible=10)
    give(quiz, learner, standard, 0)
    other = make_assessment(scene[0].section, [standard])
    give(other, learner, standard, None)
    work_off()
    row = Mastery.objects.get()
    assert (row.value_micro, row.n) == (1_000_000, 1)


@pytest.mark.parametrize("points", ["0", "4.5", "NaN", "-1"])
def test_score_off_the_scale_stores_nothing(scene, points):
    assessment, learner, standard = scene
    with pytest.raises(ScoreOutOfRange):
        record_results(assessment=assessment, entries=[entry(learner, standard, points)], by=None)
    assert not Evidence.objects.exists()
    assert not StaleMark.objects.exists()


def test_one_wrong_entry_stores_nothing_of_the_others(scene):
    assessment, learner, standard = scene
    stranger = make_learner(learner.home_school)
    rows = [entry(learner, standard, 3), entry(stranger, standard, 3)]
    with pytest.raises(NotEnrolled) as refused:
        record_results(assessment=assessment, entries=rows, by=None)
    assert [row.learner_id for row in refused.value.entries] == [stranger.pk]
    assert not Evidence.objects.exists()


def test_several_assessments_take_as_many_statements_as_one(scene, django_assert_num_queries):
    assessment, learner, standard = scene
    sat = [assessment, *(make_assessment(assessment.section, [standard]) for _ in range(4))]
    one, *others = [(each, [entry(learner, standard, 1 + place % 4)]) for place, each in enumerate(sat)]
    with CaptureQueriesContext(connection) as asked:
        record_sittings([one], by=None, source="file")
    with django_assert_num_queries(len(asked)):
        stored = record_sittings(others, by=None, source="file")
    assert [row.entry.points for row in stored] == [2, 3, 4, 1]
    assert sorted(Evidence.objects.values_list("assessment_id", "points")) == [
        (each.pk, 1 + place % 4) for place, each in enumerate(sat)
    ]


def test_one_wrong_assessment_stores_nothing_of_the_others(scene):
    assessment, learner, standard = scene
    other = make_standard(standard.framework)
    sat = make_assessment(assessment.section, [other])
    # The standard of the first is none of the second's, though the same call names both.
    rows = [(assessment, [entry(learner, standard, 3)]), (sat, [entry(learner, other, 3), entry(learner, standard, 3)])]
    with pytest.raises(NotAssessed) as refused:
        record_sittings(rows, by=None, source="file")
    assert [row.standard_id for row in refused.value.entries] == [standard.pk]
    assert not Evidence.objects.exists()


def test_results_of_two_sections_are_two_calls(scene):
    assessment, learner, standard = scene
    elsewhere = make_assessment(make_section(make_roster(learner.home_school)), [standard])
    rows = [(each, [entry(learner, standard, 3)]) for each in (assessment, elsewhere)]
    with pytest.raises(ValueError, match="one section at a time"):
        record_sittings(rows, by=None, source="file")


def test_standard_of_another_assessment_is_refused(scene):
    assessment, learner, standard = scene
    other = make_standard(standard.framework)
    with pytest.raises(NotAssessed):
        record_results(assessment=assessment, entries=[entry(learner, other, 3)], by=None)


def test_result_from_tomorrow_is_refused(scene):
    assessment, learner, standard = scene
    with pytest.raises(NotYetObserved):
        record_results(
            assessment=assessment,
            entries=[entry(learner, standard, 3, at=timezone.now() + timedelta(days=1))],
            by=None,
        )


@pytest.mark.parametrize("sql", ["UPDATE assessments_evidence SET points = 4", "DELETE FROM assessments_evidence"])
def test_ledger_refuses_rewriting_by_its_owner(scene, sql):
    assessment, learner, standard = scene
    give(assessment, learner, standard, 3)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Evidence.objects.get().points == 3


@pytest.mark.parametrize("table", ["assessments_evidence", "assessments_evidence_2027", "assessments_evidence_other"])
def test_ledger_refuses_truncate_of_parent_and_partitions(db, table):
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")


@pytest.mark.parametrize("sql", ["UPDATE assessments_evidence SET points = 4", "DELETE FROM assessments_evidence"])
def test_runtime_role_reads_the_ledger_and_may_not_rewrite_it(db, sql):
    site = connection.copy()  # the test's own connection belongs to the owner
    site.settings_dict = connection.settings_dict | {"USER": settings.RUNTIME_ROLE}
    try:
        with site.cursor() as cursor:
            cursor.execute("SELECT current_user, count(*) FROM assessments_evidence")
            assert cursor.fetchone() == (settings.RUNTIME_ROLE, 0)
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(sql)
    finally:
        site.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("corrects", [False, True])
def test_of_two_racing_values_one_wins_and_the_other_is_told(corrects):
    with unscoped("tests read what was written"):
        assessment, learner, standard = make_scene()
        replaces = give(assessment, learner, standard, 1) if corrects else None
    together = threading.Barrier(2)
    outcomes = []

    def save(points):
        try:
            with district_scope(learner.district_id):
                together.wait(timeout=120)
                rows = [entry(learner, standard, points, replaces=replaces)]
                outcomes.append((points, record_results(assessment=assessment, entries=rows, by=None)))
        except AlreadyReplaced as refused:
            outcomes.append((points, refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(points,)) for points in (2, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    [won] = [points for points, outcome in outcomes if not isinstance(outcome, AlreadyReplaced)]
    [refused] = [outcome for _, outcome in outcomes if isinstance(outcome, AlreadyReplaced)]
    [(_, tip)] = refused.conflicts
    assert tip is not None
    assert tip.points == won
    with unscoped("tests read what was written"):
        assert Evidence.objects.count() == (2 if corrects else 1)


@pytest.mark.parametrize(
    ("stands", "answer"),
    [
        (2, ("saved", 7)),  # still what was typed
        (3, ("conflict", None)),  # replaced since it was read: the writer hears of it instead of owning record 7
        (None, ("saved", None)),
    ],
)
def test_cell_that_stood_already_is_not_answered_with_a_record_that_nobody_has_shown(stands, answer):
    typed = Typed(learner_id=1, standard_id=2, text="2")
    wanted = Entry(1, 2, Kind.RESULT, Decimal(2), timezone.now())
    tip = stands and Tip(7, Kind.RESULT, Decimal(stands), timezone.now(), 5, "Ana Ruiz")
    outcome = stood_already(Outcome(typed, "saved"), wanted, tip)
    assert (outcome.state, outcome.id) == answer
    assert outcome.theirs == (tip if answer[0] == "conflict" else None)
