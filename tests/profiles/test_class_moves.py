"""Moving between classes and schools, several at once, with what is undone and what has changed meanwhile."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import Enrollment, Learner, RosterAct
from profiles.views import class_moves as class_moves_page
from tests.budgets import statements
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster():
    roster = make_roster(title="5 Maple")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def other(roster):
    return make_roster(roster.school, title="5 Birch", session=roster.session)


@pytest.fixture
def admin(roster, client):
    account = make_school_admin(roster.school)
    client.force_login(account)
    return account


@pytest.fixture
def office(roster, client):
    account = make_district_admin(roster.district)
    client.force_login(account)
    return account


def today():
    return timezone.localdate()


def on_list(roster) -> list[str]:
    rows = Enrollment.objects.on(today()).of_learners().filter(roster=roster).select_related("learner")
    return sorted(row.learner.given_name for row in rows)


def send(client, roster, rows, *, do="move", **fields):
    seen = [f"{row.pk}:{row.ends_on.isoformat() if row.ends_on else ''}" for row in rows]
    data = {"row": seen, "from_day": today().isoformat(), "uuid": str(uuid4()), **fields}
    return client.post(f"/rosters/{roster.pk}/{do}/", data)


def undo_of(answer, client) -> str:
    page = client.get(answer["Location"]).content.decode()
    found = re.search(r'action="(/roster-steps/[^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else ""


def children(roster, *names):
    return [enroll(make_learner(roster.school, given_name=name), roster) for name in names]


def test_several_move_to_another_class_and_back(client, roster, other, admin):
    rows = children(roster, "Ana", "Ben", "Cem")
    answer = send(client, roster, rows[:2], target=f"class-{other.pk}")
    assert (on_list(roster), on_list(other)) == (["Cem"], ["Ana", "Ben"])
    client.post(undo_of(answer, client))
    assert (on_list(roster), on_list(other)) == (["Ana", "Ben", "Cem"], [])
    assert RosterAct.objects.get().undone_by == admin


def test_move_sent_twice_moves_once(client, roster, other, admin):
    rows = children(roster, "Ana")
    uuid = str(uuid4())
    answers = [send(client, roster, rows, target=f"class-{other.pk}", uuid=uuid) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Enrollment.objects.filter(roster=other).count() == 1
    assert RosterAct.objects.count() == 1


@pytest.mark.parametrize("do", ["move", "withdraw"])
def test_step_on_what_changed_meanwhile_does_nothing_and_says_so(client, roster, other, admin, do):
    rows = children(roster, "Ana", "Ben")
    Enrollment.objects.filter(pk=rows[0].pk).update(ends_on=today() + timedelta(days=3))
    answer = send(client, roster, rows, do=do, target=f"class-{other.pk}")
    assert "Changed meanwhile" in client.get(answer["Location"]).content.decode()
    assert (on_list(roster), on_list(other)) == (["Ana", "Ben"], [])


def test_undo_of_what_changed_since_does_nothing_and_says_so(client, roster, other, admin):
    rows = children(roster, "Ana")
    answer = send(client, roster, rows, target=f"class-{other.pk}")
    undo = undo_of(answer, client)
    Enrollment.objects.filter(roster=other).update(ends_on=today() + timedelta(days=9))
    page = client.post(undo, follow=True).content.decode()
    assert "Changed meanwhile" in page
    assert (on_list(roster), on_list(other)) == ([], ["Ana"])


def test_move_to_a_class_of_the_other_one_keeps_a_standing_enrollment(client, roster, other, admin):
    rows = children(roster, "Ana")
    enroll(rows[0].learner, other)
    send(client, roster, rows, target=f"class-{other.pk}")
    assert Enrollment.objects.filter(roster=other).count() == 1
    assert (on_list(roster), on_list(other)) == ([], ["Ana"])


def test_teacher_moves_between_the_own_classes_only(client, roster, other):
    teacher = make_teacher(roster)
    client.force_login(teacher)
    rows = children(roster, "Ana")
    assert send(client, roster, rows, target=f"class-{other.pk}").status_code == 422
    assert send(client, roster, rows, target=f"school-{make_school(roster.district).pk}").status_code == 422
    assert send(client, roster, rows, target="leave").status_code == 422
    enroll(teacher, other)
    assert send(client, roster, rows, target=f"class-{other.pk}").status_code == 302
    assert on_list(other) == ["Ana"]


def test_transfer_leaves_every_class_of_the_school_and_waits_there(client, roster, other, office):
    school = make_school(roster.district)
    rows = children(roster, "Ana")
    enroll(rows[0].learner, other)
    learner = rows[0].learner
    Learner.objects.filter(pk=learner.pk).update(number="4711")
    answer = send(client, roster, rows, target=f"school-{school.pk}")
    learner.refresh_from_db()
    assert learner.home_school == school
    assert learner.number != "4711"  # numbers are the school's
    assert (on_list(roster), on_list(other)) == ([], [])
    undo = undo_of(answer, client)
    client.force_login(make_school_admin(school))
    assert learner.name in client.get("/students/without-class/").content.decode()
    client.force_login(office)
    client.post(undo)
    learner.refresh_from_db()
    assert learner.home_school == roster.school
    assert learner.number is not None
    assert (on_list(roster), on_list(other)) == (["Ana"], ["Ana"])


def test_transfer_is_not_undone_once_the_new_school_has_given_a_class(client, roster, office):
    there = make_roster(make_school(roster.district), session=roster.session)
    rows = children(roster, "Ana")
    answer = send(client, roster, rows, target=f"school-{there.school_id}")
    undo = undo_of(answer, client)
    client.force_login(make_school_admin(there.school))
    data = {"learners": rows[0].learner_id, "target": f"class-{there.pk}", "from_day": today(), "uuid": uuid4()}
    client.post("/students/without-class/", data)
    assert on_list(there) == ["Ana"]
    client.force_login(office)
    assert "Changed meanwhile" in client.post(undo, follow=True).content.decode()
    assert on_list(there) == ["Ana"]


def test_leaving_the_district_ends_everything_and_enrolling_again_brings_it_back(client, roster, other, admin):
    rows = children(roster, "Ana")
    send(client, roster, rows, target="leave")
    learner = Learner.objects.get()
    assert learner.left_on == today()
    assert on_list(roster) == []
    client.post(f"/enrollments/{rows[0].pk}/renew/")
    learner.refresh_from_db()
    assert learner.left_on is None
    assert on_list(roster) == ["Ana"]


def test_guest_of_another_school_is_not_sent_on_by_this_one(client, roster, admin):
    guest = enroll(make_learner(make_school(roster.district), given_name="Gus"), roster)
    page = send(client, roster, [guest], target="leave")
    assert page.status_code == 422
    assert "at home at another school" in page.content.decode()
    assert Learner.objects.get().left_on is None


def test_another_school_on_a_day_to_come_is_refused(client, roster, office):
    school = make_school(roster.district)
    page = send(client, roster, children(roster, "Ana"), target=f"school-{school.pk}", from_day=today() + timedelta(3))
    assert "pick today or an earlier day" in page.content.decode()


def test_school_sends_nobody_to_a_school_that_is_not_its_own(client, roster, admin):
    school = make_school(roster.district, name="Quarry Hill")
    rows = children(roster, "Ana")
    page = client.get(f"/rosters/{roster.pk}/move/", {"e": rows[0].pk}).content.decode()
    assert "Quarry Hill" not in page
    assert send(client, roster, rows, target=f"school-{school.pk}").status_code == 422


def test_withdrawing_several_is_one_step_in_the_history(client, roster, admin):
    rows = children(roster, "Ana", "Ben")
    send(client, roster, rows, do="withdraw")
    assert on_list(roster) == []
    page = client.get(f"/rosters/{roster.pk}/history/").content.decode()
    assert page.count("withdrawn") == 1
    assert admin.name in page
    act = RosterAct.objects.get()
    client.post(f"/roster-steps/{act.uuid}/undo/")
    assert on_list(roster) == ["Ana", "Ben"]


def test_history_shows_single_steps_too_and_what_was_taken_back(client, roster, admin):
    row = children(roster, "Ana")[0]
    answer = client.post(f"/enrollments/{row.pk}/withdraw/", {"from_day": today()})
    page = client.get(answer["Location"]).content.decode()
    client.post(re.search(r'action="(/enrollments/\d+/undo/[^"]+)"', page).group(1))
    assert on_list(roster) == ["Ana"]
    act = RosterAct.objects.get()
    assert (act.kind, act.by, act.undone_by) == ("withdraw", admin, admin)


def test_empty_list_of_those_without_a_class_says_what_comes_there(client, roster, admin):
    assert "Everybody has a class" in client.get("/students/without-class/").content.decode()


def test_placing_nobody_says_to_tick_somebody(client, roster, admin):
    make_learner(roster.school)
    page = client.post("/students/without-class/", {}, follow=True).content.decode()
    assert "Tick somebody first" in page


def test_students_of_several_schools_are_placed_one_school_at_a_time(client, roster, office):
    there = make_roster(make_school(roster.district, name="Birch Hill"), title="5 Oak", session=roster.session)
    ana, ben = make_learner(roster.school, given_name="Ana"), make_learner(there.school, given_name="Ben")
    page = client.get("/students/without-class/").content.decode()
    assert "Birch Hill (1)" in page
    assert ana.name not in page
    assert "5 Oak" not in page
    at = f"/students/without-class/?school={there.school_id}"
    page = client.get(at).content.decode()
    assert ben.name in page
    assert "5 Oak" in page
    assert ana.name not in page
    assert "5 Maple" not in page, "only classes of the chosen school are offered"
    data = {"learners": ben.pk, "target": f"class-{roster.pk}", "from_day": today(), "uuid": uuid4()}
    refused = client.post(at, data)
    assert refused.status_code == 422, "a class of another school"
    assert re.search(rf'value="{ben.pk}"\s+checked', refused.content.decode()), "nobody ticks them again"
    answer = client.post(at, {**data, "target": f"class-{there.pk}"})
    assert on_list(there) == ["Ben"]
    page = client.get(answer["Location"]).content.decode()
    assert ana.name in page, "the one school that is left needs no choice"
    assert "/undo/" in page
    assert client.get("/students/without-class/?school=999999999").status_code == 404
    client.force_login(make_school_admin(there.school))
    assert client.get(f"/students/without-class/?school={roster.school_id}").status_code == 404
    assert client.post("/students/without-class/", {**data, "learners": ana.pk}, follow=True).status_code == 200
    assert on_list(roster) == []


def test_a_long_list_of_those_without_a_class_costs_no_more(client, roster, admin):
    def ask() -> str:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/students/without-class/").content.decode()
        sent.append(len(statements(captured)))
        return page

    sent: list[int] = []
    make_learner(roster.school)
    ask()
    ask()
    Learner.objects.bulk_create(
        Learner(district=roster.district, home_school=roster.school, given_name="Ana", family_name=f"{n}")
        for n in range(class_moves_page.MOST + 5)
    )
    page = ask()
    assert sent[2] == sent[1]
    assert page.count('name="learners"') == class_moves_page.MOST
    assert "6 more stand here" in page
