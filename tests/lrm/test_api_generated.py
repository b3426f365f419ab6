"""Requests that Schemathesis makes from the OpenAPI document, some that fit it and some that do not: no error of ours,
no answer that the document does not tell of, and a request that is refused leaves every table as it was. Of each
operation one request is known to be taken, so that the others are not all refused.

A few for each operation; 200 of either kind with LRM_LAWS=1 (`make laws`).
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
import schemathesis
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from assessments.services.suggesting import refresh_suggestion
from lrm import outgoing
from lrm.api.schema import openapi
from lrm.scope import district_scope
from profiles.forms import webhooks
from profiles.models import Account
from tests.factories.profiles import make_token
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rows import Objects
from tests.lrm.matrix_scene import Scene, a_scene
from tests.lrm.matrix_walk import LOOKING, WRITE, quick_pages
from tests.routes import routes

LAWS = bool(os.environ.get("LRM_LAWS"))
pytestmark = [pytest.mark.django_db, pytest.mark.laws, pytest.mark.xdist_group("api_generated")]
MOST = settings(
    max_examples=200 if LAWS else 5,
    deadline=None,
    database=None,
    derandomize=not LAWS,
    phases=[Phase.generate] if not LAWS else [Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
MOSTLY = st.sampled_from([True, True, True, False])
# Written by asking, whatever the answer is.
BESIDE = {*LOOKING, "profiles_apitoken"}


def operations() -> dict[str, Any]:
    """Without what the document says of tokens: with tokens that are made up, nearly all would only be refused."""
    document = json.loads(OpenApiJsonRenderer().render(openapi()))
    del document["components"]["securitySchemes"]
    for path in document["paths"].values():
        for operation in path.values():
            del operation["security"]
    schema = schemathesis.openapi.from_dict(document)
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}


OPERATIONS = operations()
ROUTE_OF = {
    "/" + route.address.replace("<int:pk>", "{id}").replace("<int:standard_id>", "{standard_id}"): route.name
    for route in routes()
    if route.address.startswith("api/")
}


# What is sent where the matrix has nothing that fits what stands there.
TAKEN: dict[str, Callable[[Objects], dict[str, Any]]] = {
    "PATCH /api/v1/goals/{id}/": lambda here: {"version": here["goal"].version, "why": "For the bus"},
    "POST /api/v1/sections/{id}/suggestion/accept/": lambda here: {"version": here["board"].version},
}


class Site:
    """The scene of the matrix, asked as the teacher of the place with a token; what only learners do as the learner,
    and what only the office does as the office."""

    def __init__(self, scene: Scene) -> None:
        section = scene.objects["own"]["section"]
        with district_scope(section.roster.district_id):
            self.here = scene.objects["own"] | {"board": refresh_suggestion(section)}
        self._program, self._office = (program(scene.people[who]) for who in ("teacher", "district_admin"))
        self._learner = Client(raise_request_exception=False)
        self._learner.force_login(scene.people["learner"])
        self.before = fingerprint(all_tables())

    def address_of(self, case: Case) -> dict[str, int]:
        """Ids of what stands there."""
        ids = EXPECTATIONS[ROUTE_OF[case.path]].ids
        found = {name: noun(self.here) if callable(noun) else self.here[noun].pk for name, noun in ids.items()}
        return {"id" if name == "pk" else name: pk for name, pk in found.items()}

    def send(self, case: Case) -> tuple[HttpResponse, list[str]]:
        """(the answer, tables that were written on the way to it, also where that was taken back)."""
        writes: list[str] = []

        def watch(execute, sql, params, many, context):
            if not str(sql).startswith("SELECT"):
                writes.extend(name.lower() for name in WRITE.findall(str(sql)))
            return execute(sql, params, many, context)

        cache.clear()
        with connection.execute_wrapper(watch):
            return self._asker(case).generic(case.method, address(case), **sent(case)), writes

    def _asker(self, case: Case) -> Client:
        if "/webhooks/" in case.path:
            return self._office
        return self._learner if case.path.endswith("/check-ins/") else self._program


def program(account: Account) -> Client:
    token, secret = make_token(account)
    type(token)._base_manager.filter(pk=token.pk).update(per_minute=10**6)
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {secret}"})


def address(case: Case) -> str:
    path = case.path
    for name, value in case.path_parameters.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return f"{path}?{urlencode(case.query, doseq=True)}" if case.query else path


def sent(case: Case) -> dict[str, Any]:
    body = b"" if case.body is NOT_SET else case.body if isinstance(case.body, bytes) else json.dumps(case.body)
    headers = {name: str(value) for name, value in case.headers.items()}
    return {"data": body, "content_type": case.media_type or "application/json", "headers": headers}


def all_tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models()} - BESIDE)


def fingerprint(tables: list[str]) -> dict[str, Any]:
    """Of all rows of these tables, whatever their order."""
    each = [f"SELECT '{table}', count(*), sum(hashtext(t::text)::bigint) FROM {table} t" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {table: (count, total) for table, count, total in cursor.fetchall()}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    with a_scene(django_db_blocker) as scene, quick_pages(), pytest.MonkeyPatch.context() as patch:
        # An address that was made up is judged as it is written: nothing is looked up outside.
        patch.setattr(webhooks, "find_target", outgoing.check_address)
        yield Site(scene)


@pytest.mark.parametrize("label", OPERATIONS)
def test_request_as_it_is_meant_is_taken(label: str, site: Site):
    operation = OPERATIONS[label]
    row = EXPECTATIONS[ROUTE_OF[operation.path]]
    if label in TAKEN:
        body = TAKEN[label](site.here)
    else:
        body = json.loads(row.data(site.here)) if row.data and operation.method.upper() != "GET" else NOT_SET
    case = operation.Case(body=body, media_type="application/json")
    case.path_parameters = site.address_of(case)
    with transaction.atomic():
        answer, _ = site.send(case)
        transaction.set_rollback(True)
    assert answer.status_code < 300, answer.content
    check(case, answer)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "breaks"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_generated_requests_get_answers_of_the_document_and_refused_ones_write_nothing(
    label: str, mode: GenerationMode, site: Site
):
    heard: set[int] = set()

    @MOST
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(OPERATIONS[label].as_strategy(generation_mode=mode))
        if case.path_parameters and data.draw(MOSTLY):
            case.path_parameters = site.address_of(case)
        if mode is GenerationMode.POSITIVE:
            case.query, case.body = (aimed(part, site, data) for part in (case.query, case.body))
        with transaction.atomic():
            answer, writes = site.send(case)
            written = set(writes) - BESIDE
            if answer.status_code >= 400 and written:
                after = fingerprint(sorted(written))
                assert after == {table: site.before[table] for table in after}, "a refused request wrote"
            transaction.set_rollback(True)
        assert not (case.method == "GET" and written), f"a GET wrote {written}"
        heard.add(answer.status_code)
        check(case, answer)

    ask()
    assert heard


def aimed(value: Any, site: Site, data: st.DataObject) -> Any:
    """The same, with something that is there where something is named, mostly."""
    if isinstance(value, list):
        return [aimed(each, site, data) for each in value]
    if not isinstance(value, dict):
        return value
    named = {}
    for name, inner in value.items():
        thing = site.here.get(name.removesuffix("s"))
        if thing is None or isinstance(inner, (dict, bool)) or not data.draw(MOSTLY):
            named[name] = aimed(inner, site, data)
        elif isinstance(inner, list):
            named[name] = [thing.pk]
        else:
            named[name] = thing.pk if isinstance(inner, int) else str(getattr(thing, "uuid", thing.pk))
    return named


def check(case: Case, answer: HttpResponse) -> None:
    asked = requests.Request(case.method, "http://testserver" + address(case)).prepare()
    headers = {name: [value] for name, value in answer.items()}
    # A body that may be left out, and is, Schemathesis takes for one that does not fit, once something else was aimed.
    judged = (
        CHECKS if case.body is not NOT_SET else [each for each in CHECKS if each is not checks.negative_data_rejection]
    )
    case.validate_response(Response(answer.status_code, headers, answer.content, asked, 0.0, True), checks=judged)
