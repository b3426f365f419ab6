"""People and places, valid by default. Names are invented; a counter keeps keys apart.

Reads that a factory needs happen in the caller's scope; factories themselves only insert.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from lrm.api.scopes import SCOPES
from lrm.scope import district_scope
from lrm.sessions import SessionStore
from profiles.models import (
    AcademicSession,
    Account,
    AdminRole,
    ApiToken,
    Block,
    Course,
    District,
    Enrollment,
    Guardianship,
    Learner,
    Roster,
    School,
    Section,
    SignedIn,
    SingleSignOn,
)
from profiles.services import api_tokens, integrations, single_sign_on

_number = count(1001)
PASSWORD = "a long enough password"


def some_time_ago() -> date:
    """A start that lies well before today, whatever the time zone."""
    return timezone.localdate() - timedelta(days=60)


def make_district(**fields) -> District:
    n = next(_number)
    # The clock of the tests themselves, so that "today" is one day.
    return District.objects.create(
        **{"key": f"district-{n}", "name": f"Three Rivers {n}", "time_zone": "UTC", **fields}
    )


def make_school(district: District | None = None, **fields) -> School:
    district = district or make_district()
    n = next(_number)
    return School._base_manager.create(
        **{"district": district, "key": f"school-{n}", "name": f"Alder Creek Elementary {n}", **fields}
    )


def make_session(district: District, **fields) -> AcademicSession:
    """A school year around today."""
    n = next(_number)
    today = timezone.localdate()
    return AcademicSession._base_manager.create(
        **{
            "district": district,
            "key": f"session-{n}",
            "title": "This year",
            "kind": AcademicSession.Kind.YEAR,
            "starts_on": today - timedelta(days=90),
            "ends_on": today + timedelta(days=240),
            "school_year": (today + timedelta(days=240)).year,
            **fields,
        }
    )


def make_course(district: District, **fields) -> Course:
    n = next(_number)
    return Course._base_manager.create(
        **{
            "district": district,
            "key": f"course-{n}",
            "title": "Mathematics 5",
            "subject": "Mathematics",
            "grade": "05",
            **fields,
        }
    )


def make_roster(school: School | None = None, **fields) -> Roster:
    school = school or make_school()
    n = next(_number)
    session = fields.pop("session", None) or make_session(school.district)
    return Roster._base_manager.create(
        **{
            "district_id": school.district_id,
            "school": school,
            "session": session,
            "key": f"roster-{n}",
            "title": f"5 Maple {n}",
            "is_homeroom": True,
            "grade": "05",
            **fields,
        }
    )


def make_section(roster: Roster | None = None, **fields) -> Section:
    roster = roster or make_roster()
    n = next(_number)
    course = fields.pop("course", None) or make_course(roster.district)
    return Section._base_manager.create(
        **{
            "district_id": roster.district_id,
            "roster": roster,
            "course": course,
            "session": roster.session,
            "key": f"section-{n}",
            "title": f"{roster.title} {course.subject}",
            **fields,
        }
    )


def make_block(like: Section, adults: list[Account], *, days: int = 42, title: str = "Number block", **fields) -> Block:
    """At the school of a section, begun some time ago, with these adults and no learners."""
    roster = make_roster(like.roster.school, session=like.session, title=title, is_homeroom=False, key=None)
    section = make_section(roster, title=title, course=like.course, key=None)
    ends_on = timezone.localdate() + timedelta(days)
    values = {"place": "Room 4", "slots": [[1, 615, 645]], "seats": 4, "starts_on": some_time_ago(), "ends_on": ends_on}
    block = Block._base_manager.create(roster=roster, section=section, **{**values, **fields})
    for adult in adults:
        enroll(adult, roster, ends_on=ends_on)
    return block


def make_account(district: District | None = None, *, password: str | None = None, **fields) -> Account:
    """Without a password no hash is computed: sign in with `client.force_login`."""
    district = district or make_district()
    n = next(_number)
    return Account.objects.create_user(
        district=district,
        password=password,
        **{"email": f"person{n}@example.org", "given_name": "Pat", "family_name": f"Delgado {n}", **fields},
    )


def make_learner(school: School | None = None, *, account: bool | Account = False, **fields) -> Learner:
    """account=True makes one for the learner too."""
    school = school or make_school()
    n = next(_number)
    values = {
        "district_id": school.district_id,
        "home_school": school,
        "key": f"learner-{n}",
        "given_name": "Ana",
        "family_name": f"Ruiz {n}",
        "grade": "05",
        **fields,
    }
    if account is True:
        account = make_account(
            school.district,
            kind=Account.Kind.LEARNER,
            email=None,
            given_name=values["given_name"],
            family_name=values["family_name"],
        )
    return Learner._base_manager.create(account=account or None, **values)


def make_learners(roster: Roster, names: Sequence[str], *, family_name: str) -> list[Learner]:
    """`make_learner` with accounts and `enroll`, for many at once: as many statements as one of them needs."""
    places = [{"given_name": name, "family_name": family_name} for name in names]
    accounts = Account.objects.bulk_create(
        Account(district_id=roster.district_id, kind=Account.Kind.LEARNER, password="!", **place) for place in places
    )
    learners = Learner._base_manager.bulk_create(
        Learner(
            district_id=roster.district_id,
            home_school=roster.school,
            key=f"learner-{next(_number)}",
            grade="05",
            account=account,
            **place,
        )
        for account, place in zip(accounts, places, strict=True)
    )
    Enrollment._base_manager.bulk_create(
        Enrollment(roster=roster, learner=learner, role=Enrollment.Role.LEARNER, starts_on=some_time_ago())
        for learner in learners
    )
    return learners


def enroll(who: Learner | Account, roster: Roster, **fields) -> Enrollment:
    """Enroll a learner, or an account as teacher unless `role` says otherwise; `section` limits staff to one."""
    if isinstance(who, Learner):
        person = {"learner": who, "role": Enrollment.Role.LEARNER}
    else:
        person = {"account": who, "role": Enrollment.Role.TEACHER}
    return Enrollment._base_manager.create(**{**person, "roster": roster, "starts_on": some_time_ago(), **fields})


def make_teacher(roster: Roster | None = None, *, role: str = "teacher", section: Section | None = None, **fields):
    """An account with a staff enrollment on the roster, or on one section of it."""
    roster = roster or (section.roster if section else make_roster())
    account = make_account(roster.district, **fields)
    enroll(account, roster, role=role, section=section)
    return account


def make_school_admin(school: School, **fields) -> Account:
    account = make_account(school.district, **fields)
    AdminRole.objects.create(account=account, kind=AdminRole.Kind.SCHOOL, school=school, starts_on=some_time_ago())
    return account


def make_district_admin(district: District, **fields) -> Account:
    account = make_account(district, **fields)
    AdminRole.objects.create(account=account, kind=AdminRole.Kind.DISTRICT, starts_on=some_time_ago())
    return account


def make_guardian(learner: Learner, *, starts_on: date | None = None, confirmed: bool = True, ends_on=None, **fields):
    """A guardian's account, confirmed by the school unless said otherwise."""
    account = make_account(learner.district, **{"kind": Account.Kind.GUARDIAN, **fields})
    Guardianship._base_manager.create(
        account=account,
        learner=learner,
        relation="mother",
        starts_on=starts_on or some_time_ago(),
        ends_on=ends_on,
        confirmed_at=timezone.now() if confirmed else None,
    )
    return account


def make_provider(district: District, *, secret: str = "not for the database", **fields) -> SingleSignOn:
    row = SingleSignOn(district=district, **{"name": "Maple Login", "client_id": "lrm", "is_on": True} | fields)
    single_sign_on.keep_secret(row, secret)
    row.save()
    return row


def make_signed_in(account: Account) -> SignedIn:
    """A session of the account on another device."""
    session = SessionStore()
    session["device"] = "another"
    session.save()
    return SignedIn._base_manager.create(account=account, session_key=session.session_key, browser="Firefox")


def make_system(by: Account, *schools: School) -> str:
    """The token, used today already, of a system with all scopes; of these schools or the whole district."""
    with district_scope(by.district_id):
        made = integrations.make_integration(name=f"System {next(_number)}", schools=schools, by=by)
        facts = {"scopes": SCOPES, "expires_on": timezone.localdate() + timedelta(days=30), "per_minute": 10**6}
        token, secret = integrations.give_token(integration=made, **facts, by=by)
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=timezone.localdate())
    return secret


def make_token(account: Account, *scopes: str, name: str = "", days: int = 30) -> tuple[ApiToken, str]:
    """(token, what is sent), for all scopes unless some are named."""
    expires_on = timezone.localdate() + timedelta(days=days)
    name = name or f"Program {next(_number)}"
    with district_scope(account.district_id):
        return api_tokens.make_token(account=account, name=name, scopes=scopes or SCOPES, expires_on=expires_on)
