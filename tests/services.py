"""A pytest plugin (see addopts in pyproject.toml): real PostgreSQL and Redis, there before Django's settings load.

Every process that runs tests takes a slot of its own: a database, a Redis database and a key prefix, so that
workers of one run, and two runs in one folder, never meet.
"""

import os
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from lrm.embedded import EmbeddedError, Services, attach
from lrm.embedded.leases import try_lock
from lrm.local import secret_key

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 60  # the embedded Redis has 64 databases

_services: Services | None = None
_slot_lock: int | None = None  # held until the process ends


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    # A wrapper runs before pytest-django, which loads the settings in the same hook.
    global _services
    var = Path(os.environ.get("LRM_TEST_VAR") or ROOT / "var" / "test").expanduser().resolve()
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        try:
            _services = attach(var)
        except EmbeddedError as error:
            pytest.exit(str(error), returncode=3)
        os.environ.setdefault("DATABASE_URL", _services.database_url)
        os.environ.setdefault("DATABASE_OWNER_URL", _services.owner_database_url)
        os.environ.setdefault("REDIS_URL", _services.redis_url)
    os.environ.setdefault("SECRET_KEY", _test_key(var))
    os.environ["LRM_LOCAL"] = "1"
    os.environ["LRM_DB_OWNER"] = "1"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in the thread of the tests
    _take_slot(var)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    global _services
    if _services is not None:
        _services.close()
        _services = None


def _test_key(var: Path) -> str:
    var.mkdir(parents=True, exist_ok=True)
    return secret_key(var)


def _take_slot(var: Path) -> None:
    """Point this process at the first slot that nobody holds."""
    global _slot_lock
    slots = var / "slots"
    slots.mkdir(parents=True, exist_ok=True)
    inherited = os.environ.get("LRM_TEST_SLOT_BASE")  # set by the process that started this xdist worker
    if inherited is None:
        os.environ["LRM_TEST_SLOT_BASE"] = "\n".join(
            os.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        )
    database, owner_database, redis = os.environ["LRM_TEST_SLOT_BASE"].split("\n")
    for slot in range(SLOTS):
        _slot_lock = try_lock(slots / f"{slot}.lock")
        if _slot_lock is not None:
            break
    else:
        pytest.exit(f"All {SLOTS} test slots in {slots} are taken.", returncode=3)
    os.environ["DATABASE_URL"] = _with_path(database, f"/lrm_{slot}")
    os.environ["DATABASE_OWNER_URL"] = _with_path(owner_database or database, f"/lrm_{slot}")
    os.environ["REDIS_URL"] = _with_redis_database(redis, slot + 1)
    os.environ["LRM_REDIS_PREFIX"] = f"test{slot}:"
    state = var / f"slot-{slot}"
    (state / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    os.environ["LRM_VAR"] = str(state)


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


def _with_redis_database(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"  # urlunsplit leaves the slashes out, which redis-py wants
    return urlunsplit(parts._replace(path=f"/{number % 16}"))  # a server of one's own has 16 databases
