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
ROUNDS_OUT = 3


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

    Each is the fastest of its rounds: three out, `rounds` in. Between them another program (psql) copies the same
    ledger out, and the same mastery in.
    Raises FloorRefused where it beats the floor by more than MOST_BEATEN.
    """
    taken: dict[str, list[float]] = {"out": [], "in": [], "mastery": [], "psql out": [], "psql mastery": []}
    psql = _psql()
    with tempfile.TemporaryDirectory(prefix="lrm-floor-") as folder:
        paths = {table: Path(folder) / table for table in PROJECTIONS}
        for table, path in paths.items():
            _save(table, path)
        for _ in range(ROUNDS_OUT):
            taken["out"].append(_ledger_out())
            if psql:
                statement = f"COPY ({LEDGER}) TO STDOUT (FORMAT binary)"
                taken["psql out"].append(_by_psql(psql, statement, Path(os.devnull), writing=True))
        for _ in range(rounds):
            if psql:
                _empty(MASTERY)
                statement = f"COPY floor_{MASTERY} FROM STDIN (FORMAT binary)"
                taken["psql mastery"].append(_by_psql(psql, statement, paths[MASTERY], writing=False))
            _empty(*PROJECTIONS)
            into = [_copy_in(table, path) for table, path in paths.items()]
            taken["in"].append(sum(into))
            taken["mastery"].append(into[PROJECTIONS.index(MASTERY)])
    best = {name: min(values) for name, values in taken.items() if values}
    said = f"COPY of the ledger out {best['out']:.1f} s, of the projections in {best['in']:.1f} s"
    if psql:
        for name in ("out", "mastery"):
            if best[name] > MOST_BEATEN * best[f"psql {name}"]:
                raise FloorRefused(
                    f"{name}: psql copies in {best[f'psql {name}']:.2f} s, the floor took {best[name]:.2f} s."
                )
        said += f"; psql takes {best['psql out']:.1f} s out, {best['psql mastery']:.1f} s for mastery's"
        said += f" {best['mastery']:.1f} s"
    return best["out"] + best["in"], said


def _psql() -> str | None:
    of_servers = [found.program("psql") for _, found in sorted(all_postgres().items(), reverse=True)]
    return next((path for path in (*of_servers, "psql") if shutil.which(path)), None)


def _save(table: str, path: Path) -> None:
    with path.open("wb") as rows, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT (FORMAT binary)", rows, size=1 << 20)


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
