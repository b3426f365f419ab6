"""Addresses that are told of changes: which there are, another one, changed, paused, removed, tested."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.errors import SecondStepRequired
from lrm.api.once import sent_once
from lrm.api.scopes import WEBHOOKS_READ, WEBHOOKS_WRITE
from lrm.api.views import ApiView, ListView, OldestFirstView, read_as
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.webhooks import WebhookForm
from profiles.models import Webhook, WebhookDelivery
from profiles.models.webhook import Event
from profiles.second_step import way_to_fresh
from profiles.services import webhooks as services

FACTS = ("name", "address", "events")


class WebhookSerializer(serializers.Serializer):
    """An address that is told of changes in the district."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Who is told.")
    address = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(Event.values))
    is_on = serializers.SerializerMethodField(help_text="Whether messages are sent there now.")
    off_because = serializers.ChoiceField(
        ["", *Webhook.Off.values],
        help_text="paused: by a person or a program. failed: not reached for three days. gone: it answered 410.",
    )
    failing_since = serializers.DateTimeField(allow_null=True, help_text="null while messages arrive.")
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then messages are signed with the secret before, too."
    )
    created_at = serializers.DateTimeField()

    def get_is_on(self, webhook: Webhook) -> bool:
        return not webhook.off_because


class WebhookWithSecretSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="What messages are signed with. Told this once; keep it.")


class NewWebhookSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, help_text="Who is told; another one than those that there are.")
    address = serializers.CharField(max_length=500, help_text="Begins with https:// and lies in the open internet.")
    events = serializers.ListField(child=serializers.ChoiceField(Event.values), min_length=1, max_length=20)


class ChangedWebhookSerializer(serializers.Serializer):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=100, required=False)
    address = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(Event.values), min_length=1, max_length=20, required=False
    )
    is_on = serializers.BooleanField(
        required=False, help_text="false pauses it; true sends again, also what waited meanwhile."
    )


class DeliverySerializer(serializers.Serializer):
    """One message to one address."""

    id = serializers.IntegerField()
    message = serializers.UUIDField(help_text="The header webhook-id is `msg_` and this without its hyphens.")
    event = serializers.CharField()
    state = serializers.ChoiceField(WebhookDelivery.State.values)
    tries = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Of the next try, while it waits.")
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer; null where there was none.")
    said = serializers.CharField(allow_blank=True, help_text="Why the last try failed.")
    delivered_at = serializers.DateTimeField(allow_null=True)


EXAMPLE = OpenApiExample(
    "A data warehouse",
    request_only=True,
    value={"name": "Warehouse", "address": "https://example.org/lrm", "events": ["evidence.recorded"]},
)


@allow(DISTRICT_ADMIN)
class Webhooks(OldestFirstView):
    scopes = {"GET": WEBHOOKS_READ, "POST": WEBHOOKS_WRITE}

    @extend_schema(responses=WebhookSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Webhooks of the district. For its administrators, and systems that reach all of it."""
        return self.answer_page(request, Webhook.objects.visible_to(request.user), list, WebhookSerializer)

    @extend_schema(request=NewWebhookSerializer, responses={201: WebhookWithSecretSerializer}, examples=[EXAMPLE])
    @sensitive_variables("secret")
    def post(self, request: Request) -> Response:
        """Register an address. The answer has its secret, which nothing tells again.

        It takes no Idempotency-Key, since no answer with a secret is kept: sent again it is refused by its name
        (`taken`); find it with GET and ask for a new secret.
        """
        _ask_again(request)
        facts = _checked(read_as(NewWebhookSerializer, request.data), request)
        try:
            made, secret = services.make_webhook(**facts, by=request.user)
        except services.NameTaken:
            raise _taken() from None
        return _with_secret(made, secret, status=201)


@allow(DISTRICT_ADMIN)
class OneWebhook(ApiView):
    scopes = {"GET": WEBHOOKS_READ, "PATCH": WEBHOOKS_WRITE, "DELETE": WEBHOOKS_WRITE}

    @extend_schema(responses=WebhookSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One webhook."""
        return Response(WebhookSerializer(_found(request, pk)).data)

    @extend_schema(request=ChangedWebhookSerializer, responses={200: WebhookSerializer})
    def patch(self, request: Request, pk: int) -> Response:
        """Change it, pause it or switch it on again. What waits goes to the new address."""
        webhook = _found(request, pk)
        sent = read_as(ChangedWebhookSerializer, request.data)
        is_on = sent.pop("is_on", None)
        if sent:
            _ask_again(request)
            stands = {name: getattr(webhook, name) for name in FACTS}
            facts = _checked(stands | sent, request, webhook=webhook)
            try:
                services.change_webhook(webhook=webhook, **facts, by=request.user)
            except services.NameTaken:
                raise _taken() from None
        if is_on is not None and is_on == bool(webhook.off_because):
            services.switch(webhook=webhook, on=is_on, by=request.user)
        return Response(WebhookSerializer(_found(request, pk)).data)

    @extend_schema(responses={204: OpenApiResponse(description="It is gone, with what waited for it.")})
    def delete(self, request: Request, pk: int) -> Response:
        """Remove it, with its messages."""
        _found(request, pk).delete()
        return Response(status=204)


@allow(DISTRICT_ADMIN)
class WebhookSecret(ApiView):
    scopes = {"POST": WEBHOOKS_WRITE}

    @extend_schema(request=None, responses={200: WebhookWithSecretSerializer})
    @sensitive_variables("secret")
    def post(self, request: Request, pk: int) -> Response:
        """Make a new secret. For a day messages carry two signatures, so that the receiver can change over."""
        webhook = _found(request, pk)
        _ask_again(request)
        secret = services.turn_secret(webhook=webhook, by=request.user)
        webhook.refresh_from_db()
        return _with_secret(webhook, secret)


@allow(DISTRICT_ADMIN)
class WebhookPing(ApiView):
    scopes = {"POST": WEBHOOKS_WRITE}

    @extend_schema(request=None, responses={201: DeliverySerializer})
    @sent_once
    def post(self, request: Request, pk: int) -> Response:
        """Send a test. It arrives within seconds where the webhook is on; its deliveries tell what became of it."""
        made = services.ping(webhook=_found(request, pk))
        made.refresh_from_db()
        return Response(DeliverySerializer(made).data, status=201)


@allow(DISTRICT_ADMIN)
class WebhookDeliveries(ListView):
    scopes = {"GET": WEBHOOKS_READ}

    @extend_schema(responses=DeliverySerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Messages of the last 30 days, the newest first, without what they held."""
        rows = WebhookDelivery.objects.filter(webhook=_found(request, pk))
        return self.answer_page(request, rows, list, DeliverySerializer)


def _found(request: Request, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(request.user), pk=pk)


def _ask_again(request: Request) -> None:
    """As on the page. Raises SecondStepRequired."""
    if request.auth is None and way_to_fresh(request._request):
        raise SecondStepRequired(_("Pass your second step on the web, then send it again."))


def _checked(facts: dict[str, Any], request: Request, *, webhook: Webhook | None = None) -> dict[str, Any]:
    """By the rules of the page. Raises ValidationError that names each field."""
    form = WebhookForm(facts, account=request.user, webhook=webhook)
    if form.is_valid():
        return form.cleaned_data
    raise ValidationError(
        {
            name: [ErrorDetail(text, error.code or "invalid") for error in errors.as_data() for text in error.messages]
            for name, errors in form.errors.items()
        }
    )


def _taken() -> ValidationError:
    return ValidationError({"name": [ErrorDetail(_("There is one with this name. Take another one."), "taken")]})


def _with_secret(webhook: Webhook, secret: str, *, status: int = 200) -> Response:
    answer = Response(WebhookSerializer(webhook).data | {"secret": secret}, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
