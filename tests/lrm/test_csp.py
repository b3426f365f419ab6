"""Pages run under a strict Content-Security-Policy, and hold nothing that it would refuse."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings

from tests.lrm.conftest import Walk
from tests.lrm.matrix_walk import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1200)]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
# What somebody handed in runs nothing, whatever a browser takes it for.
FILES = ("poll_file", "poll_preview", "work_file", "work_preview")
SEALED = "sandbox; default-src 'none'"
# Loads from elsewhere, or tells somebody there, unless it is our own; a link (a) may lead anywhere, and tells nobody.
LOADS = {"src", "srcset", "poster", "data", "ping", "action", "formaction", "background"}
LOADS |= {f"hx-{verb}" for verb in ("get", "post", "put", "patch", "delete")}


class Refused(HTMLParser):
    """Collects what the policy refuses: inline script and style, handlers, other origins, htmx that needs eval."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.found.append(f"inline <{tag}>")
        for name, value in values.items():
            if name == "style" or name.startswith(("on", "hx-on")) or (name == "hx-vals" and value.startswith("js:")):
                self.found.append(f"{name} of <{tag}>")
            if value.lower().strip().startswith("javascript:"):
                self.found.append(f"script address in {name} of <{tag}>")
        loads = {*LOADS, "href"} if tag in ("link", "base", "use", "image") else LOADS
        for name in sorted(loads & values.keys()):
            if values[name].strip().lower().startswith(("http:", "https:", "//")):
                self.found.append(f"<{tag}> from {values[name]}")


def pages(walk: Walk) -> list[Visit]:
    return [visit for visit in walk.visits if visit.kind == "text/html" and visit.markup]


def is_file_of_somebody(visit: Visit) -> bool:
    return visit.case.route in FILES and visit.status == 200


def test_every_answer_carries_exactly_the_policy(walk: Walk):
    policies = {visit.policy_header for visit in walk.visits if not is_file_of_somebody(visit)}
    assert [sorted(policy.split("; ")) for policy in policies] == [sorted(POLICY.split("; "))]


def test_files_that_people_sent_are_sealed(walk: Walk):
    sealed = {visit.case.route: visit.policy_header for visit in walk.visits if is_file_of_somebody(visit)}
    assert sealed == dict.fromkeys(FILES, SEALED)


def test_no_page_holds_what_the_policy_refuses(walk: Walk):
    found = {}
    looked = set()
    for visit in pages(walk):
        kind = (visit.case.route, visit.case.persona, visit.case.verb, visit.case.fragment)
        if kind in looked:
            continue
        looked.add(kind)
        parser = Refused()
        parser.feed(visit.markup)
        if parser.found:
            found[str(visit.case)] = sorted(set(parser.found))
    assert found == {}
    assert looked, "The walk met no page at all."


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<script>go()</script>", "inline <script>"),
        ("<style>p {}</style>", "inline <style>"),
        ('<p style="color: red">', "style of <p>"),
        ('<button onclick="go()">', "onclick of <button>"),
        ('<button hx-on:click="go()">', "hx-on:click of <button>"),
        ('<a href="javascript:go()">', "script address in href of <a>"),
        ('<img src="//elsewhere.example/x.png">', "<img> from //elsewhere.example/x.png"),
        ('<video poster="https://elsewhere.example/x">', "<video> from https://elsewhere.example/x"),
        ('<link rel="preconnect" href="https://elsewhere.example">', "<link> from https://elsewhere.example"),
        ('<a href="/x" ping="https://elsewhere.example">', "<a> from https://elsewhere.example"),
        ('<button hx-get="https://elsewhere.example">', "<button> from https://elsewhere.example"),
    ],
)
def test_the_looking_finds_what_it_looks_for(markup: str, why: str):
    parser = Refused()
    parser.feed(markup)
    assert parser.found == [why]


def test_the_looking_lets_our_own_pass():
    parser = Refused()
    parser.feed('<script type="module" src="/static/js/shell.js"></script><a href="https://example.org">out</a>')
    assert parser.found == []


def test_scripts_and_styles_name_no_other_computer():
    """The policy would refuse them; here it is told before a browser does."""
    named = {
        f"{path.name}: {address}"
        for path in (settings.BASE_DIR / "static").rglob("*")
        if path.suffix in (".js", ".css", ".svg", ".webmanifest")
        for address in re.findall(r"(?<![:\w])//[\w-]+(?:\.[\w-]+)+|https?://[\w.-]+", path.read_text())
        if not address.endswith("//www.w3.org")  # names of formats, which nothing asks
    }
    assert named == set()
