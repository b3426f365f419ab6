"""`manage.py up`: the whole site on one machine."""

import http.client
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from lrm import embedded, env
from lrm.processes import KeepsStopping, Processes
from lrm.roles import grant_runtime_role

# One place from which the threads of a process take memory: by itself glibc makes eight for each core, and what is
# given back in one is lost to the rest. Whole pages of HTML go back to the machine when they are sent.
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}


class Command(BaseCommand):
    help = "Migrate, make the demo school where there is nothing yet, and run web server, worker and clock."
    requires_system_checks = []  # the processes that are started check themselves

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=env.number("PORT", 8000), help="default: PORT, or 8000")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        bring_tables_up_to_date()
        with_demo = "demo" in get_commands() and env.flag("LRM_DEMO", default=True)
        if with_demo and not get_user_model().objects.exists():
            self.stdout.write("Making the demo school ...")
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
        if not settings.WHITENOISE_USE_FINDERS:
            call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

        processes = Processes(cwd=str(settings.BASE_DIR), tell=self.stderr.write)
        for name, words in commands(host, port).items():
            processes.add(name, words, site_environment())
        try:
            processes.run(
                is_ready=lambda: answers(host, port),
                when_ready=lambda: self._greet(port, with_demo=with_demo),
                look_after=embedded.revive,
            )
        except KeepsStopping as error:
            raise CommandError(str(error)) from error

    def _greet(self, port: int, *, with_demo: bool) -> None:
        self.stdout.write(f"\nLRM is running at http://localhost:{port}/ (Ctrl-C stops it)")
        if with_demo:
            call_command("demo", "--accounts", stdout=self.stdout)
        connections.close_all()
        self.stdout.flush()


def bring_tables_up_to_date() -> None:
    """Migrate where something is to be migrated; to find that nothing is, Django's command builds every old model.

    Rights are granted each time: a migrate that was killed may have got no further than the tables.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    else:
        grant_runtime_role()


def commands(host: str, port: int) -> dict[str, list[str]]:
    """The processes of a site, as docker-compose.yml starts them too."""
    celery = [sys.executable, "-m", "celery", "--app", "lrm", "--quiet"]
    return {
        "web": [
            *(sys.executable, "-m", "lrm.web_server", "lrm.wsgi", "--bind", f"{host}:{port}"),
            *("--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--log-level", "warning"),
            "--no-control-socket",
        ],
        "worker": [
            *(*celery, "worker", "--queues", "live,bulk", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [*celery, "beat", "--loglevel", "WARNING"],
    }


def site_environment() -> dict[str, str]:
    """The environment of the site's processes, which must not own the tables."""
    environment = dict(os.environ)
    environment.pop("LRM_DB_OWNER", None)
    environment.pop("DATABASE_OWNER_URL", None)
    # One thread for linear algebra: more only get in each other's way beside several processes.
    return environment | MEMORY | {"OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({error}). Choose another one: PORT={port + 1} make run"
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether a worker does: the port is open before the site is loaded."""
    known = settings.ALLOWED_HOSTS[0].strip("*.") or "localhost"
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/livez", headers={"Host": known})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
