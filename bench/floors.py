"""What recomputing cannot beat: PostgreSQL copying the ledger out in order, and the projections in with their keys."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from lrm.embedded.binaries import all_postgres

LEDGER = (
    "SELECT learner_id, standard_id, assessment_id, item, attempt, kind, points, possible, level, ends_at, observed_at,"
    " id, supersedes_id FROM assessments_evidence ORDER BY learner_id, observed_at, assessment_id, standard_id, item,"
    " attempt"
)
PROJECTIONS = (
    "assessments_mastery",
    "assessments_masteryday",
    "assessments_modelstate",
    "assessments_rollup",
    "assessments_rollupday",
)
MASTERY = "assessments_mastery"
MOST_BEATEN = 1.2
ROUNDS_OUT, MOST_ROUNDS = 3, 3


class FloorRefused(RuntimeError):
    """An independent COPY of the same rows is so much faster that the floor would flatter the site."""


@contextmanager
def floor_tables() -> Iterator[None]:
    """Empty tables named floor_* with the columns, indexes and keys of the projections."""
    with connection.cursor() as cursor:
        for table in PROJECTIONS:
            cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
                [table],
            )
            for (definition,) in cursor.fetchall():
                # Deferred keys are checked at the commit, which the clock of a floor includes.
                cursor.execute(f"ALTER TABLE floor_{table} ADD {definition}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in PROJECTIONS:
                cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")


def floor(rounds: int) -> tuple[float, str]:
    """Seconds of both copies, and in words what they were and how they compare.

    Each is the fastest of its rounds: three out, `rounds` in and up to MOST_ROUNDS while an independent copy beats the
    floor, taking turns to go first, so that one slow copy is no reason to refuse. The ledger goes out through psql,
    which takes rows faster than Python does, the projections in through this process; between them each does the
    other's part once more (of the projections mastery alone), independently. Without psql there is nothing to compare
    with.
    Raises FloorRefused where the independent copy beats the floor by more than MOST_BEATEN.
    """
    out, again, into, mastery, mastery_again = [], [], [], [], []
    psql = _psql()
    with tempfile.TemporaryDirectory(prefix="lrm-floor-") as folder:
        paths = {table: Path(folder) / table for table in PROJECTIONS}
        for table, path in paths.items():
            _save(table, path)
        for _ in range(ROUNDS_OUT):
            again.append(_ledger_out())
            if psql:
                statement = f"COPY ({LEDGER}) TO STDOUT (FORMAT binary)"
                out.append(_by_psql(psql, statement, Path(os.devnull), writing=True))
        while len(into) < rounds or (len(into) < MOST_ROUNDS and psql and _beaten(mastery, mastery_again)):
            last = len(into) % 2  # whichever follows meets the other's checkpoint, so they take turns
            if psql and not last:
                mastery_again.append(_mastery_again(psql, paths[MASTERY]))
            _empty(*PROJECTIONS)
            each = {table: _copy_in(table, path) for table, path in paths.items()}
            into.append(sum(each.values()))
            mastery.append(each[MASTERY])
            if psql and last:
                mastery_again.append(_mastery_again(psql, paths[MASTERY]))
    seconds = min(out or again), min(into)
    said = f"COPY of the ledger out {seconds[0]:.1f} s, of the projections in {seconds[1]:.1f} s"
    if psql:
        _refuse("the ledger out", out, again)
        _refuse("mastery in", mastery, mastery_again)
        said += (
            f" (independently {min(again):.1f} s out, mastery {min(mastery_again):.1f} s in for {min(mastery):.1f} s)"
        )
    return sum(seconds), said


def _beaten(floor: list[float], independent: list[float]) -> bool:
    return min(floor) > MOST_BEATEN * min(independent)


def _refuse(what: str, floor: list[float], independent: list[float]) -> None:
    if _beaten(floor, independent):
        found = f"takes {min(independent):.2f} s, the floor took {min(floor):.2f} s"
        raise FloorRefused(f"An independent COPY of {what} {found}.")


def _psql() -> str | None:
    of_servers = [found.program("psql") for _, found in sorted(all_postgres().items(), reverse=True)]
    return next((path for path in (*of_servers, "psql") if shutil.which(path)), None)


def _save(table: str, path: Path) -> None:
    with path.open("wb") as rows, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT binary)", rows, size=1 << 20)


def _mastery_again(psql: str, path: Path) -> float:
    _empty(MASTERY)
    return _by_psql(psql, f"COPY floor_{MASTERY} FROM STDIN (FORMAT binary)", path, writing=False)


def _by_psql(psql: str, statement: str, path: Path, *, writing: bool) -> float:
    with path.open("wb" if writing else "rb") as rows:
        channel = {"stdout": rows} if writing else {"stdin": rows}
        began = time.perf_counter()
        words = [psql, "--no-psqlrc", "-q", os.environ["DATABASE_OWNER_URL"], "-c", statement]
        subprocess.run(words, check=True, **channel)
        return time.perf_counter() - began


def _ledger_out() -> float:
    """Seconds to copy the ledger out in the order in which it is replayed."""
    with Path(os.devnull).open("wb") as nowhere, connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.copy_expert(f"COPY ({LEDGER}) TO STDOUT (FORMAT binary)", nowhere)
        return time.perf_counter() - began


def _copy_in(table: str, path: Path) -> float:
    with path.open("rb") as rows, connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.copy_expert(f"COPY floor_{table} FROM STDIN (FORMAT binary)", rows, size=1 << 20)
        return time.perf_counter() - began


def _empty(*tables: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"floor_{table}" for table in tables))
