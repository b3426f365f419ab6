"""The scene of the rights matrix for tests that change it: its rows are inserted once a file."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path

import pytest
from django.test import override_settings

from tests.lrm.matrix_scene import Scene, a_scene


@pytest.fixture(scope="module")
def kept_scene(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scene, Path]]:
    """And the folder of its files. Each test with a database rolls back to what it found, which is these rows."""
    files = tmp_path_factory.mktemp("scene")
    with ExitStack() as stack:
        with override_settings(MEDIA_ROOT=files):
            scene = stack.enter_context(a_scene(django_db_blocker))
        yield scene, files


@pytest.fixture
def matrix_scene(kept_scene: tuple[Scene, Path], db: None, settings, tmp_path: Path) -> Scene:
    """One that the test may change, with the site's files below its own folder."""
    scene, files = kept_scene
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ERASED_ROOT = tmp_path
    shutil.copytree(files, tmp_path / "files")
    return deepcopy(scene)
