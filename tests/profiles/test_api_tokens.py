"""A token from its making to its end: shown once, only its person's rights, refused when it is over."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lrm import shared_cache
from lrm.api.scopes import GROUPS_READ, GROUPS_WRITE
from lrm.scope import district_scope
from lrm.shared_cache import SharedCache
from profiles.forms.api_tokens import MOST
from profiles.models import AccessLog, Account, ApiToken, District, Enrollment, PolicyRule
from profiles.policy_values import Line
from profiles.services import bulk_exports, policy_rules
from profiles.services.api_tokens import make_token
from profiles.services.policy_rules import RuleRefused
from tests.asking import Program, problem_of
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    make_account,
    make_district_admin,
    make_learners,
    make_school_admin,
    make_section,
    make_system,
    make_teacher,
)
from tests.factories.profiles import make_token as make_one
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code
from tests.processes import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    return make_section(title="5 Maple Mathematics")


@pytest.fixture
def teacher(section):
    return make_teacher(section.roster)


@pytest.fixture
def group(section):
    return make_group(section, make_standard(make_framework(section.district)), [])


def people_read_of(n, district):
    """Fewer than the line can say, so that few learners are enough."""
    with district_scope(district.pk):
        begun(make_rule(Line.API_READS, 50, district=district), n)


def begun(rule, n):
    """It begins today, and says so many."""
    PolicyRule._base_manager.filter(pk=rule.pk).update(starts_on=timezone.localdate(), value=n)
    policy_rules._tell(rule.district)


def page_of(client, **typed):
    return client.post(reverse("api_tokens"), {"name": "Gradebook", "scopes": [GROUPS_READ], "days": "30", **typed})


def test_token_is_shown_once_and_only_its_hash_is_kept(client, section, teacher):
    client.force_login(teacher)
    page = page_of(with_fresh_code(client))
    secret = re.search(r'value="(lrm_[^"]+)"', page.content.decode())[1]
    token = ApiToken._base_manager.get()

    assert (token.name, token.scopes, token.last_used_on) == ("Gradebook", [GROUPS_READ], None)
    assert token.expires_on == timezone.localdate() + timedelta(days=30)
    assert not any(secret in str(value) for value in vars(token).values())
    again = client.get(reverse("api_tokens")).content.decode()
    assert ("Gradebook" in again, "lrm_" in again) == (True, False)
    answer = client.get(reverse("api_sections"), headers={"authorization": f"Bearer {secret}"})
    assert [row["title"] for row in answer.json()["results"]] == ["5 Maple Mathematics"]
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


def test_token_is_made_a_quarter_of_an_hour_after_a_second_step_and_revoked_at_any_time(client, teacher):
    page, standing = reverse("api_tokens"), Program(teacher).token
    client.force_login(teacher)
    first = client.get(page)
    way = f"{reverse('mfa_activate_totp')}?next=%2F"
    assert f'href="{reverse("mfa_activate_totp")}?{urlencode({"next": page})}"' in first.text
    assert "Make the token" not in first.text, "nobody types it in vain"
    assert page_of(client)["Location"].startswith(way)
    assert page_of(with_fresh_code(client, minutes=0))["Location"].startswith(way), "it was too long ago"
    assert ApiToken._base_manager.get() == standing
    assert client.post(reverse("api_token_revoke", args=[standing.pk])).status_code == 302
    assert ApiToken._base_manager.get().revoked_at

    assert "Make the token" in with_fresh_code(client).get(page).text
    assert page_of(client).context["made"]


def test_in_the_demo_a_token_is_made_without_a_second_step(client, teacher):
    District.objects.filter(pk=teacher.district_id).update(is_demo=True)
    client.force_login(teacher)
    assert page_of(client).context["made"]


def test_form_is_refused_without_a_name_or_a_scope_and_with_a_name_that_works_already(client, teacher):
    client.force_login(teacher)
    page_of(with_fresh_code(client))
    refused = [page_of(client, name=" "), page_of(client, name="Other", scopes=[]), page_of(client, name="gradebook")]
    refused += [page_of(client, name="Other", days="4000"), page_of(client, name="Other", scopes=["everything"])]
    assert [page.status_code for page in refused] == [422] * len(refused)
    assert ApiToken._base_manager.count() == 1
    for _ in range(MOST - 1):
        make_one(teacher)
    assert page_of(client, name="Other").status_code == 422


def test_making_a_token_without_a_scope_that_exists_raises(teacher):
    for scopes in ([], ["everything"]):
        with pytest.raises(ValueError, match="scopes that exist"):
            make_token(account=teacher, name="x", scopes=scopes, expires_on=timezone.localdate())


def test_revoking_ends_a_token_and_twice_equals_once(client, teacher):
    program = Program(teacher)
    client.force_login(teacher)
    for _ in range(2):
        assert client.post(reverse("api_token_revoke", args=[program.token.pk])).status_code == 302
    assert problem_of(program.get("api_sections")) == (401, "unauthorized")
    assert program.get("api_schema").status_code == 401, "its program has to hear that it is over, wherever it asks"


def test_token_works_on_its_last_day_and_not_on_the_next(teacher):
    program = Program(teacher, days=2)
    today = timezone.now()
    with time_machine.travel(today + timedelta(days=2), tick=False):
        assert program.get("api_sections").status_code == 200
    with time_machine.travel(today + timedelta(days=3), tick=False):
        assert problem_of(program.get("api_sections")) == (401, "unauthorized")


def test_token_of_a_closed_account_opens_nothing(teacher):
    program = Program(teacher)
    Account.objects.filter(pk=teacher.pk).update(is_active=False)
    assert problem_of(program.get("api_sections")) == (401, "unauthorized")


@pytest.mark.parametrize("secret", ["", "lrm_", "lrm_unknown", "x" * 5000, "lrm_\u00e9"])
def test_what_is_no_token_is_refused_as_json(client, section, secret):
    answer = client.get(reverse("api_sections"), headers={"authorization": f"Bearer {secret}"})
    assert problem_of(answer) == (401, "unauthorized")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_token_has_the_rights_of_its_person_and_loses_them_with_them(section, teacher, group):
    elsewhere, other_district = make_teacher(), make_account()
    program = Program(teacher)
    assert program.get("api_group", group.pk).status_code == 200
    for stranger in (Program(elsewhere), Program(other_district)):
        assert problem_of(stranger.get("api_group", group.pk)) == (404, "not_found")
        assert problem_of(stranger.post("api_group_close", group.pk)) == (404, "not_found")
    Enrollment._base_manager.filter(account=teacher).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert problem_of(program.get("api_group", group.pk)) == (404, "not_found")


def test_scope_to_read_closes_nothing_and_scope_to_write_reads_too(teacher, group):
    reader, writer = Program(teacher, GROUPS_READ), Program(teacher, GROUPS_WRITE)
    refused = reader.post("api_group_close", group.pk)
    assert (*problem_of(refused), refused.json()["scope"]) == (403, "missing_scope", GROUPS_WRITE)
    assert reader.get("api_group", group.pk).json()["closed_at"] is None
    assert writer.post("api_group_close", group.pk).status_code == 200
    assert writer.get("api_group", group.pk).json()["closed_at"] is not None


def test_token_opens_no_page_and_leaves_a_session_alone(client, teacher):
    program = Program(teacher)
    assert program.follow(reverse("today")).status_code == 302
    client.force_login(make_account())
    answer = client.get(reverse("api_sections"), headers={"authorization": f"Bearer {program.secret}"})
    assert len(answer.json()["results"]) == 1, "the token's person, not the one of the session"


def test_session_writes_only_with_a_csrf_token(teacher, group):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher)
    assert browser.get(reverse("api_group", args=[group.pk])).status_code == 200
    assert problem_of(browser.post(reverse("api_group_close", args=[group.pk])))[0] == 403


def test_token_that_asks_too_often_waits_and_others_do_not(teacher):
    busy, other = Program(teacher), Program(teacher)
    ApiToken._base_manager.filter(pk=busy.token.pk).update(per_minute=2)
    answers = [busy.get("api_sections") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert problem_of(answers[-1]) == (429, "throttled")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"token";q=2;w=60'}
    assert [answer["RateLimit"].partition(";t=")[0] for answer in answers] == [
        '"token";r=1',
        '"token";r=0',
        '"token";r=0',
    ]
    assert other.get("api_sections").status_code == 200


def test_token_reads_of_so_many_learners_a_day_then_no_others_and_administrators_are_told_once(teacher, section):
    one, two, three = make_learners(section.roster, ["Ana", "Ben", "Cleo"], family_name="Ruiz")
    office = make_district_admin(section.district)
    program = Program(teacher)
    people_read_of(2, section.district)
    for learner in (one, two, one):
        assert program.get("api_learner", learner.pk).status_code == 200

    refused = program.get("api_learner", three.pk)

    assert problem_of(refused) == (429, "too_many_learners")
    assert "2 different students a day" in refused.json()["detail"]
    assert "Cleo" not in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= 24 * 3600 + 3600
    assert problem_of(program.get("api_learners")) == (429, "too_many_learners")
    assert program.get("api_learner", two.pk).status_code == 200, "who was read today stays open"
    assert program.get("api_sections").status_code == 200
    looks = AccessLog._base_manager.filter(account=teacher)
    assert sorted(looks.values_list("learner_ids", flat=True)) == [[one.pk], [one.pk], [two.pk], [two.pk]]
    assert bulk_exports.tell() == 1
    assert [message.to for message in mail.outbox] == [[office.email]]
    assert "students read by a program, which has reached its limit for the day" in mail.outbox[0].body
    another = Program(teacher)
    assert problem_of(another.get("api_learner", three.pk)) == (429, "too_many_learners"), "it is the same person"
    assert another.get("api_learner", one.pk).status_code == 200
    browser = Client()
    browser.force_login(teacher)
    assert problem_of(browser.get(reverse("api_learners"))) == (429, "too_many_learners"), "a session of the API, too"
    assert browser.get(reverse("learner", args=[three.pk])).status_code == 200, "pages are for reading"
    assert Program(office).get("api_learner", three.pk).status_code == 200, "another person's counts for itself"


def test_limit_of_people_is_a_line_of_the_policy_from_its_day_on_and_the_page_says_how_much_is_used(teacher, section):
    learners = make_learners(section.roster, ["Ana", "Ben", "Cleo"], family_name="Ruiz")
    program = Program(teacher)
    browser = Client()
    browser.force_login(teacher)
    page = lambda: " ".join(browser.get(reverse("api_tokens")).text.split())
    assert (
        "may read of 2,000 different students a day, by the policy of your district; today they have read of 0."
        in page()
    )
    with district_scope(section.district_id):
        tomorrow = timezone.localdate() + timedelta(days=1)
        rule = make_rule(Line.API_READS, 50, district=section.district, starts_on=tomorrow)
    assert program.get("api_learners").status_code == 200
    assert (
        "may read of 2,000 different students a day, by the policy of your district; today they have read of 3."
        in page()
    )
    begun(rule, 2)
    assert "may read of 2 different students a day" in page()
    assert program.get("api_learner", learners[2].pk).status_code == 200, "who was read today stays open"
    [new] = make_learners(section.roster, ["Dan"], family_name="Ruiz")
    assert problem_of(program.get("api_learner", new.pk)) == (429, "too_many_learners")
    secret = make_system(make_district_admin(section.district), section.roster.school)
    answer = Client().get(reverse("api_learners"), headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, "systems have what was declared for them"


def test_limit_of_people_is_written_by_the_district_alone(section, as_account):
    url = reverse("policy_line", args=["api_reads"])
    office, principal = (
        as_account(make_district_admin(section.district)),
        as_account(make_school_admin(section.roster.school)),
    )
    Program(make_teacher(section.roster))
    Program(make_teacher(make_section(title="In another district").roster))
    typed = {"learners": "500", "starts_on": timezone.localdate().isoformat(), "why": "Small school."}
    assert "1 person has access tokens that work, and may read of 500" in office.get(url, typed | {"look": "1"}).text
    for wrong in ("49", "20001", "many", ""):
        assert office.post(url, typed | {"learners": wrong}).status_code == 422
    assert office.post(url, typed | {"school": section.roster.school.pk}).status_code == 422
    assert "The district’s administrators write this one" in principal.post(url, typed).text
    assert not PolicyRule._base_manager.exists()
    assert office.post(url, typed).status_code == 302
    assert "Of 500 different students a day" in principal.get(reverse("policy_today")).text
    with district_scope(section.district_id), pytest.raises(RuleRefused, match="value"):
        make_rule(Line.API_READS, 500, school=section.roster.school)


def test_whoever_has_read_of_enough_is_sent_past_midnight_where_the_clock_is_set_back_tonight(section):
    District.objects.filter(pk=section.district.pk).update(time_zone="America/New_York")
    learner = make_learners(section.roster, ["Ana"], family_name="Ruiz")[0]
    program = Program(make_district_admin(section.district), days=900)
    people_read_of(0, section.district)
    with time_machine.travel("2027-11-07T04:00:00.250Z", tick=False):  # midnight there; at two it is one again
        assert program.get("api_learner", learner.pk)["Retry-After"] == str(25 * 3600)


def test_of_requests_at_the_same_moment_no_more_learners_come_through(private_redis, monkeypatch):
    monkeypatch.setattr(shared_cache, "_silent_until", 0.0)
    processes = [SharedCache(private_redis.url, {"KEY_PREFIX": "x"}) for _ in range(4)]
    start, given = Barrier(4), []

    def ask(number):
        start.wait()
        for first in range(number, 40, 4):
            given.append(processes[number].admit("read", [first, first + 1000], most=21, timeout=60))

    threads = [Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(given), sum(given)) == (40, 10), "ten pairs; half a pair is none"


def test_shared_cache_counts_by_itself_while_redis_hangs_or_is_gone(private_redis, monkeypatch):
    monkeypatch.setattr(shared_cache, "_silent_until", 0.0)
    monkeypatch.setattr(shared_cache, "ASK_SECONDS", 0.2)
    one, other = (SharedCache(private_redis.url, {"KEY_PREFIX": "x"}) for _ in range(2))

    def share() -> bool:
        monkeypatch.setattr(shared_cache, "_silent_until", 0.0)
        one.set("together", [1], 60)
        return other.get("together") == [1]

    wait_for(share, "a call to Redis that is answered in time")
    private_redis.freeze()
    assert one.get("asked") is None
    one.set("asked", [2], 60)
    assert one.get("asked") == [2]
    assert [one.admit("read", ids, most=2, timeout=60) for ids in ([1, 2], [2], [3])] == [True, True, False]
    monkeypatch.setattr(shared_cache, "_silent_until", 0.0)  # the pause is over, and Redis gone
    private_redis.stop()
    assert one.get("asked") == [2]


def test_asking_costs_one_statement_for_the_token_and_one_more_on_its_first_use_of_a_day(teacher):
    program = Program(teacher)
    with assert_statements(exactly=4):  # token, its day, rights, sections
        program.get("api_sections")
    with assert_statements(exactly=3):
        program.get("api_sections")
