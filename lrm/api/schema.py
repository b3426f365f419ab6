"""The OpenAPI document: what views say of themselves, and what holds for every operation."""

import re
from functools import cache
from typing import Any, Literal

from django.utils import translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api import problems
from lrm.api.guide import GUIDE
from lrm.api.views import ApiView
from lrm.policy import ANYONE, allow


class ErrorSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="Its name, with dots where it lies deeper; empty for the whole request.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """What went wrong (RFC 9457). Nothing was changed."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs: one word that stays.")
    detail = serializers.CharField(help_text="For people, in the language of the request.")
    errors = ErrorSerializer(many=True, required=False)
    scope = serializers.CharField(required=False, help_text="With missing_scope: the scope that the token lacks.")
    current_version = serializers.IntegerField(
        required=False, allow_null=True, help_text="With stale: the version that stands now; null where none does."
    )


REFUSALS = {
    "400": "The request cannot be taken as it is; `errors` says why.",
    "401": "No token, or one that opens nothing.",
    "403": "The token lacks a scope, or a session sent no CSRF token.",
    "404": "Not there, or not for the asker to see.",
    "406": "Only JSON is spoken here.",
    "429": "Too often (`throttled`), or of too many learners today (`too_many_learners`): `Retry-After` says how many"
    " seconds to wait.",
}
REUSED = {"422": "The Idempotency-Key was used for another request."}
WRITING = {
    "409": "Something else stands there now; nothing was changed.",
    "413": "More bytes than are read at once.",
    "415": "Only JSON is read here.",
}
# As each looks. In words of the document; the answers themselves are in the language of the request.
_SAID: dict[str, tuple[str, str, dict[str, Any]]] = {
    "400": (
        "invalid",
        "Something in this request cannot be taken as it is. Nothing was changed.",
        {"errors": [{"field": "limit", "code": "invalid", "detail": "A whole number from 1 to 100."}]},
    ),
    "401": ("unauthorized", "This token opens nothing: it is unknown, revoked or past its last day.", {}),
    "403": (
        "missing_scope",
        "This token does not have the scope goals:read. Make one that does.",
        {"scope": "goals:read"},
    ),
    "404": ("not_found", "There is nothing here for you.", {}),
    "406": ("not_acceptable", "Could not satisfy the request Accept header.", {}),
    "409": ("stale", "Somebody has changed this meanwhile. Read it once more.", {"current_version": 8}),
    "413": ("too_large", "This is more than 1000000 bytes. Send it in parts.", {}),
    "415": ("unsupported_media_type", "Unsupported media type “text/plain” in request.", {}),
    "422": ("key_reused", "This Idempotency-Key was used for another request. Nothing was changed.", {}),
    "429": ("throttled", "Request was throttled. Expected available in 42 seconds.", {}),
}

# Headers of every message that LRM sends.
SIGNED = {
    "webhook-id": "Of the message: the same whenever it is sent again.",
    "webhook-timestamp": "When it was sent this time, in seconds since 1970.",
    "webhook-signature": "One or two, with a space between: `v1,` and base64 of HMAC-SHA256 over id.timestamp.body.",
}


class Operation(AutoSchema):
    """DRF views as operations, with the refusals and headers that all of them have."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if self._is_told():
            return bodies
        refusals = REFUSALS | ({} if self._reads() else WRITING) | (REUSED if self._takes_key() else {})
        for status, said in refusals.items():
            body = self._get_response_for_code(ProblemSerializer, status, [problems.CONTENT_TYPE], direction)
            code, detail, more = _SAID[status]
            example = problems.problem(int(status), code=code, detail=detail, **more)
            body["content"][problems.CONTENT_TYPE]["example"] = example
            bodies[status] = body | {"description": said}
        if self._reads():
            bodies["304"] = {"description": "As the asker has it already: see If-None-Match."}
        return bodies

    def get_override_parameters(self) -> list[OpenApiParameter | Any | type[Any]]:
        if self._is_told():
            return []
        place: Literal["header"] = "header"
        limits: list[OpenApiParameter | Any | type[Any]] = [
            OpenApiParameter("RateLimit", str, place, response=True, description="Left: r requests for t seconds."),
            OpenApiParameter("RateLimit-Policy", str, place, response=True, description="q requests in w seconds."),
            OpenApiParameter("Retry-After", int, place, response=[429], description="Seconds to wait."),
        ]
        if self._takes_key():
            said = "Chosen by you, once for each request. Sent again with the same request, it gets the same answer."
            key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
            replayed = "true, where this is the answer of an earlier time."
            return [
                *limits,
                OpenApiParameter("Idempotency-Key", key, place, description=said),
                OpenApiParameter("Idempotent-Replayed", str, place, response=[200, 201], description=replayed),
            ]
        if not self._reads():
            return limits
        return [
            *limits,
            *([self.view.query] if self.view.query().fields else []),
            OpenApiParameter("If-None-Match", str, place, description="ETag of the answer that the asker has."),
            OpenApiParameter("ETag", str, place, response=[200], description="Changes with the answer."),
        ]

    def get_summary(self) -> str:
        """The first sentence."""
        return re.split(r"[.:]\s", f"{super().get_description()} ")[0] + "."

    def get_description(self) -> str:
        said = super().get_description()
        return said if self._is_told() else f"{said}\n\nScope of a token: `{self.view.scopes[self.method]}`."

    def _is_told(self) -> bool:
        """A message that LRM sends, which is no operation of a view."""
        return not isinstance(self.view, ApiView)

    def _takes_key(self) -> bool:
        return hasattr(getattr(self.view, self.method.lower()), "takes_key")

    def _reads(self) -> bool:
        return self.method == "GET"


class NumberAsSent(OpenApiSerializerFieldExtension):
    target_class = "lrm.api.fields.NumberField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        field = self.target
        pattern = rf"^[0-9]{{1,{field.max_whole_digits}}}(\.[0-9]{{1,{field.decimal_places}}})?$"
        bounds = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": ["number", "string"], "format": "decimal", "pattern": pattern, **bounds}


class SignedInScheme(OpenApiAuthenticationExtension):
    target_class = "lrm.api.views.SignedIn"
    name = ["token", "session"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list]]:
        view = auto_schema.view
        return [{"token": [view.scopes[auto_schema.method]]}, {"session": []}]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "Made on the page “Access tokens” by a person of the staff, on “Integrations”"
                " for a system. A security requirement names the scope that it needs.",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "Pages of LRM itself; writing needs the header X-CSRFToken too.",
            },
        ]


@allow(ANYONE, why="Says how the API is spoken to, and nothing of what is in it.")
class SchemaView(ApiView):
    """The OpenAPI document of this API."""

    schema = None
    query = None
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = [OpenApiJsonRenderer, OpenApiJsonRenderer2]

    def get(self, request: Request) -> Response:
        return Response(openapi())


@cache
def openapi() -> dict[str, Any]:
    """Made once in a process, in English: it is for people who write programs."""
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
    document["info"]["description"] = GUIDE
    signed = [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": said}
        for name, said in SIGNED.items()
    ]
    for told in document["webhooks"].values():
        told["post"]["parameters"] = signed
    return document
