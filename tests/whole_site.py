"""One whole site as a person starts it: `manage.py up` with a state folder of its own."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.processes import ROOT, bare_environment, free_port, processes_of, wait_for


class Site:
    """One `manage.py up` with a state folder of its own."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.var, self.port = var, free_port()
        self.log = var.with_name(var.name + ".log")
        self.environment = bare_environment(LRM_VAR=str(var), PORT=str(self.port), LRM_DEMO="0", **variables)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Status and body; status 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return "LRM is running at" in self.log.read_text() and self.get("/livez")[0] == 200

        wait_for(ready, "the site")

    def pids(self, part: str) -> list[int]:
        """Main processes of a part, which is web, worker or beat."""
        marks = {
            "web": "lrm.wsgi",
            "worker": "celery --app lrm --quiet worker",
            "beat": "celery --app lrm --quiet beat",
        }
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if marks[part] in words_of(pid)]

    def stop(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        assert self.process.wait(120) == 0, self.log.read_text()

    def family(self) -> set[int]:
        """Every process of the site: all carry its state folder in their environment or command line."""
        mark, found = os.fsencode(f"LRM_VAR={self.var}\0"), set(processes_of(self.var))
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes() and (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
        return found


def words_of(pid: str) -> str:
    """The command line of a process, "" of one that has gone meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def manage(*words: str, **variables: str) -> subprocess.CompletedProcess:
    """`manage.py` as somebody starts it who has just opened a terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=bare_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
