"""What the browser tests of several pages share."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from profiles.models import Account

AXE = Axe().axe_script
# Of rules that a page keeps axe would describe every element, which takes it as long as looking for violations.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def sign_in(context: BrowserContext, url: str, account: Account) -> None:
    """Give the context the session of an account, without the sign-in page."""
    client = Client()
    client.force_login(account, backend="profiles.backends.AccountBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


WIDTHS = (1366, 768, 390, 320)
PHONE, THUMB = 390, 44  # a width and a height in CSS pixels
LOW_TARGETS = """([selector, least]) => [...document.querySelectorAll(selector)]
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < least - 2)
    .map((part) => ["low target", part.className, part.textContent.trim(), part.getBoundingClientRect().height])"""
# The rules that ask for colours; all others answer the same in light and in dark.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list:
    """What axe finds on the page as it stands in light, and in the colours of dark."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        page.add_init_script(AXE)  # the next pages find it; else half a megabyte would be sent to each of them
    found = []
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour halfway
        for rule in page.evaluate("async (options) => (await axe.run(options)).violations", rules):
            found.append((scheme, rule["id"], [node["html"] for node in rule["nodes"]]))
    return found


def troubles(page: Page) -> list[str]:
    """Fills with what the browser complains of: refused styles and scripts, lost files, errors of scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def faults_of_look(page: Page, *, targets: str = "") -> list:
    """What is wrong with the page that stands open: what axe finds, the widths at which it scrolls sideways, and
    which of the targets that a selector finds are too low for a thumb on a phone, with what frames them (two pixels).
    [] where all is well.
    """
    found = violations(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if (measured := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(("scrolls sideways", width, measured))
        if targets and width == PHONE:
            found += page.evaluate(LOW_TARGETS, [targets, THUMB])
    page.set_viewport_size({"width": WIDTHS[0], "height": 844})
    return found


def pictures(page: Page, name: str) -> None:
    """Pictures of the page that stands open, wide and on a phone, light and dark, in the folder LRM_PICTURES; the suite
    sets none and makes none.
    """
    folder = os.environ.get("LRM_PICTURES")
    if not folder:
        return
    for size, (width, height) in {"wide": (1366, 768), "phone": (390, 844)}.items():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=Path(folder) / f"{name}-{size}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
