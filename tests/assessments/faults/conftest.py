"""A school that is made once, and a whole site of its own for each test."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.assessments.faults.seed import Seed
from tests.assessments.faults.size import CLASSES
from tests.assessments.faults.storm import Storm, begin, manage
from tests.processes import PrivateRedis, wait_for
from tests.whole_site import Site


@pytest.fixture(scope="module")
def school() -> Iterator[tuple[Path, Seed]]:
    """The state folder of a stopped site, and what is in it."""
    with TemporaryDirectory(prefix="lrm-") as folder:  # short, so that the sockets fit into it
        var = Path(folder) / "seed"
        said = json.loads(manage(var, "-m", "tests.assessments.faults.seed", str(CLASSES)))
        yield var, Seed(**said | {"cells": [tuple(cell) for cell in said["cells"]]})


@pytest.fixture
def storm(school: tuple[Path, Seed], private_redis: PrivateRedis) -> Iterator[Callable[..., Storm]]:
    """storm(settings=module) starts a site on a copy of the school; without settings it is the real one."""
    sites: list[Site] = []

    def start(settings: str = "lrm.settings") -> Storm:
        seeded, seed = school
        var = seeded.with_name(f"site-{len(sites)}")
        subprocess.run(["cp", "-a", str(seeded), str(var)], check=True)
        sites.append(Site(var, REDIS_URL=private_redis.url, DJANGO_SETTINGS_MODULE=settings))
        return begin(sites[-1], private_redis, seed)

    yield start
    for site in sites:
        site.process.kill()
        site.process.wait()
        wait_for(lambda site=site: not site.family(), "the site's processes to be gone")
        subprocess.run(["rm", "-rf", str(site.var)], check=True)
