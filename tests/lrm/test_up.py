"""`manage.py up` as a person starts it, and the messages of one who cannot."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis
from django.db import connection

from lrm.management.commands.up import bring_tables_up_to_date, commands, site_environment
from lrm.processes import DEATHS
from tests.processes import ROOT, bare_environment, free_port, processes_of, wait_for
from tests.whole_site import Site, manage

in_one_worker = pytest.mark.xdist_group("sites")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Start a site: site("name of its state folder", copy_of=a state folder)."""
    started: list[Site] = []

    def begin(name: str = "var", *, copy_of: Path | None = None, **variables: str) -> Site:
        if copy_of is not None:
            subprocess.run(["cp", "-a", str(copy_of), str(tmp_path / name)], check=True)  # owners are kept
        started.append(Site(tmp_path / name, **variables))
        return started[-1]

    yield begin
    for each in started:
        each.process.kill()
        each.process.wait()
    for each in started:
        wait_for(lambda each=each: not each.family(), "the site's processes to be gone")


@in_one_worker
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_serves_until_a_signal_and_leaves_no_process(
    site: Callable[..., Site], migrated: Path, number: signal.Signals
) -> None:
    running = site("a var", copy_of=migrated)
    running.wait_until_ready()
    wait_for(lambda: running.get("/readyz")[0] == 200, "the database to answer")
    assert [len(running.pids(part)) for part in ("web", "worker", "beat")] == [1, 1, 1]
    running.stop(number)
    assert running.family() == set()
    assert running.get("/livez") == (0, "")


@in_one_worker
def test_up_twice_in_a_row_and_beside_another(site: Callable[..., Site], migrated: Path) -> None:
    """The first from nothing: its folders, database and keys are made here."""
    first = site("first")
    neighbour = site("second", copy_of=migrated)
    first.wait_until_ready()
    neighbour.wait_until_ready()
    key = (first.var / "secret-key").read_text()
    first.stop(signal.SIGTERM)
    assert neighbour.get("/livez")[0] == 200
    again = site("first")
    again.wait_until_ready()
    assert (again.var / "secret-key").read_text() == key
    assert (again.var / "secret-key").stat().st_mode & 0o777 == 0o600


@in_one_worker
def test_up_starts_killed_processes_again(site: Callable[..., Site], migrated: Path) -> None:
    running = site(copy_of=migrated)
    running.wait_until_ready()
    before = {part: running.pids(part) for part in ("web", "worker")}
    for [pid] in before.values():
        os.kill(pid, signal.SIGKILL)
    for part, pids in before.items():
        wait_for(lambda part=part, pids=pids: running.pids(part) not in ([], pids), f"a new {part}")
    wait_for(lambda: running.get("/livez")[0] == 200, "the site to answer again")
    for _ in range(2 * DEATHS):  # as often as somebody likes, since it does not end by itself
        [pid] = pids = wait_for(lambda: running.pids("worker"), "a worker")
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda pids=pids: running.pids("worker") not in ([], pids), "another worker")
    [supervisor] = [pid for pid, words in processes_of(running.var).items() if "lrm.embedded.supervisor" in words]
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: supervisor not in processes_of(running.var), "the services to be gone")
    wait_for(lambda: running.get("/readyz")[0] == 200, "the services to be back")
    running.stop(signal.SIGTERM)
    assert running.family() == set()


@in_one_worker
def test_killed_up_leaves_no_process(site: Callable[..., Site], migrated: Path) -> None:
    running = site(copy_of=migrated)
    running.wait_until_ready()
    running.process.kill()
    wait_for(lambda: not running.family(), "everything to stop")


def test_up_on_a_taken_port_names_another(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = manage("up", LRM_VAR=str(tmp_path / "var"), PORT=str(port))
    assert answer.returncode == 1
    assert f"Port {port} cannot be used" in answer.stderr
    assert f"PORT={port + 1} make run" in answer.stderr
    assert processes_of(tmp_path / "var") == {}


@pytest.mark.django_db
def test_rights_are_granted_also_where_nothing_is_to_be_migrated(settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE SELECT ON profiles_learner FROM {settings.RUNTIME_ROLE}")

        bring_tables_up_to_date()

        cursor.execute("SELECT has_table_privilege(%s, 'profiles_learner', 'SELECT')", [settings.RUNTIME_ROLE])
        assert cursor.fetchone() == (True,)


def test_site_processes_do_not_own_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRM_DB_OWNER", "1")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/lrm")
    assert {"LRM_DB_OWNER", "DATABASE_OWNER_URL"} & set(site_environment()) == set()


REAL_SERVERS = {"DATABASE_URL": "postgresql://lrm_app@db/lrm", "REDIS_URL": "redis://redis:6379/0"}
KEY = "a-key-that-is-long-enough-for-a-real-site-0123456789"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is not set, or shorter than"),
        ({"SECRET_KEY": KEY}, "ALLOWED_HOSTS is not set"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "lrm.school", "DATABASE_URL": "mysql://db/lrm"}, "PostgreSQL only"),
        ({"SECRET_KEY": KEY, "ALLOWED_HOSTS": "lrm.school", "DEBUG": "perhaps"}, "DEBUG='perhaps' is neither"),
    ],
)
@pytest.mark.parametrize("part", ["check", "web", "worker"])
def test_real_site_refuses_to_start_with_defaults(part: str, variables: dict[str, str], message: str) -> None:
    words = ["manage.py", "check"] if part == "check" else commands("127.0.0.1", free_port())[part][1:]
    answer = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=bare_environment(**(REAL_SERVERS | {"DEBUG": "0"} | variables)),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert answer.returncode != 0
    assert message in answer.stderr + answer.stdout


def test_real_site_never_makes_a_key(tmp_path: Path) -> None:
    manage("check", LRM_VAR=str(tmp_path / "var"), **REAL_SERVERS)
    assert not (tmp_path / "var").exists()


def test_real_site_passes_the_deployment_checks() -> None:
    answer = manage("check", "--deploy", SECRET_KEY=KEY, ALLOWED_HOSTS="lrm.school", **REAL_SERVERS)
    assert answer.returncode == 0, answer.stderr
    # Subdomains and browsers' preload lists are for the owner of the domain to decide.
    assert sorted(set(re.findall(r"security\.W\d+", answer.stderr))) == ["security.W005", "security.W021"]


def test_command_runs_as_the_role_of_the_site(tmp_path: Path) -> None:
    script = "from django.db import connection; connection.ensure_connection(); print(connection.settings_dict['USER'])"
    answer = manage("shell", "-v0", "-c", script, LRM_VAR=str(tmp_path / "var"))
    assert answer.stdout.strip() == "lrm_app", answer.stderr


def test_private_redis_is_used_where_only_the_database_is_named(tmp_path: Path) -> None:
    script = "from django.conf import settings; import redis; print(redis.Redis.from_url(settings.REDIS_URL).ping())"
    answer = manage(
        "shell",
        "-v0",
        "-c",
        script,
        LRM_VAR=str(tmp_path / "var"),
        DATABASE_URL=REAL_SERVERS["DATABASE_URL"],
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="lrm.school",
    )
    assert answer.stdout.strip() == "True", answer.stderr
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(f"unix://{tmp_path}/var/services/run/redis.sock").ping()
