"""The private services, started for real in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
import redis

from lrm import env
from lrm.celery import broker_url
from lrm.embedded import EmbeddedError, attach, revive
from lrm.embedded.binaries import NOBODY, RunAs, all_postgres, newest_postgres, run_as
from lrm.embedded.folders import SOCKET_PATH_BYTES, StateFolder
from lrm.embedded.leases import is_locked
from lrm.embedded.postgres import Postgres, configuration, make_data_folder
from lrm.embedded.postgres import quoted as postgres_quoted
from tests.processes import ROOT, bare_environment, processes_of, wait_for

HOLD = """
import sys, time
from pathlib import Path
from lrm.embedded import attach
with attach(Path(sys.argv[1])) as services:
    print(services.database_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short path whoever runs the tests: the sockets of a long one go elsewhere, which is a test of its own."""
    with TemporaryDirectory(prefix="lrm-") as folder:
        yield Path(folder)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "var"
    wait_for(lambda: not processes_of(tmp_path / "var"), "the services to be gone")


@pytest.fixture
def user_of(request: pytest.FixtureRequest) -> Callable[[Path], subprocess.Popen]:
    """Start another process that uses the services of a folder until its standard input closes."""

    def begin(var: Path) -> subprocess.Popen:
        user = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=bare_environment(),
        )

        def end() -> None:
            user.kill()
            user.wait()
            for pipe in (user.stdin, user.stdout):
                assert pipe is not None
                pipe.close()

        request.addfinalizer(end)
        assert user.stdout is not None
        assert user.stdout.readline().startswith("postgresql://")
        return user

    return begin


def ask(url: str, statement: str) -> list[tuple]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_attach_gives_two_roles_and_a_redis(var: Path) -> None:
    with attach(var) as services:
        assert ask(services.database_url, "SELECT current_user, current_database()") == [("lrm_app", "lrm")]
        assert ask(services.owner_database_url, "SELECT current_user") == [("lrm_owner",)]
        assert ask(
            services.database_url,
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE 'lrm_%' ORDER BY 1",
        ) == [("lrm_app", False, False), ("lrm_owner", False, True)]
        assert ask(services.database_url, "SHOW fsync") == [("on",)]
        assert ask(services.database_url, "SHOW listen_addresses") == [("",)]
        assert redis.Redis.from_url(services.redis_url).ping() is True


def test_runtime_role_cannot_make_tables(var: Path) -> None:
    with attach(var) as services, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(services.database_url, "CREATE TABLE mine ()")


def test_sockets_folder_is_private(var: Path) -> None:
    with attach(var) as services:
        sockets = Path(env.database("DATABASE_URL", services.database_url)["HOST"])
        assert (sockets.stat().st_mode & 0o777) == 0o700
        assert sockets.parent == var / "services"


def test_attach_twice_shares_one_instance_until_the_last_leaves(
    var: Path, user_of: Callable[[Path], subprocess.Popen]
) -> None:
    first = attach(var)
    other = user_of(var)
    second = attach(var)
    assert first.database_url == second.database_url
    first.close()
    second.close()
    assert is_locked(StateFolder(var).lock("supervisor"))
    assert other.stdin is not None
    other.stdin.close()
    assert other.wait(120) == 0
    assert processes_of(var) == {}


def test_data_is_kept_over_a_restart(var: Path) -> None:
    with attach(var) as services:
        ask(services.owner_database_url, "CREATE TABLE kept AS SELECT 7 AS n")
    assert processes_of(var) == {}
    with attach(var) as services:
        assert ask(services.owner_database_url, "SELECT n FROM kept") == [(7,)]


def test_killed_user_leaves_no_process(var: Path, user_of: Callable[[Path], subprocess.Popen]) -> None:
    user = user_of(var)
    assert len(processes_of(var)) >= 3
    user.kill()
    wait_for(lambda: not processes_of(var), "supervisor and servers to stop")


def test_killed_supervisor_takes_its_servers_along_and_the_next_user_recovers(
    var: Path, user_of: Callable[[Path], subprocess.Popen]
) -> None:
    user = user_of(var)
    [supervisor] = [pid for pid, words in processes_of(var).items() if "lrm.embedded.supervisor" in words]
    os.kill(supervisor, signal.SIGKILL)
    wait_for(lambda: supervisor not in processes_of(var), "the supervisor to die")
    with attach(var) as services:
        assert ask(services.database_url, "SELECT 1") == [(1,)]
        [new] = [pid for pid, words in processes_of(var).items() if "lrm.embedded.supervisor" in words]
        assert new != supervisor
        user.kill()


def test_killed_supervisor_is_started_again_by_its_user(var: Path) -> None:
    with attach(var) as services:
        ask(services.owner_database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        [supervisor] = [pid for pid, words in processes_of(var).items() if "lrm.embedded.supervisor" in words]
        os.kill(supervisor, signal.SIGKILL)

        def answers() -> bool:
            revive()
            try:
                ask(services.database_url, "SELECT 1")
                redis.Redis.from_url(services.redis_url).ping()
            except (psycopg2.Error, redis.RedisError):
                return False
            return supervisor not in processes_of(var)

        wait_for(answers, "the services to be there again, at the same address")
        assert ask(services.owner_database_url, "SELECT n FROM kept") == [(7,)]
    assert processes_of(var) == {}


def test_killed_servers_are_started_again(var: Path) -> None:
    with attach(var) as services:
        ask(services.owner_database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        postmaster = int((var / "pg-18" / "postmaster.pid").read_text().splitlines()[0])
        server = redis.Redis.from_url(services.redis_url)
        redis_pid = server.info()["process_id"]
        os.kill(postmaster, signal.SIGKILL)
        os.kill(redis_pid, signal.SIGKILL)

        def answers() -> list[tuple]:
            try:
                return ask(services.owner_database_url, "SELECT n FROM kept")
            except psycopg2.Error:
                return []

        def redis_answers() -> bool:
            try:
                return server.info()["process_id"] != redis_pid
            except redis.ConnectionError:
                return False

        wait_for(lambda: answers() == [(7,)], "PostgreSQL to come back with its data")
        wait_for(redis_answers, "Redis to come back")


def test_pid_file_of_another_process_does_not_stop_the_start(var: Path) -> None:
    with attach(var):
        pass
    # The number of a living process, as a reboot can produce it.
    (var / "pg-18" / "postmaster.pid").write_text(f"{os.getpid()}\n{var / 'pg-18'}\n1\n5432\n\n\n")
    with attach(var) as services:
        assert ask(services.database_url, "SELECT 1") == [(1,)]


def test_path_with_signs(tmp_path: Path) -> None:
    var = tmp_path / "a b'c\"%41+é"
    with attach(var) as services:
        assert ask(services.database_url, "SELECT 1") == [(1,)]
        settings = env.database("DATABASE_URL", services.database_url)
        assert Path(settings["HOST"]).parent == var / "services"
        assert redis.Redis.from_url(services.redis_url).ping() is True
    assert processes_of(var) == {}


@pytest.mark.parametrize("name", ["long" * 30, "with, comma"])
def test_unfit_path_gets_a_private_temporary_folder_which_goes_away(tmp_path: Path, name: str) -> None:
    var = tmp_path / name
    with attach(var) as services:
        sockets = Path(env.database("DATABASE_URL", services.database_url)["HOST"])
        assert (var / "services" / "run").resolve() == sockets
        assert (sockets.stat().st_mode & 0o777) == 0o700
        assert len(os.fsencode(sockets)) < SOCKET_PATH_BYTES
        assert ask(services.database_url, "SELECT 1") == [(1,)]
    assert not sockets.exists()
    assert not (var / "services" / "run").is_symlink()


def test_two_instances_side_by_side_are_strangers(tmp_path: Path) -> None:
    with attach(tmp_path / "one") as one, attach(tmp_path / "two") as two:
        ask(one.owner_database_url, "CREATE TABLE mine ()")
        assert ask(two.owner_database_url, "SELECT to_regclass('mine')") == [(None,)]
        redis.Redis.from_url(one.redis_url).set("mine", 1)
        assert redis.Redis.from_url(two.redis_url).get("mine") is None


@pytest.mark.skipif(16 not in all_postgres(), reason="needs the programs of PostgreSQL 16")
def test_older_data_is_carried_over_and_kept(var: Path) -> None:
    state, old = StateFolder(var), all_postgres()[16]
    state.make()
    runs, data = run_as(old, state.data(16)), state.data(16)
    log = state.log("old")
    make_data_folder(old, runs, data, log)
    descriptor = os.open(state.lock("old"), os.O_RDWR | os.O_CREAT)
    server = Postgres(old, runs, data, state.make_sockets(runs.user), log, descriptor)
    server.start()
    try:
        server.wait_until_ready(lambda text: None)
        server.make_database()
        host = f"host={postgres_quoted(str(server.sockets))}"
        ask(f"{host} dbname=lrm user=lrm_owner", "CREATE TABLE kept AS SELECT 'ünïcode' AS word")
    finally:
        server.stop()
        os.close(descriptor)
    with attach(var) as services:
        assert ask(services.owner_database_url, "SHOW server_version_num")[0][0].startswith("18")
        assert ask(services.owner_database_url, "SELECT word FROM kept") == [("ünïcode",)]
    assert state.data_majors() == [16, 18]


def test_data_of_a_version_without_programs_is_refused_and_kept(var: Path) -> None:
    (var / "pg-9").mkdir(parents=True)
    (var / "pg-9" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match=r"apt-get install postgresql-9\)"):
        attach(var)
    assert (var / "pg-9" / "PG_VERSION").read_text() == "9\n"
    assert not (var / "pg-18").exists()


def test_data_of_a_newer_version_is_refused(var: Path) -> None:
    (var / "pg-99").mkdir(parents=True)
    (var / "pg-99" / "PG_VERSION").write_text("99\n")
    with pytest.raises(EmbeddedError, match="belongs to PostgreSQL 99, and this is 18"):
        attach(var)


def test_state_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(EmbeddedError, match="cannot be used: File exists"):
        attach(tmp_path / "var")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_runs_postgresql_as_the_owner_of_existing_data(tmp_path: Path) -> None:
    reachable = Path("/var/tmp") / f"lrm-test-{os.getpid()}"
    (reachable / "pg-18").mkdir(parents=True)
    try:
        shutil.chown(reachable / "pg-18", NOBODY, NOBODY)
        programs = newest_postgres()
        if not RunAs(user=NOBODY).works(programs, reachable):
            with pytest.raises(EmbeddedError, match="does not run as root"):
                run_as(programs, reachable / "pg-18")
        else:
            assert run_as(programs, reachable / "pg-18") == RunAs(user=NOBODY)
    finally:
        shutil.rmtree(reachable)


def test_configuration_quotes_what_a_path_may_contain() -> None:
    text = configuration(Path('/a b/it\'s, "x"'))
    assert """unix_socket_directories = '"/a b/it''s, ""x""\"'""" in text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///a%20b/redis.sock?db=3", "redis+socket:///a%20b/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("rediss://:secret@host/1", "rediss://:secret@host/1"),
    ],
)
def test_broker_url_of_redis_url(url: str, expected: str) -> None:
    assert broker_url(url) == expected
