"""Browser tests on a machine that is busy with something else: they wait longer, and act on pages that have loaded.

A page is seen, and answers `expect`, before its scripts hear a key: on a busy machine long before. Nobody acts so soon
who waits for a page to come in, so what a test does with hands waits for that; `hasty` is for tests about who does not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

MILLISECONDS = 60_000
ACTS_OF_LOCATORS = (
    *("check", "click", "dblclick", "drag_to", "evaluate", "fill", "focus", "hover", "press", "press_sequentially"),
    *("scroll_into_view_if_needed", "select_option", "set_input_files", "tap", "uncheck"),
)
ACTS_OF_PAGES = ("content", "emulate_media", "evaluate", "pdf", "set_viewport_size")
HANDS = ("keyboard", "mouse", "touchscreen")

_hasty: set[Page] = set()


@contextmanager
def hasty(page: Page) -> Iterator[None]:
    """Within it the test does not wait for the page to have loaded."""
    _hasty.add(page)
    try:
        yield
    finally:
        _hasty.discard(page)


def _loaded(page: Page) -> None:
    if page not in _hasty:
        page.wait_for_load_state()


def _of_locator(act: Callable) -> Callable:
    @wraps(act)
    def patient(locator: Locator, *words: Any, **more: Any) -> Any:
        _loaded(locator.page)
        return act(locator, *words, **more)

    return patient


def _of_page(act: Callable) -> Callable:
    @wraps(act)
    def patient(page: Page, *words: Any, **more: Any) -> Any:
        _loaded(page)
        return act(page, *words, **more)

    return patient


def _with_time(make: Callable) -> Callable:
    @wraps(make)
    def made(browser: Browser, *words: Any, **more: Any) -> BrowserContext | Page:
        new = make(browser, *words, **more)
        new.set_default_timeout(MILLISECONDS)
        return new

    return made


def be_patient(patch: pytest.MonkeyPatch) -> None:
    expect.set_options(timeout=MILLISECONDS)
    for name in ("new_context", "new_page"):
        patch.setattr(Browser, name, _with_time(getattr(Browser, name)))
    for name in ACTS_OF_LOCATORS:
        patch.setattr(Locator, name, _of_locator(getattr(Locator, name)))
    for name in ACTS_OF_PAGES:
        patch.setattr(Page, name, _of_page(getattr(Page, name)))
    for name in HANDS:
        patch.setattr(Page, name, property(_of_page(getattr(Page, name).fget)))
