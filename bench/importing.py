"""How long a OneRoster package of 5,000 people takes, from its bytes to the last row, and how many statements."""

import io
import time
import zipfile
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.pages import Row, row
from lrm.scope import district_scope
from profiles.models import Learner
from profiles.oneroster.package import Options
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import import_roster
from tests.budgets import statements
from tests.factories.profiles import make_district

CLASS = 30
SECONDS, PEOPLE = 10.0, 5000
GRADES = ("03", "04", "05", "06")

FILES = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
        "termSourcedIds,subjects,subjectCodes,periods"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate"
    ),
}


def rows(*, small: bool) -> Iterator[Row]:
    """small: a fifth of the people, who get a fifth of the time."""
    people = PEOPLE // 5 if small else PEOPLE
    data = package(people)
    district = make_district()
    with district_scope(district.pk), CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        import_roster(read_roster(data, options=Options()), district=district)
        seconds = time.perf_counter() - began
        learners = Learner.objects.filter(district=district).count()
    sent = len(statements(captured)) - 1  # the count above
    size = f"{people} people, {learners} of them learners"
    limit = SECONDS * people / PEOPLE
    yield row("import_people", size, seconds, "s", f"{limit:g} s", seconds / limit)
    yield row("import_people.statements", size, sent / people, "a person", 0.1, sent / people / 0.1)


def package(people: int) -> bytes:
    """A 1.1 package as a zip: classes of a teacher and 30 learners, each learner with a place on the class list."""
    lines: dict[str, list[str]] = {name: [heading] for name, heading in FILES.items()}
    lines["orgs"] += ["d1,,,Lakeside District,district,,", "s1,,,Maple School,school,,d1"]
    lines["academicSessions"] += [
        "y1,,,2026-27,schoolYear,2026-08-24,2027-06-11,,2027",
        "t1,,,Fall,term,2026-08-24,2027-06-11,y1,2027",
    ]
    lines["courses"] += ["c1,,,y1,Mathematics,M5,05,s1,Mathematics,"]
    room = 0
    for number in range(people):
        place = number % (CLASS + 1)
        if place == 0:
            room += 1
            grade = GRADES[room % len(GRADES)]
            lines["classes"].append(f"k{room},,,Mathematics {room},{grade},c1,,scheduled,,s1,t1,Mathematics,,1")
        role = "student" if place else "teacher"
        grade = GRADES[room % len(GRADES)] if place else ""
        lines["users"].append(
            f"u{number},,,true,s1,{role},user{number},,Amara,Rivera {number},,,u{number}@lakeside.example,,,,{grade},"
        )
        lines["enrollments"].append(f"e{number},,,k{room},s1,u{number},{role},{str(not place).lower()},2026-08-24,")
    manifest = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"]
    manifest += [f"file.{name},bulk" for name in FILES] + ["file.demographics,absent"]
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", "\n".join(manifest) + "\n")
        for name, content in lines.items():
            archive.writestr(f"{name}.csv", "\n".join(content) + "\n")
    return store.getvalue()
