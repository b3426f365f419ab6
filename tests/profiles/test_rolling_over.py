"""Into the next year: planned, corrected for single students, carried out at once, undone as a whole."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lrm.scope import district_scope
from profiles.models import AcademicSession, Enrollment, RollOver, Roster, RosterAct, Section
from profiles.services import rolling_over
from profiles.services.roster_acts import ChangedMeanwhile
from tests.budgets import statements
from tests.factories.profiles import (
    enroll,
    make_district_admin,
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
def five():
    roster = make_roster(title="5 Maple", grade="05")
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def six(five):
    return make_roster(five.school, title="6 Maple", grade="06", session=five.session)


@pytest.fixture
def admin(five, client):
    account = make_school_admin(five.school)
    client.force_login(account)
    return account


@pytest.fixture
def people(five, six):
    """Ana and Ben in grade 5, Cem in grade 6, a teacher and a substitute of 5 Maple, a teacher of 6 Maple."""
    names = {"Ana": five, "Ben": five, "Cem": six}
    found = {name: make_learner(five.school, given_name=name, grade=roster.grade) for name, roster in names.items()}
    for name, roster in names.items():
        enroll(found[name], roster)
    make_section(five, title="5 Maple Mathematics")
    found["teacher"] = make_teacher(five)
    found["substitute"] = make_teacher(five, role="substitute")
    found["other"] = make_teacher(six)
    return found


@pytest.fixture
def plan(five, six, people, admin):
    return rolling_over.begin(school=five.school, source=five.session, by=admin)


def begin_at(plan, day):
    """Let the planned year begin on that day."""
    plan.year["starts_on"] = day.isoformat()
    plan.save()
    return plan


def lists(session) -> dict[str, list[str]]:
    """Title -> names of the learners who are on it, or will be."""
    found = {row.title: [] for row in Roster.objects.filter(session=session)}
    rows = Enrollment.objects.of_learners().filter(roster__session=session, ends_on=None)
    for row in rows.select_related("learner", "roster").order_by("learner__given_name"):
        found[row.roster.title].append(row.learner.given_name)
    return found


def everything():
    return list(Enrollment.objects.order_by("pk").values("pk", "roster", "learner", "account", "starts_on", "ends_on"))


def test_plan_goes_a_grade_on_by_name_and_the_last_grade_leaves(plan, five, six):
    assert plan.goes == {str(five.pk): f"again-{six.pk}", str(six.pk): "away"}
    assert plan.again[str(five.pk)] == {"title": "5 Maple", "staff": True}
    assert date.fromisoformat(plan.year["starts_on"]).year == five.session.starts_on.year + 1


@pytest.mark.parametrize(
    ("grade", "following"), [("05", "06"), ("5", "06"), ("K", "01"), ("PK", "KG"), ("12", ""), ("", ""), ("Birch", "")]
)
def test_next_grade(grade, following):
    assert rolling_over.next_grade(grade) == following


def test_carried_out_makes_the_classes_and_moves_everybody_the_day_before(plan, five, six, people, admin):
    rolling_over.carry_out(plan, version=plan.version, by=admin)
    plan.refresh_from_db()
    assert lists(plan.target) == {"5 Maple": [], "6 Maple": ["Ana", "Ben"]}
    starts_on = date.fromisoformat(plan.year["starts_on"])
    old = Enrollment.objects.filter(roster__in=(five, six))
    assert set(old.values_list("ends_on", flat=True)) == {starts_on - timedelta(days=1)}
    made = Roster.objects.get(session=plan.target, title="5 Maple")
    assert list(made.sections.values_list("title", flat=True)) == ["5 Maple Mathematics"]
    staff = Enrollment.objects.of_staff().filter(roster__session=plan.target)
    assert set(staff.values_list("account", "roster__title", "starts_on")) == {
        (people["teacher"].pk, "5 Maple", starts_on),
        (people["other"].pk, "6 Maple", starts_on),
    }


def test_grades_and_leaving_wait_for_the_first_day(plan, people, admin):
    rolling_over.carry_out(plan, version=plan.version, by=admin)
    people["Ana"].refresh_from_db()
    assert people["Ana"].grade == "05"
    first = date.fromisoformat(plan.year["starts_on"])
    district = people["Ana"].district_id
    assert rolling_over.settle_due(district, on=first - timedelta(days=1)) == 0
    assert rolling_over.settle_due(district, on=first) == 1
    assert rolling_over.settle_due(district, on=first) == 0
    for name in ("Ana", "Cem"):
        people[name].refresh_from_db()
    assert (people["Ana"].grade, people["Ana"].left_on) == ("06", None)
    assert (people["Cem"].grade, people["Cem"].left_on) == ("06", timezone.localdate())


def test_year_that_has_begun_settles_at_once_and_is_undone_whole(plan, people, admin):
    before = everything()
    sections, sessions = Section.objects.count(), AcademicSession.objects.count()
    begin_at(plan, timezone.localdate())
    rolling_over.carry_out(plan, version=plan.version, by=admin)
    people["Ana"].refresh_from_db()
    assert people["Ana"].grade == "06"
    plan.refresh_from_db()
    rolling_over.undo(plan, by=admin)
    for name in ("Ana", "Cem"):
        people[name].refresh_from_db()
    assert (people["Ana"].grade, people["Cem"].left_on) == ("05", None)
    assert everything() == before
    assert (Section.objects.count(), AcademicSession.objects.count()) == (sections, sessions)
    plan.refresh_from_db()
    rolling_over.carry_out(plan, version=plan.version, by=admin)


def test_undo_is_refused_once_somebody_has_changed_a_list(plan, people, admin):
    rolling_over.carry_out(plan, version=plan.version, by=admin)
    plan.refresh_from_db()
    row = Enrollment.objects.get(roster__session=plan.target, learner=people["Ana"])
    Enrollment.objects.filter(pk=row.pk).update(ends_on=row.starts_on + timedelta(days=9))
    after = everything()
    with pytest.raises(ChangedMeanwhile):
        rolling_over.undo(plan, by=admin)
    assert everything() == after


def test_carried_out_from_an_older_page_does_nothing(plan, admin):
    before = everything()
    saved = rolling_over.save(plan, version=plan.version, learners={})
    with pytest.raises(ChangedMeanwhile):
        rolling_over.carry_out(saved, version=plan.version, by=admin)
    assert everything() == before


def fields(plan, *rosters, **changed):
    data = {**plan.year, "version": plan.version}
    for roster in rosters:
        pk = roster.pk
        data |= {
            f"again-{pk}": "on",
            f"title-{pk}": roster.title,
            f"staff-{pk}": "on",
            f"goes-{pk}": plan.goes[str(pk)],
        }
    return {name: value for name, value in {**data, **changed}.items() if value is not None}


def test_pages_plan_correct_carry_out_and_undo(client, plan, five, six, people, admin):
    address = f"/students/next-year/{plan.uuid}/"
    page = client.post(address, fields(plan, five, six, **{f"title-{six.pk}": "6 Oak"}), follow=True)
    assert "The plan is saved." in page.content.decode()
    plan.refresh_from_db()
    way = f"way-{people['Ana'].pk}"
    data = {"version": plan.version, way: f"again-{five.pk}"}
    page = client.post(f"{address}classes/{five.pk}/", data, follow=True).content.decode()
    assert "1 goes elsewhere" in page
    plan.refresh_from_db()
    for _ in range(2):  # a double click
        client.post(f"{address}apply/", {"version": plan.version})
    plan.refresh_from_db()
    assert RosterAct.objects.count() == 1
    assert lists(plan.target) == {"5 Maple": ["Ana"], "6 Oak": ["Ben"]}
    page = client.get(address).content.decode()
    assert "Undo all of it" in page
    menu = client.get(f"/rosters/{five.pk}/").content.decode()
    assert menu.count(f'5 Maple <span class="hint">{five.session.title}</span>') == 1
    assert menu.count(f'5 Maple <span class="hint">{plan.target.title}</span>') == 1
    page = client.post(f"{address}undo/", follow=True).content.decode()
    assert "Undone." in page
    assert lists(five.session) == {"5 Maple": ["Ana", "Ben"], "6 Maple": ["Cem"]}
    assert 'class="hint"' not in client.get(f"/rosters/{five.pk}/").content.decode()


def test_plan_saved_in_two_tabs_says_so(client, plan, five, six, admin):
    address, data = f"/students/next-year/{plan.uuid}/", fields(plan, five, six)
    client.post(address, data)
    assert "Changed meanwhile" in client.post(address, data, follow=True).content.decode()


def test_class_that_there_will_not_be_again_takes_nobody(client, plan, five, six, admin):
    client.post(f"/students/next-year/{plan.uuid}/", fields(plan, five, six, **{f"again-{six.pk}": None}))
    plan.refresh_from_db()
    assert plan.goes[str(five.pk)] == "none"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"starts_on": "2001-01-01"}, "begins after the first day of this one"),
        ({"ends_on": "2001-01-01"}, "This is not after the first day."),
        ({"title": ""}, "Give the year a name"),
    ],
)
def test_year_that_cannot_be_is_refused(client, plan, five, six, admin, changed, message):
    page = client.post(f"/students/next-year/{plan.uuid}/", fields(plan, five, six, **changed))
    assert page.status_code == 422
    assert message in page.content.decode()


def test_administrator_begins_plans_of_the_own_school_only(client, plan, admin):
    other = make_roster(make_school(plan.district))
    page = client.get("/students/next-year/").content.decode()
    assert plan.school.name in page
    assert other.school.name not in page
    data = {"begin": f"{other.school_id}-{other.session_id}"}
    assert client.post("/students/next-year/", data).status_code == 422
    answer = client.post("/students/next-year/", {"begin": f"{plan.school_id}-{plan.source_id}"})
    assert answer["Location"] == f"/students/next-year/{RollOver.objects.first().uuid}/"
    assert client.get(f"/students/next-year/{uuid4()}/").status_code == 404


def test_years_of_all_schools_cost_as_much_as_of_one(five, client):
    client.force_login(make_district_admin(five.district))
    client.get("/students/next-year/")

    def sent() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/students/next-year/").content.decode()
        assert all(f"{roster.school}, {roster.session}" in page for roster in rosters)
        return len(statements(captured))

    rosters = [five]
    alone = sent()
    first = five.session.starts_on - timedelta(days=365)
    ends_on = five.session.starts_on - timedelta(days=1)
    last_year = make_session(five.district, title="Last year", starts_on=first, ends_on=ends_on)
    rosters += [make_roster(make_school(five.district), session=five.session) for _ in range(4)]
    rosters.append(make_roster(rosters[1].school, session=last_year))
    assert sent() == alone
    found = rolling_over.sources_of([five.school, rosters[1].school], on=timezone.localdate())
    assert found == [
        (five.school, five.session),
        (rosters[1].school, five.session),
        (rosters[1].school, last_year),
    ]
