"""The OpenAPI document is valid, holds every operation, and every refusal is JSON."""

import json

import jsonschema
import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory
from django.urls import reverse
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.validation import validate_schema

from lrm import errors
from lrm.api.later import LaterView
from lrm.api.schema import SIGNED, openapi
from lrm.api.scopes import SCOPES
from profiles.models.webhook import PING, Event
from tests.asking import problem_of
from tests.routes import routes

API = [route for route in routes() if route.address.startswith("api/") and route.name != "api_schema"]


def verbs_of(route):
    return {verb for verb in ("get", "post", "put", "patch", "delete") if hasattr(route.view.cls, verb)}


def test_document_is_valid_openapi_and_says_nothing_on_the_way(capsys):
    openapi.cache_clear()
    validate_schema(openapi())
    assert capsys.readouterr().err == "", "drf-spectacular warns of what it had to guess"


def test_document_holds_every_operation_and_no_other():
    told = {
        (path.replace("{id}", "<int:pk>").replace("{standard_id}", "<int:standard_id>"), verb)
        for path, operations in openapi()["paths"].items()
        for verb in operations
        if verb != "parameters"
    }
    assert told == {("/" + route.address, verb) for route in API for verb in verbs_of(route)}


def test_every_operation_names_the_scope_of_a_token():
    for route in API:
        assert isinstance(route.view, LaterView), route.name
        assert set(route.view.cls.scopes) == {verb.upper() for verb in verbs_of(route)}, route.name
        assert set(route.view.cls.scopes.values()) <= set(SCOPES), route.name


def test_every_operation_tells_its_refusals_and_who_may_ask():
    for path, operations in openapi()["paths"].items():
        for verb, operation in operations.items():
            missing = {"400", "401", "403", "404", "429"} - operation["responses"].keys()
            assert (path, verb, missing) == (path, verb, set())
            [token, session] = operation["security"]
            assert (len(token["token"]), session) == (1, {"session": []}), "the one scope that a token needs"


def test_every_refusal_and_request_has_an_example_that_fits():
    document = json.loads(OpenApiJsonRenderer().render(openapi()))

    def fits(value, schema):
        jsonschema.Draft202012Validator(schema | {"components": document["components"]}).validate(value)

    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    told = answer["content"]["application/problem+json"]
                    fits(told["example"], told["schema"])
                    assert told["example"]["status"] == int(status), (path, verb)
            for body in operation.get("requestBody", {}).get("content", {}).values():
                for example in body.get("examples", {}).values():
                    fits(example["value"], body["schema"])


def test_document_says_to_a_stranger_what_holds_for_all_operations_and_how_messages_are_checked():
    document = openapi()
    for word in (
        "Bearer",
        "scope",
        "ETag",
        "If-None-Match",
        "Idempotency-Key",
        "Retry-After",
        "next",
        "whsec_",
        "HMAC",
    ):
        assert word in document["info"]["description"], word
    assert document["servers"] == [{"url": settings.SITE_URL}]
    assert document["webhooks"].keys() == {*Event.values, PING}
    for event, told in document["webhooks"].items():
        assert {each["name"] for each in told["post"]["parameters"]} == set(SIGNED)
        body = told["post"]["requestBody"]["content"]["application/json"]
        [example] = body["examples"].values()
        rendered = json.loads(OpenApiJsonRenderer().render(document))
        schema = body["schema"] | {"components": rendered["components"]}
        jsonschema.Draft202012Validator(schema).validate(example["value"])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate(example["value"] | {"type": f"{event}."})


def test_every_post_that_makes_something_may_be_sent_twice():
    by_themselves = {"api_group_close", "api_suggestion_accept"}  # twice equals once, with or without a key
    by_themselves |= {"api_webhooks", "api_webhook_secret"}  # no answer with a secret is kept
    for route in API:
        post = getattr(route.view.cls, "post", None)
        assert post is None or route.name in by_themselves or hasattr(post, "takes_key"), route.name


@pytest.mark.django_db
def test_document_is_served_to_anybody(client):
    answer = client.get(reverse("api_schema"))
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi+json")
    assert json.loads(answer.content)["info"]["title"] == "LRM"


def test_errors_of_ours_are_json_for_programs():
    asked = RequestFactory().get("/api/v1/sections/")
    assert problem_of(errors.server_error(asked)) == (500, "error")
    assert problem_of(errors.bad_request(asked, SuspiciousOperation())) == (400, "invalid")
    assert problem_of(errors.csrf_failure(asked)) == (403, "permission_denied")


@pytest.mark.django_db
def test_unknown_addresses_and_strangers_are_refused_as_json(client):
    assert problem_of(client.get("/api/v1/nothing/")) == (404, "not_found")
    assert problem_of(client.get(reverse("api_sections"), headers={"accept": "text/html"})) == (401, "unauthorized")
