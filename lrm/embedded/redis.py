"""One Redis (or Valkey) server on a private socket. It keeps nothing: work is remembered in PostgreSQL."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from lrm.embedded.children import start, stop
from lrm.embedded.errors import EmbeddedError
from lrm.embedded.folders import REDIS_SOCKET
from lrm.embedded.postgres import rotate, tail

READY_SECONDS = 30.0
SHUTDOWN_SECONDS = 5.0


def redis_url(socket_path: Path) -> str:
    """For redis-py. Celery wants the same as redis+socket://PATH?virtual_host=0."""
    return f"unix://{quote(str(socket_path))}?db=0"


def quoted(value: str) -> str:
    """A word of redis.conf."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Redis:
    name = "Redis"

    def __init__(self, program: str, sockets: Path, services: Path, lock: int | None = None) -> None:
        """services: folder for its configuration and log.    lock: descriptor that the server inherits."""
        self.program, self.lock = program, lock
        self.socket = sockets / REDIS_SOCKET
        self.configuration = services / "redis.conf"
        self.log = services / "redis.log"
        self.folder = services
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        settings = {
            "port": "0",
            "unixsocket": quoted(str(self.socket)),
            "unixsocketperm": "700",
            "dir": quoted(str(self.folder)),
            "daemonize": "no",
            "save": '""',
            "appendonly": "no",
            "databases": "64",  # one for each process that runs tests
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        self.configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self.socket.unlink(missing_ok=True)
        rotate(self.log)
        with self.log.open("ab") as output:
            self.process = start(
                [self.program, str(self.configuration)],
                death_signal=signal.SIGKILL,  # it keeps nothing, and a frozen one obeys nothing else
                stdout=output,
                stderr=output,
                pass_fds=() if self.lock is None else (self.lock,),
            )

    def wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None:
                raise EmbeddedError(f"Redis stopped while starting.\n{tail(self.log)}")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Redis does not answer.\n{tail(self.log)}")
            time.sleep(0.02)

    def answers(self) -> bool:
        return self._say(b"PING\r\n").startswith(b"+PONG")

    def shut_down(self) -> None:
        """Stop a server that is not our child."""
        self._say(b"SHUTDOWN NOSAVE\r\n")

    def _say(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(2.0)
                connection.connect(str(self.socket))
                connection.sendall(command)
                return connection.recv(64)
        except OSError:
            return b""

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, (signal.SIGTERM, SHUTDOWN_SECONDS))
