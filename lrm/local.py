"""The environment of a command on one machine, set before Django reads its settings."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lrm.embedded import EmbeddedError, attach
from lrm.owner_commands import OWNER_COMMANDS, SERVICELESS_COMMANDS

__all__ = ["EmbeddedError", "local_environment"]


@contextmanager
def local_environment(root: Path, words: list[str]) -> Iterator[None]:
    """Set what is missing for the command `words`, and hold the private services while it runs.

    root: folder of the repository; the state folder is LRM_VAR, or `var` in it.
    A SECRET_KEY is made only where the database is private: a real site without one must not start.
    Raises EmbeddedError.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lrm.settings")
    command = words[0] if words else "help"
    if command in OWNER_COMMANDS:
        os.environ["LRM_DB_OWNER"] = "1"
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    var = Path(os.environ.get("LRM_VAR") or root / "var").expanduser().resolve()
    os.environ["LRM_VAR"] = str(var)
    if command in SERVICELESS_COMMANDS or {"-h", "--help", "--version"} & set(words):
        _set_private_site(var, keep_key=False)
        os.environ.setdefault("DATABASE_URL", "postgresql://lrm_app@/lrm")  # named, never opened
        yield
        return
    with attach(var) as services:
        if not os.environ.get("DATABASE_URL"):
            _set_private_site(var, keep_key=True)
            os.environ["DATABASE_URL"] = services.database_url
            os.environ["DATABASE_OWNER_URL"] = services.owner_database_url
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"] = services.redis_url
        yield


def _set_private_site(var: Path, *, keep_key: bool) -> None:
    if os.environ.get("DATABASE_URL"):
        return
    os.environ["LRM_LOCAL"] = "1"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secret_key(var) if keep_key else secrets.token_urlsafe(50)


def secret_key(var: Path) -> str:
    """The key of this state folder, made at the first call and readable by its user only."""
    path = var / "secret-key"
    if not path.exists():
        mine = var / f"secret-key.{os.getpid()}"
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        with suppress(FileExistsError):  # another process was quicker; a link appears whole or not at all
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text().strip()
