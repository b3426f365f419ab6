"""The messages of webhooks as the OpenAPI document tells them; profiles/services/webhook_sending.py sends them."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, OpenApiWebhook, extend_schema, extend_schema_field
from rest_framework import serializers

from profiles.models.webhook import PING, Event
from profiles.services.webhooks import MOST_IDS


class ToldResultSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="Of the record, as GET /api/v1/results/ says it.")
    learner = serializers.IntegerField()
    standard = serializers.IntegerField()


class EvidenceDataSerializer(serializers.Serializer):
    section = serializers.IntegerField()
    assessments = serializers.ListField(child=serializers.IntegerField())
    results = ToldResultSerializer(many=True)


class ToldLevelSerializer(serializers.Serializer):
    learner = serializers.IntegerField()
    standard = serializers.IntegerField()


class MasteryDataSerializer(serializers.Serializer):
    levels = ToldLevelSerializer(many=True)


class GroupsDataSerializer(serializers.Serializer):
    section = serializers.IntegerField()
    groups = serializers.ListField(child=serializers.IntegerField(), help_text="Ids.")


class PingDataSerializer(serializers.Serializer):
    """Nothing."""


def _told(event: str, data: type[serializers.Serializer], said: str, example: dict[str, Any]) -> OpenApiWebhook:
    name = "".join(part.title() for part in event.split("."))
    message = type(
        f"{name}MessageSerializer",
        (serializers.Serializer,),
        {
            "__doc__": said,
            "type": extend_schema_field({"type": "string", "const": str(event)})(
                type("Type", (serializers.CharField,), {})
            )(),
            "timestamp": serializers.DateTimeField(help_text="When it happened."),
            "data": data(),
        },
    )
    body = {"type": event, "timestamp": "2026-11-23T08:31:07+00:00", "data": example}
    return OpenApiWebhook(
        name=event,
        decorator=extend_schema(
            summary=said,
            operation_id=f"told_{event.replace('.', '_')}",
            tags=["webhooks"],
            auth=[],
            request={"application/json": message},
            examples=[OpenApiExample(event, body)],
            responses={
                "2XX": OpenApiResponse(description="Taken."),
                "410": OpenApiResponse(description="No more of these: the webhook is switched off."),
            },
        ),
    )


_GROUPS = {"section": 31, "groups": [118, 119]}
EVIDENCE = _told(
    Event.EVIDENCE_RECORDED,
    EvidenceDataSerializer,
    f"Results were recorded; at most {MOST_IDS} in one message.",
    {"section": 31, "assessments": [204], "results": [{"id": 90017, "learner": 7, "standard": 512}]},
)
MASTERY = _told(
    Event.MASTERY_CHANGED,
    MasteryDataSerializer,
    f"Shown levels have changed; at most {MOST_IDS} in one message.",
    {"levels": [{"learner": 7, "standard": 512}]},
)
ACCEPTED = _told(
    Event.GROUP_ACCEPTED, GroupsDataSerializer, "Suggested groups were accepted; those before end.", _GROUPS
)
CHANGED = _told(Event.GROUP_CHANGED, GroupsDataSerializer, "A group that is on was changed.", _GROUPS)
CLOSED = _told(
    Event.GROUP_CLOSED, GroupsDataSerializer, "Groups were closed by a person, or are past their last day.", _GROUPS
)
TEST = _told(PING, PingDataSerializer, "A test, from the button of the page.", {})
