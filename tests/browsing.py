"""What the browser tests of several pages share."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from profiles.models import Account

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


def violations(page: Page) -> list:
    """What axe finds on the page as it stands, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour halfway
        for rule in Axe().run(page, options=RULES).response["violations"]:
            found.append((scheme, rule["id"], [node["html"] for node in rule["nodes"]]))
    return found


def troubles(page: Page) -> list[str]:
    """Fills with what the browser complains of: refused styles and scripts, lost files, errors of scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
