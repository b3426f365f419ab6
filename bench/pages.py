"""How long pages and saves take, as multiples of the controls asked for in the same rounds."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import count

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Group
from assessments.services.school_counts import Places, read_counts
from bench.controls import EMPTY, ROWS
from bench.school import GROUPS, STANDARDS, Scene, build, session_of, suggest
from bench.server import Client, Server, medians, serve, token
from bench.two_sizes import SMALL, administrator_of, cost_of, largest_district, small_like
from lrm.scope import district_scope

Row = dict[str, object]

STATEMENTS, BYTES = 14, 1.1
"""Of the page of the school, at most; and times the bytes that it has for 500 learners: numbers are longer."""
CONNECTIONS = 10
"""A kept connection stays with one worker; of this many new ones each of two takes some, but for one time in 500."""

# What by hand would be written to read the same rollups: one school, all grades, by domain and level.
BY_HAND = """
SELECT r.grade, s.domain_id, r.level, sum(r.n)
  FROM assessments_rollup r JOIN standards_standard s ON s.id = r.standard_id
 WHERE r.kind = 1 AND r.scope_id = %s AND s.subject_id = %s GROUP BY 1, 2, 3
"""


def rows(names: tuple[str, ...], *, small: bool) -> Iterator[Row]:
    """One row for each of `names`, and the memory of the server after the run."""
    scene = build(small=small)
    rounds = 10 if small else 40
    with serve() as server:
        bench = Bench(scene, server, rounds)
        for name in names:
            yield from getattr(bench, name)()
        bench.ask_every_worker()
        memory = server.proportional_megabytes()
    yield row("memory", "gunicorn master and two workers after the run", memory, "MB PSS", 150, memory / 150)


def row(name: str, size: str, value: float, unit: str, limit: object, ratio: float | None) -> Row:
    """limit: what at most, in words or as a number.    ratio: value / limit; 1 is the limit, None has none."""
    return {
        "name": name,
        "size": size,
        "value": round(value, 2),
        "unit": unit,
        "limit": limit,
        "ratio": None if ratio is None else round(ratio, 3),
    }


class Bench:
    def __init__(self, scene: Scene, server: Server, rounds: int) -> None:
        self.scene, self.rounds = scene, rounds
        self.anyone = Client(server.port)
        self.teacher = Client(server.port, session_of(scene.teacher) | {"csrftoken": token()})
        self.principal = Client(server.port, session_of(scene.principal))
        first, last = scene.learners[0].pk, scene.learners[-1].pk
        self.rows_url = f"{ROWS}?first={first}&last={last}"
        self.wall_url = f"/sections/{scene.section.pk}/wall/"
        self._cells = ((learner, standard) for standard in scene.standards[1:] for learner in scene.learners)
        self._sets = iter(self._fresh_assessments())

    def ask_every_worker(self) -> None:
        """Each page on new connections, so that the memory after it is that of workers which all had work."""
        learner = f"/learners/{self.scene.learners[0].pk}/"
        teachers = [(self.teacher, path) for path in (self.wall_url, "/today/", learner)]
        for client, path in [*teachers, (self.principal, "/school/")]:
            for _ in range(CONNECTIONS):
                client.close()
                client.get(path)

    def wall(self) -> Iterator[Row]:
        yield self._against_rows("wall", lambda: self.teacher.get(self.wall_url), 10)

    def wall_poll(self) -> Iterator[Row]:
        page = self._text(self.teacher.get(self.wall_url))
        url = re.search(r'data-version-url="([^"]+)"', page)[1]
        version = self.teacher.get(url)
        etag = f'"{version.decode()}"'
        yield self._against_empty(
            "wall_poll", lambda: self.teacher.get(url, allowed=(304,), **{"If-None-Match": etag}), 3
        )

    def save_one(self) -> Iterator[Row]:
        def save() -> None:
            learner, standard = next(self._cells)
            self._save(self.scene.assessment.pk, [learner], standard.pk)

        yield self._against_empty("save_one", save, 10, commits=1)

    def save_class_set(self) -> Iterator[Row]:
        def save() -> None:
            assessment, standard = next(self._sets)
            self._save(assessment, self.scene.learners, standard)

        yield self._against_empty("save_class_set", save, 25, size=f"{len(self.scene.learners)} results")

    def accept_groups(self) -> Iterator[Row]:
        url = f"/sections/{self.scene.section.pk}/groups/decide/"

        def accept() -> None:
            self.teacher.post(url, "act=accept&version=1", kind="application/x-www-form-urlencoded", allowed=(302,))

        size = f"{len(self.scene.learners)} learners"
        yield self._against_empty("accept_groups", accept, 25, size=size, before=lambda: suggest(self.scene))
        accepted = Group._base_manager.filter(section=self.scene.section, closed_at__isnull=True)
        if accepted.count() != GROUPS:
            raise RuntimeError(f"{accepted.count()} groups are on, not {GROUPS}.")

    def today(self) -> Iterator[Row]:
        yield self._against_empty("today", lambda: self.teacher.get("/today/"), 20, size="3 classes of 30 x 40")

    def learner_page(self) -> Iterator[Row]:
        url = f"/learners/{self.scene.learners[0].pk}/"
        yield self._against_empty("learner_page", lambda: self.teacher.get(url), 23, size=f"{STANDARDS} standards")

    def dashboard(self) -> Iterator[Row]:
        yield self._against_rows("dashboard", lambda: self.principal.get("/school/"), 20, size=self._school_size())
        with district_scope(self.scene.school.district_id):
            yield self._data_step()
        yield from self._two_sizes()

    def _two_sizes(self) -> Iterator[Row]:
        """The same page of a district of 500 and of the largest one here: over the limit where it costs more there."""
        large, learners = largest_district()
        small = small_like(large)
        at = {name: cost_of(administrator_of(school), "/school/") for name, school in (("s", small), ("l", large))}
        size = f"{SMALL} and {learners} learners"
        apart = abs(at["l"].statements - at["s"].statements)
        most = max(cost.statements for cost in at.values())
        yield row("dashboard.statements", size, most, "statements", STATEMENTS, most / STATEMENTS)
        yield row("dashboard.statements.apart", size, apart, "statements", "the same in both", 2.0 if apart else 0.0)
        times = at["l"].bytes / at["s"].bytes
        yield row("dashboard.bytes", size, at["l"].bytes, "bytes", f"{BYTES} x {at['s'].bytes}", times / BYTES)

    def search(self) -> Iterator[Row]:
        yield self._against_rows(
            "search", lambda: self.teacher.get("/standards/search/?q=compare+fractions"), None, size="all standards"
        )

    def _against_empty(
        self,
        name: str,
        ask: Callable[[], object],
        times: int,
        *,
        commits: int = 0,
        size: str = "",
        before: Callable[[], object] | None = None,
    ) -> Row:
        asks: dict[str, Callable[[], object]] = {"it": ask, "E": lambda: self.anyone.get(EMPTY)}
        if commits:
            asks["commit"] = commit
        found = medians(asks, rounds=self.rounds, before=before)
        limit = times * found["E"] + commits * found.get("commit", 0.0)
        said = f"{times} E" + (f" and {commits} commit" if commits else "") + f" = {limit:.2f} ms"
        return row(name, size or self.scene.size, found["it"], "ms", said, found["it"] / limit)

    def _against_rows(self, name: str, ask: Callable[[], object], times: int | None, *, size: str = "") -> Row:
        found = medians({"it": ask, "J": lambda: self.anyone.get(self.rows_url)}, rounds=self.rounds)
        if times is None:
            said = f"none set; J = {found['J']:.2f} ms"
            return row(name, size or self.scene.size, found["it"], "ms", said, None)
        limit = times * found["J"]
        return row(name, size or self.scene.size, found["it"], "ms", f"{times} J = {limit:.2f} ms", found["it"] / limit)

    def _data_step(self) -> Row:
        """The reads of rollups behind the dashboard, against what would be written by hand for the same figures."""
        subject = self.scene.standards[0].subject_id
        school = self.scene.school.pk

        def by_hand() -> None:
            with connection.cursor() as cursor:
                cursor.execute(BY_HAND, [school, subject])
                cursor.fetchall()

        found = medians(
            {
                "it": lambda: read_counts(Places(subject, (school,)), today=timezone.localdate()),
                "by hand": by_hand,
            },
            rounds=self.rounds,
        )
        limit = 3 * found["by hand"]
        return row(
            "dashboard.data",
            self._school_size(),
            found["it"],
            "ms",
            f"3 reads by hand = {limit:.2f} ms",
            found["it"] / limit,
        )

    def _school_size(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM profiles_learner")
            return f"{cursor.fetchone()[0]} learners x {STANDARDS} standards"

    def _save(self, assessment: int, learners: list, standard: int) -> None:
        cells = [{"learner": learner.pk, "standard": standard, "text": "3"} for learner in learners]
        answer = self.teacher.post(
            f"/assessments/{assessment}/cells/", json.dumps({"cells": cells}), kind="application/json"
        )
        states = {cell["state"] for cell in json.loads(self._text(answer))["cells"]}
        if states != {"saved"}:
            raise RuntimeError(f"Not saved: {states}")

    def _fresh_assessments(self) -> Iterator[tuple[int, int]]:
        """(assessment, standard) for class sets that nobody has saved yet."""
        from tests.factories.assessments import make_assessment  # inserts only, while the run goes on

        for _ in count():
            assessment = make_assessment(self.scene.section, self.scene.standards)
            for standard in self.scene.standards:
                yield assessment.pk, standard.pk

    @staticmethod
    def _text(body: bytes) -> str:
        import gzip  # the answer says by its first bytes whether it is packed

        return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


def commit() -> None:
    """One row written and committed on the same PostgreSQL: what durability costs here."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_commits (at timestamptz)")
        cursor.execute("INSERT INTO bench_commits VALUES (clock_timestamp())")
