"""`python -m bench.migrating OLD`: the migrations of this version, while a site of an older one is at work.

OLD is a checkout of the version that runs (`git worktree add OLD COMMIT`); it makes its own demo school in a new state
folder and serves it. From outside come 50 requests a second at a fixed rate: Today, a wall, its polls, a student's
page, and saves in the grid. In their midst `manage.py migrate` of this version runs. Then the site is asked on, since
servers of before stay until they are restarted. Exit 1 where a request failed or a save is not in the ledger.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from threading import Lock
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
RATE, BEFORE_SECONDS, AFTER_SECONDS, THREADS = 50, 15, 15, 64
HOST = "127.0.0.1"
TARGETS = """
SELECT DISTINCT a.id, n.learner_id, c.standard_id, (
         SELECT max(e.id) FROM assessments_evidence e WHERE e.assessment_id = a.id AND e.learner_id = n.learner_id
            AND e.standard_id = c.standard_id)
  FROM assessments_assessment a JOIN assessments_assessmentstandard c ON c.assessment_id = a.id
  JOIN profiles_section s ON s.id = a.section_id
  JOIN profiles_enrollment n ON n.roster_id = s.roster_id AND n.learner_id IS NOT NULL
  JOIN profiles_enrollment t ON t.roster_id = s.roster_id
  JOIN profiles_account p ON p.id = t.account_id AND p.key = 'demo-teacher'
 ORDER BY 1, 2, 3
"""


@dataclass
class Site:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, body: str | None = None, kind: str = "application/json") -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=60)) as connection:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if body is not None:
                headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies["csrftoken"]}
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            for header in answer.msg.get_all("Set-Cookie") or []:
                name, _, value = header.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read()

    def enter(self) -> None:
        """As the demo's teacher."""
        self.ask("/sign-in/")
        form = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"]})
        status, text = self.ask("/demo/enter/teacher/", form, "application/x-www-form-urlencoded")
        if status != 302:
            sys.exit(f"Entering the demo answered {status}: {text[:300]!r}")


@dataclass
class Load:
    """What is asked in turn, at RATE, until `stop`."""

    asks: list[Callable[[], str]]
    took: list[tuple[float, float]] = field(default_factory=list)
    """When each was due, and milliseconds from then."""
    problems: Counter = field(default_factory=Counter)
    stopped: bool = False
    lock: Lock = field(default_factory=Lock)

    def run(self) -> None:
        asks, waiting, began, number = cycle(self.asks), [], time.perf_counter(), 0
        with ThreadPoolExecutor(THREADS) as pool:
            while not self.stopped:
                due = began + number / RATE
                time.sleep(max(0.0, due - time.perf_counter()))  # the open loop: each request at its time
                waiting.append(pool.submit(self._one, next(asks), due))
                number += 1
        for each in waiting:
            each.result()

    def _one(self, ask: Callable[[], str], due: float) -> None:
        try:
            problem = ask()
        except OSError as error:
            problem = f"{type(error).__name__}: {error}"
        with self.lock:
            self.took.append((due, 1000 * (time.perf_counter() - due)))
            if problem:
                self.problems[problem] += 1


class Saves:
    """One cell after the other: first results, and corrections of the last one that was there."""

    def __init__(self, site: Site, cells: list[tuple[int, int, int, int | None]]) -> None:
        self.site, self.left, self.lock = site, list(reversed(cells)), Lock()
        self.done: list[int] = []
        """Ids of the records that the site said it has made."""

    def __call__(self) -> str:
        with self.lock:
            if not self.left:
                return "no cell is left to type into"
            cell = self.left.pop()
        assessment, learner, standard, replaces = cell
        typed = {"learner": learner, "standard": standard, "text": "3", "replaces": replaces}
        body = json.dumps({"cells": [typed]})
        status, text = self.site.ask(f"/assessments/{assessment}/cells/", body)
        said = json.loads(text)["cells"][0] if status == 200 else {}
        if said.get("state") not in ("saved", "same"):
            return f"a save answered {status} {said}"
        if said["state"] == "saved":
            with self.lock:
                self.done.append(said["id"])
        return ""


def page(site: Site, path: str) -> Callable[[], str]:
    def ask() -> str:
        status, _text = site.ask(path)
        return "" if status in (200, 304) else f"{path} answered {status}"

    return ask


def command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, str(folder / "manage.py"), *words]


def migrate(environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command(ROOT, "migrate", "-v1"), cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
    return time.perf_counter() - began


def measure(old: Path, var: Path, port: int) -> bool:
    """Whether nothing failed."""
    environment = os.environ | {"LRM_VAR": str(var), "PORT": str(port), "LRM_DEMO": "1"}
    with (var / "site.log").open("wb") as log:
        site_process = subprocess.Popen(command(old, "up"), cwd=old, env=environment, stdout=log, stderr=log)
    try:
        while b"LRM is running at" not in (var / "site.log").read_bytes():
            if site_process.poll() is not None:
                sys.exit((var / "site.log").read_text())
            time.sleep(0.2)  # between looks at the log of another process
        site = Site(port)
        site.enter()
        with closing(psycopg2.connect(_database(var))) as database:
            return _under_load(site, database, environment)
    finally:
        site_process.terminate()
        site_process.wait()
        errors = [line for line in (var / "site.log").read_text().splitlines() if "Error" in line or "error" in line]
        sys.stderr.write("\n".join(errors[:40]) + "\n")


def _under_load(site: Site, database: "psycopg2.extensions.connection", environment: dict[str, str]) -> bool:
    def ask(statement: str, *values: object) -> list:
        with database, database.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    before = dict(ask("SELECT app, count(*) FROM django_migrations GROUP BY 1"))
    sections = ask(
        "SELECT s.id, e.learner_id FROM profiles_section s JOIN profiles_enrollment t ON t.roster_id = s.roster_id"
        " JOIN profiles_account a ON a.id = t.account_id AND a.key = 'demo-teacher'"
        " JOIN profiles_enrollment e ON e.roster_id = s.roster_id AND e.learner_id IS NOT NULL ORDER BY 1, 2"
    )
    (section, learner), *_ = sections
    saves = Saves(site, ask(TARGETS))
    pages = [page(site, path) for path in ("/today/", f"/sections/{section}/wall/", f"/learners/{learner}/", "/readyz")]
    quick = [pages[3]] * 4
    load = Load([saves, *quick, pages[0], *quick, saves, *quick, pages[1], *quick, pages[2], *quick])
    with ThreadPoolExecutor(1) as pool:
        running: Future = pool.submit(load.run)
        try:
            time.sleep(BEFORE_SECONDS)  # of load alone, to compare with
            began = time.perf_counter()
            seconds = migrate(environment)
            time.sleep(AFTER_SECONDS)  # of load on the new tables
        finally:
            load.stopped = True
        running.result()
    after = dict(ask("SELECT app, count(*) FROM django_migrations GROUP BY 1"))
    stored = {pk for (pk,) in ask("SELECT id FROM assessments_evidence")}
    lost = set(saves.done) - stored
    during = [ms for due, ms in load.took if began <= due <= began + seconds]
    others = [ms for due, ms in load.took if not began <= due <= began + seconds]
    new = {app: after[app] - before.get(app, 0) for app in sorted(after) if after[app] != before.get(app, 0)}
    sys.stdout.write(
        f"migrated {new} in {seconds:.1f} s\n"
        f"{len(load.took)} requests at {RATE} a second, {len(during)} of them while it ran, {len(saves.done)} saves\n"
        f"failed: {sum(load.problems.values())} {dict(load.problems)}; saves that are not in the ledger: {len(lost)}\n"
        f"before and after: {_said(others)}; while it ran: {_said(during)}\n"
    )
    return bool(new) and not load.problems and not lost


def _said(took: list[float]) -> str:
    if len(took) < 20:
        return "too few to say"
    return f"median {quantiles(took, n=2)[0]:.0f}, p95 {quantiles(took, n=20)[-1]:.0f}, at most {max(took):.0f} ms"


def _database(var: Path) -> str:
    """As the superuser of a private server, by its socket."""
    return f"host={_sockets(var)} user=postgres dbname=lrm"


def _sockets(var: Path) -> str:
    found = subprocess.run(
        command(ROOT, "shell", "-v0", "-c", "import os; print(os.environ['DATABASE_URL'])"),
        cwd=ROOT,
        env=os.environ | {"LRM_VAR": str(var)},
        capture_output=True,
        text=True,
        check=True,
    )
    [host] = parse_qs(urlsplit(found.stdout.split()[-1]).query)["host"]
    return host


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lrm-") as folder:
        sys.exit(not measure(Path(sys.argv[1]).resolve(), Path(folder), int(os.environ.get("PORT", "8181"))))
