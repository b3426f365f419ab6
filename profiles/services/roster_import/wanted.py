"""What a package says about the district, in our own words; no database here."""

from profiles.oneroster.package import Roster
from profiles.services.roster_import.known import Known
from profiles.services.roster_import.wanted_classes import add_classes, add_courses, add_schools, add_sessions
from profiles.services.roster_import.wanted_enrollments import add_enrollments
from profiles.services.roster_import.wanted_people import add_people
from profiles.services.roster_import.wishes import Wanted

FILE_OF = {
    "schools": "orgs",
    "sessions": "academicSessions",
    "courses": "courses",
    "sections": "classes",
    "people": "users",
    "enrollments": "enrollments",
}


def wanted_of(roster: Roster, *, known: Known) -> Wanted:
    """Turn rows into wishes; lines that contradict one another get a problem in the roster.

    known: what the district has already, for packages that leave a file out or hold changes only.
    """
    wanted = Wanted()
    for entity, file in FILE_OF.items():
        if roster.is_complete(file):
            wanted.present.add(entity)
        elif file in roster.present:
            wanted.named[entity] = {row.sourced_id for row in roster[file]}
        wanted.spared[entity] = _spared(roster, file)
    add_schools(roster, wanted, known)
    add_sessions(roster, wanted, known)
    add_courses(roster, wanted, known)
    add_classes(roster, wanted, known)
    add_people(roster, wanted, known)
    add_enrollments(roster, wanted, known)
    return wanted


def _spared(roster: Roster, file: str) -> set[str]:
    return set(roster.seen.get(file, ())) | roster.gone.get(file, set())
