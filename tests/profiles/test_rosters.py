"""The Students page in a teacher's hands."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from profiles.models import AccessLog, Account, Enrollment, Learner, Roster
from tests.budgets import assert_statements
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_session,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    return make_roster(title="5 Maple")


@pytest.fixture
def teacher(roster, client):
    account = make_teacher(roster)
    client.force_login(account)
    return account


def today():
    return timezone.localdate()


def text(answer) -> str:
    """The page with its white space as a browser shows it, and none around tags."""
    return re.sub(r"\s*(<|>)\s*", r"\1", re.sub(r"\s+", " ", answer.content.decode()))


def names(answer) -> list[str]:
    """The names in the first column, in order."""
    return re.findall(r'<th scope="row"><a href="/learners/\d+/">([^<]+)</a>', text(answer))


def child(**fields) -> dict:
    return {
        "given_name": "Nia",
        "family_name": "Adler",
        "preferred_name": "",
        "grade": "05",
        "key": "",
        "starts_on": today().isoformat(),
        "choice": "",
        "uuid": str(uuid4()),
        **fields,
    }


def test_students_shows_the_class_by_name(client, roster, teacher):
    for given_name in ("Zoe", "Ana"):
        enroll(make_learner(roster.school, given_name=given_name, family_name="Ruiz"), roster)
    make_section(roster, title="5 Maple Mathematics")
    page = client.get("/students/")
    assert names(page) == ["Ana Ruiz", "Zoe Ruiz"]
    assert "5 Maple Mathematics" in text(page)
    assert "2 students" in text(page)


def test_students_notes_whom_the_teacher_looked_at(client, roster, teacher):
    learner = make_learner(roster.school)
    enroll(learner, roster)
    client.get("/students/")
    log = AccessLog._base_manager.get()
    assert (log.account, log.route, log.learner_ids) == (teacher, "learners", [learner.pk])


def test_students_without_a_class_says_how_one_comes(client):
    school = make_school()
    client.force_login(make_school_admin(school))
    assert "No class yet" in text(client.get("/students/"))


def test_empty_class_offers_to_add_the_first_student(client, roster, teacher):
    page = text(client.get("/students/"))
    assert "No students yet" in page
    assert f"/rosters/{roster.pk}/add/" in page


def test_aide_sees_the_class_and_changes_nothing(client, roster):
    enrollment = enroll(make_learner(roster.school), roster)
    client.force_login(make_teacher(roster, role="aide"))
    page = text(client.get(f"/rosters/{roster.pk}/"))
    assert "Ana Ruiz" in page
    assert "Withdraw" not in page.split("</main>")[0]
    assert client.post(f"/enrollments/{enrollment.pk}/withdraw/", {"from_day": today()}).status_code == 404


def test_class_looked_at_last_comes_back(client, roster, teacher):
    other = make_roster(roster.school, title="6 Birch")
    enroll(teacher, other)
    assert "<h1>5 Maple</h1>" in text(client.get("/students/"))
    client.get(f"/rosters/{other.pk}/")
    page = text(client.get("/students/"))
    assert "<h1>6 Birch</h1>" in page
    assert f'href="/rosters/{roster.pk}/"' in page


def test_administrator_sees_the_classes_of_the_own_school_only(client, roster):
    elsewhere = make_roster(make_school(roster.district), title="Elsewhere")
    client.force_login(make_school_admin(roster.school))
    page = text(client.get("/students/"))
    assert "5 Maple" in page
    assert "Elsewhere" not in page
    assert client.get(f"/rosters/{elsewhere.pk}/").status_code == 404


def test_statements_do_not_grow_with_the_class(client, roster, teacher):
    for _ in range(3):
        enroll(make_learner(roster.school), roster)
    client.get(f"/rosters/{roster.pk}/")
    with assert_statements(at_most=12) as few:
        client.get(f"/rosters/{roster.pk}/")
    for _ in range(27):
        enroll(make_learner(roster.school), roster)
    with assert_statements(exactly=len(few)):
        client.get(f"/rosters/{roster.pk}/")


@pytest.mark.parametrize("words", ["ana", "ANA r", "ruiz", "lopez", "S-7", "Anita"])
def test_find_by_name_or_id(client, roster, teacher, words):
    ana = make_learner(roster.school, given_name="Ana", family_name="Ruiz-Lopez", preferred_name="Anita", key="S-7")
    enroll(ana, roster)
    enroll(make_learner(roster.school, given_name="Theo", family_name="Marsh"), roster)
    assert names(client.get("/students/", {"q": words})) == ["Anita Ruiz-Lopez"]


def test_find_does_not_show_whom_the_teacher_may_not_see(client, roster, teacher):
    make_learner(roster.school, given_name="Quokka", family_name="Ruiz")
    page = text(client.get("/students/", {"q": "quok"}))
    assert "Quokka" not in page
    assert "Nobody whom you can see is called" in page


def test_find_as_you_type_answers_the_list_alone(client, roster, teacher):
    enroll(make_learner(roster.school), roster)
    page = client.get(f"/rosters/{roster.pk}/", {"q": "an"}, headers={"HX-Request": "true", "HX-Target": "people"})
    assert "<html" not in text(page)
    assert len(names(page)) == 1


def test_add_a_new_student(client, roster, teacher):
    answer = client.post(f"/rosters/{roster.pk}/add/", child(), follow=True)
    assert "Nia Adler is in 5 Maple." in text(answer)
    learner = Learner._base_manager.get(family_name="Adler")
    assert (learner.home_school, learner.grade, learner.key) == (roster.school, "05", None)
    enrollment = Enrollment._base_manager.get(learner=learner)
    assert (enrollment.roster, enrollment.starts_on, enrollment.ends_on) == (roster, today(), None)


def test_add_clicked_twice_adds_once(client, roster, teacher):
    data = child()
    answers = [client.post(f"/rosters/{roster.pk}/add/", data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert Enrollment._base_manager.filter(learner__family_name="Adler").count() == 1
    assert Learner._base_manager.filter(family_name="Adler").count() == 1


def test_add_asks_before_making_a_double(client, roster, teacher):
    known = make_learner(roster.school, given_name="Nia", family_name="ADLER", key="S-9")
    page = client.post(f"/rosters/{roster.pk}/add/", child())
    assert page.status_code == 422
    assert "Is Nia Adler one of these?" in text(page)
    assert f'name="choice" value="{known.pk}" checked' in text(page)
    assert Learner._base_manager.filter(family_name__iexact="adler").count() == 1
    client.post(f"/rosters/{roster.pk}/add/", child(choice=known.pk))
    assert Enrollment._base_manager.get(roster=roster, role="learner").learner == known


def test_add_somebody_else_of_the_same_name(client, roster, teacher):
    make_learner(roster.school, given_name="Nia", family_name="Adler")
    client.post(f"/rosters/{roster.pk}/add/", child(choice="new"))
    assert Learner._base_manager.filter(family_name="Adler").count() == 2


def test_add_finds_a_child_of_the_school_by_id_under_another_name(client, roster, teacher):
    known = make_learner(roster.school, given_name="Antonia", family_name="Adler", key="S-9")
    page = client.post(f"/rosters/{roster.pk}/add/", child(key="S-9"))
    assert f'value="{known.pk}"' in text(page)


def test_add_does_not_show_a_child_of_another_school(client, roster, teacher):
    make_learner(make_school(roster.district), given_name="Nia", family_name="Adler", key="S-9")
    page = client.post(f"/rosters/{roster.pk}/add/", child(key="S-9"))
    assert page.status_code == 422
    assert "Another student of the district has this ID." in text(page)
    assert "one of these" not in text(page)


def test_add_by_an_id_that_was_not_offered_adds_nobody(client, roster, teacher):
    stranger = make_learner(roster.school, given_name="Theo", family_name="Marsh")
    page = client.post(f"/rosters/{roster.pk}/add/", child(choice=stranger.pk))
    assert page.status_code == 422
    assert not Enrollment._base_manager.filter(role="learner").exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("given_name", "", "Write the first name."),
        ("family_name", " ", "Write the last name."),
        ("given_name", "x" * 101, "at most 100 characters"),
        ("starts_on", "13/28/2026", "This day cannot be read."),
        ("starts_on", "1999-01-01", "Pick a day in between."),
        ("grade", "99", "Select a valid choice"),
        ("uuid", "nonsense", "Reload it, then send it once more."),
    ],
)
def test_add_says_what_does_not_fit_at_its_field(client, roster, teacher, field, value, message):
    page = client.post(f"/rosters/{roster.pk}/add/", child(**{field: value}))
    assert page.status_code == 422
    assert message in text(page)
    assert 'value="Adler"' in text(page) or field == "family_name"
    assert not Enrollment._base_manager.filter(role="learner").exists()


def test_add_suggests_while_typing_those_who_are_seen_anyway(client, roster, teacher):
    seen = make_learner(roster.school, given_name="Nia", family_name="Adler")
    enroll(seen, roster)
    make_learner(roster.school, given_name="Nia", family_name="Quokka")
    page = client.get(
        f"/rosters/{roster.pk}/add/", {"given_name": "ni"}, headers={"HX-Request": "true", "HX-Target": "known"}
    )
    assert "Nia Adler" in text(page)
    assert "in this class" in text(page)
    assert "Quokka" not in text(page)


def withdraw(client, enrollment, day):
    return client.post(f"/enrollments/{enrollment.pk}/withdraw/", {"from_day": day.isoformat()})


def test_withdraw_and_undo(client, roster, teacher):
    learner = make_learner(roster.school)
    enrollment = enroll(learner, roster)
    page = client.get(withdraw(client, enrollment, today())["Location"])
    assert names(page) == []
    assert f"{learner.name} is not in this class anymore." in text(page)
    assert "1 student was in this class" in text(page)
    undo = re.search(r'action="(/enrollments/\d+/undo/[^"]+)"', text(page)).group(1)
    back = client.post(undo, follow=True)
    assert names(back) == [learner.name]
    enrollment.refresh_from_db()
    assert enrollment.ends_on is None


def test_withdraw_later_stays_until_then(client, roster, teacher):
    learner = make_learner(roster.school)
    page = client.get(withdraw(client, enroll(learner, roster), today() + timedelta(days=5))["Location"])
    assert names(page) == [learner.name]
    assert f"{learner.name} stays until" in text(page)


def test_withdraw_from_two_tabs_is_said_kindly(client, roster, teacher):
    enrollment = enroll(make_learner(roster.school), roster)
    withdraw(client, enrollment, today())
    page = client.get(withdraw(client, enrollment, today())["Location"])
    assert "was withdrawn already" in text(page)


@pytest.mark.parametrize(("days", "message"), [(-61, "Pick that day or a later one."), (900, "Pick an earlier day.")])
def test_withdraw_on_an_impossible_day_is_refused(client, roster, teacher, days, message):
    enrollment = enroll(make_learner(roster.school), roster)
    page = withdraw(client, enrollment, today() + timedelta(days=days))
    assert page.status_code == 422
    assert message in text(page)
    enrollment.refresh_from_db()
    assert enrollment.ends_on is None


def test_withdraw_opens_in_the_panel(client, roster, teacher):
    enrollment = enroll(make_learner(roster.school), roster)
    page = client.get(f"/enrollments/{enrollment.pk}/withdraw/", headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "<html" not in text(page)
    assert 'name="from_day"' in text(page)


def test_undo_after_ten_minutes_or_with_a_forged_token_says_what_to_do(client, roster, teacher):
    enrollment = enroll(make_learner(roster.school), roster)
    address = withdraw(client, enrollment, today())["Location"].replace("/rosters/", "").split("?")[1]
    undo = f"/enrollments/{enrollment.pk}/undo/?{address}"
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "cannot be undone anymore" in text(client.post(undo, follow=True))
    assert "cannot be undone anymore" in text(
        client.post(f"/enrollments/{enrollment.pk}/undo/?withdrawn=x", follow=True)
    )
    enrollment.refresh_from_db()
    assert enrollment.ends_on == today() - timedelta(days=1)


def test_undo_token_of_one_enrollment_does_not_open_another(client, roster, teacher):
    first, second = (enroll(make_learner(roster.school), roster) for _ in range(2))
    token = withdraw(client, first, today())["Location"].split("?")[1]
    withdraw(client, second, today())
    client.post(f"/enrollments/{second.pk}/undo/?{token}")
    second.refresh_from_db()
    assert second.ends_on == today() - timedelta(days=1)


def test_enroll_again_makes_a_new_enrollment_and_keeps_the_old_one(client, roster, teacher):
    learner = make_learner(roster.school)
    enroll(learner, roster, ends_on=today() - timedelta(days=20))
    past = Enrollment._base_manager.get(learner=learner)
    assert "Enroll again" in text(client.get("/students/"))
    page = client.post(f"/enrollments/{past.pk}/renew/", follow=True)
    assert names(page) == [learner.name]
    toast = page.context["toast"]
    client.post(toast["undo_url"])
    assert names(client.get("/students/")) == []
    page = client.post(f"/enrollments/{past.pk}/renew/", follow=True)
    assert names(page) == [learner.name]
    rows = Enrollment._base_manager.filter(learner=learner).count()
    client.post(f"/enrollments/{past.pk}/renew/")
    assert Enrollment._base_manager.filter(learner=learner).count() == rows


def test_withdrawn_student_is_not_seen_anymore_by_the_class_but_by_the_family(client, roster, teacher):
    learner = make_learner(roster.school)
    enrollment = enroll(learner, roster)
    assert client.get(f"/learners/{learner.pk}/").status_code == 200
    withdraw(client, enrollment, today())
    assert client.get(f"/learners/{learner.pk}/").status_code == 404
    client.force_login(make_guardian(learner))
    assert client.get(f"/learners/{learner.pk}/").status_code == 200


def test_class_code_is_made_renewed_and_printed(client, roster, teacher):
    learner = make_learner(roster.school)
    enroll(learner, roster)
    assert "No class code yet" in text(client.get(f"/rosters/{roster.pk}/cards/"))
    client.post(f"/rosters/{roster.pk}/class-code/")
    first = Roster._base_manager.get(pk=roster.pk).class_code
    learner.refresh_from_db()
    cards = text(client.get(f"/rosters/{roster.pk}/cards/"))
    assert [learner.name in cards, first in cards, learner.number in cards] == [True, True, True]
    client.post(f"/rosters/{roster.pk}/class-code/")
    assert Roster._base_manager.get(pk=roster.pk).class_code != first


def test_settings_list_staff_with_dates_and_the_subjects_of_a_homeroom(client, roster, teacher):
    math, english = make_section(roster, title="Maple Math"), make_section(roster, title="Maple English")
    make_teacher(section=english, role="co_teacher", given_name="Lee", family_name="Stone")
    make_teacher(roster, role="aide", given_name="Old", family_name="Aide")
    Enrollment._base_manager.filter(account=Account.objects.get(family_name="Aide")).update(
        ends_on=today() - timedelta(days=1)
    )
    page = text(client.get(f"/rosters/{roster.pk}/settings/"))
    assert math.title in page
    assert re.search(r"Lee Stone</th>\s*<td>Co-teacher</td>\s*<td>Maple English</td>", page)
    assert "Old Aide" not in page


def test_class_code_is_not_for_an_aide(client, roster):
    roster.class_code = "CDFHJK"
    roster.save()
    client.force_login(make_teacher(roster, role="aide"))
    assert "CDFHJK" not in text(client.get(f"/rosters/{roster.pk}/"))
    assert client.get(f"/rosters/{roster.pk}/settings/").status_code == 404


def test_district_without_classes_leads_its_administrator_to_the_import(client):
    client.force_login(make_district_admin(make_district()))
    page = text(client.get("/students/"))
    assert 'href="/rosters/import/">Bring in a roster</a>' in page


def test_class_of_a_past_year_is_not_offered(client, roster, teacher):
    past = make_session(roster.district, starts_on=today() - timedelta(days=500), ends_on=today() - timedelta(days=200))
    enroll(teacher, make_roster(roster.school, title="Past class", session=past))
    assert "Past class" not in text(client.get("/students/"))
