"""A district's whole roster from the bytes of its package to the last row, against COPY of the same rows (C)."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from bench.importing import FILES, GRADES
from bench.pages import Row, row
from lrm.scope import district_scope
from profiles.models import Account, District, Enrollment, Learner, Section
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import.applying import import_roster
from profiles.services.roster_import.places import PLACES
from tests.factories.profiles import make_district

LEARNERS, SECTIONS, ENROLLMENTS = 100_000, 5_000, 600_000
"""Enrollments of teachers among them, one a section."""
SCHOOL, TEACHES = 1000, 2
"""Learners a school, sections a teacher."""
TIMES = 5
MEGABYTES = 1500
KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
WRITTEN = tuple(place.table for name, place in PLACES.items() if name not in ("admin_roles", "guardianships", "stamps"))


def rows(*, small: bool) -> Iterator[Row]:
    """small: a twentieth of the district; the limit of memory goes with it, above 200 MB for what is always there."""
    part = 20 if small else 1
    district = make_district()
    data = package(LEARNERS // part, SECTIONS // part, ENROLLMENTS // part)
    with district_scope(district.pk):
        _forget_peak()
        began = time.perf_counter()
        import_roster(read_roster(data), district=district)
        seconds = time.perf_counter() - began
        peak = _peak_megabytes()
        size = _size(district)
        hashed = Account.objects.exclude(password="!").count()
        copied = _copy()
    yield row(
        "import_roster", size, seconds / copied, "times C", f"{TIMES}, C = {copied:.1f} s", seconds / copied / TIMES
    )
    yield row("import_roster.seconds", size, seconds, "s", None, None)
    limit = 200 + (MEGABYTES - 200) / part
    yield row("import_roster.memory", size, peak, "MB at most", f"{limit:.0f} MB", peak / limit)
    yield row("import_roster.passwords", size, hashed, "hashed", "none", 2.0 if hashed else 0.0)


def _size(district: District) -> str:
    counts = (
        Learner.objects.filter(district=district).count(),
        Section.objects.filter(district=district).count(),
        Enrollment.objects.filter(roster__district=district).count(),
    )
    return "{} learners, {} sections, {} enrollments".format(*counts)


def _copy() -> float:
    """Seconds of C: the rows that the import wrote, out to files, and into tables with the same keys and indexes."""
    with TemporaryDirectory() as folder, connection.cursor() as cursor:
        for table in WRITTEN:
            with (Path(folder) / table).open("wb") as file:
                cursor.copy_expert(f"COPY {table} TO STDOUT", file)
            cursor.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(KEYS, [table])
            for number, (definition,) in enumerate(cursor.fetchall()):
                cursor.execute(f"ALTER TABLE copied_{table} ADD CONSTRAINT copied_{table}_{number} {definition}")
        began = time.perf_counter()
        with transaction.atomic():
            for table in WRITTEN:
                with (Path(folder) / table).open("rb") as file:
                    cursor.copy_expert(f"COPY copied_{table} FROM STDIN", file)
        return time.perf_counter() - began


def _forget_peak() -> None:
    """What was used before does not count."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_megabytes() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def package(learners: int, sections: int, enrollments: int) -> bytes:
    """A 1.1 package as a zip; each learner with an address, in as many sections as come to so many enrollments."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = ["propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"]
        manifest += [f"file.{name},bulk" for name in FILES] + ["file.demographics,absent"]
        archive.writestr("manifest.csv", "\n".join(manifest) + "\n")
        for name, lines in _tables(learners, sections, enrollments).items():
            with archive.open(f"{name}.csv", "w") as file:
                file.write(FILES[name].encode() + b"\n")
                for line in lines:
                    file.write(line.encode() + b"\n")
    return store.getvalue()


def _tables(learners: int, sections: int, enrollments: int) -> dict[str, Iterator[str]]:
    schools = max(1, learners // SCHOOL)
    teachers = sections // TEACHES
    return {
        "orgs": (
            line
            for line in (
                "d1,,,Lakeside District,district,,",
                *(f"s{n},,,School {n},school,,d1" for n in range(schools)),
            )
        ),
        "academicSessions": iter(
            [
                "y1,,,2026-27,schoolYear,2026-08-24,2027-06-11,,2027",
                "t1,,,Fall,term,2026-08-24,2027-06-11,y1,2027",
            ]
        ),
        "courses": (f"c{n},,,y1,Mathematics {n},M{n},05,s{n},Mathematics," for n in range(schools)),
        "classes": (
            f"k{n},,,Class {n},{GRADES[n % 4]},c{n % schools},,scheduled,,s{n % schools},t1,Mathematics,,1"
            for n in range(sections)
        ),
        "users": _users(learners, teachers, schools),
        "enrollments": _enrollments(learners, sections, enrollments, teachers, schools),
    }


def _users(learners: int, teachers: int, schools: int) -> Iterator[str]:
    for n in range(teachers):
        school = n % schools
        yield f"t{n},,,true,s{school},teacher,t{n},,Rosa,Delgado {n},,,t{n}@lakeside.example,,,,,"
    for n in range(learners):
        yield (
            f"u{n},,,true,s{n % schools},student,user{n},,Amara,Rivera {n},,,u{n}@lakeside.example,,,,{GRADES[n % 4]},"
        )


def _enrollments(learners: int, sections: int, enrollments: int, teachers: int, schools: int) -> Iterator[str]:
    for n in range(sections):
        yield f"et{n},,,k{n},s{n % schools},t{n % teachers},teacher,true,2026-08-24,"
    of_school = sections // schools
    for n in range(enrollments - sections):
        learner, turn = n % learners, n // learners
        school = learner % schools
        room = ((learner // schools + turn * 7) % of_school) * schools + school
        yield f"e{n},,,k{room},s{school},u{learner},student,false,2026-08-24,"
