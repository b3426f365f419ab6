"""One scene and one walk of the rights matrix for all tests that look at answers of every route."""

import io
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass

import pytest
from structlog.stdlib import ProcessorFormatter

from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rights import heard_rights
from tests.lrm.matrix_scene import a_scene
from tests.lrm.matrix_walk import Case, Visit, Walker, cases, quick_pages


@dataclass(frozen=True)
class Walk:
    """visits: what every case answered.    log: all that was logged meanwhile, as it would be written.

    askers: by the name of a right, the cases that asked for it, each once.
    """

    visits: list[Visit]
    log: str
    askers: dict[str, list[Case]]


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """Every logger, and structlog, written by the site's own formatter into one text."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    (ours,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, ProcessorFormatter)]
    root = logging.getLogger()
    level, others = root.level, root.handlers
    handler.setFormatter(ours.formatter)
    handler.filters = ours.filters
    root.handlers = [handler]  # the test runner's own would write and keep every refusal four times over
    root.setLevel(logging.INFO)
    logging.disable(logging.NOTSET)
    try:
        with redirect_stdout(text):
            yield text
    finally:
        root.handlers = others
        root.setLevel(level)


@pytest.fixture(scope="module")
def walker(django_db_setup, django_db_blocker) -> Iterator[Walker]:
    logging.disable(logging.CRITICAL)  # refusals by the thousand are what these walks are for
    try:
        with a_scene(django_db_blocker) as scene:
            walker = Walker(scene)
            with quick_pages():  # which would keep sessions as they were before a code was typed
                yield walker
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def walk(django_db_setup, django_db_blocker) -> Walk:
    """The whole walk, once a process; the rows behind it are gone when tests look at it."""
    asked: set[str] = set()
    askers: dict[str, list[Case]] = defaultdict(list)
    visits = []
    with a_scene(django_db_blocker) as scene:
        walker = Walker(scene)
        with quick_pages(), all_logs() as log, heard_rights(asked.add):
            for case in cases(EXPECTATIONS, scene.people):
                asked.clear()
                visits.append(walker.visit(case))
                for right in asked:
                    askers[right].append(case)
        return Walk(visits, log.getvalue(), askers)
