"""What a package says about the district, in our own words; no database here."""

from collections.abc import Mapping

from profiles.oneroster.package import Roster
from profiles.services.roster_import.wanted_classes import add_classes, add_courses, add_schools, add_sessions
from profiles.services.roster_import.wanted_enrollments import add_enrollments
from profiles.services.roster_import.wanted_people import add_people
from profiles.services.roster_import.wishes import Wanted

FILE_OF = {"schools": "orgs", "sessions": "academicSessions", "courses": "courses", "sections": "classes"}


def wanted_of(roster: Roster, *, known: Mapping[str, frozenset[str]]) -> Wanted:
    """Turn rows into wishes; lines that contradict one another get a problem in the roster.

    known: entity -> keys that the district has already, for packages that leave a file out.
    """
    wanted = Wanted()
    for entity, file in FILE_OF.items():
        if file in roster.present:
            wanted.present.add(entity)
        wanted.spared[entity] = _spared(roster, file)
    wanted.spared["people"] = _spared(roster, "users")
    wanted.spared["enrollments"] = _spared(roster, "enrollments")
    if "users" in roster.present:
        wanted.present.add("people")
    if "enrollments" in roster.present:
        wanted.present.add("enrollments")
    add_schools(roster, wanted)
    add_sessions(roster, wanted)
    add_courses(roster, wanted)
    add_classes(roster, wanted, known)
    add_people(roster, wanted, known)
    add_enrollments(roster, wanted, known)
    return wanted


def _spared(roster: Roster, file: str) -> set[str]:
    return set(roster.seen.get(file, ())) | roster.gone.get(file, set())
