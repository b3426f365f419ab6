"""The work of this app that waits, in numbers for Prometheus (lrm/metrics)."""

from collections.abc import Iterator

from django.db import connection

from assessments.models import MarkFailure, StaleMark
from assessments.services import outbox
from lrm.metrics.gauges import Gauge, single

WAITING = """
SELECT (SELECT json_object_agg(lane, n) FROM (
          SELECT lane, count(*) AS n FROM assessments_stalemark WHERE due_at <= statement_timestamp() GROUP BY 1) d),
       (SELECT count(*) FROM assessments_stalemark WHERE due_at > statement_timestamp()),
       (SELECT count(*) FROM assessments_markfailure WHERE times < %(parked)s),
       (SELECT count(DISTINCT section_id) FROM assessments_stalesection WHERE due_at <= statement_timestamp()),
       (SELECT count(*) FROM assessments_rollupdelta)
"""


def marks() -> Iterator[Gauge]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"parked": MarkFailure.PARKED_AT})
        due, later, failing, sections, unfolded = cursor.fetchone()
    work = outbox.health()
    lanes = [((lane.name.lower(),), float((due or {}).get(str(lane.value), 0))) for lane in StaleMark.Lane]
    yield Gauge("lrm_marks_due", "Marks of levels to be worked out now, parked ones too.", ("lane",), lanes)
    age = work["oldest_due_mark_seconds"] or 0.0
    yield single("lrm_marks_oldest_due_seconds", "Age of the oldest due mark that is not parked.", age)
    yield single("lrm_marks_later", "Marks of days to come.", later)
    yield single("lrm_marks_failing", "Pairs of learner and subject that are being tried, or will be again.", failing)
    yield single("lrm_marks_parked", "Pairs that could not be worked out five times.", work["parked_marks"])
    yield single("lrm_sections_due", "Sections whose groups are to be suggested anew, parked ones too.", sections)
    yield single(
        "lrm_sections_parked", "Sections whose groups could not be worked out five times.", work["parked_sections"]
    )
    yield single("lrm_rollup_differences", "Changes of counts that are not folded yet.", unfolded)
