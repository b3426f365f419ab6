"""`python -m tests.assessments.faults.seed CLASSES`: classes of 25 in a migrated state folder (LRM_VAR), told as JSON.

It runs beside the site and not in it: what the fault tests know of a site, they know from outside.
"""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta

from lrm.local import local_environment
from tests.processes import ROOT

PASSWORD = "seven green kettles"
LEARNERS = 25
DAYS_AGO = (7, 0)
"""Days on which the assessments of a class were given: in the order of arrival they are mixed."""
STANDARDS = 4


@dataclass(frozen=True)
class Seed:
    """cells: [assessment, learner, standard] ids of every empty cell.

    email, colleague: how the teacher and the co-teacher of all classes sign in.
    """

    email: str
    colleague: str
    district: str
    sections: list[int]
    cells: list[tuple[int, int, int]]


def build(classes: int) -> Seed:
    from django.utils import timezone  # settings are there only now

    from lrm.scope import unscoped
    from tests.factories.assessments import make_assessment
    from tests.factories.profiles import enroll, make_learner, make_roster, make_school, make_section, make_teacher
    from tests.factories.standards import make_framework, make_standard

    with unscoped("a school of its own for a fault test"):
        school = make_school()
        framework = make_framework(school.district)
        standards = [make_standard(framework) for _ in range(STANDARDS)]
        sections = [make_section(make_roster(school)) for _ in range(classes)]
        teacher, colleague = (make_teacher(sections[0].roster, password=PASSWORD) for _ in range(2))
        for section in sections[1:]:
            enroll(teacher, section.roster, role="teacher")
            enroll(colleague, section.roster, role="co_teacher")
        cells = []
        for section in sections:
            learners = [make_learner(school) for _ in range(LEARNERS)]
            for learner in learners:
                enroll(learner, section.roster)
            for days in DAYS_AGO:
                day = timezone.localdate() - timedelta(days=days)
                assessment = make_assessment(section, standards, given_on=day)
                cells += [(assessment.pk, one.pk, standard.pk) for one in learners for standard in standards]
    return Seed(teacher.email, colleague.email, school.district.key, [section.pk for section in sections], cells)


def main(words: list[str]) -> None:
    with local_environment(ROOT, ["migrate"]):
        import django  # the environment is complete only now

        django.setup()
        from django.db import connections

        sys.stdout.write(json.dumps(asdict(build(int(words[0])))))
        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1:])
