"""What a page costs in a district of 500 learners, and in the largest one that stands: statements and bytes."""

from dataclasses import dataclass

from django.db import connection
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from assessments.models import SectionStandard
from assessments.models.rollup import ScopeKind
from bench.left_out import leave_out
from lrm.scope import district_scope, unscoped
from profiles.models import Account, Learner, School
from tests.budgets import statements
from tests.factories.classes import give_levels, join
from tests.factories.profiles import make_district, make_roster, make_school, make_school_admin, make_section
from tests.factories.standards import make_framework, make_standard

SMALL, CLASS = 500, 25
SHAPE = """
SELECT r.grade, s.domain_id, r.standard_id FROM assessments_rollup r JOIN standards_standard s ON s.id = r.standard_id
 WHERE r.kind = %s AND r.scope_id = %s GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Cost:
    statements: int
    bytes: int


def cost_of(account: Account, path: str) -> Cost:
    """Of one page, asked for the second time: the first one fills what is cached. Raises RuntimeError: no such page."""
    client = TestClient(headers={"host": "localhost"})
    client.force_login(account, backend="profiles.backends.AccountBackend")
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return Cost(len(statements(captured)), len(answer.content))


def administrator_of(school: School) -> Account:
    with district_scope(school.district_id):
        return make_school_admin(school)


def largest_district() -> tuple[School, int]:
    """One of the schools of the district with the most learners, and how many those are."""
    with unscoped("a scratch database holds what is measured"), connection.cursor() as cursor:
        cursor.execute("SELECT district_id, count(*) FROM profiles_learner GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
        district, learners = cursor.fetchone()
        return School._base_manager.filter(district_id=district).order_by("pk")[0], learners


def small_like(school: School) -> School:
    """A district of its own with 500 learners in one school, of the same grades, domains and standards as `school`."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE, [ScopeKind.SCHOOL, school.pk])
        shape = cursor.fetchall()
    grades = sorted({grade for grade, _domain, _standard in shape})
    by_domain: dict[int, set[int]] = {}
    for _grade, domain, standard in shape:
        by_domain.setdefault(domain, set()).add(standard)
    with unscoped("a scratch database holds what is measured"):
        made = make_school(make_district())
        framework = make_framework(made.district)
        domains = [make_standard(framework, short_title=f"Domain {n}", is_leaf=False) for n in range(len(by_domain))]
        standards = [
            make_standard(framework, domain=domain)
            for domain, of in zip(domains, by_domain.values(), strict=True)
            for _ in of
        ]
        learners: list[Learner] = []
        for number in range(SMALL // CLASS):
            section = make_section(make_roster(made, grade=grades[number % len(grades)]))
            learners += join(section.roster, CLASS)
            SectionStandard._base_manager.bulk_create(
                SectionStandard(section=section, standard=standard, position=place)
                for place, standard in enumerate(standards)
            )
        give_levels(learners, standards, counted=True)
        leave_out(learners)
    return made
