"""Two learners who were one child: the ledger is only appended to, also then.

What is in force about the one who is merged away is withdrawn there and appended to the other, at its place in time and
with whoever recorded it. Where both have a result in one cell, the second is another try of the same assessment.
"""

from django.db import connection, transaction

from assessments import hurry
from assessments.models import Evidence, OverrideReason
from assessments.services import outbox

LABEL = "assessments.Evidence"
Kind = Evidence.Kind
OUT = f"('{Kind.CLEARED.value}', '{Kind.OVERRIDE_WITHDRAW.value}')"
TAKE_OUT = f"CASE WHEN t.assessment_id IS NULL THEN '{Kind.OVERRIDE_WITHDRAW.value}' ELSE '{Kind.CLEARED.value}' END"
NEXT = "nextval(pg_get_serial_sequence('assessments_evidence', 'id'))"
COLUMNS = """school_year, id, learner_id, standard_id, assessment_id, item, attempt, kind, points, possible, level,
       ends_at, observed_at, recorded_at, recorded_by_id, supersedes_id, source"""

MOVE = f"""
WITH tips AS MATERIALIZED (
  SELECT e.*, {NEXT} AS out_id, {NEXT} AS copy_id,
         e.attempt + coalesce((SELECT max(k.attempt) FROM assessments_evidence k
            WHERE k.school_year = e.school_year AND k.assessment_id = e.assessment_id AND k.learner_id = %(kept)s
              AND k.standard_id = e.standard_id AND k.item = e.item), 0) AS next_attempt
    FROM assessments_evidence e
   WHERE e.learner_id = %(merged)s AND e.kind NOT IN {OUT}
     AND NOT EXISTS (SELECT 1 FROM assessments_evidence x
                      WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)),
copied AS (
  INSERT INTO assessments_evidence ({COLUMNS})
  SELECT school_year, copy_id, %(kept)s, standard_id, assessment_id, item, next_attempt, kind, points, possible, level,
         ends_at, observed_at, recorded_at, recorded_by_id, NULL, source FROM tips),
taken_out AS (
  INSERT INTO assessments_evidence ({COLUMNS})
  SELECT school_year, out_id, learner_id, standard_id, assessment_id, item, attempt, {TAKE_OUT}, NULL, NULL, NULL,
         NULL, observed_at, clock_timestamp(), %(by)s, id, source FROM tips t)
SELECT school_year, id, out_id, copy_id, standard_id FROM tips
"""
# Of each copy the newest correction goes back, which may be an emptied cell.
BACK = f"""
WITH RECURSIVE moved (year, out_id, copy_id) AS (
  SELECT * FROM unnest(%(years)s::smallint[], %(outs)s::bigint[], %(copies)s::bigint[])),
chain (year, out_id, tip) AS (
  SELECT year, out_id, copy_id FROM moved
   UNION ALL
  SELECT c.year, c.out_id, x.id FROM chain c
    JOIN assessments_evidence x ON x.school_year = c.year AND x.supersedes_id = c.tip),
tips AS MATERIALIZED (
  SELECT t.*, c.out_id, o.learner_id AS owner, o.attempt AS first_attempt, {NEXT} AS gone_id, {NEXT} AS back_id
    FROM chain c
    JOIN assessments_evidence t ON t.school_year = c.year AND t.id = c.tip
    JOIN assessments_evidence o ON o.school_year = c.year AND o.id = c.out_id
   WHERE t.kind NOT IN {OUT}
     AND NOT EXISTS (SELECT 1 FROM assessments_evidence x WHERE x.school_year = c.year AND x.supersedes_id = c.tip)),
given_back AS (
  INSERT INTO assessments_evidence ({COLUMNS})
  SELECT school_year, back_id, owner, standard_id, assessment_id, item, first_attempt, kind, points, possible, level,
         ends_at, observed_at, recorded_at, recorded_by_id, out_id, source FROM tips),
taken_out AS (
  INSERT INTO assessments_evidence ({COLUMNS})
  SELECT school_year, gone_id, learner_id, standard_id, assessment_id, item, attempt, {TAKE_OUT}, NULL, NULL, NULL,
         NULL, observed_at, clock_timestamp(), %(by)s, id, source FROM tips t)
SELECT id, back_id, standard_id FROM tips
"""


def on_learners_merged(step) -> None:
    """Listener of lrm.changes.learners_merged."""
    asked = {"kept": step.kept_id, "merged": step.merged_id, "by": step.by_id}
    rows = _run(MOVE, asked)
    if rows:
        step.moved[LABEL] = [[year, out, copy] for year, _first, out, copy, _standard in rows]
    _copy_reasons({first: copy for _year, first, _out, copy, _standard in rows})
    _mark(step, {standard for *_ids, standard in rows})


def on_learners_parted(step) -> None:
    """Listener of lrm.changes.learners_parted. A result that was corrected since goes back as it was corrected."""
    moved = step.moved.get(LABEL, [])
    by = step.undone_by_id or step.by_id
    years, outs, copies = ([row[place] for row in moved] for place in range(3))
    rows = _run(BACK, {"years": years, "outs": outs, "copies": copies, "by": by}) if moved else []
    _copy_reasons({tip: back for tip, back, _standard in rows})
    _mark(step, {standard for *_ids, standard in rows})


def _run(statement: str, asked: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


def _copy_reasons(records: dict[int, int]) -> None:
    """Why a level was set goes with its record."""
    reasons = OverrideReason.objects.filter(evidence_id__in=list(records)).values_list("evidence_id", "text")
    OverrideReason.objects.bulk_create(OverrideReason(evidence_id=records[pk], text=text) for pk, text in list(reasons))


def _mark(step, standard_ids: set[int]) -> None:
    outbox.mark_stale((step.kept_id, step.merged_id), standard_ids)
    outbox.mark_learners((step.kept_id, step.merged_id))
    transaction.on_commit(hurry.hurry, robust=True)
