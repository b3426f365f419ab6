"""What the pages of a walk offer: forms and links. Nobody is offered what the tables refuse to them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from django.urls import Resolver404, resolve

from tests.lrm.matrix_rows import GET, POST, Row
from tests.lrm.matrix_walk import Visit, route_of

TAG = re.compile(r"<(form|a|button|input)\b([^>]*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def offers(markup: str) -> Iterator[tuple[str, str]]:
    """(verb, path) of every form, button and link that stays on the site."""
    for tag, rest in TAG.findall(markup):
        given = dict(ATTRIBUTE.findall(rest))
        asked = [(GET, given.get("href")), (POST, given.get("hx-post")), (GET, given.get("hx-get"))]
        if tag == "form":
            asked.append((given.get("method", GET).upper(), given.get("action")))
        else:
            asked.append((POST, given.get("formaction")))
        for verb, address in asked:
            path = re.split(r"[?#]", address or "")[0]
            if path.startswith("/") and not path.startswith("//"):
                yield verb, path


@cache
def _route_at(path: str) -> str:
    """Its view name; "" where none answers, as for files."""
    try:
        return resolve(path).view_name or ""
    except Resolver404:
        return ""


def refused_offers(visits: Iterable[Visit], expectations: Mapping[str, Row]) -> list[str]:
    """Each once: what a page shows to somebody who may use it nowhere, not at any place, by the tables.

    A stranger's links lead to signing in; the gallery shows parts of pages, which lead nowhere; chosen standards go
    back to the form that the request came from, which here is none.
    """
    may: dict[tuple[str, str], set[str]] = {}
    for key, row in expectations.items():
        for verb, places in row.verbs.items():
            may.setdefault((route_of(key), verb), set()).update(*places.values())
    found = set()
    for visit in visits:
        if visit.case.persona == "stranger" or visit.case.route in ("gallery", "standards_pick"):
            continue
        for verb, path in offers(visit.markup):
            route = _route_at(path)
            if route and visit.case.persona not in may.get((route, verb), ()):
                found.add(f"{visit.case.route} shows {visit.case.persona} {verb} {route}")
    return sorted(found)


FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.IGNORECASE | re.DOTALL)


def forms_without_token(visits: Iterable[Visit]) -> list[str]:
    """Forms that send without the token by which the site knows its own: they would be refused whoever presses."""
    found = set()
    for visit in visits:
        for rest, inside in FORM.findall(visit.markup):
            given = dict(ATTRIBUTE.findall(rest))
            if given.get("method", "").lower() == "post" and "csrfmiddlewaretoken" not in inside:
                found.add(f"{visit.case.route}: {given.get('action', '')}")
    return sorted(found)
