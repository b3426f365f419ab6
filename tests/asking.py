"""The API asked as a program asks it: with a token, in JSON."""

import json
from typing import Any

import jsonschema
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from drf_spectacular.renderers import OpenApiJsonRenderer

from lrm.api.schema import openapi
from profiles.models import Account
from tests.factories.profiles import make_token


class Program:
    """asked.get("api_group", pk): the answer to a token of this account, for all scopes unless some are named."""

    def __init__(self, account: Account, *scopes: str, days: int = 30) -> None:
        self.token, self.secret = make_token(account, *scopes, days=days)
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, route: str, *ids: int, etag: str = "", **query: Any) -> HttpResponse:
        more = {"if-none-match": etag} if etag else {}
        return self._client.get(reverse(route, args=ids), query, headers=self._headers() | more)

    def follow(self, address: str) -> HttpResponse:
        return self._client.get(address, headers=self._headers())

    def post(
        self, route: str, *ids: int, body: Any = None, content_type: str = "application/json", key: str = ""
    ) -> HttpResponse:
        """key: of the request, as Idempotency-Key says it."""
        more = {"idempotency-key": key} if key else {}
        sent = body if isinstance(body, bytes) else json.dumps(body)
        return self._client.post(
            reverse(route, args=ids), sent, content_type=content_type, headers=self._headers() | more
        )

    def patch(self, route: str, *ids: int, body: Any) -> HttpResponse:
        return self._client.patch(
            reverse(route, args=ids), json.dumps(body), content_type="application/json", headers=self._headers()
        )

    def delete(self, route: str, *ids: int) -> HttpResponse:
        return self._client.delete(reverse(route, args=ids), headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.secret}"}


def fits(answer: HttpResponse, name: str, status: int = 200) -> Any:
    """The answer as data, which has the shape that the OpenAPI document promises."""
    assert answer.status_code == status, answer.content
    told = answer.json()
    document = json.loads(OpenApiJsonRenderer().render(openapi()))
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(told)
    return told


def errors_of(answer: HttpResponse) -> list[tuple[str, str]]:
    """(field, code) of each error of a 400."""
    assert problem_of(answer) == (400, "invalid")
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def problem_of(answer: HttpResponse) -> tuple[int, str]:
    """(status, code) of a refusal; it is JSON in the one shape, and no page."""
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    said = json.loads(answer.content)
    assert (said["status"], bool(said["title"]), bool(said["detail"])) == (answer.status_code, True, True)
    return said["status"], said["code"]
