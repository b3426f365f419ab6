"""The second step, where the provider has asked for one and where it has not."""

import pytest
from django.utils import timezone

from profiles import district_provider
from profiles.models import SingleSignOn
from tests.factories.profiles import (
    make_school_admin,
)
from tests.profiles.single_sign_on.asking import account_in, known, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("oidc")]


@pytest.fixture
def ines(roster):
    return make_school_admin(roster.school, email="ines@example.org")


def test_second_step_at_the_provider_counts_only_where_the_district_says_so(sso, provider, ines):
    subject = known(provider, "ines", email="ines@example.org", amr=["pwd", "mfa"])
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/")["Location"] == "/account/second-step/", "ours is asked"
    SingleSignOn.objects.update(counts_second_step=True)
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/").status_code == 200
    known(provider, "ines", email="ines@example.org", amr=["pwd"])
    client, _ = sign_in(sso, provider, subject)
    assert client.get("/staff/")["Location"] == "/account/second-step/"


def test_own_code_is_asked_after_the_provider_unless_its_step_counts(sso, provider, ines, mocker_totp):
    subject = known(provider, "ines", email="ines@example.org", amr=["mfa"])
    client, answer = sign_in(sso, provider, subject)
    assert answer["Location"] == "/sign-in/code/"
    assert account_in(client) is None
    answer = client.post("/sign-in/code/", {"code": mocker_totp})
    assert (answer.status_code, account_in(client)) == (302, str(ines.pk))
    SingleSignOn.objects.update(counts_second_step=True)
    client, answer = sign_in(sso, provider, subject)
    assert account_in(client) == str(ines.pk)


@pytest.fixture
def mocker_totp(ines):
    """Ines has set up an own second step; one of her emergency codes."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(ines, "JBSWY3DPEHPK3PXP")
    return RecoveryCodes.activate(ines).get_unused_codes()[0]


def test_second_step_without_a_time_was_at_no_time():
    assert district_provider.second_step_at({"amr": ["mfa"]}) == 0
    assert district_provider.second_step_at({"amr": ["mfa"], "auth_time": "now"}) == 0
    assert district_provider.second_step_at({"amr": "mfa"}) is None
    future = timezone.now().timestamp() + 3600
    assert district_provider.second_step_at({"amr": ["mfa"], "auth_time": future}) < future


@pytest.mark.parametrize(("minutes", "opens"), [(5, True), (20, False)])
def test_records_of_many_open_when_the_provider_says_that_its_step_was_just_now(sso, provider, ines, minutes, opens):
    SingleSignOn.objects.update(counts_second_step=True)
    at = int(timezone.now().timestamp()) - 60 * minutes
    known(provider, "ines", email="ines@example.org", amr=["mfa"], auth_time=at)
    client, _ = sign_in(sso, provider, "ines")
    assert (client.get("/gradebook/").status_code == 200) is opens
