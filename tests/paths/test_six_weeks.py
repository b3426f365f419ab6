"""The line of six weeks under a small wall: facts of the history, kept until something changes."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from assessments.models import MasteryDay, RosterVersion
from paths.services.six_weeks import SixWeeks, read_six_weeks
from profiles.models import Enrollment
from tests.budgets import assert_statements
from tests.factories.paths import make_mastery


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def level_of(learner, standard, *levels: tuple[int, int]) -> None:
    """levels: (days ago, level shown from then on)."""
    for days, level in levels:
        MasteryDay._base_manager.create(
            learner=learner,
            standard=standard,
            day=timezone.localdate() - timedelta(days=days),
            value_micro=level * 1_000_000,
            level=level,
            shown_level=level,
            method="decaying",
        )


def shares(classroom) -> list[int | None]:
    (found,) = read_six_weeks(classroom.teacher, today=timezone.localdate(), most=6)
    return found.shares


def test_share_at_each_weeks_end_is_of_levels_that_stood_then(classroom):
    standard = classroom.standards[0]
    level_of(classroom.learner, standard, (40, 2), (10, 3))
    level_of(classroom.classmate(), standard, (30, 3), (5, 2), (0, 4))

    #  42    35 28 21 14  7  0 days ago: of nobody, of one, of two
    assert shares(classroom) == [None, 0, 50, 50, 50, 100, 100]


def test_standards_that_the_class_does_not_teach_and_learners_who_left_are_not_counted(classroom):
    level_of(classroom.learner, classroom.standards[0], (40, 1))
    gone = classroom.classmate()
    level_of(gone, classroom.standards[0], (40, 4))
    Enrollment.objects.filter(learner=gone).update(ends_on=timezone.localdate() - timedelta(days=1))
    classroom.section.section_standards.filter(standard=classroom.standards[1]).delete()
    level_of(classroom.learner, classroom.standards[1], (40, 4))

    assert shares(classroom)[-1] == 0


def test_line_is_kept_until_the_wall_changes(classroom):
    level_of(classroom.learner, classroom.standards[0], (40, 1))
    today = timezone.localdate()
    read_six_weeks(classroom.teacher, today=today, most=6)
    with assert_statements(at_most=2):
        read_six_weeks(classroom.teacher, today=today, most=6)

    level_of(classroom.learner, classroom.standards[0], (0, 4))
    assert shares(classroom)[-1] == 0
    RosterVersion._base_manager.update_or_create(roster=classroom.roster, defaults={"version": 9})
    assert shares(classroom)[-1] == 100


@pytest.mark.parametrize(
    ("found", "weeks"),
    [
        ([10, 40, 55, 55, 56, 55, 55], 4),
        ([55] * 7, 6),
        ([10, 20, 30, 40, 50, 55, 55], 0),
        ([None, None, None, None, None, None, None], 0),
        ([None, None, None, 54, 55, 55, 55], 3),
    ],
)
def test_flat_weeks_are_those_within_a_point_of_today(found, weeks):
    assert SixWeeks(1, found).flat_weeks == weeks


def test_page_asks_for_the_line_and_it_says_its_facts(classroom, as_account):
    make_mastery(classroom.learner, classroom.standards[0], 3)
    MasteryDay._base_manager.all().delete()
    level_of(classroom.learner, classroom.standards[0], (40, 2), (3, 3))
    client = as_account(classroom.teacher)

    assert f'hx-get="{reverse("today_beside")}"' in client.get(reverse("today")).content.decode()
    part = client.get(reverse("today_beside")).content.decode()
    assert f'id="weeks-{classroom.section.pk}"' in part
    assert "by week, the oldest first: 0 %, 0 %, 0 %, 0 %, 0 %, 100 %" in part
    assert "style=" not in part


def test_another_teacher_gets_no_line_of_the_class(classroom, stranger, as_account):
    level_of(classroom.learner, classroom.standards[0], (40, 2), (3, 3))

    part = as_account(stranger).get(reverse("today_beside")).content.decode()
    assert f'id="weeks-{classroom.section.pk}"' not in part
    assert "%" not in strip_tags(part)
