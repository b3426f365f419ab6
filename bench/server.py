"""A web server for benchmarks as `manage.py up` starts it, and clients that ask it on kept connections."""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from lrm.embedded.children import start
from lrm.management.commands.up import commands, site_environment

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60.0


@dataclass
class Server:
    port: int
    process: subprocess.Popen

    def proportional_megabytes(self) -> float:
        """Memory of the master and its workers, pages that they share counted once (PSS)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        total = 0
        for pid in [str(self.process.pid), *children]:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024


@contextmanager
def serve() -> Iterator[Server]:
    """The site and the controls of bench/controls.py, on a free port, on the database of this environment."""
    port = free_port()
    words = ["bench.controls" if word == "lrm.wsgi" else word for word in commands(HOST, port)["web"]]
    process = start(words, death_signal=signal.SIGTERM, env=site_environment(), cwd=str(ROOT))
    try:
        deadline = time.monotonic() + START_SECONDS
        while socket.socket().connect_ex((HOST, port)):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("bench: the web server did not start; its messages are above.")
            time.sleep(0.05)  # between looks at a port of another process, which tells nobody when it opens
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def work() -> Iterator[None]:
    """The worker and the clock of the site, on the database and the Redis of this environment."""
    running = [
        start(commands(HOST, 0)[name], death_signal=signal.SIGTERM, env=site_environment(), cwd=str(ROOT))
        for name in ("worker", "beat")
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def sign_in(port: int, email: str, password: str) -> dict[str, str]:
    """The cookies of a browser after the form for grown-ups was sent. Raises RuntimeError where it is refused."""
    site = http.client.HTTPConnection(HOST, port, timeout=60)
    site.request("GET", "/sign-in/")
    page = site.getresponse()
    page.read()
    cookies = _cookies(page)
    form = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": cookies["csrftoken"]})
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": kept}
    site.request("POST", "/sign-in/email/", form, headers)
    answer = site.getresponse()
    answer.read()
    cookies |= _cookies(answer)
    if answer.status != 302 or "sessionid" not in cookies:
        raise RuntimeError(f"Signing in answered {answer.status}.")
    return cookies


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    found = SimpleCookie()
    for header in answer.msg.get_all("Set-Cookie") or []:
        found.load(header)
    return {name: morsel.value for name, morsel in found.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@dataclass
class Client:
    """One browser that is signed in, on one kept connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, allowed: tuple[int, ...] = (200,), **headers: str) -> bytes:
        return self._ask("GET", path, None, headers, allowed)

    def post(self, path: str, body: str, *, kind: str, allowed: tuple[int, ...] = (200,)) -> bytes:
        token = self.cookies["csrftoken"]
        return self._ask("POST", path, body.encode(), {"Content-Type": kind, "X-CSRFToken": token}, allowed)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ask(self, verb: str, path: str, body: bytes | None, headers: dict, allowed: tuple[int, ...]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip", "Connection": "keep-alive", **headers}
        try:
            answer = self._send(verb, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection = None  # idle for too long: the server has closed it before it read anything
            answer = self._send(verb, path, body, headers)
        text = answer.read()
        if answer.status not in allowed:
            raise RuntimeError(f"{verb} {path} answered {answer.status}: {text[:200]!r}")
        return text

    def _send(self, verb: str, path: str, body: bytes | None, headers: dict) -> http.client.HTTPResponse:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        self.connection.request(verb, path, body, headers)
        return self.connection.getresponse()


def medians(
    asks: dict[str, Callable[[], object]], *, rounds: int, before: Callable[[], object] | None = None
) -> dict[str, float]:
    """Median milliseconds of each, asked in turn so that whatever else the machine does meets all of them alike.

    before: what each round needs and nobody is asked for.
    """
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for warm_up in (True, False):
        for _ in range(max(rounds // 4, 3) if warm_up else rounds):
            if before:
                before()
            for name, ask in asks.items():
                began = time.perf_counter()
                ask()
                if not warm_up:
                    taken[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in taken.items()}


def token() -> str:
    return os.urandom(16).hex()
