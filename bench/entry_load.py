"""A school district at the end of a lesson: 200 teachers type scores at a fixed rate, whatever the site takes for them.

The rate is kept from outside (an open loop): a save that is due is sent, also while others still wait, and its time
counts from when it was due. Web server, worker and clock are those of `manage.py up`; each teacher has signed in with
a password. Beside it stands the floor: at the same rate an empty view of the same server, and the bare rows of a save
written and committed.
"""

import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from assessments.services import outbox
from bench.asking import ask, counts, say
from bench.controls import EMPTY
from bench.pages import Row, row
from bench.server import Client, Server, serve, sign_in, work
from bench.standing import stand
from lrm.scope import district_scope
from profiles.models import Account, Enrollment, Section
from tests.factories.assessments import make_assessment

PASSWORD = "seven green kettles"
Cell = tuple[int, int, int]
"""Ids of an assessment, a learner and a standard."""
P95_MS, DRAIN_SECONDS, GIVE_UP_SECONDS = 300, 10, 120
THREADS = 64
COLUMNS = 4
TABLES = {"learners": "profiles_learner", "in the ledger": "assessments_evidence", "levels": "assessments_mastery"}
WRITTEN = ("assessments_evidence", "assessments_stalemark", "profiles_accesslog")


@dataclass(frozen=True)
class Load:
    """teachers: each with a class of 30.    rate: saves a second.    floor_seconds: how long each floor is taken."""

    teachers: int
    rate: int
    seconds: int
    floor_seconds: int

    @property
    def saves(self) -> int:
        return self.rate * self.seconds


FULL = Load(teachers=200, rate=60, seconds=60, floor_seconds=5)
SMALL = Load(teachers=12, rate=12, seconds=5, floor_seconds=1)


@dataclass(frozen=True)
class Save:
    """One cell of one teacher's grid, typed for the first time."""

    port: int
    cookies: dict[str, str]
    assessment: int
    learner: int
    standard: int
    text: str

    def __call__(self) -> str:
        """What went wrong, "" where nothing did."""
        cell = {"learner": self.learner, "standard": self.standard, "text": self.text}
        body = json.dumps({"cells": [cell]})
        # A connection of its own: between two saves of a teacher the server has closed the one before.
        client = Client(self.port, self.cookies)
        answer = client.post(f"/assessments/{self.assessment}/cells/", body, kind="application/json")
        client.close()
        state = json.loads(answer)["cells"][0]["state"]
        return "" if state == "saved" else state


def rows(*, small: bool) -> Iterator[Row]:
    load = SMALL if small else FULL
    scene, _seconds = stand(30 * load.teachers, workers=2)
    with district_scope(scene.district.pk):
        teachers = _teachers(scene.district)
        with serve() as server, work():
            saves = _saves(server, teachers, scene.standards[:COLUMNS], load)
            _warm_up(saves, load)
            before = _cells_in_ledger(saves)
            yield from _floors(server, saves[-1], load)
            size = f"{load.rate} saves/s from {load.teachers} teachers for {load.seconds} s; {counts(TABLES)}"
            took, problems = offer(saves[: load.saves], load.rate)
            drained = _seconds_until("assessments_stalemark")
            boards = drained + _seconds_until("assessments_stalesection")
        lost = wrong_cells(saves[: load.saves], _cells_in_ledger(saves) - before) + outbox.health()["parked_marks"]
        yield _none("entry_load.errors", size, sum(problems.values()), ", ".join(map(str, problems.most_common(3))))
        yield _none("entry_load.lost", size, lost, "")
        p95 = statistics.quantiles(took, n=20)[-1]
        yield row("entry_load.median_ms", size, statistics.median(took), "ms", None, None)
        yield row("entry_load.p95_ms", size, p95, "ms", P95_MS, p95 / P95_MS)
        yield row("entry_load.drained_s", size, drained, "s", DRAIN_SECONDS, drained / DRAIN_SECONDS)
        yield row("entry_load.boards_s", size, boards, "s", None, None)


def offer(asks: list[Callable[[], str]], rate: float) -> tuple[list[float], Counter[str]]:
    """Begin `rate` of them a second, in turn. Milliseconds of each from when it was due, and what went wrong."""
    problems: Counter[str] = Counter()

    def timed(ask: Callable[[], str], due: float) -> float:
        try:
            problem = ask()
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"[:120]
        if problem:
            problems[problem] += 1
        return 1000 * (time.perf_counter() - due)

    with ThreadPoolExecutor(THREADS) as pool:
        began = time.perf_counter()
        waiting = []
        for number, ask in enumerate(asks):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(timed, ask, due))
        return [each.result() for each in waiting], problems


def wrong_cells(saves: list[Save], stored: Counter[Cell]) -> int:
    """How many rows are missing or too many: one row for each save, on its own cell, and no others."""
    wanted = Counter((save.assessment, save.learner, save.standard) for save in saves)
    return ((wanted - stored) + (stored - wanted)).total()


def _cells_in_ledger(saves: list[Save]) -> Counter[Cell]:
    """How many rows of the ledger stand on each cell of the assessments of these saves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT assessment_id, learner_id, standard_id FROM assessments_evidence WHERE assessment_id = ANY(%s)",
            [sorted({save.assessment for save in saves})],
        )
        return Counter(cursor.fetchall())


def _teachers(district) -> list[tuple[Account, Section]]:
    """A teacher with a password for each class; one hash for all, since making it is nobody's save."""
    sections = list(Section._base_manager.filter(district_id=district.pk).select_related("session").order_by("pk"))
    secret = make_password(PASSWORD)
    accounts = Account._base_manager.bulk_create(
        Account(
            district_id=district.pk,
            email=f"load{number}@example.org",
            given_name="Pat",
            family_name=f"Delgado {number}",
            password=secret,
        )
        for number in range(len(sections))
    )
    Enrollment._base_manager.bulk_create(
        Enrollment(
            roster_id=section.roster_id,
            account=account,
            role=Enrollment.Role.TEACHER,
            starts_on=section.session.starts_on,
        )
        for account, section in zip(accounts, sections, strict=True)
    )
    return list(zip(accounts, sections, strict=True))


def _saves(server: Server, teachers: list[tuple[Account, Section]], standards: list, load: Load) -> list[Save]:
    """Enough for the load, a warm-up and the floors, in an order in which teachers come by chance."""
    chance = random.Random(5)
    found = []
    for account, section in teachers:
        cookies = sign_in(server.port, account.email, PASSWORD)
        assessment = make_assessment(section, standards)
        learners = section.roster.enrollments.filter(role=Enrollment.Role.LEARNER).values_list("learner_id", flat=True)
        found += [
            Save(server.port, cookies, assessment.pk, learner, standard.pk, str(chance.randint(1, 4)))
            for learner in learners
            for standard in standards
        ]
    chance.shuffle(found)
    return found


def _warm_up(saves: list[Save], load: Load) -> None:
    """The first request of a process reads what the later ones have; nobody's lesson begins with it."""
    offer([saves.pop() for _ in range(load.rate)], load.rate)
    _seconds_until("assessments_stalemark")
    _seconds_until("assessments_stalesection")


def _floors(server: Server, save: Save, load: Load) -> Iterator[Row]:
    n = load.rate * load.floor_seconds
    anyone = cycle([Client(server.port) for _ in range(load.teachers)])
    took, problems = offer([lambda: next(anyone).get(EMPTY).decode()] * n, load.rate)
    said = "the floor: an empty view, offered alike" + "".join(f"; {problem}" for problem in problems)
    yield row("entry_load.empty_p95_ms", f"{n} requests", statistics.quantiles(took, n=20)[-1], "ms", said, None)
    with _copies():
        took = [_write_bare(save) for _ in range(n)]
    said = "the floor: the rows of a save written and committed, one after the other"
    yield row("entry_load.bare_p95_ms", f"{n} commits", statistics.quantiles(took, n=20)[-1], "ms", said, None)


@contextmanager
def _copies() -> Iterator[None]:
    """Empty tables named floor_* with the columns and indexes of those that a save writes."""
    for table in WRITTEN:
        say(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
    try:
        yield
    finally:
        for table in WRITTEN:
            say(f"DROP TABLE floor_{table}")


def _write_bare(save: Save) -> float:
    """Milliseconds of the rows of one save: the record, the mark, and who looked."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO floor_assessments_evidence (school_year, learner_id, standard_id, assessment_id, item, kind,"
            " points, observed_at) VALUES (2026, %s, %s, %s, gen_random_uuid(), 'result', 3, now())",
            [save.learner, save.standard, save.assessment],
        )
        cursor.execute(
            "INSERT INTO floor_assessments_stalemark (learner_id, subject_id, lane) VALUES (%s, 1, 0)", [save.learner]
        )
        cursor.execute(
            "INSERT INTO floor_profiles_accesslog (at, account_id, district_id, route, learner_ids)"
            " VALUES (now(), 1, 1, 'assessment_cells', %s)",
            [[save.learner]],
        )
    return 1000 * (time.perf_counter() - began)


def _seconds_until(table: str) -> float:
    """How long until nothing is due in the table; beyond GIVE_UP_SECONDS the answer is infinite."""
    began = time.perf_counter()
    while ask(f"SELECT count(*) FROM {table} WHERE due_at <= statement_timestamp()"):
        if time.perf_counter() - began > GIVE_UP_SECONDS:
            return float("inf")
        time.sleep(0.05)
    return time.perf_counter() - began


def _none(name: str, size: str, found: int, said: str) -> Row:
    """A count that has to be 0."""
    return row(name, size, found, "saves", f"0{': ' + said if said else ''}", 1.0 + found if found else 0.0)
