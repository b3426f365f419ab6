"""A school that types while processes are killed, Redis is emptied and PostgreSQL falls over."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from bench.server import sign_in
from tests.assessments.faults.desk import Desk, Typed
from tests.assessments.faults.oracle import differences
from tests.assessments.faults.seed import PASSWORD, Seed
from tests.processes import ROOT, PrivateRedis, bare_environment, wait_for
from tests.whole_site import Site

SETTLE_SECONDS = 180
LAST = 10
DUE = "SELECT count(*) FROM assessments_stalemark WHERE due_at <= statement_timestamp()"
FORGOTTEN = """
SELECT count(*) FROM assessments_evidence e
 WHERE NOT EXISTS (SELECT 1 FROM assessments_stalemark WHERE learner_id = e.learner_id)
   AND (e.learner_id, e.standard_id) NOT IN (SELECT learner_id, standard_id FROM assessments_mastery)
"""
STANDING = """
SELECT assessment_id, learner_id, standard_id, trim_scale(points)::text FROM assessments_evidence e
 WHERE NOT EXISTS (SELECT 1 FROM assessments_evidence s WHERE s.supersedes_id = e.id)
"""


@dataclass(frozen=True)
class Plan:
    """saves: acts of the desk, each of which marks a learner as stale.    rate: acts a second.

    kills: of a worker or one of its pool children, picked by chance.    children: the share of these.
    flushes: of Redis.    restarts: of PostgreSQL, immediate ones.    seed: of all that is left to chance.
    """

    saves: int
    rate: float
    kills: int
    flushes: int = 0
    restarts: int = 0
    children: float = 0.6
    seed: int = 1

    def faults(self, chance: random.Random) -> list[str]:
        children = round(self.kills * self.children)
        found = ["kill_child"] * children + ["kill_worker"] * (self.kills - children)
        found += ["flush"] * self.flushes + ["restart"] * self.restarts
        chance.shuffle(found)
        return found


@dataclass
class Storm:
    """A running site, its Redis, and a teacher at a desk.    done: how often each fault was done, and to whom."""

    site: Site
    redis: PrivateRedis
    desk: Desk
    cells: list[tuple[int, int, int]]
    sections: list[int]
    done: Counter[str] = field(default_factory=Counter)

    def run(self, plan: Plan) -> None:
        """Type and break at the same time, then once more break what nobody hurries any more.

        Each fault comes at some moment while scores are typed that a worker is there to work off.
        """
        chance = random.Random(plan.seed)
        acts = self._acts(plan.saves, chance)
        acts, last = acts[:-LAST], acts[-LAST:]
        faults = plan.faults(chance)
        with ThreadPoolExecutor(1) as aside:
            for number, fault in enumerate(faults):
                wait_for(self.pool_children, "a worker at work")
                part = acts[number * len(acts) // len(faults) : (number + 1) * len(acts) // len(faults)]
                typing = aside.submit(self.desk.type_all, part, rate=plan.rate)
                time.sleep(chance.uniform(0.2, 1) * len(part) / plan.rate)
                getattr(self, fault)(chance)
                typing.result()
        self._lose_the_last_messages(last)

    def _acts(self, n: int, chance: random.Random) -> list[Typed]:
        """One for each of n cells; one in ten is sent twice, and one in ten is corrected at once."""
        chosen = self.cells[:n]
        chance.shuffle(chosen)
        mark = lambda: str(chance.randint(1, 4))
        return [
            Typed(*cell, mark(), twice=chance.random() < 0.1, then=mark() if chance.random() < 0.1 else "")
            for cell in chosen
        ]

    def kill_worker(self, chance: random.Random) -> None:
        self._kill(chance, lambda: self.site.pids("worker"), "worker")

    def kill_child(self, chance: random.Random) -> None:
        """One of the worker's pool, whatever it is doing."""
        self._kill(chance, self.pool_children, "pool child")

    def _kill(self, chance: random.Random, find: Callable[[], list[int]], what: str) -> None:
        while True:
            victim = chance.choice(wait_for(find, f"a {what} to kill"))
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(victim, signal.SIGKILL)
                break
        wait_for(lambda: victim not in find(), f"the {what} to be gone")
        self.done[what] += 1

    def pool_children(self) -> list[int]:
        return [child for worker in self.site.pids("worker") for child in children_of(worker)]

    def flush(self, _chance: random.Random) -> None:
        self.redis.flush()
        self.done["flush"] += 1

    def restart(self, _chance: random.Random) -> None:
        was = self.postmaster()
        os.kill(was, signal.SIGQUIT)
        wait_for(lambda: self.postmaster() not in (0, was) and self._database_answers(), "PostgreSQL to recover")
        self.done["restart"] += 1

    def postmaster(self) -> int:
        """Process id, 0 while there is none."""
        with suppress(OSError, IndexError, StopIteration):
            return int(next(self.site.var.glob("pg-*/postmaster.pid")).read_text().split()[0])
        return 0

    def _database_answers(self) -> bool:
        try:
            return self.ask("SELECT 1") == [(1,)]
        except psycopg2.OperationalError:
            return False

    def _lose_the_last_messages(self, acts: list[Typed]) -> None:
        """Nobody types afterwards, so that nothing but the sweep can find this work."""
        wait_for(self.pool_children, "a worker at work")
        [worker] = wait_for(lambda: self.site.pids("worker"), "a worker to stop")
        # Its children too: one that is at work still could announce what is typed now after Redis was emptied.
        stopped = [worker, *children_of(worker)]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        self.desk.type_all(acts)
        self.redis.flush()
        # One by one: a child that was stopped before it tied itself to its worker would stay.
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.done.update(["worker", "flush"])

    def settle(self, seconds: float = SETTLE_SECONDS) -> float:
        """Seconds until no mark is due and everything is as the ledger says. Raises AssertionError with what is not."""
        began = time.monotonic()
        self.wait_for_marks(seconds)
        while found := self.differences():
            assert time.monotonic() - began < seconds, found[:10]
            time.sleep(0.1)  # between looks, so that looking is not most of the work
        return time.monotonic() - began

    def wait_for_marks(self, seconds: float) -> None:
        wait_for(lambda: not self.ask(DUE)[0][0], "every due mark to be worked off", seconds=seconds)

    def kill_at_forgotten_work(self) -> None:
        """End all children of the pool as soon as a new score has neither a mark nor a level, as it never should."""
        wait_for(lambda: self.ask(FORGOTTEN)[0][0], "a score without a mark and without a level")
        for child in self.pool_children():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def differences(self) -> list[str]:
        """Scores that were answered "saved" and do not stand, or stand twice; levels and counts that are not right."""
        rows = self.ask(STANDING)
        standing = {(assessment, learner, standard): text for assessment, learner, standard, text in rows}
        lost = [
            f"{cell}: {standing.get(cell)}, not {text}"
            for cell, text in self.desk.saved.items()
            if standing.get(cell) != text
        ]
        doubled = [f"{len(rows)} records in force in {len(standing)} cells"] if len(rows) != len(standing) else []
        with self.connection() as connection, connection.cursor() as cursor:
            return lost + doubled + differences(cursor)

    def ask(self, sql: str) -> list[tuple]:
        connection = self.connection()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            connection.close()

    def connection(self):
        """To the database of the site, as its owner."""
        return psycopg2.connect(host=str(self.site.var / "services" / "run"), user="lrm_owner", dbname="lrm")

    def check(self) -> str:
        """What `manage.py rebuild --check` says; raises where it finds a difference."""
        return manage(self.site.var, "manage.py", "rebuild", "--check")


def children_of(pid: int) -> list[int]:
    """Of all its threads: a pool starts a child anew from another one than at first."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in children.read_text().split()]
    return found


def manage(var: Path, *words: str) -> str:
    """Output of a Python program on the state folder."""
    answer = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=bare_environment(LRM_VAR=str(var), LRM_DEMO="0"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def begin(site: Site, redis: PrivateRedis, seed: Seed) -> Storm:
    """Wait for the site, and sign the teacher in."""
    site.wait_until_ready()
    return Storm(site, redis, open_desk(site, seed.email), list(seed.cells), seed.sections)


def open_desk(site: Site, email: str) -> Desk:
    return Desk(site.port, sign_in(site.port, email, PASSWORD))
