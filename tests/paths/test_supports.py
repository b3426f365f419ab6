"""Supports: agreed with the family, a quiet mark where staff work, and nowhere that classmates look."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Group, GroupMember
from profiles.models import Support
from profiles.services.supports import Agreed, SupportTaken, add_support, agree_support, end_support
from tests.budgets import assert_statements
from tests.factories.assessments import make_assessment, make_group
from tests.factories.profiles import make_teacher

WORDS = "Quietly fifteen minutes more"
NOW = timezone.now()


def support(learner, **fields):
    today = timezone.localdate()
    return Support.objects.create(
        **{"learner": learner, "kind": Support.Kind.EXTRA_TIME, "text": WORDS, "starts_on": today, **fields}
    )


def typed(**values):
    return {"uuid": str(uuid.uuid4()), "kind": "extra_time", "starts_on": str(timezone.localdate()), **values}


def test_support_is_in_force_from_its_first_to_its_last_day(classroom):
    today = timezone.localdate()
    support(classroom.learner, starts_on=today - timedelta(days=5), ends_on=today)
    support(classroom.learner, starts_on=today + timedelta(days=1))

    days = (today - timedelta(days=6), today - timedelta(days=5), today, today + timedelta(days=1))
    assert [Support.objects.on(day).count() for day in days] == [0, 1, 1, 1]


def test_same_form_twice_is_one_and_another_childs_is_refused(classroom):
    form, agreed = uuid.uuid4(), Agreed("read_aloud", timezone.localdate())
    for _ in range(2):
        add_support(learner=classroom.learner, uuid=form, agreed=agreed, by=classroom.teacher, now=NOW)
    with pytest.raises(SupportTaken):
        add_support(learner=classroom.classmate(), uuid=form, agreed=agreed, by=classroom.teacher, now=NOW)
    assert Support.objects.count() == 1


def test_ended_support_stays_and_the_first_yes_of_the_family_too(classroom):
    row, today = support(classroom.learner), timezone.localdate()
    agree_support(support=row, with_whom="Ngozi", on=today - timedelta(days=2))
    agree_support(support=row, with_whom="Somebody else", on=today)
    end_support(support=row, on=today, by=classroom.teacher)

    row.refresh_from_db()
    assert (row.agreed_with, row.agreed_on, row.ends_on) == ("Ngozi", today - timedelta(days=2), today)


def test_staff_enter_and_family_and_learner_read(classroom, teacher, as_account):
    url = reverse("supports", args=[classroom.learner.pk])
    teacher.post(url, typed(text=WORDS, agreed_with="Ngozi", agreed_on=str(timezone.localdate())))

    readers = [teacher, as_account(classroom.account), as_account(classroom.guardian())]
    assert [WORDS in reader.get(url).content.decode() for reader in readers] == [True] * 3
    assert [as_account(reader).post(url, typed()).status_code for reader in (classroom.account,)] == [404]
    assert as_account(classroom.classmate().account).get(url).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "magic"},
        {"kind": "other"},
        {"starts_on": ""},
        {"ends_on": "2020-01-01"},
        {"agreed_with": "Ngozi"},
        {"agreed_on": "2999-01-01", "agreed_with": "Ngozi"},
        {"text": "x" * 201},
    ],
)
def test_support_that_cannot_be_is_refused(classroom, teacher, values):
    answer = teacher.post(reverse("supports", args=[classroom.learner.pk]), typed(**values))
    assert (answer.status_code, Support.objects.count()) == (422, 0)


def test_substitute_reads_and_enters_none(classroom, as_account):
    stand_in = as_account(make_teacher(classroom.roster, role="substitute"))
    url = reverse("supports", args=[classroom.learner.pk])
    assert stand_in.post(url, typed()).status_code == 404


def test_entry_shows_a_quiet_mark_at_no_more_statements(classroom, teacher):
    assessment = make_assessment(classroom.section, [classroom.standards[0]])
    url = reverse("assessment_enter", args=[assessment.pk])
    teacher.get(url)
    with assert_statements(at_most=30) as before:
        teacher.get(url)
    support(classroom.learner)

    n = len([query for query in before.captured_queries if "SAVEPOINT" not in query["sql"]])
    with assert_statements(exactly=n):
        page = teacher.get(url).content.decode()
    assert f'title="Extra time: {WORDS}"' in page


def test_running_groups_show_the_mark_to_staff(classroom, teacher):
    make_group(classroom.section, classroom.standards[0], [classroom.learner])
    support(classroom.learner)

    assert WORDS in teacher.get(reverse("section_groups", args=[classroom.section.pk])).content.decode()


def surfaces(classroom):
    """What hangs on a wall, stands on a projector, or is read by classmates."""
    section = classroom.section.pk
    return [
        (classroom.teacher, reverse("class_screen", args=[section])),
        (classroom.teacher, reverse("groups_roster", args=[section])),
        (classroom.teacher, reverse("section_wall", args=[section])),
        (classroom.mate.account, reverse("home")),
        (classroom.mate.account, reverse("learner", args=[classroom.mate.pk])),
    ]


def test_no_surface_of_classmates_and_no_projector_shows_it(classroom, as_account):
    classroom.mate = classroom.classmate()
    make_group(classroom.section, classroom.standards[0], [classroom.learner, classroom.mate])
    support(classroom.learner)

    shown = []
    for account, url in surfaces(classroom):
        answer = as_account(account).get(url)
        assert answer.status_code == 200
        shown.append(any(part in answer.content.decode() for part in (WORDS, "support-mark", "Extra time")))
    assert shown == [False] * 5
    assert GroupMember.objects.filter(group__in=Group.objects.all()).count() == 2
