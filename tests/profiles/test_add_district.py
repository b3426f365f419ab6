"""The first step of a real site."""

import io
import sys
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from profiles.models import Account, AdminRole, District
from tests.factories.profiles import make_account, make_district

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet lanterns"


@pytest.fixture
def add(monkeypatch):
    def run(*words, password=PASSWORD):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        said = io.StringIO()
        names = ["--given-name", "Ana", "--family-name", "Ruiz"]
        call_command("add_district", *words, *names, stdout=said)
        return said.getvalue()

    return run


def test_district_and_its_administrator_are_made(add):
    add("three-rivers", "Three Rivers Schools", "--admin", "ana@example.org", "--time-zone", "America/Chicago")
    district = District.objects.get(key="three-rivers")
    account = Account.objects.get(email="ana@example.org")
    assert (district.name, district.time_zone, district.is_demo) == ("Three Rivers Schools", "America/Chicago", False)
    assert account.roles == {"district_admin"}
    assert account.check_password(PASSWORD)


def test_administrator_begins_on_the_day_of_the_district_and_not_on_that_of_greenwich(add):
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC), tick=False):
        add("three-rivers", "Three Rivers Schools", "--admin", "ana@example.org", "--time-zone", "America/Chicago")
    role = AdminRole._base_manager.get()
    assert role.starts_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "password", "says"),
    [
        (["no key", "X", "--admin", "a@example.org"], PASSWORD, "no key"),
        (["x", "X", "--admin", "nobody"], PASSWORD, "nobody"),
        (["x", "X", "--admin", "a@example.org", "--time-zone", "Moon"], PASSWORD, "Moon is no time zone"),
        (["x", "X", "--admin", "a@example.org"], "short", "too short"),
        (["taken", "X", "--admin", "a@example.org"], PASSWORD, "the key taken already"),
        (["x", "X", "--admin", "TAKEN@example.org"], PASSWORD, "belongs to an account"),
    ],
)
def test_nonsense_makes_nothing(add, words, password, says):
    make_account(make_district(key="taken"), email="taken@example.org")
    with pytest.raises(CommandError, match=says):
        add(*words, password=password)
    assert District.objects.count() == 1
    assert Account.objects.count() == 1


def test_real_district_beside_the_demo_is_refused(add):
    make_district(is_demo=True)
    with pytest.raises(CommandError, match="demo --remove"):
        add("x", "X", "--admin", "a@example.org")
