"""The daily publication of a district: 125 schools of 800 learners each, and a few that are small, over their lattice.

Only what it reads is made: counts by school, grade, standard and level, as workers leave them, the learners who are in
a subgroup, with their levels, and people who work at several schools. The first day has nothing before it; on the
second a part of the counts has moved, so that each table is held against its last.
"""

import time
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from assessments.models import Publication, Rollup
from assessments.models.rollup import ScopeKind
from assessments.services import publishing
from assessments.services.published import NOBODY
from bench.asking import say
from lrm.scope import district_scope
from profiles.models import Account, AdminRole, Learner, Subgroup, SubgroupMember
from tests.factories.profiles import make_district, make_school
from tests.factories.standards import make_framework, make_standard

SECONDS = 60
SPANS = (range(0, 6), range(6, 9), range(9, 13))
SMALL_SCHOOLS = 0.08
STANDARDS, DOMAINS = 60, 8
LEVELS = np.array([0.15, 0.3, 0.4, 0.15])
SUBGROUPS = {"Has a plan": 0.13, "Learning English": 0.1, "New here": 0.03}
"""The share of the learners that is in each; by chance, so that some are in several."""
AT_SEVERAL = 0.8
"""People who work at two to five schools, for each school of the district."""

MASTERY = """
INSERT INTO assessments_mastery (learner_id, standard_id, level, shown_level, n, trend, method, method_version)
SELECT learner, standard, level, level, 1, 0, 'decaying', '1'
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS found (learner, standard, level)
"""


def rows(*, small: bool) -> Iterator[dict]:
    district, schools, standards = _made(12 if small else 125)
    today = timezone.localdate()
    rng = np.random.default_rng(2026)
    with district_scope(district.pk):
        counts, members = _fill(district, schools, standards, rng)
        people = _work_at_several(district, schools, rng, today)
        figures = f"{len(schools)} schools, {DOMAINS} domains, {counts:,} counts"
        figures += f", {len(SUBGROUPS)} subgroups of {members:,} learners, {people} people at several schools"
        for number, name in enumerate(("first_day", "next_day")):
            if number:
                say("UPDATE assessments_rollup SET n = n + 15 WHERE scope_id % 3 = 0 AND level = 3")
            began = time.perf_counter()
            made = publishing.publish(district, day=today + timedelta(days=number))
            seconds = time.perf_counter() - began
            yield {
                "name": f"publication.{name}",
                "size": figures,
                "value": round(seconds, 2),
                "unit": "seconds",
                "limit": SECONDS,
                "ratio": round(seconds / SECONDS, 3),
            }
            yield {
                "name": f"publication.{name}.shown",
                "size": figures,
                "value": round(_shown(made), 3),
                "unit": "share",
                "limit": None,
                "ratio": None,
            }


def _made(schools: int):
    district = make_district()
    with district_scope(district.pk):
        framework = make_framework(district)
        domains = [make_standard(framework, is_leaf=False) for _ in range(DOMAINS)]
        standards = [make_standard(framework, domain=domains[n % DOMAINS]) for n in range(STANDARDS)]
        return district, [make_school(district) for _ in range(schools)], standards


def _fill(district, schools, standards, rng) -> tuple[int, int]:
    """Every grade of a school has been seen on nearly all standards; returns how many counts there are, and how many
    learners are in a subgroup.
    """
    now = timezone.now()
    subgroups = [
        Subgroup.objects.create(district=district, title=title, purpose="The council decided so.", listed_at=now)
        for title in SUBGROUPS
    ]
    found, members = 0, 0
    for place, school in enumerate(schools):
        span = SPANS[int(np.searchsorted((0.6, 0.84), place / len(schools), side="right"))]
        size = int(rng.integers(3, 20)) if rng.random() < SMALL_SCHOOLS else 800 // len(span)
        rollups, inside = [], []
        for grade in span:
            levels = rng.choice(len(LEVELS), p=LEVELS, size=(size, len(standards))) + 1
            levels[rng.random(levels.shape) < 0.1] = 0
            rollups += _counted(school, f"{grade:02d}", standards, levels)
            is_in = rng.random((size, len(SUBGROUPS))) < list(SUBGROUPS.values())
            inside += [
                (Learner(district=district, home_school=school, grade=f"{grade:02d}"), one, of)
                for one, of in zip(levels, is_in, strict=True)
                if of.any()
            ]
        Rollup.objects.bulk_create(rollups, batch_size=5000)
        _enter(subgroups, standards, inside)
        found, members = found + len(rollups), members + len(inside)
    say("ANALYZE")
    return found, members


def _counted(school, grade: str, standards, levels: np.ndarray) -> list[Rollup]:
    """levels: (learners, standards), 0 for none."""
    counts = [(level, (levels == level).sum(axis=0)) for level in range(1, len(LEVELS) + 1)]
    return [
        Rollup(kind=ScopeKind.SCHOOL, scope_id=school.pk, grade=grade, standard_id=standard.pk, level=level, n=int(n))
        for level, of_standards in counts
        for standard, n in zip(standards, of_standards, strict=True)
        if n
    ]


def _enter(subgroups, standards, inside) -> None:
    """inside: (learner, levels on the standards, whether in each subgroup)."""
    Learner.objects.bulk_create([learner for learner, _levels, _of in inside])
    SubgroupMember.objects.bulk_create(
        SubgroupMember(subgroup=subgroup, learner=learner)
        for learner, _levels, of in inside
        for subgroup, is_in in zip(subgroups, of, strict=True)
        if is_in
    )
    levels = np.array([levels for _learner, levels, _of in inside]).reshape(-1, len(standards))
    ids, of_standards = [learner.pk for learner, _levels, _of in inside], [standard.pk for standard in standards]
    rows, columns = np.nonzero(levels)
    with connection.cursor() as cursor:
        found = np.array(ids)[rows].tolist(), np.array(of_standards)[columns].tolist(), levels[rows, columns].tolist()
        cursor.execute(MASTERY, found)


def _work_at_several(district, schools, rng, today: date) -> int:
    """How many they are."""
    people = [Account(district=district) for _ in range(int(AT_SEVERAL * len(schools)))]
    Account.objects.bulk_create(people)
    kind = AdminRole.Kind.SCHOOL
    AdminRole.objects.bulk_create(
        AdminRole(account=account, kind=kind, school=schools[place], starts_on=today)
        for account in people
        for place in rng.choice(len(schools), size=int(rng.integers(2, 6)), replace=False)
    )
    return len(people)


def _shown(made: Publication) -> float:
    """Of the figures of somebody, those that are shown; of subgroups, too."""
    tables = [each for table in made.cells.values() for each in (table, *table.get("subgroups", {}).values())]
    figures = [figure for table in tables for row in table["rows"].values() for figure in row.values()]
    somebody = [figure for figure in figures if figure != NOBODY]
    return sum(isinstance(figure, list) for figure in somebody) / max(len(somebody), 1)
