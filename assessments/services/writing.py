"""Writing projections: only what differs from what stands, set-wise.

What stands is read into arrays and compared there, so that a rebuild of what is right writes nothing, and locks
nothing that pages read. New rows go in by COPY, rows that differ by one UPDATE a table.
"""

import json
from dataclasses import dataclass

import numpy as np
from django.db import connection
from psycopg2.extras import execute_values

from assessments.services.projecting import DAY_ROW, MISSING, MODEL_VERSION, NOTHING_KNOWN, NOW_ROW, Projection
from lrm.copying import Records, as_arrays, insert_records, matches, read_records

PAIR_KEY = ("learner_id", "standard_id")
DAY_KEY = ("learner_id", "standard_id", "day")
STANDING_ROW = np.dtype([*((name, NOW_ROW[name]) for name in NOW_ROW.names or ()), ("subject_id", "i8")])

# The learners' rows are found by index first, whatever the statistics say of the rest.
OF_LEARNERS = "WITH x AS MATERIALIZED (SELECT * FROM {table} WHERE learner_id = ANY(%(learners)s)) "
IN_PAIRS = "(SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]))"
MASTERY = (
    OF_LEARNERS.format(table="assessments_mastery")
    + "SELECT x.learner_id, x.standard_id, coalesce(x.value_micro, -1), coalesce(x.level, 0::smallint),"
    " coalesce(x.shown_level, 0::smallint), x.n, x.left_out, rpad(x.method, 16, ' '), coalesce(x.policy_id, -1),"
    " rpad(x.method_version, 16, ' '), coalesce(x.override_id, -1), x.trend,"
    " coalesce(x.last_observed_at, 'infinity'), s.subject_id"
    " FROM x JOIN standards_standard s ON s.id = x.standard_id WHERE (x.learner_id, s.subject_id) IN " + IN_PAIRS
)
DAYS = (
    OF_LEARNERS.format(table="assessments_masteryday")
    + "SELECT x.learner_id, x.standard_id, x.day - DATE '2000-01-01', coalesce(x.value_micro, -1),"
    " coalesce(x.level, 0::smallint), coalesce(x.shown_level, 0::smallint), x.n, x.left_out,"
    " rpad(x.method, 16, ' '), coalesce(x.policy_id, -1), rpad(x.method_version, 16, ' ')"
    " FROM x JOIN standards_standard s ON s.id = x.standard_id WHERE (x.learner_id, s.subject_id) IN " + IN_PAIRS
)
CHANGE_MASTERY = (
    "UPDATE assessments_mastery m SET value_micro = w.value_micro, level = w.level, shown_level = w.shown_level,"
    " n = w.n, left_out = w.left_out, method = w.method, policy_id = w.policy_id, method_version = w.method_version,"
    " override_id = w.override_id, trend = w.trend,"
    " last_observed_at = timestamptz '2000-01-01 00:00Z' + w.observed * interval '1 microsecond', computed_at = now()"
    " FROM unnest(%(learner_id)s::bigint[], %(standard_id)s::bigint[], %(value_micro)s::int[], %(level)s::smallint[],"
    " %(shown_level)s::smallint[], %(n)s::smallint[], %(left_out)s::smallint[], %(method)s::text[],"
    " %(policy_id)s::bigint[], %(method_version)s::text[], %(override_id)s::bigint[], %(trend)s::smallint[],"
    " %(last_observed_at)s::bigint[])"
    " AS w (learner_id, standard_id, value_micro, level, shown_level, n, left_out, method, policy_id, method_version,"
    " override_id, trend, observed) WHERE m.learner_id = w.learner_id AND m.standard_id = w.standard_id"
)
CHANGE_DAYS = (
    "UPDATE assessments_masteryday d SET value_micro = w.value_micro, level = w.level, shown_level = w.shown_level,"
    " n = w.n, left_out = w.left_out, method = w.method, policy_id = w.policy_id, method_version = w.method_version"
    " FROM unnest(%(learner_id)s::bigint[], %(standard_id)s::bigint[], %(day)s::int[], %(value_micro)s::int[],"
    " %(level)s::smallint[], %(shown_level)s::smallint[], %(n)s::smallint[], %(left_out)s::smallint[],"
    " %(method)s::text[], %(policy_id)s::bigint[], %(method_version)s::text[])"
    " AS w (learner_id, standard_id, day, value_micro, level, shown_level, n, left_out, method, policy_id,"
    " method_version) WHERE d.learner_id = w.learner_id AND d.standard_id = w.standard_id"
    " AND d.day = DATE '2000-01-01' + w.day"
)
COUNTED = (
    OF_LEARNERS.format(table="assessments_modelstate")
    + "SELECT x.learner_id, x.subject_id, x.counted, x.version FROM x WHERE (x.learner_id, x.subject_id) IN "
    + IN_PAIRS
)


@dataclass(frozen=True)
class Changed:
    """before: STANDING_ROW of every pair as it stood.

    touched: (learner, subject) of which some row of mastery has changed in any way; standards: of those rows, sorted.
    levels: (n, 2) int64 of (learner, standard) whose shown level is another one now, from and to none included.
    """

    before: Records
    touched: set[tuple[int, int]]
    standards: list[int]
    levels: np.ndarray


def write_levels(pairs: list[tuple[int, int]], projection: Projection) -> Changed:
    """Make mastery and its history of these (learner, subject) pairs what the projection says."""
    where = where_pairs(pairs)
    standing = standing_levels(where)
    now, before = projection.now, standing[list(NOW_ROW.names or ())].astype(NOW_ROW)
    place = matches(now, before, PAIR_KEY)
    differs = _differs(now, before, place)
    gone = _gone(before, place)
    insert_records("assessments_mastery", now[place < 0], MISSING)
    _change(CHANGE_MASTERY, now[differs])
    _delete("assessments_mastery", before[gone], PAIR_KEY)
    _write_days(where, projection.days)
    rows = np.concatenate((np.flatnonzero(place < 0), np.flatnonzero(differs)))
    learners = np.concatenate((now["learner_id"][rows], before["learner_id"][gone]))
    subjects = np.concatenate((projection.subject[rows], standing["subject_id"][gone]))
    standards = np.concatenate((now["standard_id"][rows], before["standard_id"][gone]))
    touched = set(zip(learners.tolist(), subjects.tolist(), strict=True))
    levels = _levels_changed(now, before, place, gone)
    return Changed(standing, touched, np.unique(standards).tolist(), levels)


def _levels_changed(now: Records, before: Records, place: np.ndarray, gone: np.ndarray) -> np.ndarray:
    stood = np.zeros(len(now), dtype=before.dtype["shown_level"])
    stood[place >= 0] = before["shown_level"][place[place >= 0]]
    changed = now[now["shown_level"] != stood]
    lost = before[gone & (before["shown_level"] > 0)]
    return np.column_stack([np.concatenate((changed[name], lost[name])) for name in PAIR_KEY])


def where_pairs(pairs: list[tuple[int, int]]) -> dict[str, list[int]]:
    return {"learners": [pair[0] for pair in pairs], "subjects": [pair[1] for pair in pairs]}


def standing_levels(where: dict) -> Records:
    """STANDING_ROW of everything in mastery about these pairs, sorted by learner, then standard."""
    return _trimmed(read_records(MASTERY, where, STANDING_ROW), PAIR_KEY)


def standing_days(where: dict) -> Records:
    """DAY_ROW of everything in the history about these pairs, sorted by learner, standard and day."""
    return _trimmed(read_records(DAYS, where, DAY_ROW), DAY_KEY)


def standing_counts(where: dict) -> tuple[dict[tuple[int, int], list[tuple]], dict[tuple[int, int], str]]:
    """(learner, subject) -> the rollup keys that count the pair, and -> the model that made its state."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, where)
        counted, versions = {}, {}
        for learner, subject, keys, version in cursor.fetchall():
            counted[learner, subject] = [tuple(key) for key in (json.loads(keys) if isinstance(keys, str) else keys)]
            versions[learner, subject] = version
        return counted, versions


def write_states(pairs: list[tuple[int, int]], states: dict[tuple[int, int], tuple[str, bytes]], counted: dict) -> None:
    """Store the model's state, and under which rollup keys the pair is counted from now on."""
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "INSERT INTO assessments_modelstate AS m (learner_id, subject_id, version, beliefs, counted) VALUES %s"
            " ON CONFLICT (learner_id, subject_id) DO UPDATE SET version = excluded.version,"
            " beliefs = excluded.beliefs, counted = excluded.counted, computed_at = now()"
            " WHERE (m.version, m.beliefs, m.counted) IS DISTINCT FROM (excluded.version, excluded.beliefs,"
            " excluded.counted)",
            [(*pair, *states.get(pair, (MODEL_VERSION, NOTHING_KNOWN)), json.dumps(counted[pair])) for pair in pairs],
            page_size=len(pairs),
        )


def _write_days(where: dict, days: Records) -> None:
    standing = standing_days(where)
    place = matches(days, standing, DAY_KEY)
    insert_records("assessments_masteryday", days[place < 0], MISSING)
    _change(CHANGE_DAYS, days[_differs(days, standing, place)])
    _delete("assessments_masteryday", standing[_gone(standing, place)], DAY_KEY)


def _differs(wanted: Records, standing: Records, place: np.ndarray) -> np.ndarray:
    """(wanted,) True for a row that stands, and not as wanted."""
    differs = np.zeros(len(wanted), dtype=bool)
    found = place >= 0
    differs[found] = wanted[found] != standing[place[found]]
    return differs


def _gone(standing: Records, place: np.ndarray) -> np.ndarray:
    """(standing,) True for a row that nobody wants any more."""
    gone = np.ones(len(standing), dtype=bool)
    gone[place[place >= 0]] = False
    return gone


def _change(statement: str, rows: Records) -> None:
    if len(rows):
        with connection.cursor() as cursor:
            cursor.execute(statement, as_arrays(rows, MISSING))


def _delete(table: str, rows: Records, key: tuple[str, ...]) -> None:
    if not len(rows):
        return
    arrays = ", ".join(f"%({name})s::{'int' if name == 'day' else 'bigint'}[]" for name in key)
    equal = " AND ".join(
        f"t.{name} = " + (f"DATE '2000-01-01' + w.{name}" if name == "day" else f"w.{name}") for name in key
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} t USING unnest({arrays}) AS w ({', '.join(key)}) WHERE {equal}",
            as_arrays(rows[list(key)], {}),
        )


def _trimmed(records: Records, key: tuple[str, ...]) -> Records:
    """Sorted by key, and without the blanks that gave texts one size."""
    for name in records.dtype.names or ():
        if records.dtype[name].kind == "S":
            records[name] = np.char.rstrip(records[name])
    return records[np.lexsort([records[name] for name in reversed(key)])]
