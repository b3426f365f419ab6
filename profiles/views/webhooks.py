"""Who is told of changes: for district administrators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lrm.days import said_short
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.webhooks import NAME_TAKEN, WebhookForm
from profiles.models import Webhook, WebhookDelivery
from profiles.models.webhook import PING, Event
from profiles.second_step import ask_again, way_to_fresh
from profiles.services import webhooks as services
from profiles.webhook_words import say_failure

PER_PAGE = 30
FRESH_FOR = ("change", "secret")
"""What is done with one only after a second step of the last minutes: where it sends, and what it signs with."""


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def webhooks(request: Request) -> HttpResponse:
    """All of them, and a new one, whose secret the answer to the form shows and no other answer can.

    A new one sends data out of the district, so it wants a second step of the last minutes, as a token does.
    """
    form = WebhookForm(request.POST or None, account=request.user)
    made, secret, status = None, "", 200
    if request.method == "POST":
        if again := ask_again(request):
            return again
        if form.is_valid():
            try:
                made, secret = services.make_webhook(**form.cleaned_data, by=request.user)
                form = WebhookForm(account=request.user)
            except services.NameTaken:
                form.add_error("name", NAME_TAKEN)
        status = 422 if form.errors else 200
    context = {
        "form": form,
        "way_to_fresh": way_to_fresh(request),
        "made": made,
        "secret": secret,
        "rows": [_drawn(row) for row in Webhook.objects.visible_to(request.user)],
    }
    return render(request, "profiles/webhooks.html", context, status=status)


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def webhook(request: Request, pk: int) -> HttpResponse:
    """One of them with its newest messages. POST: act=ping, pause, resume, remove, change, or secret, which shows a new
    one.
    """
    found = get_object_or_404(Webhook.objects.visible_to(request.user).select_related("made_by"), pk=pk)
    act, secret = request.POST.get("act", ""), ""
    if act in FRESH_FOR and (again := ask_again(request)):
        return again
    form = WebhookForm(request.POST if act == "change" else None, account=request.user, webhook=found)
    if act == "change":
        if _change(request, found, form):
            return redirect("webhook", pk=pk)
    elif act == "secret":
        secret = services.turn_secret(webhook=found, by=request.user)
        found.refresh_from_db()
    elif request.method == "POST":
        return _act(request, found, act)
    page = Paginator(WebhookDelivery.objects.filter(webhook=found), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "profiles/webhook.html",
        {
            **_drawn(found),
            "form": form,
            "way_to_fresh": way_to_fresh(request),
            "made": found if secret else None,
            "secret": secret,
            "has_both": found.old_secret_until is not None and found.old_secret_until > timezone.now(),
            "page": page,
            "deliveries": [_message(row) for row in page],
            "waiting": WebhookDelivery.objects.filter(webhook=found, state=WebhookDelivery.State.WAITING).count(),
        },
        status=422 if form.errors else 200,
    )


@allow(DISTRICT_ADMIN)
@require_POST
def webhook_again(request: Request, pk: int, delivery: int) -> HttpResponse:
    """Send one message once more."""
    found = get_object_or_404(Webhook.objects.visible_to(request.user), pk=pk)
    again = get_object_or_404(WebhookDelivery, webhook=found, pk=delivery)
    services.deliver_again(delivery=again)
    if found.off_because:
        messages.info(request, _("It waits: this webhook is off. Switch it on, then it is sent."))
    else:
        messages.success(request, _("It is sent again within seconds."))
    return redirect("webhook", pk=pk)


def _change(request: Request, found: Webhook, form: WebhookForm) -> bool:
    """False: the form says why not."""
    if not form.is_valid():
        return False
    try:
        services.change_webhook(webhook=found, **form.cleaned_data, by=request.user)
    except services.NameTaken:
        form.add_error("name", NAME_TAKEN)
        return False
    messages.success(request, _("It is changed. Send a test to see whether messages arrive."))
    return True


def _act(request: Request, found: Webhook, act: str) -> HttpResponse:
    if act == "ping":
        services.ping(webhook=found)
        messages.success(request, _("A test message is on its way. It shows below within seconds."))
    elif act in ("pause", "resume"):
        services.switch(webhook=found, on=act == "resume", by=request.user)
        said = _("It is on. What waited is sent now.") if act == "resume" else _("It is paused. Nothing is sent there.")
        messages.success(request, said)
    elif act == "remove":
        found.delete()
        messages.success(request, _("“%(name)s” is removed, and what waited for it too.") % {"name": found.name})
        return redirect("webhooks")
    return redirect("webhook", pk=found.pk)


def _drawn(row: Webhook) -> dict:
    """state: in words; kind: good, warning or off, as the status component draws it."""
    if row.off_because:
        state, kind = row.get_off_because_display(), "off"
    elif row.failing_since:
        at = timezone.localtime(row.failing_since)
        since = {"day": said_short(at.date()), "time": time_format(at, "TIME_FORMAT")}
        state, kind = _("not reached since %(day)s, %(time)s") % since, "late"
    else:
        state, kind = _("on"), "on"
    return {
        "webhook": row,
        "state": state,
        "kind": kind,
        "events": [event.label for event in Event if event in row.events],
    }


def _message(row: WebhookDelivery) -> dict:
    words = {
        WebhookDelivery.State.DELIVERED: _("delivered"),
        WebhookDelivery.State.GIVEN_UP: _("given up"),
        WebhookDelivery.State.WAITING: _("tried, waits") if row.tries else _("waits"),
    }
    event = _("Test") if row.event == PING else Event(row.event).label if row.event in Event.values else row.event
    return {"row": row, "event": event, "state": words[WebhookDelivery.State(row.state)], "why": say_failure(row)}
