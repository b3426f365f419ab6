"""Fixtures for every test. The servers come from tests/services.py, the scenes from the folders of the apps."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from kombu.exceptions import OperationalError
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker
from redis.exceptions import RedisError
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from lrm import shared_cache
from lrm.celery import app, broker_url, transport_options
from lrm.metrics import gauges
from tests.browsing import troubles
from tests.emptying import empty_tables
from tests.left_behind import wait_for_requests, watch_requests
from tests.patience import be_patient
from tests.processes import PrivateRedis, SiteProcess, processes_of, wait_for
from tests.template_database import TemplateDatabase, answer_commits_at_once, end_other_sessions
from tests.whole_site import manage

# How long an example takes says how busy the machine is, and nothing about a law. The suite says the same of the same
# code whenever it runs; other examples are for `make laws`.
hypothesis_settings.register_profile(
    "lrm",
    deadline=None,
    derandomize=not os.environ.get("LRM_LAWS"),
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("lrm")

BROWSER_FIXTURES = {"page", "context", "browser", "new_context"}
# Chromium renders the popups of its address bar in each new window, also where nobody can see one: twice the work of
# a page of ours. Of several lists of features it takes the last one only, so Playwright's own is repeated here.
CHROMIUM_FEATURES_OFF = (
    *("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "PreloadTopChromeWebUI"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *(
        "HttpsFirstBalancedModeAutoEnable",
        "LensOverlay",
        "MediaRouter",
        "PaintHolding",
        "ThirdPartyStoragePartitioning",
    ),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
)
CHROMIUM_ARGUMENTS = [
    f"--disable-features={','.join(CHROMIUM_FEATURES_OFF)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """Path of a Chromium, "" for the one that Playwright has installed itself, None where there is none.

    The one without a window comes first: it renders the same and takes half of the work.
    """
    if path := os.environ.get("CHROMIUM_PATH"):
        return path
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    caches = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return "" if any(Path(caches).glob("chromium*")) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one worker; without a browser they are skipped, or fail where CI=true.

    Tests with processes of the site commit what they write, because those see nothing else.
    """
    for item in items:
        if "site_process" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True))
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.laws)
    in_browser = [
        item
        for item in items
        if item.get_closest_marker("browser") or BROWSER_FIXTURES & set(getattr(item, "fixturenames", ()))
    ]
    missing = bool(in_browser) and chromium() is None
    if missing and os.environ.get("CI", "").lower() == "true":
        raise pytest.UsageError("No Chromium was found, and CI=true demands the browser tests.")
    for item in in_browser:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
        if missing:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium: apt-get install chromium-headless-shell, or set CHROMIUM_PATH")
            )


def pytest_collection_finish() -> None:
    """As lrm/wsgi.py does: what thousands of collected tests are made of is not looked through by every collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = list(CHROMIUM_ARGUMENTS)
    if sys.platform == "linux" and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox does not work for root
    chosen = {"args": [*browser_type_launch_args.get("args", []), *arguments], "timeout": 120_000}
    if path := chromium():
        chosen["executable_path"] = path
    return browser_type_launch_args | chosen


@pytest.fixture(autouse=True)
def _now_is_of_the_test(request: pytest.FixtureRequest) -> None:
    """NOW of a module, where it is timezone.now(), would be when tests were collected: long ago, perhaps yesterday."""
    said = getattr(request.module, "NOW", None)
    if isinstance(said, datetime) and said.tzinfo and abs(timezone.now() - said) < timedelta(hours=12):
        request.module.NOW = timezone.now()


@pytest.fixture(scope="session", autouse=True)
def _browsers_may_be_slow() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        be_patient(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def shipped_broker_options() -> Iterator[dict[str, Any]]:
    """How the site's pages publish: they give Redis a fifth of a second, which a busy machine takes now and then.

    Tests give it longer, but for those of what happens then.
    """
    shipped = app.conf.broker_transport_options
    with pytest.MonkeyPatch.context() as patch:
        for module in (gauges, shared_cache):
            patch.setattr(module, "ASK_SECONDS", 30.0)
        patch.setattr(app.conf, "broker_transport_options", transport_options(30.0))
        yield shipped


@pytest.fixture(name="troubles")
def _troubles(page: Page) -> list[str]:
    return troubles(page)


@pytest.fixture(scope="session")
def template_database(django_db_use_migrations: bool) -> TemplateDatabase | None:
    return TemplateDatabase(settings.VAR.parent / "template.lock") if django_db_use_migrations else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, template_database: TemplateDatabase | None, django_db_blocker: DjangoDbBlocker
) -> None:
    """pytest-django asks for this just before it makes the test database."""
    if template_database is not None:
        with django_db_blocker.unblock():
            template_database.offer()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, template_database: TemplateDatabase | None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """pytest-django's, which makes the test database and drops it in the end."""
    with django_db_blocker.unblock():
        if template_database is not None:
            template_database.keep()
        answer_commits_at_once()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


@pytest.fixture(scope="session", autouse=True)
def _tests_that_commit_end_with_empty_tables() -> Iterator[None]:
    watch_requests()

    def end(case: TransactionTestCase) -> None:
        wait_for_requests()
        empty_tables()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", end)
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_listed_once() -> Iterator[None]:
    """Each client of a test makes the middleware anew, and would read all files of all apps for it: 30 ms."""
    plain = WhiteNoiseMiddleware.add_files_from_finders
    listed: dict[str, StaticFile] = {}

    def add_files(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            plain(middleware)
            listed.update(middleware.files)
        middleware.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


@pytest.fixture(scope="session", autouse=True)
def _hashing_costs_little() -> Iterator[None]:
    """Tests hash some hundred passwords that guard nothing. The algorithm stays; the site keeps Django's costs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 64)
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        yield


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """A state folder with its database made and migrated, to start sites on copies of it. For the group "sites"."""
    with TemporaryDirectory(prefix="lrm-") as short:  # sockets fit into it
        folder = Path(short) / "var"
        answer = manage("migrate", "-v0", LRM_VAR=str(folder))
        assert answer.returncode == 0, answer.stderr
        wait_for(lambda: not processes_of(folder), "its services to be gone")
        yield folder


@pytest.fixture(scope="session")
def site_process(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., SiteProcess]]:
    """Start a process of the site on the test database: site_process("web", port=..., redis=...).

    It sees only what is committed, so its tests run with transaction=True. It runs as the site's database role.
    """
    started: list[SiteProcess] = []
    folder = tmp_path_factory.mktemp("processes")

    def begin(name: str, *, port: int = 0, redis: str | None = None) -> SiteProcess:
        database = connection.settings_dict["NAME"]
        log = folder / f"{len(started)}-{name}.log"
        process = SiteProcess(name, database=database, log=log, port=port, redis=redis).start()
        started.append(process)
        return process

    yield begin
    for process in started:
        process.stop()


@pytest.fixture
def celery_worker(site_process: Callable[..., SiteProcess]) -> Iterator[SiteProcess]:
    """A real Celery worker on the database and the Redis of this run; for tests with transaction=True.

    It ends with its test: the next one must not meet a worker that it did not ask for.
    """
    worker = site_process("worker")
    wait_for_worker(worker)
    yield worker
    worker.stop()


def wait_for_worker(worker: SiteProcess) -> None:
    def answers() -> bool:
        assert worker.alive(), worker.log_text()
        return pings(worker.environment["REDIS_URL"])

    wait_for(answers, "the Celery worker")


def pings(redis: str) -> bool:
    """Whether a worker takes messages from this Redis."""
    # An application of its own: the site's would ask through its pool of connections to another Redis.
    asking = Celery("asking", broker=broker_url(redis), set_as_current=False)
    asking.conf.broker_transport_options = transport_options(1.0)
    try:
        return bool(asking.control.ping(timeout=1.0, limit=1))  # without a limit it always waits a whole second
    except (OperationalError, RedisError):
        return False
    finally:
        asking.close()


@pytest.fixture
def private_redis() -> Iterator[PrivateRedis]:
    """A Redis that the test may stop, freeze and empty."""
    redis = PrivateRedis()
    yield redis
    redis.close()


@pytest.fixture
def as_account():
    """A client that is signed in: as_account(account)."""

    def sign_in(account: Any) -> Client:
        client = Client()
        client.force_login(account, backend="profiles.backends.AccountBackend")
        return client

    return sign_in
