"""Webhooks that programs register: as on the page, for whoever administers the whole district."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from lrm import outgoing
from lrm.api.scopes import WEBHOOKS_READ, WEBHOOKS_WRITE
from lrm.scope import district_scope
from lrm.sealed import unseal
from profiles.forms import webhooks as rules
from profiles.models import Webhook
from profiles.services import webhooks
from profiles.services.integrations import end_integration, give_token, make_integration
from tests.asking import Program, errors_of, fits, problem_of
from tests.factories.profiles import make_district_admin, make_school, make_school_admin
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db
TOLD = {"name": "Warehouse", "address": "https://192.0.2.1/told", "events": ["group.closed", "evidence.recorded"]}


@pytest.fixture
def school():
    school = make_school()
    with district_scope(school.district_id):
        yield school


@pytest.fixture
def admin(school):
    return make_district_admin(school.district)


@pytest.fixture
def program(admin):
    return Program(admin, WEBHOOKS_WRITE)


def test_webhook_is_registered_and_its_secret_told_once(program):
    answer = program.post("api_webhooks", body=TOLD)
    made = fits(answer, "WebhookWithSecret", 201)
    webhook = Webhook.objects.get()
    assert (unseal(webhook.secret), made["is_on"], answer["Cache-Control"]) == (made["secret"], True, "no-store")
    assert made["events"] == ["evidence.recorded", "group.closed"]
    one = fits(program.get("api_webhook", webhook.pk), "Webhook")
    listed = fits(program.get("api_webhooks"), "PaginatedWebhookList")
    assert (listed["results"], "secret" in one) == ([one], False)


def test_new_secret_signs_beside_the_one_before(program):
    made = program.post("api_webhooks", body=TOLD).json()
    turned = fits(program.post("api_webhook_secret", made["id"]), "WebhookWithSecret")
    webhook = Webhook.objects.get()
    assert [unseal(webhook.secret), unseal(webhook.old_secret)] == [turned["secret"], made["secret"]]
    assert turned["old_secret_until"] is not None


def test_webhook_is_changed_paused_tested_and_removed(program):
    pk = program.post("api_webhooks", body=TOLD).json()["id"]
    changed = fits(program.patch("api_webhook", pk, body={"events": ["mastery.changed"]}), "Webhook")
    assert (changed["name"], changed["events"]) == ("Warehouse", ["mastery.changed"])
    assert fits(program.patch("api_webhook", pk, body={"is_on": False}), "Webhook")["off_because"] == "paused"
    assert fits(program.patch("api_webhook", pk, body={"is_on": True}), "Webhook")["is_on"] is True
    ping = fits(program.post("api_webhook_ping", pk), "Delivery", 201)
    told = fits(program.get("api_webhook_deliveries", pk), "PaginatedDeliveryList")
    assert (told["results"], ping["event"], ping["state"]) == ([ping], "ping", "waiting")
    assert program.delete("api_webhook", pk).status_code == 204
    assert problem_of(program.get("api_webhook", pk)) == (404, "not_found")


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"name": "WAREHOUSE"}, ("name", "taken")),
        ({"name": "Other", "address": "ftp://example.org/"}, ("address", "scheme")),
        ({"name": "Other", "address": "https://a b/"}, ("address", "form")),
        ({"name": "Other", "events": []}, ("events", "min_length")),
        ({"name": "Other", "events": ["all"]}, ("events.0", "invalid_choice")),
    ],
)
def test_what_the_page_refuses_is_refused_by_its_field(program, sent, error):
    program.post("api_webhooks", body=TOLD)
    assert errors_of(program.post("api_webhooks", body=TOLD | sent)) == [error]
    assert Webhook.objects.count() == 1


def test_address_inside_a_private_network_is_refused(program, settings):
    settings.LOCAL = False
    answer = program.post("api_webhooks", body=TOLD | {"address": "https://10.0.0.7/told"})
    assert errors_of(answer) == [("address", "private")]


def test_webhook_that_leads_nowhere_just_now_can_be_renamed_and_paused(program, monkeypatch):
    pk = program.post("api_webhooks", body=TOLD).json()["id"]

    def nowhere(address):
        raise outgoing.AddressRefused("unknown")

    monkeypatch.setattr(rules, "find_target", nowhere)
    changed = fits(program.patch("api_webhook", pk, body={"name": "Old", "is_on": False}), "Webhook")
    assert (changed["name"], changed["is_on"]) == ("Old", False)
    assert errors_of(program.patch("api_webhook", pk, body={"address": "https://gone.example/"})) == [
        ("address", "unknown")
    ]


def test_name_that_somebody_else_takes_in_the_same_moment_is_no_fault_of_ours(program, admin, monkeypatch):
    def taken(**facts):
        raise IntegrityError

    monkeypatch.setattr(Webhook.objects, "create", taken)
    assert errors_of(program.post("api_webhooks", body=TOLD)) == [("name", "taken")]
    page = Client()
    page.force_login(admin)
    answer = with_fresh_code(page).post(reverse("webhooks"), TOLD)
    assert (answer.status_code, "There is one with this name." in answer.text) == (422, True)


def test_reading_alone_changes_nothing(admin):
    reader = Program(admin, WEBHOOKS_READ)
    assert problem_of(reader.post("api_webhooks", body=TOLD)) == (403, "missing_scope")
    assert reader.get("api_webhooks").status_code == 200


def test_administrator_of_a_school_is_not_offered_it_and_finds_nothing(school, admin):
    webhook, _ = webhooks.make_webhook(**TOLD, by=admin)
    of_school = make_school_admin(school)
    assert problem_of(Program(of_school, WEBHOOKS_WRITE).get("api_webhook", webhook.pk)) == (404, "not_found")
    page = Client()
    page.force_login(of_school)
    assert WEBHOOKS_WRITE not in with_fresh_code(page).get(reverse("api_tokens")).text


def test_system_of_the_district_registers_one_that_is_paused_when_it_ends(admin):
    system = make_integration(name="Warehouse", schools=[], by=admin)
    program = Program(system.account, WEBHOOKS_WRITE)
    pk = fits(program.post("api_webhooks", body=TOLD), "WebhookWithSecret", 201)["id"]
    end_integration(integration=system, by=admin)
    assert Webhook.objects.get(pk=pk).off_because == "paused"


def test_system_of_single_schools_is_not_offered_it(school, admin):
    page = Client()
    page.force_login(admin)
    with_fresh_code(page)
    asked = {"name": "Reading", "scopes": [WEBHOOKS_READ], "days": "90", "per_minute": "60", "schools": [school.pk]}
    answer = page.post(reverse("integrations"), asked)
    assert (answer.status_code, "Webhooks tell of the whole district." in answer.text) == (422, True)
    system = make_integration(name="Reading", schools=[school], by=admin)
    assert WEBHOOKS_READ not in page.get(reverse("integration", args=[system.pk])).text
    _token, secret = give_token(
        integration=system, scopes=[WEBHOOKS_READ], expires_on="2099-01-01", per_minute=60, by=admin
    )
    headers = {"authorization": f"Bearer {secret}"}
    assert Client().get(reverse("api_webhooks"), headers=headers).status_code == 404


def test_a_browser_shows_its_second_step_before_data_is_sent_out(admin, school):
    hook, _ = webhooks.make_webhook(**TOLD, by=admin)
    page, one = reverse("webhooks"), reverse("webhook", args=[hook.pk])
    many, each, secret = (
        reverse("api_webhooks"),
        reverse("api_webhook", args=[hook.pk]),
        reverse("api_webhook_secret", args=[hook.pk]),
    )
    other = TOLD | {"name": "Other"}

    def tried(browser: Client) -> list[int]:
        told = [browser.post(page, other), browser.post(one, other | {"act": "change"})]
        told += [browser.post(one, {"act": "secret"}), browser.post(many, other, "application/json")]
        told += [browser.patch(each, {"address": TOLD["address"] + "/2"}, "application/json")]
        return [answer.status_code for answer in [*told, browser.post(secret)]]

    browser = Client()
    browser.force_login(admin)
    before = Webhook.objects.values().get()
    assert tried(browser) == [302, 302, 302, 403, 403, 403]
    assert Webhook.objects.values().get() == before
    assert browser.post(secret).json()["code"] == "second_step_required"
    assert "Go on with your second step" in browser.get(page).text
    assert "Go on with your second step" in browser.get(one).text
    assert browser.patch(each, {"is_on": False}, "application/json").status_code == 200, "pausing it sends nothing out"
    assert tried(with_fresh_code(browser)) == [200, 422, 200, 400, 200, 200], "the name is taken from the second on"
    school.district.is_demo = True
    school.district.save()
    assert "Go on with your second step" not in with_fresh_code(browser, minutes=0).get(page).text
