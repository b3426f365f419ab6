"""A school's classes into the next year: a plan that can be corrected, carried out at once, and undone."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, ProtectedError, Q
from django.utils import timezone

from lrm.attempts import attempts
from lrm.grades import CODES
from profiles.models import AcademicSession, Account, Enrollment, Learner, RollOver, Roster, RosterAct, School, Section
from profiles.services import roster_acts
from profiles.services.roster_acts import ChangedMeanwhile, Step, acting

log = structlog.get_logger()

NONE, AWAY = "none", "away"
SOURCES = 6
"""So many years or terms of a school can be taken into the next one."""
Role = Enrollment.Role


@dataclass
class Class:
    """A class of this year in the plan. ways: way -> how many of its learners go there, in the order of the choices.

    changed: how many do not go where the class goes.
    """

    roster: Roster
    title: str
    is_again: bool
    with_staff: bool
    goes: str
    staff: list[str]
    learners: list[Enrollment] = field(default_factory=list)
    ways: dict[str, int] = field(default_factory=dict)
    changed: int = 0


def sources_of(schools: Iterable[School], *, on: date) -> list[tuple[School, AcademicSession]]:
    """School years, or terms, in which each school has classes now or had them last, the newest first.

    Two statements, for one school and for all of a district.
    """
    wanted = list(schools)
    held = Roster.objects.filter(school__in=wanted, block__isnull=True, session__starts_on__lte=on)
    sessions = defaultdict(list)
    for school_id, session_id in held.order_by().values_list("school_id", "session_id").distinct():
        sessions[school_id].append(session_id)
    known = AcademicSession.objects.in_bulk({pk for ids in sessions.values() for pk in ids})
    found = []
    for school in wanted:
        newest = sorted(map(known.__getitem__, sessions[school.pk]), key=lambda row: (row.ends_on, row.starts_on))
        found += [(school, row) for row in newest[::-1][:SOURCES]]
    return found


def begin(*, school: School, source: AcademicSession, by: Account) -> RollOver:
    """A plan in which every class is there again with its staff, and each goes to the class of the next grade."""
    rosters = _rosters(school, source)
    plan = RollOver(district_id=school.district_id, school=school, source=source, made_by=by)
    first, last = _a_year_on(source.starts_on), _a_year_on(source.ends_on)
    plan.year = {
        "title": f"{first.year}-{last.year % 100:02d}" if first.year != last.year else f"{first.year}",
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
    }
    plan.again = {str(row.pk): {"title": row.title, "staff": True} for row in rosters}
    plan.goes = {str(row.pk): _usual_way(row, rosters) for row in rosters}
    plan.save()
    return plan


def choices_of(plan: RollOver) -> dict[str, str]:
    """Way -> title: classes that there will be again, classes that are there already, then NONE and AWAY as ""."""
    titles = {f"again-{pk}": each["title"] for pk, each in plan.again.items()}
    starts_on = date.fromisoformat(plan.year["starts_on"])
    there = Roster.objects.filter(school=plan.school_id, block__isnull=True, session__starts_on__gte=starts_on)
    titles |= {f"class-{row.pk}": row.title for row in there.order_by("title", "pk")}
    return dict(sorted(titles.items(), key=lambda way: way[1])) | {NONE: "", AWAY: ""}


def classes_of(plan: RollOver) -> list[Class]:
    """The plan as it is read: each class of this year with its learners of now, and how many go where."""
    rosters = _rosters(plan.school, plan.source)
    on = timezone.localdate()
    learners, staff = defaultdict(list), defaultdict(list)
    rows = _standing(rosters, on).select_related("learner", "account")
    for row in rows.order_by("learner__given_name", "learner__family_name", "pk"):
        if row.learner is not None:
            learners[row.roster_id].append(row)
        elif row.account is not None and row.role != Role.SUBSTITUTE:
            staff[row.roster_id].append(row.account.name)
    found = []
    for roster in rosters:
        again = plan.again.get(str(roster.pk))
        goes = plan.goes.get(str(roster.pk), NONE)
        each = Class(
            roster,
            again["title"] if again else roster.title,
            again is not None,
            bool(again and again["staff"]),
            goes,
            list(dict.fromkeys(staff[roster.pk])),
            learners[roster.pk],
        )
        for row in each.learners:
            way = way_of(plan, row)
            each.ways[way] = each.ways.get(way, 0) + 1
            each.changed += way != goes
        found.append(each)
    return found


def way_of(plan: RollOver, row: Enrollment) -> str:
    """Where this learner goes; a way that is no choice anymore is NONE."""
    return plan.learners.get(str(row.learner_id)) or plan.goes.get(str(row.roster_id), NONE)


def save(plan: RollOver, *, version: int, **values: Any) -> RollOver:
    """Change the plan. Raises ChangedMeanwhile where it is not the version that the page showed, or was carried out."""
    with transaction.atomic():
        plan = RollOver.objects.select_for_update(of=["self"]).get(pk=plan.pk)
        if plan.version != version or plan.act_id is not None:
            raise ChangedMeanwhile
        for name, value in values.items():
            setattr(plan, name, value)
        plan.version += 1
        plan.save()
        return plan


@transaction.atomic
def carry_out(plan: RollOver, *, version: int, by: Account) -> RosterAct:
    """Make the classes, put the learners in, end the old enrollments the day before. Raises ChangedMeanwhile."""
    plan = RollOver.objects.select_for_update(of=["self"]).select_related("school", "source").get(pk=plan.pk)
    if plan.version != version or plan.act_id is not None:
        raise ChangedMeanwhile
    starts_on = date.fromisoformat(plan.year["starts_on"])
    rosters = _rosters(plan.school, plan.source)
    with acting(RosterAct.Kind.ROLL_OVER, by=by, roster_ids=[row.pk for row in rosters]) as step:
        session = _session(plan)
        made = {f"again-{row.pk}": _again(plan, row, session) for row in rosters if str(row.pk) in plan.again}
        rows = list(_standing(rosters, starts_on).select_related("learner", "account", "section"))
        moved = [row for row in rows if row.learner_id is not None]
        for row in rows:
            if row.learner_id is None and plan.again.get(str(row.roster_id), {}).get("staff"):
                _staff_again(step, row, made[f"again-{row.roster_id}"], starts_on)
        there = set(choices_of(plan))
        for row in moved:
            way = way_of(plan, row)
            if way not in there:
                raise ChangedMeanwhile
            target = made[way].pk if way in made else int(way[6:]) if way.startswith("class-") else None
            if target is not None and row.learner_id is not None:
                step.enroll(roster_id=target, learner_id=row.learner_id, starts_on=starts_on)
        for row in rows:
            step.end(row, from_day=starts_on)
        plan.later = _later(plan, moved)
        if starts_on <= timezone.localdate():
            _settle(plan, step)
        if not step.changes:
            raise ChangedMeanwhile
    plan.act, plan.target = step.act, session
    plan.version += 1
    plan.save()
    log.info("rolled over", plan=plan.pk, learners=len(moved), by=by.pk)
    return step.act


@transaction.atomic
def undo(plan: RollOver, *, by: Account) -> None:
    """As it was before, where nobody has changed any of it since; classes that somebody works in already stay, empty.

    Raises ChangedMeanwhile.
    """
    plan = RollOver.objects.select_for_update(of=["self"]).select_related("act").get(pk=plan.pk)
    if plan.act is None:
        raise ChangedMeanwhile
    act = plan.act
    made = list(act.changes.filter(before__isnull=True).values_list("enrollment_id", "roster_id"))
    roster_acts.undo(act, by=by)
    plan.act, plan.later = None, {}
    plan.version += 1
    plan.save()
    Enrollment.objects.filter(pk__in=[pk for pk, _roster in made]).delete()
    if plan.target_id is not None:
        _remove_empty(plan, plan.target_id)


def settle_due(district_id: int, *, on: date) -> int:
    """What waited for the first day of a year: new grades, and those who have left. Returns how many plans.

    Raises NotAllDone, once all others are through, where a plan could not be settled; it waits for the next time.
    """
    done = 0
    waiting = RollOver.objects.filter(district=district_id, act__undone_at=None, act__isnull=False).exclude(later={})
    with attempts("roll_over_not_settled") as attempt:
        for plan in waiting.select_related("act").order_by("pk"):
            if date.fromisoformat(plan.year["starts_on"]) > on or plan.act is None:
                continue
            with attempt(plan=plan.pk), transaction.atomic():
                step = Step(plan.act)
                _settle(plan, step)
                roster_acts.finish(step)
                plan.save(update_fields=["later"])
                done += 1
    return done


def _rosters(school: School, source: AcademicSession) -> list[Roster]:
    rows = Roster.objects.filter(school=school, session=source, block__isnull=True)
    return list(rows.order_by("grade", "title", "pk"))


def _standing(rosters: Collection[Roster], on: date):
    """Enrollments of that day, without those that are never in force."""
    rows = Enrollment.objects.filter(roster__in=rosters).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    return rows.exclude(ends_on__lt=F("starts_on"))


def _usual_way(roster: Roster, rosters: Collection[Roster]) -> str:
    """The class of the same name a grade on ("5 Maple" to "6 Maple"), else the first of that grade; the last leave."""
    following = next_grade(roster.grade)
    of_grade = [row for row in rosters if following and _code(row.grade) == following]
    wanted = re.sub(r"\d+", lambda number: str(int(number.group()) + 1), roster.title, count=1)
    found = next((row for row in of_grade if row.title == wanted), None) or next(iter(of_grade), None)
    if found is not None:
        return f"again-{found.pk}"
    return AWAY if roster.grade else NONE


def next_grade(grade: str) -> str:
    """The code of the grade after this one; "" after the last, and where the code is no grade."""
    code = _code(grade)
    return CODES[CODES.index(code) + 1] if code in CODES[:-1] else ""


def _code(grade: str) -> str:
    return f"{int(grade):02d}" if grade.isdecimal() else {"K": "KG"}.get(grade.upper(), grade.upper())


def _a_year_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # February 29
        return day.replace(year=day.year + 1, day=28)


def _session(plan: RollOver) -> AcademicSession:
    """The year of the plan: one with the same days where there is one."""
    first, last = (date.fromisoformat(plan.year[name]) for name in ("starts_on", "ends_on"))
    same = AcademicSession.objects.filter(district=plan.district_id, starts_on=first, ends_on=last)
    return same.order_by("pk").first() or AcademicSession.objects.create(
        district_id=plan.district_id,
        key=f"by-hand-{plan.uuid}-{plan.version}",
        title=plan.year["title"],
        kind=plan.source.kind,
        starts_on=first,
        ends_on=last,
        school_year=last.year,
    )


def _again(plan: RollOver, roster: Roster, session: AcademicSession) -> Roster:
    """The class in the next year, with its subjects."""
    title = plan.again[str(roster.pk)]["title"]
    made = Roster.objects.create(
        district_id=roster.district_id,
        school_id=roster.school_id,
        session=session,
        title=title,
        is_homeroom=roster.is_homeroom,
        grade=roster.grade,
    )
    for section in roster.sections.filter(archived_at__isnull=True).order_by("pk"):
        Section.objects.create(
            district_id=roster.district_id,
            roster=made,
            course_id=section.course_id,
            session=session,
            title=section.title.replace(roster.title, title),
        )
    return made


def _staff_again(step: Step, row: Enrollment, made: Roster, starts_on: date) -> None:
    """Substitutes and roles that end do not come along; who has one subject has the same one."""
    if row.account is None or row.role == Role.SUBSTITUTE or row.ends_on is not None or not row.account.is_active:
        return
    section = None
    if row.section is not None:
        section = made.sections.filter(course=row.section.course_id).order_by("pk").first()
        if section is None:
            return
    step.staff(
        roster_id=made.pk,
        section_id=section.pk if section else None,
        account=row.account,
        role=row.role,
        starts_on=starts_on,
        ends_on=None,
    )


def _later(plan: RollOver, moved: Collection[Enrollment]) -> dict:
    """Grades and leaving of those who are at home in this school; of several classes of a learner one is enough."""
    grades, away, stays = {}, set(), set()
    for row in moved:
        learner = row.learner
        if learner is None or learner.home_school_id != plan.school_id:
            continue
        if way_of(plan, row) == AWAY:
            away.add(learner.pk)
        else:
            stays.add(learner.pk)
            if following := next_grade(learner.grade):
                grades[str(learner.pk)] = following
    return {"grades": {pk: grade for pk, grade in grades.items() if int(pk) in stays}, "away": sorted(away - stays)}


def _settle(plan: RollOver, step: Step) -> None:
    later, plan.later = plan.later, {}
    leaving = set(later.get("away", ()))
    ids = {int(pk) for pk in later.get("grades", {})} | leaving
    for learner in Learner.objects.select_for_update(of=["self"]).filter(pk__in=ids, left_on=None).order_by("pk"):
        if learner.pk in leaving:
            step.change_learner(learner, left_on=timezone.localdate())
        else:
            step.change_learner(learner, grade=later["grades"][str(learner.pk)])


def _remove_empty(plan: RollOver, session_id: int) -> None:
    """The classes that the plan made, and their year, where nothing hangs on them; else they stay."""
    titles = [each["title"] for each in plan.again.values()]
    rows = Roster.objects.filter(school=plan.school_id, session=session_id, title__in=titles, key=None)
    for roster in rows.filter(enrollments__isnull=True):
        try:
            with transaction.atomic():
                roster.sections.all().delete()
                roster.delete()
        except ProtectedError:
            roster.sections.update(archived_at=timezone.now())
    session = AcademicSession.objects.filter(pk=session_id, key__startswith=f"by-hand-{plan.uuid}")
    try:
        with transaction.atomic():
            RollOver.objects.filter(pk=plan.pk).update(target=None)
            session.delete()
    except ProtectedError:
        log.info("year stays, as classes are in it", session=session_id)
