"""Where the private services keep what they need, all of it below one state folder."""

import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lrm.embedded.errors import EmbeddedError

ROOT = Path(__file__).resolve().parent.parent.parent
SOCKET_PATH_BYTES = 100  # the kernel takes 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"


@dataclass(frozen=True)
class StateFolder:
    """Paths below the state folder `var`; nothing is made before `make` is called."""

    var: Path

    @property
    def services(self) -> Path:
        return self.var / "services"

    @property
    def leases(self) -> Path:
        return self.services / "leases"

    @property
    def ready(self) -> Path:
        """Written when both services answer, removed under the gate before they stop."""
        return self.services / "ready.json"

    @property
    def error(self) -> Path:
        return self.services / "error.txt"

    @property
    def status(self) -> Path:
        return self.services / "status.txt"

    @property
    def sockets_link(self) -> Path:
        return self.services / "run"

    def log(self, name: str) -> Path:
        return self.services / f"{name}.log"

    def lock(self, name: str) -> Path:
        return self.services / f"{name}.lock"

    def data(self, major: int) -> Path:
        return self.var / f"pg-{major}"

    def data_majors(self) -> list[int]:
        """Major versions that finished folders of this state folder belong to, ascending."""
        found = []
        for folder in self.var.glob("pg-*"):
            match = re.fullmatch(r"pg-(\d+)", folder.name)
            if match and (folder / "PG_VERSION").exists():
                found.append(int(match[1]))
        return sorted(found)

    def make(self) -> None:
        """Make the folders that are missing. Modes of folders that exist are left alone."""
        try:
            # Root may have to run PostgreSQL as `nobody`, who must be able to pass through.
            mode = 0o711 if os.geteuid() == 0 else 0o700
            for folder in (self.var, self.services):
                folder.mkdir(mode=mode, parents=True, exist_ok=True)
            self.leases.mkdir(mode=0o700, exist_ok=True)
            (self.services / "write-test").touch()
            (self.services / "write-test").unlink()
        except PermissionError as error:
            raise EmbeddedError(
                f"{error.filename} cannot be written by this user. "
                "Set LRM_VAR to a folder of your own, or run as the user who made it."
            ) from error
        except OSError as error:
            raise EmbeddedError(f"The state folder {self.var} cannot be used: {error.strerror}.") from error

    def make_sockets(self, owner: int | None = None) -> Path:
        """An empty 0700 folder for the sockets, short enough for the kernel.

        In the state folder where its path is short and without commas, else a temporary folder that
        `services/run` links to.
        owner: user id that the folder is given to, when it is not ours.
        """
        # Whoever lived through the end of a supervisor knows the old folder, so it is used again.
        kept = self._kept_temporary_folder()
        if kept is not None:
            for socket in kept.iterdir():
                socket.unlink()
            return kept
        self.remove_sockets()
        if _fits(self.sockets_link):
            self.sockets_link.mkdir(mode=0o700)
            folder = self.sockets_link
        else:
            folder = Path(tempfile.mkdtemp(prefix="lrm-"))
            if not _fits(folder):
                folder.rmdir()
                folder = Path(tempfile.mkdtemp(prefix="lrm-", dir="/tmp"))
            self.sockets_link.symlink_to(folder)
        if owner is not None:
            os.chown(folder, owner, owner)
        return folder

    def _kept_temporary_folder(self) -> Path | None:
        if not self.sockets_link.is_symlink():
            return None
        target = Path(os.readlink(self.sockets_link))
        return target if target.name.startswith("lrm-") and _is_private_folder(target) else None

    def remove_sockets(self) -> None:
        """Remove the sockets folder, and the temporary folder behind it if that one is ours."""
        link = self.sockets_link
        if link.is_symlink():
            target = Path(os.readlink(link))
            link.unlink()
            if target.name.startswith("lrm-") and _is_private_folder(target):
                shutil.rmtree(target, ignore_errors=True)
        elif link.exists():
            shutil.rmtree(link)


def _fits(folder: Path) -> bool:
    # Clients of PostgreSQL take a comma for the start of another host.
    return len(os.fsencode(folder / POSTGRES_SOCKET)) <= SOCKET_PATH_BYTES and "," not in str(folder)


def _is_private_folder(path: Path) -> bool:
    """Whether path is a real 0700 folder of ours; a link could lead to somebody else's after a reboot."""
    try:
        found = path.lstat()
    except OSError:
        return False
    ours = os.geteuid() in (0, found.st_uid)
    return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and ours
