"""Walk every route as every persona, at every place, with every verb, and say what is not as expected.

A walk sends real requests through the whole middleware; what each one writes is rolled back. It trusts nothing of
the code under test: who may do what comes from matrix_expectations/, and who may read which words too.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.base import Template
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver, reverse

from lrm import errors
from lrm.sessions import SessionStore
from profiles.backends import AccountBackend
from profiles.models import account as account_model
from tests.fresh_code import with_fresh_code
from tests.lrm.matrix_expectations.people import HOMES, READERS, WITHOUT_RIGHTS
from tests.lrm.matrix_places import PLACES, person_word, thing_word
from tests.lrm.matrix_rows import GET, POST, VERBS, Row
from tests.lrm.matrix_scene import Scene
from tests.routes import routes

ALLOWED, REFUSED, NO_SUCH_VERB, CROSSED = "allowed", "refused", "no such verb", "crossed"
WRITE = re.compile(
    r"\b(?:INSERT\s+INTO|(?<!FOR )UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?\"?([a-z_]+)\"?", re.I
)
OF_EACH_ROLE = {"stranger", "learner", "guardian", "teacher", "school_admin", "district_admin"}
PUBLIC_WALKERS = ("stranger", "learner", "teacher")
LOOKING = {"django_session", "profiles_accesslog", "profiles_bulkexport"}
"""What a GET may write: that it was asked."""
ANSWERS_OF_ALLOWED = {200, 201, 202, 204, 301, 302, 303, 304, 400, 409, 422}


@dataclass(frozen=True)
class Case:
    """crossed: the address is of `place`, the data or the last id of another one."""

    route: str
    row: Row
    persona: str
    place: str
    verb: str
    expected: str
    fragment: bool = False
    crossed: str = ""

    def __str__(self) -> str:
        how = " as a fragment" if self.fragment else ""
        mixed = f" with ids of {self.crossed}" if self.crossed else ""
        return f"{self.route}: {self.verb} {self.place}{mixed}{how} as {self.persona}"


@dataclass(frozen=True)
class Visit:
    """What one request answered. leaks: words that this persona must not read.    writes: tables written.

    is_file: to be kept, and not shown in the browser.
    """

    case: Case
    status: int
    location: str
    error: str
    kind: str
    policy_header: str
    leaks: tuple[str, ...]
    learners_seen: bool
    writes: tuple[str, ...]
    is_file: bool = False
    markup: str = field(repr=False, default="")


def route_of(key: str) -> str:
    """ "goal" of "goal (a draft)": one route may have several lines."""
    return key.partition(" ")[0]


def cases(expectations: Mapping[str, Row], personas: Collection[str]) -> Iterator[Case]:
    known = {route.name for route in routes()}
    for key, row in sorted(expectations.items()):
        route = route_of(key)
        if route not in known:  # another test says so
            continue
        insiders = row.personas()
        # A page that is the same for everybody is walked by three of them.
        walkers = PUBLIC_WALKERS if insiders >= set(personas) else personas
        for persona in walkers:
            yield from _cases_of(route, row, persona, inside=persona in insiders)


def _cases_of(route: str, row: Row, persona: str, *, inside: bool) -> Iterator[Case]:
    for place, verb in _steps(row, persona, inside=inside):
        expected = _expected(row, persona, place, verb, inside=inside)
        yield Case(route, row, persona, place, verb, expected)
        if verb == GET and inside and (place == "far" or not row.has_places()) and expected != NO_SUCH_VERB:
            yield Case(route, row, persona, place, verb, expected, fragment=True)
    if inside:
        yield from _crossed(route, row, persona)


def _steps(row: Row, persona: str, *, inside: bool) -> Iterator[tuple[str, str]]:
    """(place, verb). Insiders go everywhere; to outsiders all places are one wall, which two places show.

    A verb that the route does not have is tried once, at the nearest place, by one persona of each role: views refuse
    it before they ask who it is.
    """
    verbs = VERBS if persona in OF_EACH_ROLE else tuple(verb for verb in VERBS if verb in row.verbs)
    # A page without a place gets the ids in its query and data from where the persona is at home.
    first = "own" if row.has_places() else HOMES.get(persona, "own")
    yield from ((first, verb) for verb in verbs)
    if not row.has_places() or persona in WITHOUT_RIGHTS:
        return
    for place in PLACES[1:] if inside else ("far",):
        yield from ((place, verb) for verb in VERBS if verb in row.verbs)


def _expected(row: Row, persona: str, place: str, verb: str, *, inside: bool) -> str:
    if not inside:
        return REFUSED
    if verb not in row.verbs:
        return NO_SUCH_VERB
    return ALLOWED if persona in row.verbs[verb].get(place if row.has_places() else "own", ()) else REFUSED


def _crossed(route: str, row: Row, persona: str) -> Iterator[Case]:
    """An address that the persona may use, with ids of a place whose people it may not read."""
    for verb in (GET, POST):
        mixable = row.query if verb == GET else row.data
        if verb not in row.verbs or (mixable is None and len(row.ids) < 2):
            continue
        mine = [place for place in PLACES if persona in row.verbs[verb].get(place, ())]
        if not row.has_places():
            mine = [HOMES.get(persona, "own")]
        strange = [place for place in row.foreign if persona not in READERS[place]]
        # The nearest and the farthest of them.
        for other in {*strange[:1], *strange[-1:]} if mine else ():
            yield Case(route, row, persona, mine[0], verb, CROSSED, crossed=other)


class Walker:
    """Signs every persona of a scene in once; `visit` sends one case and rolls back what it wrote."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.clients: dict[str, Client] = {}
        for persona, account in scene.people.items():
            client = Client(raise_request_exception=False)
            if account is not None:
                client.force_login(account)
                # Of pages that want a second step the walk looks at what they show once it was passed.
                with_fresh_code(client, minutes=120)
            self.clients[persona] = client
        for persona, secret in scene.systems.items():
            self.clients[persona] = Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})

    def visit(self, case: Case) -> Visit:
        writes: list[str] = []
        client = self.clients[case.persona]
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cache.clear()  # limits of sign-in pages have tests of their own
        with _taken_back(writes):
            response = client.generic(
                case.verb,
                self._address(case),
                headers={"HX-Request": "true"} if case.fragment else {},
                **self._body(case),
            )
            text = _text(response)
        client.cookies.clear()
        client.cookies.load(cookies)
        lower = text.lower()
        return Visit(
            case=case,
            status=response.status_code,
            location=response.get("Location", "") or response.get("HX-Redirect", ""),
            error=repr(response.exc_info[1]) if response.exc_info else "",
            kind=response.get("Content-Type", "").split(";")[0],
            policy_header=response.get("Content-Security-Policy", ""),
            leaks=tuple(
                word
                for place in PLACES
                if case.persona not in READERS[place]
                for word in (person_word(place), thing_word(place))
                if word.lower() in lower
            ),
            learners_seen="wombat" in lower,
            writes=tuple(writes),
            is_file=response.status_code == 200 and response.get("Content-Disposition", "").startswith("attachment"),
            markup=text if response.status_code < 400 else "",
        )

    def _address(self, case: Case) -> str:
        home = self.scene.objects[case.place]
        other = self.scene.objects[case.crossed or case.place]
        kwargs = {}
        for name, noun in case.row.ids.items():
            # The first id stays at home, so that a view which checks only the outer thing is caught.
            source = other if kwargs else home
            if callable(noun):
                kwargs[name] = noun(source)
            else:
                kwargs[name] = source[noun].uuid if "uuid" in name else source[noun].pk
        address = reverse(case.route, kwargs=kwargs or None)
        if case.row.query is not None:
            address += "?" + urlencode(case.row.query(other), doseq=True)
        return address

    def _body(self, case: Case) -> dict:
        if case.verb != POST or case.row.data is None:
            return {"data": b"", "content_type": "application/x-www-form-urlencoded"}
        values = case.row.data(self.scene.objects[case.crossed or case.place])
        if isinstance(values, str):
            return {"data": values, "content_type": "application/json"}
        return {"data": encode_multipart(BOUNDARY, values), "content_type": MULTIPART_CONTENT}


@contextmanager
def _taken_back(writes: list[str]) -> Iterator[None]:
    """Notes the tables that are written meanwhile, and undoes it all. Most requests of a walk only read; these have no
    need of a savepoint, which would be two of three statements.
    """
    savepoint: list[str] = []
    to_do_on_commit = len(connection.run_on_commit)

    def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not str(sql).startswith("SELECT"):
            writes.extend(name.lower() for name in WRITE.findall(str(sql)))
            if not savepoint:
                savepoint.append("")  # its own statement comes by here too
                savepoint[0] = transaction.savepoint()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    if savepoint:
        transaction.savepoint_rollback(savepoint[0])
        transaction.savepoint_commit(savepoint[0])
        transaction.set_rollback(False)
    del connection.run_on_commit[to_do_on_commit:]


@contextmanager
def quick_pages() -> Iterator[None]:
    """What every one of thousands of requests asks anew, and what is always answered the same here, is asked once:
    which view an address leads to, who is signed in and what they may do (rows that no case changes, since all is
    rolled back), and what the page of a refusal looks like to them. Rendered templates are not recorded.
    """
    pages: dict[int | None, bytes] = {}
    render = errors.render

    def render_once(request: HttpRequest, template: str, **arguments: Any) -> HttpResponse:
        who = request.user.pk if template == "404.html" else None
        if who is None:
            return render(request, template, **arguments)
        if who not in pages:
            pages[who] = render(request, template, **arguments).content
        return HttpResponse(pages[who], **arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(errors, "render", render_once)
        patch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
        patch.setattr(SessionStore, "load", _once(SessionStore.load, by=lambda session: session.session_key))
        patch.setattr(AccountBackend, "get_user", _once(AccountBackend.get_user, by=lambda backend, account: account))
        patch.setattr(
            account_model, "access_of", _once(account_model.access_of, by=lambda account, on: (account.pk, on))
        )
        root = get_resolver()
        patch.setattr(root, "resolve", _once(root.resolve, by=lambda path: path, copied=False))
        yield


def _once(function: Callable[..., Any], *, by: Callable[..., Any], copied: bool = True) -> Callable[..., Any]:
    """The function, asked once for each key that `by` makes of its arguments. None and {} are never kept: they say
    that somebody is not known yet.
    """
    answers: dict[Any, Any] = {}

    def ask(*arguments: Any, **named: Any) -> Any:
        key = by(*arguments, **named)
        answer = answers.get(key)
        if not answer:
            answer = answers[key] = function(*arguments, **named)
        return copy(answer) if copied else answer

    return ask


def _text(response: HttpResponseBase) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace")


def faults(visit: Visit) -> list[str]:
    """What is not as the table says, in words; [] where all is well."""
    case, found = visit.case, []
    if visit.error or visit.status >= 500:
        found.append(f"failed with {visit.error or visit.status}")
    if visit.leaks:
        found.append(f"showed {', '.join(visit.leaks)}")
    written = set(visit.writes) - LOOKING
    if case.expected == ALLOWED:
        if visit.status not in ANSWERS_OF_ALLOWED or (_sent_away(visit) and not case.row.signs_out):
            found.append(f"expected an answer, got {_said(visit)}")
        if case.verb == GET and written:
            found.append(f"a GET wrote {', '.join(sorted(written))}")
    else:
        if written:
            found.append(f"wrote {', '.join(sorted(written))}")
        found += _not_refused(visit)
    looks_at_others = case.persona not in ("stranger", "learner", "far_learner", "left_learner")
    if visit.learners_seen and visit.status < 400 and looks_at_others and "profiles_accesslog" not in visit.writes:
        found.append("showed a learner and did not call looked_at")
    return [f"{case}: {what}" for what in found]


def _not_refused(visit: Visit) -> list[str]:
    case = visit.case
    if case.expected == NO_SUCH_VERB and visit.status not in (404, 405):
        return [f"expected no such verb (405), got {_said(visit)}"]
    if case.expected == CROSSED and visit.status == 201:
        return [f"expected a refusal, got {_said(visit)}"]
    # Where the verb does not exist, saying so tells nothing about the thing.
    refusals = (404,) if case.verb in case.row.verbs else (404, 405)
    away = case.persona == "stranger" and _sent_away(visit)
    if case.expected == REFUSED and visit.status not in refusals and not away:
        return [f"expected to be refused, got {_said(visit)}"]
    return []


def _sent_away(visit: Visit) -> bool:
    """A stranger is sent to the sign-in page; a fragment moves the whole page there, a program is told to sign in."""
    if visit.status == 401 and visit.kind == "application/problem+json":
        return True
    return visit.status in (204, 302) and visit.location.split("?")[0] == "/sign-in/"


def _said(visit: Visit) -> str:
    return f"{visit.status} to {visit.location}" if visit.location else str(visit.status)
