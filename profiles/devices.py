"""A browser and its device in words that somebody knows their own by, from what it says of itself."""

import re

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("CrOS", "Chromebook"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> tuple[str, str]:
    """(browser, system), each "" where it cannot be told."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def said(browser: str, system: str) -> str:
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say what it is")


def roughly(address: str) -> str:
    """The part of an address that says which network, not which device: "192.0.…", "2001:db8:…"."""
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":…"
    return ".".join(address.split(".")[:2]) + ".…"


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if re.search(mark, text)), "")
