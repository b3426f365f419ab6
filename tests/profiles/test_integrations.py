"""Systems that ask the API in their own name: made by the district, with scopes and schools, ended at once."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from lrm.api.scopes import (
    GROUPS_READ,
    RESULTS_WRITE,
    ROSTERS_READ,
    SCOPES,
    SECTIONS_READ,
    SYSTEM_SCOPES,
    opened_by,
    said_of,
)
from lrm.scope import district_scope
from profiles.models import Account, ApiToken, Integration
from profiles.services.api_tokens import find_token
from profiles.services.integrations import give_token, make_integration
from tests.asking import problem_of
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
)
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db):
    made = make_section()
    with district_scope(made.district_id):
        yield made


@pytest.fixture
def admin(section):
    return make_district_admin(section.district)


def typed(section, **more):
    facts = {"name": "Gradebook", "scopes": [ROSTERS_READ], "days": "365", "per_minute": "60"}
    return facts | {"schools": [section.roster.school_id]} | more


def ask(route, secret, **query):
    return Client(raise_request_exception=False).get(
        reverse(route), query, headers={"authorization": f"Bearer {secret}"}
    )


def test_system_reaches_its_schools_with_its_scopes_and_no_more(client, section, admin):
    inside, outside = make_learner(section.roster.school), make_learner(make_school(section.district))
    enroll(inside, section.roster)
    client.force_login(admin)
    with_fresh_code(client)
    page = client.post(reverse("integrations"), typed(section))
    secret = page.context["secret"]
    assert (page.status_code, secret in page.content.decode()) == (200, True)
    assert secret not in client.get(reverse("integrations")).content.decode(), "shown once"
    made = Integration.objects.get()
    assert (made.account.name, made.account.kind, made.made_by) == ("Gradebook", Account.Kind.INTEGRATION, admin)
    answer = ask("api_learners", secret)
    assert [row["id"] for row in answer.json()["results"]] == [inside.pk]
    assert answer["RateLimit-Policy"] == '"token";q=60;w=60'
    assert ApiToken._base_manager.get().learners_per_day == 2000, "where nobody declares more"
    more = client.post(reverse("integration", args=[made.pk]), typed(section, learners_per_day="200000"))
    assert "200000 students a day" in more.text.replace(",", "")
    assert ApiToken._base_manager.latest("pk").learners_per_day == 200_000
    assert problem_of(ask("api_goals", secret)) == (403, "missing_scope")
    assert ask("integrations", secret).status_code == 302, "it opens no page"
    assert outside.pk not in {row["id"] for row in ask("api_learners", secret, has_left="false").json()["results"]}


def test_system_of_the_whole_district_reaches_every_school(section, admin):
    far = make_section(make_roster(make_school(section.district)))
    made = make_integration(name="Warehouse", schools=[], by=admin)
    facts = {"scopes": [SECTIONS_READ], "expires_on": section.session.ends_on, "per_minute": 300}
    _, secret = give_token(integration=made, **facts, by=admin)
    assert {row["id"] for row in ask("api_sections", secret).json()["results"]} == {section.pk, far.pk}


def test_new_token_works_beside_the_old_one_until_that_is_revoked(client, section, admin):
    client.force_login(admin)
    with_fresh_code(client)
    old = client.post(reverse("integrations"), typed(section)).context["secret"]
    made = Integration.objects.get()
    token = ApiToken.objects.get()
    page = client.post(reverse("integration", args=[made.pk]), typed(section, scopes=[RESULTS_WRITE, ROSTERS_READ]))
    new = page.context["secret"]
    assert [ask("api_learners", secret).status_code for secret in (old, new)] == [200, 200]
    client.post(reverse("integration_revoke", args=[made.pk, token.pk]))
    assert [ask("api_learners", secret).status_code for secret in (old, new)] == [401, 200]
    shown = client.get(reverse("integration", args=[made.pk])).context["row"]
    assert ([drawn["token"].per_minute for drawn in shown["tokens"]], bool(shown["last_used_on"])) == ([60], True)


def test_tokens_of_systems_are_made_after_a_second_step_and_taken_back_without(client, section, admin):
    standing = make_integration(name="Warehouse", schools=[], by=admin)
    facts = {"scopes": [SECTIONS_READ], "expires_on": section.session.ends_on, "per_minute": 300}
    token, _ = give_token(integration=standing, **facts, by=admin)
    client.force_login(admin)
    for page in (reverse("integrations"), reverse("integration", args=[standing.pk])):
        shown = client.get(page)
        assert f"?{urlencode({'next': page})}" in shown.text
        assert 'name="scopes"' not in shown.text
        answer = client.post(page, typed(section), headers={"referer": f"http://testserver{page}"})
        assert answer["Location"] == f"{reverse('mfa_activate_totp')}?{urlencode({'next': page})}"
    assert (Integration.objects.get(), ApiToken.objects.get()) == (standing, token)
    assert client.post(reverse("integration_revoke", args=[standing.pk, token.pk])).status_code == 302
    assert ApiToken.objects.get().revoked_at
    assert client.post(reverse("integration_end", args=[standing.pk])).status_code == 302
    assert Integration.objects.get().ended_at


def test_ended_system_opens_nothing_and_keeps_its_name(client, section, admin):
    client.force_login(admin)
    with_fresh_code(client)
    secret = client.post(reverse("integrations"), typed(section)).context["secret"]
    made = Integration.objects.get()
    assert client.post(reverse("integration_end", args=[made.pk]), follow=True).status_code == 200
    assert ask("api_learners", secret).status_code == 401
    assert find_token(secret) is None
    made.refresh_from_db()
    assert (made.ended_at is not None, made.account.is_active, made.account.name) == (True, False, "Gradebook")
    assert [row.account.name for row in client.get(reverse("integrations")).context["ended"]] == ["Gradebook"]
    assert client.get(reverse("integration", args=[made.pk])).status_code == 404
    assert client.post(reverse("integrations"), typed(section)).context["made"], "the name is free again"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"schools": [2**40]}, {"days": "1"}]
)
def test_what_is_typed_wrong_makes_nothing_and_is_told(client, section, admin, wrong):
    client.force_login(admin)
    with_fresh_code(client)
    page = client.post(reverse("integrations"), typed(section, **wrong))
    assert (page.status_code, list(page.context["form"].errors)) == (422, list(wrong))
    assert not Integration.objects.exists()
    assert not Account.objects.filter(kind=Account.Kind.INTEGRATION).exists()


def test_school_administrators_make_no_systems(client, section):
    client.force_login(make_school_admin(section.roster.school))
    assert client.get(reverse("integrations")).status_code == 404


def test_what_a_token_may_is_said_once_and_in_the_order_of_its_form():
    every = [str(said) for said in SCOPES.values()]
    assert said_of([RESULTS_WRITE, SECTIONS_READ]) == [str(SCOPES[RESULTS_WRITE])], "which reads classes too"
    assert said_of([ROSTERS_READ, "no longer there"]) == [str(SCOPES[ROSTERS_READ])]
    all_of_it = said_of(list(SCOPES))
    assert all_of_it == [said for said in every if said in all_of_it]
    assert opened_by([scope for scope, said in SCOPES.items() if str(said) in all_of_it]) == set(SCOPES)
    assert said_of([GROUPS_READ], SYSTEM_SCOPES) == [str(SYSTEM_SCOPES[GROUPS_READ])] != [str(SCOPES[GROUPS_READ])]
