"""Who reads a conversation: by right, and by the names that are shown before anything is sent."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from paths.models import Talk
from paths.services.talks.circle import read_circle, said_readers
from paths.services.talks.policy import includes_family
from profiles.models import Account, Enrollment, Guardianship
from tests.factories.paths import make_message, make_report, make_talk
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_guardian,
    make_roster,
    make_school_admin,
    make_section,
    make_teacher,
)

Teachers = Talk.Teachers


def again(account: Account) -> Account:
    """The account as the next request reads it."""
    return Account.objects.get(pk=account.pk)


def reads(account: Account, talk: Talk) -> bool:
    return Talk.objects.visible_to(again(account)).filter(pk=talk.pk).exists()


def writes(account: Account, talk: Talk) -> bool:
    return Talk.objects.open_to(again(account)).filter(pk=talk.pk).exists()


@pytest.fixture
def english(classroom):
    """The other subject of the homeroom, with a co-teacher of its own."""
    section = make_section(classroom.roster, title="English")
    teacher = make_teacher(section=section, role=Enrollment.Role.CO_TEACHER, given_name="Lee", family_name="Bell")
    return section, teacher


def test_talk_with_a_class_is_read_by_the_learner_and_the_staff_of_that_class(classroom, english, stranger):
    talk = make_talk(classroom.learner, classroom.section)
    aide = make_teacher(classroom.roster, role=Enrollment.Role.AIDE)
    substitute = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    people = {
        "learner": classroom.account,
        "teacher": classroom.teacher,
        "aide": aide,
        "substitute": substitute,
        "of the other subject": english[1],
        "guardian": classroom.guardian(),
        "classmate": classroom.classmate().account,
        "other class": stranger,
        "administrator": make_school_admin(classroom.school),
    }
    found = {name for name, account in people.items() if reads(account, talk)}
    assert found == {"learner", "teacher", "aide"}
    assert {name for name, account in people.items() if writes(account, talk)} == found


def test_talk_with_all_teachers_is_read_by_those_of_every_class_of_the_learner(classroom, english, stranger):
    talk = make_talk(classroom.learner, None, teachers=Teachers.ALL)

    assert [reads(account, talk) for account in (classroom.teacher, english[1], stranger)] == [True, True, False]


def test_talk_with_the_family_is_read_by_confirmed_guardians_of_the_day(classroom):
    talk = make_talk(classroom.learner, classroom.section, with_family=True)
    learner, today = classroom.learner, timezone.localdate()
    confirmed = make_guardian(learner)
    asked = make_guardian(learner, confirmed=False)
    ended = make_guardian(learner, ends_on=today - timedelta(days=1))

    assert [reads(account, talk) for account in (confirmed, asked, ended)] == [True, False, False]

    Guardianship.objects.filter(account=confirmed).update(ends_on=today - timedelta(days=1))
    assert not reads(confirmed, talk)


def test_teacher_whose_class_has_ended_reads_no_longer(classroom):
    talk = make_talk(classroom.learner, classroom.section)
    Enrollment.objects.filter(account=classroom.teacher).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert not reads(classroom.teacher, talk)


def test_who_joins_later_reads_where_the_rule_includes_them(classroom):
    of_class = make_talk(classroom.learner, classroom.section)
    of_all = make_talk(classroom.learner, None, teachers=Teachers.ALL)
    other = make_section(classroom.roster, title="Music")
    of_class_teacher = make_teacher(section=classroom.section)
    of_other = make_teacher(section=other)

    assert [reads(account, of_class) for account in (of_class_teacher, of_other)] == [True, False]
    assert [reads(account, of_all) for account in (of_class_teacher, of_other)] == [True, True]


def test_substitute_of_a_class_who_co_teaches_another_subject_reads_that_subject_only(classroom, english):
    section, _teacher = english
    person = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    enroll(person, classroom.roster, section=section, role=Enrollment.Role.CO_TEACHER)

    assert not reads(person, make_talk(classroom.learner, classroom.section))
    assert reads(person, make_talk(classroom.learner, section))


def test_learner_who_moves_keeps_the_talk_and_the_old_teacher_does_not(classroom):
    talk = make_talk(classroom.learner, classroom.section)
    Enrollment.objects.filter(learner=classroom.learner).update(ends_on=timezone.localdate() - timedelta(days=1))
    enroll(classroom.learner, make_roster(classroom.school))

    assert writes(classroom.account, talk)
    assert not reads(classroom.teacher, talk)


def test_administrators_read_a_talk_from_the_day_on_which_somebody_tells_a_grown_up(classroom):
    talk = make_talk(classroom.learner, classroom.section)
    message = make_message(talk)
    admins = [make_school_admin(classroom.school), make_district_admin(classroom.district)]
    assert [reads(account, talk) for account in admins] == [False, False]

    make_report(message, classroom.teacher)

    assert [reads(account, talk) for account in admins] == [True, True]
    assert [writes(account, talk) for account in admins] == [False, False]


@pytest.mark.parametrize("teachers", list(Teachers))
@pytest.mark.parametrize("with_family", [False, True])
def test_names_that_are_shown_are_exactly_those_who_may_read(classroom, english, teachers, with_family):
    make_guardian(classroom.learner)
    make_guardian(classroom.learner, confirmed=False)
    make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    make_teacher(classroom.roster, role=Enrollment.Role.AIDE)
    talk = make_talk(classroom.learner, classroom.section, teachers=teachers, with_family=with_family)
    circle = read_circle(classroom.learner, on=timezone.localdate())

    named = {adult.account_id for adult in circle.readers_of(talk)}

    district = Account.objects.filter(district=classroom.district)
    assert named == {account.pk for account in district if reads(account, talk)} - {classroom.account.pk}


def test_readers_are_said_to_each_in_their_own_words(classroom, english):
    guardian = make_guardian(classroom.learner, given_name="Ngozi", family_name="Ruiz")
    talk = make_talk(classroom.learner, english[0], with_family=True)
    circle = read_circle(classroom.learner, on=timezone.localdate())
    adults = circle.readers_of(talk)
    name, teacher = classroom.learner.name, classroom.teacher.name

    assert [adult.said for adult in adults] == ["Lee Bell", teacher, "Ngozi Ruiz (mother)"]
    assert strip_tags(said_readers(classroom.learner, adults, to=classroom.account)) == (
        f"You, Lee Bell, {teacher} and Ngozi Ruiz (mother) can read it."
    )
    said = strip_tags(said_readers(classroom.learner, adults, to=guardian))
    assert said == f"You, {name}, Lee Bell and {teacher} can read it."


def test_form_names_everybody_before_it_is_sent(classroom, english, as_account):
    guardian = make_guardian(classroom.learner, given_name="Ngozi", family_name="Ruiz")
    page = as_account(classroom.account).get(reverse("talk_new", args=[classroom.learner.pk])).content.decode()

    for name in (classroom.teacher.name, "Lee Bell", guardian.name):
        assert name in page
    assert "All teachers" in page


@pytest.mark.parametrize(
    ("grade", "below", "includes"),
    [
        ("05", "06", True),
        ("5", "06", True),
        ("06", "06", False),
        ("12", "06", False),
        ("KG", "01", True),
        ("K", "01", True),
        ("PK", "KG", True),
        ("Ungraded", "06", True),
        ("", "06", True),
        ("05", "", False),
    ],
)
def test_family_reads_along_by_default_below_the_grade(grade, below, includes):
    assert includes_family(grade, below) is includes


def test_family_is_ticked_by_the_rule_that_is_in_force(classroom, as_account):
    make_guardian(classroom.learner)
    url = reverse("talk_new", args=[classroom.learner.pk])
    ticked = 'name="with_family" checked'

    def page() -> str:
        return " ".join(as_account(classroom.account).get(url).content.decode().split())

    assert ticked in page()  # grade 5 is below grade 6, which is what LRM comes with
    today = timezone.localdate()
    make_rule("family_reads", "04", district=classroom.district, starts_on=today + timedelta(days=1))
    assert ticked in page()
    make_rule("family_reads", "04", district=classroom.district)
    assert ticked not in page()
