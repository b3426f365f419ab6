"""A real provider, one for all of these tests, and a class whose district signs in with it."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from lrm.scope import district_scope
from profiles.models import SingleSignOn
from tests.factories.profiles import (
    make_provider,
    make_roster,
    make_teacher,
)
from tests.oidc_provider import OidcProvider


@pytest.fixture(scope="session")
def provider(tmp_path_factory) -> Iterator[OidcProvider]:
    found = OidcProvider(tmp_path_factory.mktemp("provider") / "log").start()
    yield found
    found.stop()


@pytest.fixture(autouse=True)
def _nobody_rests():
    cache.clear()


@pytest.fixture
def roster():
    roster = make_roster()
    with district_scope(roster.district_id):
        yield roster


@pytest.fixture
def sso(roster, provider) -> SingleSignOn:
    return make_provider(roster.district, issuer=provider.issuer)


@pytest.fixture
def rosa(roster):
    return make_teacher(roster, email="rosa@example.org", key="T-1", given_name="Rosa")
