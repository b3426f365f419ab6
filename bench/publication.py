"""The daily publication of a district: 125 schools of 800 learners each, and a few that are small, over their lattice.

Only the counts that it reads are made: learners by school, grade, standard and level, as workers leave them. The first
day has nothing before it; on the second a part of the counts has moved, so that each table is held against its last.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from django.utils import timezone

from assessments.models import Publication, Rollup
from assessments.models.rollup import ScopeKind
from assessments.services import publishing
from assessments.services.published import NOBODY
from bench.asking import say
from lrm.scope import district_scope
from tests.factories.profiles import make_district, make_school
from tests.factories.standards import make_framework, make_standard

SECONDS = 60
SPANS = (range(0, 6), range(6, 9), range(9, 13))
SMALL_SCHOOLS = 0.08
STANDARDS, DOMAINS = 60, 8
LEVELS = np.array([0.15, 0.3, 0.4, 0.15])


def rows(*, small: bool) -> Iterator[dict]:
    district, schools, standards = _made(12 if small else 125)
    today = timezone.localdate()
    with district_scope(district.pk):
        counts = _fill(schools, standards, np.random.default_rng(2026))
        figures = f"{len(schools)} schools, {DOMAINS} domains, {counts:,} counts"
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


def _fill(schools, standards, rng) -> int:
    """Every grade of a school has been seen on nearly all standards; returns how many counts there are."""
    found = []
    for place, school in enumerate(schools):
        span = SPANS[int(np.searchsorted((0.6, 0.84), place / len(schools), side="right"))]
        size = int(rng.integers(3, 20)) if rng.random() < SMALL_SCHOOLS else 800 // len(span)
        for grade in span:
            for standard in standards:
                seen = rng.binomial(size, 0.9)
                for level, n in enumerate(rng.multinomial(seen, LEVELS), start=1):
                    if n:
                        found.append(
                            Rollup(
                                kind=ScopeKind.SCHOOL,
                                scope_id=school.pk,
                                grade=f"{grade:02d}",
                                standard_id=standard.pk,
                                level=level,
                                n=int(n),
                            )
                        )
    Rollup.objects.bulk_create(found, batch_size=5000)
    say("ANALYZE")
    return len(found)


def _shown(made: Publication) -> float:
    """Of the figures of somebody, those that are shown."""
    figures = [figure for table in made.cells.values() for row in table["rows"].values() for figure in row.values()]
    somebody = [figure for figure in figures if figure != NOBODY]
    return sum(isinstance(figure, list) for figure in somebody) / max(len(somebody), 1)
