"""A level is the same wherever it is shown: 1,000 pairs of learner and standard on every surface (LRM_FAULTS=1).

What is wanted comes from the oracle of the fault tests and from the levels that teachers set, not from a projection.
"""

import random
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection
from django.utils.timezone import localdate

from assessments.models import GroupSuggestion, MasteryPolicy
from assessments.services import rollups, suggesting
from assessments.services.overrides import set_level
from assessments.services.policy_changes import begin_policy
from lrm.scope import district_scope
from profiles.models import Learner
from profiles.services import bulk_exports
from profiles.services.enrollments import enrollment_changed
from tests.assessments.faults.oracle import LEDGER, levels_of
from tests.assessments.faults.size import FULL
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code
from tests.paths import surfaces

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

CLASSES, LEARNERS, STANDARDS, PAIRS = (3, 22, 22, 1000) if FULL else (1, 8, 8, 40)
MASTERY = 3


@dataclass
class Taught:
    section: object
    learners: list
    assessments: list
    teacher: object


class Place:
    """Classes with three assessments each; one pair in eight has no result, one in twenty a level set by a teacher.

    own_way: every second learner has come today to a school at which the highest result is the level.
    """

    def __init__(self, *, own_way: bool = False) -> None:
        self.school, self.elsewhere = make_school(), set()
        framework = make_framework(self.school.district)
        domain = make_standard(framework, code="5.NF", is_leaf=False)
        self.standards = [make_standard(framework, domain=domain) for _ in range(STANDARDS)]
        self.wanted: surfaces.Levels = {}
        with district_scope(self.school.district_id):
            self.classes = [self._teach(random.Random(number)) for number in range(CLASSES)]
            work_off()
            if own_way:
                self._move()
            work_off()
            suggesting.suggest_due()
            rollups.fold()

    def _teach(self, chance: random.Random) -> Taught:
        section = make_section(make_roster(self.school))
        learners = [make_learner(self.school, account=True) for _ in range(LEARNERS)]
        for learner in learners:
            enroll(learner, section.roster)
        teacher = make_teacher(section.roster)
        assessments = [make_assessment(section, self.standards, given_on=days_ago(days).date()) for days in (9, 5, 2)]
        for learner in learners:
            for standard in self.standards:
                for assessment in chance.sample(assessments, chance.choice([0, 1, 1, 2, 2, 2, 3, 3])):
                    give(assessment, learner, standard, chance.randint(1, 4))
                if chance.random() < 0.05:
                    level = chance.randint(1, 4)
                    set_level(learner=learner, standard=standard, level=level, reason="Seen at the board.", by=teacher)
                    self.wanted[learner.pk, standard.pk] = level
        return Taught(section, learners, assessments, teacher)

    def _move(self) -> None:
        other, by = make_school(self.school.district), make_district_admin(self.school.district)
        Learner.objects.update(created_at=days_ago(100))
        begin_policy(
            MasteryPolicy(district=other.district, school=other, starts_on=localdate(), method="highest"), by=by
        )
        learners = [learner for taught in self.classes for learner in taught.learners[::2]]
        self.elsewhere = {learner.pk for learner in learners}
        # They stay in the class as guests: only the home school is another one.
        Learner.objects.filter(pk__in=self.elsewhere).update(home_school=other)
        rosters = {taught.section.roster_id for taught in self.classes}
        for roster in rosters:
            enrollment_changed(sorted(self.elsewhere), roster, localdate())

    def levels(self) -> surfaces.Levels:
        """What is to be shown of every pair."""
        with connection.cursor() as cursor:
            cursor.execute(LEDGER)
            rows = cursor.fetchall()
        found = {pair: level.level for pair, level in levels_of(rows).items()}
        best: Counter = Counter()
        for _pk, learner, standard, kind, points, *_rest in rows:
            if learner in self.elsewhere and kind == "result":
                best[learner, standard] = max(best[learner, standard], int(points))
        return found | best | self.wanted


@pytest.mark.django_db
def test_a_level_is_the_same_on_every_surface_and_its_receipt_adds_up(as_account):
    place = Place(own_way=True)
    wanted = place.levels()
    with district_scope(place.school.district_id):
        shown = {name: found for taught in place.classes for name, found in everywhere(place, taught, as_account)}
        boards = [line for taught in place.classes for line in board_lines(taught, as_account)]

    pairs = [
        (learner.pk, standard.pk)
        for taught in place.classes
        for learner in taught.learners
        for standard in place.standards
    ]
    chosen = random.Random(7).sample(pairs, PAIRS)
    for name in SURFACES:
        levels = {
            pair: level for (surface, _at), found in shown.items() if surface == name for pair, level in found.items()
        }
        assert [pair for pair in chosen if levels.get(pair) != wanted.get(pair)] == [], name
        assert len(levels) == len(wanted), name
    assert [(pair, level) for pair, level in boards if wanted.get(pair, 0) != level] == []
    assert boards


SURFACES = ("wall", "levels to set", "file of the wall", "entry grid", "teacher", "learner", "guardian")


def everywhere(place: Place, taught: Taught, as_account):
    """((surface, where), levels) of a class."""
    teacher, at = as_account(taught.teacher), taught.section.pk
    yield ("wall", at), surfaces.wall(teacher, taught.section)
    yield ("levels to set", at), surfaces.levels_to_set(teacher, taught.section)
    yield ("file of the wall", at), surfaces.wall_file(teacher, taught.section, taught.learners, place.standards)
    yield ("entry grid", at), surfaces.entry_grid(teacher, taught.assessments[0])
    for learner in taught.learners:
        yield ("teacher", learner.pk), surfaces.learner_page(teacher, learner)
        yield ("learner", learner.pk), surfaces.learner_page(as_account(learner.account), learner)
        yield ("guardian", learner.pk), surfaces.learner_page(as_account(make_guardian(learner)), learner)


def board_lines(taught: Taught, as_account):
    """((learner, standard), level) of the groups, where the standard is what the group works on."""
    said = surfaces.board(as_account(taught.teacher), taught.section)
    suggestion = GroupSuggestion.objects.get(section=taught.section, state="current").board
    members = [member for group in suggestion["groups"] for member in group["members"]] + suggestion["own"]
    for member in members:
        if member["standard"] is not None and member["level"]:
            yield (member["learner"], member["standard"]), said[member["learner"]]


@pytest.mark.django_db
def test_receipts_add_up_and_school_lists_agree(as_account, monkeypatch):
    place = Place()
    wanted = place.levels()
    monkeypatch.setattr(bulk_exports, "MOST", STANDARDS)  # a file each, in less than the hour that the limit is for
    with district_scope(place.school.district_id):
        principal = with_fresh_code(as_account(make_school_admin(place.school)))
        keys = {learner.pk: learner.key for taught in place.classes for learner in taught.learners}
        lists = surfaces.below_mastery(principal, place.school, place.standards)
        for standard in place.standards:
            low = {keys[who]: level for (who, what), level in wanted.items() if what == standard.pk and level < MASTERY}
            assert lists[standard.pk] == low

        with_level = sorted(wanted)
        chosen = random.Random(7).sample(with_level, min(PAIRS, len(with_level)))
        readers = [principal, *(as_account(taught.teacher) for taught in place.classes)]
        answers = {pair: receipt_of(readers, place, pair) for pair in chosen}

    assert [pair for pair, (level, _adds_up) in answers.items() if level != wanted[pair]] == []
    counted = levels_with_results(place)
    assert [pair for pair, (_level, adds_up) in answers.items() if not adds_up and pair in counted] == []
    assert len(answers) == PAIRS


def receipt_of(readers: list, place: Place, pair: tuple[int, int]) -> tuple[int | None, bool]:
    """By the class's teacher, with every digit."""
    number = next(n for n, taught in enumerate(place.classes) if pair[0] in {one.pk for one in taught.learners})
    return surfaces.receipt(readers[1 + number], *pair)


def levels_with_results(place: Place) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(LEDGER)
        return set(levels_of(cursor.fetchall()))
