"""Bulk results to fresh projections, against COPY of the same rows into the same table (C)."""

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import StaleMark
from assessments.services import recompute
from assessments.services.ledger import Entry, Kind
from assessments.services.results import record_sittings
from bench.pages import Row, row
from bench.school import Scene, build
from lrm.scope import district_scope
from tests.factories.assessments import make_assessment

UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
COLUMNS = "school_year, learner_id, standard_id, assessment_id, kind, points, observed_at"


def rows(*, small: bool) -> Iterator[Row]:
    """Results in a second until every level that they touch is fresh; C is how fast their bare rows are copied."""
    scene = build(small=True)
    sets = 2 if small else 10
    with district_scope(scene.school.district_id):
        _work(scene, _entries(scene, 1))  # the first time everything is loaded and read for the first time
        entries = _entries(scene, sets)
        n = sum(len(part) for _assessment, part in entries)
        began = time.perf_counter()
        _work(scene, entries)
        seconds = time.perf_counter() - began
        copied = _copy(scene, n)
        entries = _entries(scene, sets)
        with CaptureQueriesContext(connection) as asked:
            _work(scene, entries)
    said = f"at least 3000 a second; C = {n / copied:.0f} rows a second"
    yield row(
        "bulk_results",
        f"{n} results of {len(scene.learners)} learners",
        n / seconds,
        "results/s",
        said,
        3000 * seconds / n,
    )
    statements = sum(not query["sql"].startswith(UNCOUNTED) for query in asked.captured_queries)
    per_500 = statements * 500 / n
    yield row("bulk_results.statements", f"{n} results in {sets} sets", per_500, "SQL per 500", 1, per_500)


def _work(scene: Scene, entries: list[tuple]) -> None:
    record_sittings(entries, by=scene.teacher, source="bench")
    while recompute.recompute_due(StaleMark.Lane.LIVE):
        pass


def _entries(scene: Scene, assessments: int) -> list[tuple]:
    found = []
    for number in range(assessments):
        day = timezone.localdate() - timedelta(days=assessments - number)
        assessment = make_assessment(scene.section, scene.standards, given_on=day)
        at = timezone.now() - timedelta(days=assessments - number)
        part = [
            Entry(learner.pk, standard.pk, Kind.RESULT, Decimal(1 + (row + column + number) % 4), at)
            for row, learner in enumerate(scene.learners)
            for column, standard in enumerate(scene.standards)
        ]
        found.append((assessment, part))
    return found


def _copy(scene: Scene, n: int) -> float:
    """Seconds of C: as many rows into the ledger, with its keys and indexes, and taken back."""
    assessment = make_assessment(scene.section, scene.standards)
    now = timezone.now().isoformat()
    lines = io.StringIO()
    made = 0
    while made < n:
        for learner in scene.learners:
            for standard in scene.standards:
                item = made // (len(scene.learners) * len(scene.standards))
                lines.write(
                    f"{assessment.school_year}\t{learner.pk}\t{standard.pk}\t{assessment.pk}\tresult\t3\t{now}\t{item}\n"
                )
                made += 1
    lines.seek(0)
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.copy_expert(f"COPY assessments_evidence ({COLUMNS}, attempt) FROM STDIN", lines)
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds
