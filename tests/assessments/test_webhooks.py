"""Webhooks: written with the change, signed, sent to a real receiver, tried again, switched off after days."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, Group
from assessments.services import boards, closings
from assessments.services.ledger import ANYTHING
from assessments.services.results import record_results
from assessments.tasks import tell_ended_groups
from lrm import outgoing
from lrm.scope import district_scope
from lrm.sealed import unseal
from profiles.models import AdminRole, Webhook, WebhookDelivery
from profiles.models.webhook import Event
from profiles.services import webhook_sending as sending
from profiles.services import webhooks
from tests.budgets import assert_statements, statements
from tests.factories.assessments import entry, give, make_assessment, make_group, work_off
from tests.factories.profiles import make_district_admin, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db


class Receiver:
    """Answers with what `answers` holds, one a message, then 204; keeps what came.

    leads_to: where its redirects point.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.leads_to = ""
        self.got: list[tuple[dict, bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Content-Length", "0")
                self.send_header("Location", receiver.leads_to)
                self.end_headers()

            def log_message(self, *args) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/told"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def admin(taught):
    return make_district_admin(taught.section.district)


@pytest.fixture
def hook(receiver, admin, settings):
    settings.LOCAL = True  # the receiver is on this machine
    made, _ = webhooks.make_webhook(name="Warehouse", address=receiver.address, events=Event.values, by=admin)
    return made


def waiting(event):
    return [row.data for row in WebhookDelivery.objects.filter(event=event, state="waiting").order_by("pk")]


def test_message_that_fails_twice_is_tried_again_and_taken_once(receiver, hook):
    receiver.answers = [500, 503]
    webhooks.ping(webhook=hook)
    now = timezone.now()
    assert sending.send_due(now=now) == 1
    row = WebhookDelivery.objects.get()
    assert (row.state, row.tries, row.status, row.said) == ("waiting", 1, 500, "answered 500")
    assert sending.send_due(now=now + timedelta(seconds=4)) == 0, "not yet"
    assert sending.send_due(now=now + timedelta(seconds=6)) == 1
    hook.refresh_from_db()
    assert hook.failing_since == now
    assert sending.send_due(now=now + timedelta(minutes=2)) == 1
    row.refresh_from_db()
    hook.refresh_from_db()
    assert (row.state, row.tries, row.status, row.said, hook.failing_since) == ("delivered", 3, 204, "", None)
    assert sending.send_due(now=now + timedelta(days=1)) == 0
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1, "the same message each time"
    assert len(receiver.got) == 3


def test_message_is_signed_so_that_any_library_of_standard_webhooks_takes_it(receiver, hook):
    webhooks.ping(webhook=hook)
    sending.send_due()
    [(headers, body)] = receiver.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(unseal(hook.secret).removeprefix("whsec_"))
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    )
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert (json.loads(body)["type"], json.loads(body)["data"], headers["content-type"]) == (
        "ping",
        {},
        "application/json",
    )


def test_after_a_new_secret_both_sign_for_a_day(receiver, hook, admin):
    old = unseal(hook.secret)
    new = webhooks.turn_secret(webhook=hook, by=admin)
    now = timezone.now()
    for later, signers in ((timedelta(0), [new, old]), (timedelta(days=2), [new])):
        webhooks.ping(webhook=hook)
        WebhookDelivery.objects.filter(state="waiting").update(due_at=now + later)
        sending.send_due(now=now + later)
        headers, body = receiver.got[-1]
        said = {"message": headers["webhook-id"], "at": int(headers["webhook-timestamp"]), "body": body}
        assert headers["webhook-signature"].split() == [sending.sign(secret, **said) for secret in signers]


def test_results_and_levels_are_told_by_their_ids_alone(taught, hook):
    learner, standard = taught.learners[0], taught.standards[0]
    assessment = make_assessment(taught.section, [standard])
    give(assessment, learner, standard, 3)
    [told] = waiting("evidence.recorded")
    assert told == {
        "section": taught.section.pk,
        "assessments": [assessment.pk],
        "results": [{"id": Evidence.objects.get().pk, "learner": learner.pk, "standard": standard.pk}],
    }
    work_off()
    assert waiting("mastery.changed") == [{"levels": [{"learner": learner.pk, "standard": standard.pk}]}]
    results = {"assessment": assessment, "by": taught.teacher}
    record_results(**results, entries=[entry(learner, standard, 3, replaces=ANYTHING)])
    work_off()
    assert (len(waiting("evidence.recorded")), len(waiting("mastery.changed"))) == (1, 1), "nothing has changed"


def test_groups_are_told_when_accepted_and_closed(grouped, hook):
    board = boards.current_board(grouped.section)
    made = boards.accept_board(section=grouped.section, version=board.version, by=grouped.teacher)
    groups = sorted(group.pk for group in made)
    assert waiting("group.accepted") == [{"section": grouped.section.pk, "groups": groups}]
    closings.close_groups(section=grouped.section, group_ids=groups[:1], by=grouped.teacher)
    closings.close_groups(section=grouped.section, group_ids=groups[:1], by=grouped.teacher)
    assert waiting("group.closed") == [{"section": grouped.section.pk, "groups": groups[:1]}]
    closings.reopen_groups(section=grouped.section, group_ids=groups[:1])
    assert waiting("group.changed") == [{"section": grouped.section.pk, "groups": groups[:1]}]
    assert Group.objects.filter(pk__in=groups, closed_at__isnull=True).count() == len(groups)


def test_group_that_ends_by_its_date_is_told_once_and_never_beside_a_closing_by_hand(taught, hook):
    section, [standard, *_] = taught.section, taught.standards
    today = timezone.localdate()
    facts = {"starts_on": today - timedelta(days=9)}
    over = [make_group(section, standard, [], ends_on=today - timedelta(days=1), **facts) for _ in "AB"]
    make_group(section, standard, [], ends_on=today, **facts)
    by_hand = make_group(section, standard, [], ends_on=today - timedelta(days=1), closed_at=timezone.now(), **facts)
    elsewhere = make_section()
    with district_scope(elsewhere.district_id):
        abroad = make_standard(make_framework(elsewhere.district))
        make_group(elsewhere, abroad, [], ends_on=today - timedelta(days=1), **facts)
    told = [{"section": section.pk, "groups": sorted(group.pk for group in over)}]
    for _ in range(2):
        tell_ended_groups()
        assert waiting("group.closed") == told
    closings.close_groups(section=section, group_ids=[over[0].pk], by=taught.teacher)
    assert waiting("group.closed") == told, "closing what is told already is no news"
    closings.reopen_groups(section=section, group_ids=[over[0].pk, by_hand.pk])
    tell_ended_groups()
    assert waiting("group.closed") == [*told, {"section": section.pk, "groups": [over[0].pk]}]


def test_worker_that_dies_while_telling_of_ended_groups_tells_all_or_nothing(taught, hook):
    today = timezone.localdate()
    group = make_group(taught.section, taught.standards[0], [], ends_on=today - timedelta(days=1))
    with transaction.atomic():
        tell_ended_groups()
        assert len(waiting("group.closed")) == 1
        transaction.set_rollback(True)  # as PostgreSQL does when the connection of a killed worker is gone
    group.refresh_from_db()
    assert (group.end_told_at, waiting("group.closed")) == (None, [])
    with assert_statements(at_most=4) as sent:
        tell_ended_groups()
    assert len([each for each in statements(sent) if "UPDATE" in each or "INSERT" in each]) == 1, (
        "one statement for both"
    )
    assert waiting("group.closed") == [{"section": taught.section.pk, "groups": [group.pk]}]


def test_message_comes_with_its_change_or_not_at_all(taught, hook):
    assessment = make_assessment(taught.section, taught.standards)
    with transaction.atomic():
        give(assessment, taught.learners[0], taught.standards[0], 3)
        assert len(waiting("evidence.recorded")) == 1
        transaction.set_rollback(True)
    assert waiting("evidence.recorded") == []


def test_nobody_is_told_who_is_off_did_not_ask_or_is_of_another_district(taught, receiver, hook, admin):
    other = make_district_admin(make_teacher().district)
    webhooks.make_webhook(name="Abroad", address=receiver.address, events=Event.values, by=other)
    webhooks.make_webhook(name="Groups", address=receiver.address, events=[Event.GROUP_CLOSED], by=admin)
    webhooks.switch(webhook=hook, on=False, by=admin)
    give(make_assessment(taught.section, taught.standards), taught.learners[0], taught.standards[0], 3)
    work_off()
    assert not WebhookDelivery.objects.exists()


def test_address_that_fails_for_days_is_switched_off_and_its_maker_written_to(
    receiver, hook, admin, client, django_capture_on_commit_callbacks
):
    receiver.answers = [500] * 9
    webhooks.ping(webhook=hook)
    now = timezone.now()
    sending.send_due(now=now)
    webhooks.ping(webhook=hook)
    with django_capture_on_commit_callbacks(execute=True):
        sending.send_due(now=now + timedelta(days=3, hours=1))
    hook.refresh_from_db()
    assert (hook.off_because, [message.to for message in mail.outbox]) == ("failed", [[admin.email]])
    assert reverse("webhook", args=[hook.pk]) in mail.outbox[0].body
    assert sending.send_due(now=now + timedelta(days=9)) == 0, "nothing goes there any more"
    client.force_login(admin)
    assert "could not be reached for days" in client.get(reverse("webhook", args=[hook.pk])).content.decode()
    client.post(reverse("webhook", args=[hook.pk]), {"act": "resume"})
    receiver.answers = []
    assert sending.send_due(now=now + timedelta(days=9)) == 2, "what waited is sent"
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}


@contextmanager
def rude_server(letters: bytes) -> Iterator[int]:
    """Its port. It takes connections, says these letters one by one, for as long as it is listened to, and no more."""
    done = threading.Event()

    def serve(taken: socket.socket) -> None:
        with taken, suppress(OSError):
            for letter in letters:
                taken.sendall(bytes([letter]))
                if done.wait(0.02):
                    return
            done.wait()

    def take(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=listening.accept()[:1], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=take, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        done.set()
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("scheme", "letters", "step", "whole"),
    [
        ("http", b"", 0.1, 9),
        ("http", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 9999, 9, 0.2),
        ("https", b"\x16\x03\x03\x40\x00" + b"x" * 9999, 9, 0.2),
    ],
    ids=["says nothing", "a letter at a time", "a handshake that is dragged out"],
)
def test_receiver_that_keeps_the_worker_waiting_is_hung_up_on(hook, monkeypatch, scheme, letters, step, whole):
    monkeypatch.setattr(outgoing, "SECONDS", step)
    monkeypatch.setattr(outgoing, "MOST_SECONDS", whole)
    with rude_server(letters) as port:
        Webhook.objects.update(address=f"{scheme}://127.0.0.1:{port}/")
        webhooks.ping(webhook=hook)
        sending.send_due()
    row = WebhookDelivery.objects.get()
    assert (row.state, row.tries, row.status, row.said) == ("waiting", 1, None, "no answer in time")


def test_receiver_that_is_down_or_talks_nonsense_is_tried_again(receiver, hook):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = listening.getsockname()[1]
    Webhook.objects.update(address=f"http://127.0.0.1:{closed}/")
    webhooks.ping(webhook=hook)
    now = timezone.now()
    sending.send_due(now=now)
    assert [row.said for row in WebhookDelivery.objects.all()] == ["nobody there"]
    Webhook.objects.update(address=receiver.address.replace("http:", "https:"))
    sending.send_due(now=now + timedelta(seconds=6))
    assert [row.said for row in WebhookDelivery.objects.all()] == ["no answer that can be read"]
    Webhook.objects.update(address=receiver.address)
    sending.send_due(now=now + timedelta(minutes=2))
    assert [row.state for row in WebhookDelivery.objects.all()] == ["delivered"]


def test_many_messages_for_one_address_leave_room_for_the_others(receiver, hook, admin):
    other, _ = webhooks.make_webhook(name="Other", address=receiver.address, events=Event.values, by=admin)
    for _ in range(9):
        webhooks.ping(webhook=hook)
    webhooks.ping(webhook=other)
    assert sending.send_due() == sending.MOST_OF_ONE + 1
    assert WebhookDelivery.objects.get(webhook=other).state == "delivered"


def test_message_whose_worker_was_killed_is_sent_again_with_its_old_identifier(receiver, hook, monkeypatch):
    webhooks.ping(webhook=hook)
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_note", lambda *arguments: None)  # sent, and killed before it could be noted
        sending.send_due(now=now)
    assert sending.send_due(now=now + sending.LEASE - timedelta(seconds=1)) == 0, "it may still be under way"
    assert sending.send_due(now=now + sending.LEASE) == 1
    assert WebhookDelivery.objects.get().state == "delivered"
    first, second = (headers for headers, _ in receiver.got)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == sending.LEASE.total_seconds()
    assert first["webhook-signature"] != second["webhook-signature"]


def test_what_was_heard_on_the_way_cannot_be_said_again_later_or_of_something_else(receiver, hook):
    webhooks.ping(webhook=hook)
    sending.send_due()
    [(headers, body)] = receiver.got
    said = {"message": headers["webhook-id"], "at": int(headers["webhook-timestamp"]), "body": body}
    forged = [{"at": said["at"] + 300}, {"message": "msg_0"}, {"body": body.replace(b"ping", b"pong")}]
    signatures = {sending.sign(unseal(hook.secret), **(said | each)) for each in ({}, *forged)}
    assert len(signatures) == 4, "id, time and body are all signed"
    assert headers["webhook-signature"] in signatures


def test_webhook_that_is_removed_while_messages_are_under_way_holds_up_no_others(receiver, hook, admin, monkeypatch):
    other, _ = webhooks.make_webhook(name="Other", address=receiver.address, events=Event.values, by=admin)
    webhooks.ping(webhook=hook)
    webhooks.ping(webhook=other)
    receiver.answers = [500, 500]
    send = sending._send

    def remove_and_send(request):
        Webhook.objects.filter(pk=hook.pk).delete()
        return send(request)

    monkeypatch.setattr(sending, "ThreadPoolExecutor", Here)
    monkeypatch.setattr(sending, "_send", remove_and_send)
    sending.send_due()
    assert [(row.webhook_id, row.status) for row in WebhookDelivery.objects.all()] == [(other.pk, 500)]


class Here:
    """An executor in the connection of the test."""

    def __init__(self, max_workers: int) -> None:
        self.map = map

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        """Nothing to end."""


def test_message_that_cannot_be_signed_is_not_sent_and_told_so(receiver, hook, admin, settings, client):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, []
    webhooks.ping(webhook=hook)
    now = timezone.now()
    sending.send_due(now=now)
    assert ([row.said for row in WebhookDelivery.objects.all()], receiver.got) == ([sending.UNSIGNED], [])
    client.force_login(admin)
    assert "cannot be read any more" in client.get(reverse("webhook", args=[hook.pk])).content.decode()
    webhooks.turn_secret(webhook=hook, by=admin)
    sending.send_due(now=now + timedelta(seconds=6))
    [(headers, _)] = receiver.got
    assert len(headers["webhook-signature"].split()) == 1, "the secret that nothing opens signs nothing"


def test_secret_that_is_asked_for_twice_at_once_keeps_the_one_that_the_receiver_has(hook, admin):
    old = unseal(hook.secret)
    webhooks.turn_secret(webhook=hook, by=admin)
    newest = webhooks.turn_secret(webhook=hook, by=admin)
    hook.refresh_from_db()
    assert (unseal(hook.old_secret), unseal(hook.secret)) == (old, newest)
    Webhook.objects.update(old_secret_until=timezone.now() + timedelta(hours=20))
    webhooks.turn_secret(webhook=hook, by=admin)
    hook.refresh_from_db()
    assert unseal(hook.old_secret) == newest


def test_who_administers_the_district_now_is_told_where_its_maker_no_longer_does(
    receiver, hook, admin, django_capture_on_commit_callbacks
):
    AdminRole.objects.filter(account=admin).update(ends_on=timezone.localdate() - timedelta(days=1))
    others = [make_district_admin(admin.district, email=f"office{number}@example.org") for number in (1, 2)]
    make_district_admin(make_teacher().district, email="abroad@example.org")
    receiver.answers = [410]
    webhooks.ping(webhook=hook)
    with django_capture_on_commit_callbacks(execute=True):
        sending.send_due()
    assert [message.to for message in mail.outbox] == [[other.email] for other in others]


def test_address_that_says_gone_is_switched_off_at_once_and_redirects_are_not_followed(receiver, hook):
    inward = Receiver()
    receiver.leads_to = inward.address
    receiver.answers = [307, 302, 410]
    webhooks.ping(webhook=hook)
    now = timezone.now()
    sending.send_due(now=now)
    assert (WebhookDelivery.objects.get().status, len(receiver.got)) == (307, 1)
    sending.send_due(now=now + timedelta(seconds=6))
    assert (WebhookDelivery.objects.get().status, len(receiver.got), inward.got) == (302, 2, [])
    inward.server.shutdown()
    inward.server.server_close()
    sending.send_due(now=now + timedelta(minutes=2))
    hook.refresh_from_db()
    assert hook.off_because == "gone"


def test_message_is_given_up_after_its_last_try_and_sent_again_by_hand(receiver, hook, admin, client):
    row = webhooks.ping(webhook=hook)
    WebhookDelivery.objects.filter(pk=row.pk).update(tries=len(sending.WAITS))
    receiver.answers = [500]
    sending.send_due()
    row.refresh_from_db()
    assert (row.state, row.tries) == ("given_up", len(sending.WAITS) + 1)
    client.force_login(admin)
    client.post(reverse("webhook_again", args=[hook.pk, row.pk]))
    sending.send_due()
    row.refresh_from_db()
    assert (row.state, row.tries, len(receiver.got)) == ("delivered", 1, 2)
    assert (sending.forget_old(now=timezone.now() + timedelta(days=31)), WebhookDelivery.objects.count()) == (1, 0)


def test_page_registers_tests_pauses_and_removes(receiver, admin, client, settings):
    settings.LOCAL = True
    client.force_login(admin)
    with_fresh_code(client)
    typed = {"name": "Warehouse", "address": receiver.address, "events": ["evidence.recorded", "group.closed"]}
    page = client.post(reverse("webhooks"), typed)
    hook = Webhook.objects.get()
    first = page.context["secret"]
    assert (first, page.status_code) == (unseal(hook.secret), 200)
    assert first not in client.get(reverse("webhooks")).content.decode(), "shown once"
    assert client.post(reverse("webhooks"), typed).status_code == 422, "the name is taken"
    address = reverse("webhook", args=[hook.pk])
    client.post(address, {"act": "ping"})
    sending.send_due()
    assert [message["state"] for message in client.get(address).context["deliveries"]] == ["delivered"]
    shown = client.post(address, {"act": "secret"}).context["secret"]
    hook.refresh_from_db()
    assert (shown, unseal(hook.old_secret)) == (unseal(hook.secret), first)
    assert shown != first
    client.post(address, {"act": "pause"})
    hook.refresh_from_db()
    assert hook.off_because == "paused"
    client.post(address, {"act": "remove"})
    assert not Webhook.objects.exists()


def test_page_changes_where_and_of_what_it_is_told(receiver, hook, admin, client):
    webhooks.make_webhook(name="Other", address=receiver.address, events=["group.closed"], by=admin)
    Webhook.objects.filter(pk=hook.pk).update(failing_since=timezone.now())
    client.force_login(admin)
    with_fresh_code(client)
    address = reverse("webhook", args=[hook.pk])
    typed = {"act": "change", "name": "warehouse", "address": receiver.address + "?new", "events": ["group.changed"]}
    for wrong in ({"name": "OTHER"}, {"address": "nowhere"}, {"events": []}):
        page = client.post(address, typed | wrong)
        assert (page.status_code, list(page.context["form"].errors)) == (422, list(wrong))
    secret = hook.secret
    hook.refresh_from_db()
    assert (hook.name, hook.address) == ("Warehouse", receiver.address)
    assert client.post(address, typed).status_code == 302
    hook.refresh_from_db()
    assert (hook.name, hook.address, hook.events) == ("warehouse", receiver.address + "?new", ["group.changed"])
    assert (hook.secret, hook.failing_since) == (secret, None)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.org/told", "https"),
        ("https://127.0.0.1/told", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://169.254.169.254/latest/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:10.0.0.1]/", "private"),
        ("https://[64:ff9b::a00:1]/", "private"),
        ("https://0x7f000001/", "private"),
        ("https://localhost/", "private"),
        ("https://user:pw@example.org/", "web address"),
        ("https://example.org:22/", "port"),
        ("https://", "web address"),
        ("https://exa mple.org/", "web address"),
        ("ftp://example.org/", "https"),
    ],
)
def test_address_inside_the_network_or_of_another_kind_is_refused(client, admin, settings, address, said):
    settings.LOCAL = False
    client.force_login(admin)
    with_fresh_code(client)
    page = client.post(reverse("webhooks"), {"name": "X", "address": address, "events": ["group.closed"]})
    assert (page.status_code, said in str(page.context["form"].errors["address"])) == (422, True)
    assert not Webhook.objects.exists()


def test_name_that_turns_inward_later_is_not_followed(receiver, hook, settings):
    settings.LOCAL = False
    webhooks.ping(webhook=hook)
    Webhook.objects.update(address="https://localhost/told")
    sending.send_due()
    row = WebhookDelivery.objects.get()
    assert (row.state, row.status, row.said, receiver.got) == ("waiting", None, "address: private", [])
