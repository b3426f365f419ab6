"""A squashed migration makes what those that it replaces make together, and takes none of them for granted."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from lrm.embedded.binaries import newest_postgres
from tests.services import ROOT

APPS = ("profiles", "standards", "assessments", "paths")  # each stands on those before it


def squashed(loader: MigrationLoader) -> list[Migration]:
    """Those of an app in the order of their numbers; of the apps, all first ones before all second ones."""
    found = [(key[1][:4], APPS.index(key[0]), each) for key, each in loader.disk_migrations.items() if each.replaces]
    return [migration for _number, _app, migration in sorted(found, key=lambda each: each[:2])]


def heads(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The newest of those that each app's squashed migrations replace."""
    return list({migration.app_label: migration.replaces[-1] for migration in squashed(loader)}.values())


def written(state: ModelState) -> dict[str, object]:
    """The model as a migration writes it; the order of fields, indexes and constraints is left out."""
    options = {
        name: sorted(MigrationWriter.serialize(each)[0] for each in value)
        if name in ("indexes", "constraints")
        else MigrationWriter.serialize(value)[0]
        for name, value in state.options.items()
        if value != []
    }
    fields = {name: MigrationWriter.serialize(field)[0] for name, field in state.fields.items()}
    return {"name": state.name, "fields": fields, "options": options, "bases": state.bases, "managers": state.managers}


def test_squashed_migrations_make_the_models_of_the_old_ones() -> None:
    loader = MigrationLoader(None, replace_migrations=False)
    old = loader.project_state(heads(loader))
    new = ProjectState(real_apps=loader.unmigrated_apps)
    for migration in squashed(loader):
        migration.mutate_state(new, preserve=False)
    of_apps = {key: written(state) for key, state in old.models.items() if key[0] in APPS}
    assert {key: written(state) for key, state in new.models.items()} == of_apps


def test_squashed_migrations_replace_and_need_what_the_old_ones_do() -> None:
    graph = MigrationLoader(None, replace_migrations=False).graph
    done: set[tuple[str, str]] = set()
    for migration in squashed(MigrationLoader(None)):
        chain = graph.forwards_plan(migration.replaces[-1])
        assert migration.replaces == [key for key in chain if key[0] == migration.app_label and key not in done]
        done.update(migration.replaces)
        # No more than that: a database that has all of them may lack what others of that time do not.
        needed = {key for dependency in migration.dependencies for key in graph.forwards_plan(dependency)}
        assert needed == set(chain) - set(migration.replaces)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stops",
    [
        [("profiles", "0001_initial")],
        [("profiles", "0005_api_tokens"), ("standards", "0001_initial"), ("assessments", "0001_initial")],
        [("assessments", "0009_parent_rule"), ("paths", "0003_demo_stays_apart")],
        [("standards", "0002_keep_package_uploads")],
        [("assessments", "0017_own_paths")],
        [("paths", "0014_conferences")],
        [("paths", "0024_shown_at_home")],
        [("profiles", "0008_supports_and_aspirations"), ("standards", "0001_initial")],
        [("paths", "0025_answer_polls_with_files")],
        [("profiles", "0013_signed_in")],
        [("profiles", "0017_seal_webhook_secrets"), ("paths", "0025_answer_polls_with_files")],
        [("profiles", "0020_copies_erasures_and_retention"), ("standards", "0001_initial")],
    ],
    ids=lambda stops: "-".join(f"{app}-{name[:4]}" for app, name in stops),
)
def test_database_in_the_middle_goes_on_where_it_stopped(stops: list[tuple[str, str]]) -> None:
    every = {key for key, each in MigrationLoader(None).disk_migrations.items() if key[0] in APPS and not each.replaces}
    old = MigrationLoader(None, replace_migrations=False).graph
    applied = {key for stop in stops for key in old.forwards_plan(stop) if key[0] in (*APPS, "lrm")}
    recorder = MigrationRecorder(connection)
    recorder.migration_qs.filter(app__in=[*APPS, "lrm"]).delete()
    for key in applied:
        recorder.record_applied(*key)

    for _ in range(2):  # as the old version left it, and with the squashed ones noted that are complete
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        planned: list[tuple[str, str]] = []
        for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
            planned += migration.replaces or [(migration.app_label, migration.name)]
        assert sorted(key for key in planned if key[0] in APPS) == sorted(every - applied)
        executor.check_replacements()


slow = pytest.mark.skipif(not os.environ.get("LRM_LAWS"), reason="the old migrations take minutes: LRM_LAWS=1")


class Database:
    """An empty database beside that of the tests, its commands and its schema."""

    def __init__(self, name: str) -> None:
        self.name = name
        urls = {key: os.environ[key] for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
        self.environment = os.environ | {key: _named(url, name) for key, url in urls.items()}
        self._server = _named(urls["DATABASE_OWNER_URL"], "postgres")
        self.drop()
        self._execute(f'CREATE DATABASE "{name}"')

    def run(self, *words: str) -> str:
        answer = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def schema(self) -> list[str]:
        """Its statements in the order of the alphabet, and so the columns inside each table."""
        dump = [newest_postgres().program("pg_dump"), "--schema-only", self.environment["DATABASE_OWNER_URL"]]
        answer = subprocess.run(dump, capture_output=True, text=True, check=False)
        if "server version mismatch" in answer.stderr:
            pytest.skip("pg_dump is older than the server of DATABASE_URL")
        assert answer.returncode == 0, answer.stderr
        lines = [line for line in answer.stdout.splitlines() if not line.startswith(("--", "\\"))]
        return sorted(_ordered(each) for each in re.split(r"\n{2,}", "\n".join(lines)))

    def drop(self) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self.name}"')

    def _execute(self, statement: str) -> None:
        server = psycopg2.connect(self._server)
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(statement)
        server.close()


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _ordered(statement: str) -> str:
    if not statement.startswith("CREATE TABLE"):
        return statement
    head, *columns = statement.split("\n")
    return "\n".join([head, *sorted(column.rstrip(",") for column in columns)])


@pytest.fixture(scope="module")
def empty() -> Iterator[Callable[[str], Database]]:
    """An empty database of this name and slot; it is dropped at the end."""
    made: list[Database] = []
    slot = urlsplit(os.environ["DATABASE_URL"]).path[1:]

    def make(name: str) -> Database:
        made.append(Database(f"{slot}_{name}"))
        return made[-1]

    yield make
    for each in made:
        each.drop()


@pytest.fixture(scope="module")
def fresh(empty: Callable[[str], Database]) -> list[str]:
    """The schema of a new site."""
    database = empty("fresh")
    database.run("manage.py", "migrate", "-v0")
    return database.schema()


@slow
@pytest.mark.laws
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "stops",
    [
        pytest.param(None, id="all"),
        pytest.param(
            ("profiles.0005_api_tokens", "standards.0001_initial", "assessments.0001_initial"), id="middle-of-three"
        ),
        pytest.param(("assessments.0009_parent_rule", "paths.0003_demo_stays_apart"), id="middle-of-two"),
        pytest.param(("paths.0014_conferences",), id="middle-of-paths"),
        pytest.param(("profiles.0016_badges",), id="middle-of-the-second"),
    ],
)
def test_database_of_old_migrations_becomes_that_of_a_new_site(
    stops: tuple[str, ...] | None, empty: Callable[[str], Database], fresh: list[str]
) -> None:
    database = empty("old")
    every = [".".join(head) for head in heads(MigrationLoader(None))]
    database.run("-m", "tests.lrm.old_migrations", *(stops or every))
    database.run("manage.py", "migrate", "-v0")
    assert database.schema() == fresh
    assert "[ ]" not in database.run("manage.py", "showmigrations")
