"""A school that is made once, and whole sites on copies of it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.assessments.faults.seed import Seed
from tests.assessments.faults.size import CLASSES
from tests.assessments.faults.storm import Storm, begin, manage
from tests.processes import PrivateRedis, wait_for
from tests.whole_site import Site

School = tuple[Path, Seed]


@pytest.fixture(scope="session")
def school(migrated: Path) -> Iterator[School]:
    """The state folder of a stopped site, and what is in it."""
    with TemporaryDirectory(prefix="lrm-") as folder:  # short, so that the sockets fit into it
        var = Path(folder) / "seed"
        subprocess.run(["cp", "-a", str(migrated), str(var)], check=True)  # owners are kept
        said = json.loads(manage(var, "-m", "tests.assessments.faults.seed", str(CLASSES)))
        yield var, Seed(**said | {"cells": [tuple(cell) for cell in said["cells"]]})


@contextmanager
def running(school: School, name: str, settings: str = "lrm.settings") -> Iterator[Storm]:
    """A site on a copy of the school, with a Redis of its own."""
    seeded, seed = school
    var, redis = seeded.with_name(name), PrivateRedis()
    subprocess.run(["cp", "-a", str(seeded), str(var)], check=True)
    site = Site(var, REDIS_URL=redis.url, DJANGO_SETTINGS_MODULE=settings)
    try:
        yield begin(site, redis, seed)
    finally:
        site.process.kill()
        site.process.wait()
        redis.close()
        wait_for(lambda: not site.family(), "the site's processes to be gone")
        subprocess.run(["rm", "-rf", str(var)], check=True)


@pytest.fixture
def storm(school: School) -> Iterator[Callable[..., Storm]]:
    """storm(settings) starts a site of its own; without settings it is the real one."""
    with ExitStack() as stack:
        yield lambda *settings: stack.enter_context(running(school, "storm", *settings))


@pytest.fixture(scope="module")
def calm(school: School) -> Iterator[Storm]:
    """One site for the tests of a module that leave it as whole as it was."""
    with running(school, "calm") as site:
        yield site
