"""Carrying the data of an older major version of PostgreSQL over; the old folder is kept."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from lrm.embedded.binaries import PostgresPrograms, all_postgres, run_as
from lrm.embedded.errors import EmbeddedError
from lrm.embedded.folders import StateFolder
from lrm.embedded.postgres import SUPERUSER, Postgres, make_data_folder, tail


def data_folder(state: StateFolder, programs: PostgresPrograms, lock: int, tell: Callable[[str], None]) -> Path:
    """The data folder for `programs`, made empty or from the newest older one where it is missing.

    Raises EmbeddedError: the data is of a newer version than the programs, or of an older one whose
    programs are not on this machine.
    """
    data, majors = state.data(programs.major), state.data_majors()
    if majors and majors[-1] > programs.major:
        raise EmbeddedError(
            f"{state.data(majors[-1])} belongs to PostgreSQL {majors[-1]}, and this is {programs.major}. "
            "Bring the packages up to date (`make env`), or set LRM_VAR to another folder."
        )
    if programs.major in majors:
        return data
    if not majors:
        make_data_folder(programs, run_as(programs, data), data, state.log("postgresql"))
        return data
    old_major = majors[-1]
    old_programs = all_postgres().get(old_major)
    if old_programs is None:
        raise EmbeddedError(
            f"{state.data(old_major)} was written by PostgreSQL {old_major}, whose programs are not here. "
            f"Install them (Debian: apt-get install postgresql-{old_major}) and start again: the data is "
            f"copied into {data} and the old folder kept. Or set LRM_VAR to a new folder to start empty."
        )
    _carry_over(state, old_programs, programs, lock, tell)
    return data


def _carry_over(
    state: StateFolder,
    old_programs: PostgresPrograms,
    programs: PostgresPrograms,
    lock: int,
    tell: Callable[[str], None],
) -> None:
    tell(f"Copying the data of PostgreSQL {old_programs.major} to {programs.major}; the old folder is kept.")
    old_data, data = state.data(old_programs.major), state.data(programs.major)
    copy, log = state.var / f"pg-{programs.major}-copy", state.log("upgrade")
    shutil.rmtree(copy, ignore_errors=True)
    old_runs, runs = run_as(old_programs, old_data), run_as(programs, data)
    make_data_folder(programs, runs, copy, log)
    sockets = Path(tempfile.mkdtemp(prefix="lrm-"))
    try:
        old = Postgres(old_programs, old_runs, old_data, _inside(sockets, "old", old_runs.user), log, lock)
        new = Postgres(programs, runs, copy, _inside(sockets, "new", runs.user), log, lock)
        try:
            for server in (old, new):
                server.start()
                server.wait_until_ready(tell)
            _pipe(old, new, log)
        finally:
            old.stop()
            new.stop()
        copy.rename(data)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(copy, ignore_errors=True)


def _inside(folder: Path, name: str, owner: int | None) -> Path:
    inner = folder / name
    inner.mkdir(mode=0o700)
    if owner is not None:
        shutil.chown(folder, owner, owner)
        shutil.chown(inner, owner, owner)
    return inner


def _pipe(old: Postgres, new: Postgres, log: Path) -> None:
    """Dump and restore in one stream: roles, databases and their contents."""
    dump = [new.programs.program("pg_dumpall"), "--host", str(old.sockets), "--username", SUPERUSER]
    restore = [
        *(new.programs.program("psql"), "--host", str(new.sockets), "--username", SUPERUSER),
        *("--no-psqlrc", "--quiet", "--output", "/dev/null", "--dbname", "postgres"),
    ]
    with log.open("ab") as errors:
        with subprocess.Popen(dump, stdout=subprocess.PIPE, stderr=errors) as dumping:
            # The superuser exists on both sides, so its CREATE ROLE fails; other errors are looked for below.
            restored = subprocess.run(
                restore, stdin=dumping.stdout, stdout=errors, stderr=subprocess.PIPE, text=True, check=False
            )
        errors.write(restored.stderr.encode())
    problems = [
        line
        for line in restored.stderr.splitlines()
        if "ERROR:" in line and f'role "{SUPERUSER}" already exists' not in line
    ]
    if dumping.returncode != 0 or restored.returncode != 0 or problems:
        raise EmbeddedError(f"The old data could not be copied; it is unchanged in {old.data}.\n{tail(log)}")
