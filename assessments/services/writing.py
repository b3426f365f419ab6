"""Writing projections: only what differs from what stands, set-wise."""

import json
from dataclasses import dataclass
from datetime import date

from django.db import connection
from psycopg2.extras import execute_values

from assessments.services.projecting import MODEL_VERSION, DayEnd, Now, Projection

IN_PAIRS = "(SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]))"
MASTERY = (
    "SELECT m.learner_id, m.standard_id, s.subject_id, m.value_micro, m.level, m.shown_level, m.n, m.method,"
    " m.policy_id, m.method_version, m.override_id, m.trend, m.last_observed_at"
    " FROM assessments_mastery m JOIN standards_standard s ON s.id = m.standard_id"
    " WHERE (m.learner_id, s.subject_id) IN " + IN_PAIRS
)
DAYS = (
    "SELECT d.learner_id, d.standard_id, d.day, d.value_micro, d.level, d.shown_level, d.n, d.method, d.policy_id"
    " FROM assessments_masteryday d JOIN standards_standard s ON s.id = d.standard_id"
    " WHERE (d.learner_id, s.subject_id) IN " + IN_PAIRS
)
COUNTED = (
    "SELECT learner_id, subject_id, counted FROM assessments_modelstate WHERE (learner_id, subject_id) IN " + IN_PAIRS
)


@dataclass(frozen=True)
class Changed:
    """before: (learner, standard) -> shown level as it stood.    subject_of: of every standard in `before`.

    counted: (learner, subject) -> rollup memberships as they stood.
    touched: (learner, standard) whose row of mastery changed in any way.
    """

    before: dict[tuple[int, int], int | None]
    counted: dict[tuple[int, int], list]
    subject_of: dict[int, int]
    touched: set[tuple[int, int]]


def write_projection(pairs: list[tuple[int, int]], projection: Projection) -> Changed:
    """Make mastery, its history and the model's state of these (learner, subject) pairs what the projection says."""
    where = {"learners": [p[0] for p in pairs], "subjects": [p[1] for p in pairs]}
    standing, subject_of = standing_levels(where)
    touched = _write_now(standing, projection.now)
    _write_days(where, projection.days)
    counted = _write_states(where, pairs, projection.state)
    return Changed({pair: row[2] for pair, row in standing.items()}, counted, subject_of, touched)


def standing_levels(where: dict) -> tuple[dict[tuple[int, int], tuple], dict[int, int]]:
    """(learner, standard) -> row as `level_row` makes it, and the subject of each standard."""
    with connection.cursor() as cursor:
        cursor.execute(MASTERY, where)
        standing, subject_of = {}, {}
        for learner, standard, subject, *row in cursor.fetchall():
            standing[learner, standard] = tuple(row)
            subject_of[standard] = subject
    return standing, subject_of


def level_row(now: Now) -> tuple:
    """What is stored of a pair, in the order of the columns."""
    return (
        now.value_micro, now.level, now.shown_level, now.n, now.method, now.policy_id, now.method_version,
        now.override_id, now.trend, now.last_observed_at,
    )  # fmt: skip


def _write_now(standing: dict[tuple[int, int], tuple], now: dict[tuple[int, int], Now]) -> set[tuple[int, int]]:
    wanted = {pair: level_row(row) for pair, row in now.items()}
    changed = {pair for pair, row in wanted.items() if standing.get(pair) != row}
    gone = standing.keys() - wanted.keys()
    with connection.cursor() as cursor:
        if changed:
            execute_values(
                cursor.cursor,
                "INSERT INTO assessments_mastery (learner_id, standard_id, value_micro, level, shown_level, n, method,"
                " policy_id, method_version, override_id, trend, last_observed_at) VALUES %s"
                " ON CONFLICT (learner_id, standard_id) DO UPDATE SET value_micro = excluded.value_micro,"
                " level = excluded.level, shown_level = excluded.shown_level, n = excluded.n, method = excluded.method,"
                " policy_id = excluded.policy_id, method_version = excluded.method_version,"
                " override_id = excluded.override_id, trend = excluded.trend,"
                " last_observed_at = excluded.last_observed_at, computed_at = now()",
                [(*pair, *wanted[pair]) for pair in sorted(changed)],
                page_size=2000,
            )
        if gone:
            cursor.execute(
                "DELETE FROM assessments_mastery WHERE (learner_id, standard_id) IN"
                " (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
                [[pair[0] for pair in gone], [pair[1] for pair in gone]],
            )
    return changed | gone


def day_row(end: DayEnd) -> tuple:
    """What is stored of the end of a day, in the order of the columns."""
    return end.value_micro, end.level, end.shown_level, end.n, end.method, end.policy_id


def standing_days(where: dict) -> dict[tuple[int, int, date], tuple]:
    """(learner, standard, day) -> row as `day_row` makes it."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS, where)
        return {(learner, standard, day): tuple(row) for learner, standard, day, *row in cursor.fetchall()}


def _write_days(where: dict, days: dict[tuple[int, int, date], DayEnd]) -> None:
    wanted = {key: day_row(end) for key, end in days.items()}
    standing = standing_days(where)
    with connection.cursor() as cursor:
        changed = [key for key, row in wanted.items() if standing.get(key) != row]
        if gone := standing.keys() - wanted.keys():
            learners, standards, days_gone = zip(*gone, strict=True)
            cursor.execute(
                "DELETE FROM assessments_masteryday WHERE (learner_id, standard_id, day) IN"
                " (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]))",
                [list(learners), list(standards), list(days_gone)],
            )
        if changed:
            execute_values(
                cursor.cursor,
                "INSERT INTO assessments_masteryday (learner_id, standard_id, day, value_micro, level, shown_level, n,"
                " method, policy_id) VALUES %s ON CONFLICT (learner_id, standard_id, day) DO UPDATE SET"
                " value_micro = excluded.value_micro, level = excluded.level, shown_level = excluded.shown_level,"
                " n = excluded.n, method = excluded.method, policy_id = excluded.policy_id",
                [(*key, *wanted[key]) for key in sorted(changed)],
                page_size=2000,
            )


def _write_states(where: dict, pairs: list[tuple[int, int]], states: dict[tuple[int, int], dict]) -> dict:
    """Store the model's state; returns the rollup memberships that stood before, by pair."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, where)
        counted = {
            (learner, subject): json.loads(text) if isinstance(text, str) else text
            for learner, subject, text in cursor.fetchall()
        }
        execute_values(
            cursor.cursor,
            "INSERT INTO assessments_modelstate (learner_id, subject_id, version, state, counted) VALUES %s"
            " ON CONFLICT (learner_id, subject_id) DO UPDATE SET version = excluded.version, state = excluded.state,"
            " computed_at = now()",
            [(*pair, MODEL_VERSION, json.dumps(states.get(pair, {})), "[]") for pair in pairs],
            page_size=2000,
        )
    return counted
