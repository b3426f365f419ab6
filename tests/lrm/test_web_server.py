"""The web server with a small application instead of the site: who lives, who serves, what a death costs."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from lrm.embedded.children import start, stop
from lrm.management.commands.up import commands
from lrm.web_server import LoadingArbiter, join_master
from tests.processes import ROOT, free_port, wait_for

pytestmark = pytest.mark.xdist_group("sites")

APPLICATION = """
import os, threading
from pathlib import Path

LOADED_BY = os.getpid()
held = Path(__file__).with_name("held")

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        held.with_name(f"begun-{os.getpid()}").touch()
        while held.exists():
            threading.Event().wait(0.02)
    start_response("200 OK", [("Content-Length", "40")])
    return [f"VERSION {os.getpid()} {LOADED_BY}".ljust(40).encode()]
"""


class Server:
    def __init__(self, folder: Path, timeout: int) -> None:
        self.folder, self.port, self.log = folder, free_port(), folder / "log"
        self.write("one")
        words = ["app" if word == "lrm.wsgi" else word for word in commands("127.0.0.1", self.port)["web"]]
        with self.log.open("wb") as output:
            self.process = start(
                [*words, "--pythonpath", str(folder), "--timeout", str(timeout), "--graceful-timeout", "120"],
                death_signal=signal.SIGKILL,
                cwd=str(ROOT),
                stdout=output,
                stderr=output,
            )

    def write(self, version: str, application: str = APPLICATION) -> None:
        """Each as long as no other: compiled modules of one second are told apart by the length of their source."""
        (self.folder / "app.py").write_text(application.replace("VERSION", version))

    def get(self, path: str = "/") -> list[str]:
        """[version, process that answers, process that loaded it]"""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=120) as answer:
            return answer.read().decode().split()

    def children(self) -> set[int]:
        pid = self.process.pid
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def answering(self) -> set[int]:
        """Who answers, of thirty on connections of their own; nobody where one is broken off by a worker that ends."""
        with ThreadPoolExecutor(6) as pool:
            try:
                return {int(words[1]) for words in pool.map(lambda _: self.get(), range(30))}
            except OSError:
                return set()

    def versions(self) -> set[str]:
        """What answers; nothing where a worker that ends breaks one off."""
        try:
            return {self.get()[0] for _ in range(5)}
        except OSError:
            return set()

    def workers(self) -> set[int]:
        """Both, once both answer and nobody else is there."""

        def both() -> set[int]:
            assert self.process.poll() is None, self.log.read_text()
            found = self.answering()
            return found if len(found) == 2 and found == self.children() else set()

        wait_for(lambda: self.process.poll() is not None or self.opened(), "the port")
        return wait_for(both, "two workers")

    def opened(self) -> bool:
        try:
            return bool(self.get())
        except OSError:
            return False


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """After how many seconds a silent worker is hung may be its parameter; a busy machine is silent for some."""
    server = Server(tmp_path, getattr(request, "param", 60))
    server.workers()
    yield server
    (tmp_path / "held").unlink(missing_ok=True)
    stop(server.process, (signal.SIGTERM, 10.0))


@pytest.fixture
def held(server: Server) -> Iterator[Callable[[], int]]:
    """Ask for what is not answered before it is let go; returns who has begun to answer."""
    hold = server.folder / "held"
    hold.touch()
    with ThreadPoolExecutor(1) as pool:

        def begin() -> int:
            begin.answer = pool.submit(server.get, "/slow")
            [mark] = wait_for(lambda: list(server.folder.glob("begun-*")), "the request to be begun")
            return int(mark.name.partition("-")[2])

        def finish() -> list[str]:
            hold.unlink()
            return begin.answer.result()

        begin.finish = finish
        yield begin
        hold.unlink(missing_ok=True)


def living(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_has_loaded_what_both_workers_share_and_is_gone(server):
    answers = [server.get() for _ in range(10)]

    [loader] = {int(words[2]) for words in answers}

    assert loader not in {server.process.pid, *server.children()}
    assert not living(loader)


def test_killed_worker_is_replaced_and_the_other_finishes_what_it_has_begun(server, held):
    busy = held()
    [idle] = server.workers() - {busy}

    os.kill(idle, signal.SIGKILL)

    fresh = wait_for(lambda: idle not in server.children() and server.workers() - {busy, idle}, "another worker")
    assert server.workers() == {busy} | fresh
    assert int(held.finish()[1]) == busy


def test_loader_that_is_killed_is_followed_by_another(server):
    """The application waits while it is loaded, so that the loader can be met."""
    first, *_ = before = server.workers()
    waits = "import pathlib, threading\nwhile pathlib.Path(__file__).with_name('held').exists():\n"
    server.write("two", waits + "    threading.Event().wait(0.02)\n" + APPLICATION)
    (server.folder / "held").touch()
    os.kill(first, signal.SIGKILL)
    [loader] = wait_for(lambda: server.children() - before, "the loader")

    os.kill(loader, signal.SIGKILL)

    [another] = wait_for(lambda: server.children() - before - {loader}, "another loader")
    (server.folder / "held").unlink()
    wait_for(lambda: not living(another), "the loader to end")
    assert len(server.workers() & before) == 1
    assert "code -9" in server.log.read_text()


@pytest.mark.parametrize("server", [5], indirect=True)
def test_hung_worker_is_replaced(server):
    hung, *_ = server.workers()

    os.kill(hung, signal.SIGSTOP)

    wait_for(lambda: not living(hung), "the end of the hung worker")
    assert hung not in server.workers()


def test_workers_of_a_killed_master_end(server):
    workers = server.workers()

    server.process.kill()

    wait_for(lambda: not any(map(living, workers)), "the workers to end")


def test_hang_up_loads_the_site_anew_and_finishes_what_was_begun(server, held):
    before = server.workers()
    busy = held()
    server.write("another")

    server.process.send_signal(signal.SIGHUP)

    wait_for(lambda: server.versions() == {"another"}, "the new workers alone")
    answered = held.finish()
    assert (answered[0], int(answered[1])) == ("one", busy)
    assert not server.workers() & before


def test_hang_up_keeps_the_workers_where_the_site_cannot_be_loaded(server):
    before = server.workers()
    server.write("two", "raise RuntimeError('half an upgrade')")

    server.process.send_signal(signal.SIGHUP)

    wait_for(lambda: "The site could not be loaded" in server.log.read_text(), "the message")
    assert server.workers() == before
    assert "half an upgrade" in server.log.read_text()


def test_site_that_cannot_be_loaded_is_tried_less_and_less_often_and_who_answers_goes_on(server):
    before = server.workers()
    dead, *_ = before
    server.write("two", "x = (  # half an upgrade")

    os.kill(dead, signal.SIGKILL)

    wait_for(lambda: "trying again in 4 s" in server.log.read_text(), "the third try")
    # A fourth may have been told meanwhile.
    told = [line for line in server.log.read_text().splitlines() if "could not be loaded" in line][:3]
    assert ["SyntaxError" in line for line in told] == [True] * 3
    assert [line.partition("trying again in ")[2] for line in told] == ["1 s.", "2 s.", "4 s."]
    assert server.log.read_text().count("Traceback") == 1
    assert server.versions() == {"one"}
    wait_for(lambda: server.children() == before - {dead}, "the pause between two tries")
    server.write("another")
    server.process.send_signal(signal.SIGHUP)  # which waits for no pause
    wait_for(lambda: server.versions() == {"another"}, "the new workers")
    assert not server.workers() & before


def test_pause_between_tries_grows_to_a_minute_and_no_further():
    arbiter = SimpleNamespace(log=Mock(), WORKERS={1: None}, loader=7, num_workers=2, trouble="", pause=0)
    pauses = []
    for _try in range(8):
        LoadingArbiter.wait_longer(arbiter, 3)
        pauses.append(arbiter.pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_termination_answers_what_was_begun_and_leaves_nobody(server, held):
    workers = server.workers()
    busy = held()

    server.process.terminate()

    wait_for(lambda: not any(map(living, workers - {busy})), "the idle worker to end")
    assert int(held.finish()[1]) == busy
    assert server.process.wait(120) == 0
    assert not any(map(living, workers))


@pytest.mark.parametrize("application", ["raise RuntimeError('no site')", "import nothing_of_that_name"])
def test_site_that_cannot_be_loaded_ends_the_server(tmp_path, application):
    (tmp_path / "app.py").write_text(application)
    words = ["app" if word == "lrm.wsgi" else word for word in commands("127.0.0.1", free_port())["web"]]

    answer = subprocess.run(
        [*words, "--pythonpath", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert answer.returncode in (3, 4)
    assert "no site" in answer.stderr or "nothing_of_that_name" in answer.stderr


def test_time_of_loading_is_no_silence_of_a_worker():
    """Where loading takes longer than a worker may be silent, the master would kill each before its first beat."""
    told, tells = os.pipe()
    worker = SimpleNamespace(ppid=os.getppid(), age=7, pid=11, notify=Mock())

    join_master(SimpleNamespace(loader=0, tells=tells), worker)

    with os.fdopen(told) as lines:
        assert lines.read() == "7 11\n"
    worker.notify.assert_called_once_with()


def test_its_master_holds_nothing_of_the_site(server):
    """Modules of Django would be a third copy in memory, which is what the loader is there to avoid."""
    words = "import sys, lrm.web_server; print(sorted({name for name in sys.modules if name.startswith('django')}))"
    answer = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
