"""Changing SECRET_KEY: the old one opens until `manage.py reseal`; then it may go, and nothing was lost."""

import importlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from lrm.scope import district_scope
from lrm.sealed import SealBroken, is_sealed, unseal
from profiles.models import Webhook
from profiles.second_step import _fernet
from profiles.services import webhooks
from tests.factories.profiles import make_district_admin, make_teacher

pytestmark = pytest.mark.django_db
OLD, NEW = "o" * 50, "n" * 50


@pytest.fixture
def admin(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    made = make_district_admin(make_teacher().district)
    with district_scope(made.district_id):
        yield made


def make_hook(admin, name="Warehouse"):
    return webhooks.make_webhook(name=name, address="https://example.org/", events=["group.closed"], by=admin)


def test_after_resealing_the_key_of_before_may_go(admin, settings, capsys):
    hook, secret = make_hook(admin)
    newer = webhooks.turn_secret(webhook=hook, by=admin)
    step = Authenticator.objects.create(user=admin, type="totp", data={"secret": encrypt("TOTP"), "kept": 1})
    codes = {"seed": _fernet().encrypt(b"seed").decode(), "used_mask": 0}  # as before there were seals
    codes = Authenticator.objects.create(user=admin, type="recovery_codes", data=codes)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    hook.refresh_from_db()
    assert (unseal(hook.secret), unseal(hook.old_secret)) == (newer, secret), "opened meanwhile"
    call_command("reseal")
    assert capsys.readouterr().out.endswith("3 sealed anew.\n")
    settings.SECRET_KEY_FALLBACKS = []
    hook.refresh_from_db()
    step.refresh_from_db()
    codes.refresh_from_db()
    assert (unseal(hook.secret), unseal(hook.old_secret)) == (newer, secret)
    assert (decrypt(step.data["secret"]), decrypt(codes.data["seed"])) == ("TOTP", "seed")
    assert (step.data["kept"], codes.data["used_mask"]) == (1, 0)


def test_what_no_key_opens_is_named_and_left_and_the_rest_is_done(admin, settings):
    lost, _ = make_hook(admin, "Lost")
    settings.SECRET_KEY = NEW
    kept, secret = make_hook(admin, "Kept")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "m" * 50, [NEW]
    with pytest.raises(CommandError, match=rf"1 can be opened by no key .*profiles.Webhook {lost.pk}\."):
        call_command("reseal")
    settings.SECRET_KEY_FALLBACKS = []
    standing = dict(Webhook.objects.values_list("pk", "secret"))
    assert (standing[lost.pk], unseal(standing[kept.pk])) == (lost.secret, secret)
    with pytest.raises(SealBroken):
        unseal(lost.secret)


def test_migration_seals_what_stood_in_the_clear_and_takes_it_back(admin):
    hook, _ = make_hook(admin)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE profiles_webhook SET secret = 'whsec_b2xk' WHERE id = %s", [hook.pk])
    migration = importlib.import_module("profiles.migrations.0017_seal_webhook_secrets")
    with connection.schema_editor() as editor:
        migration.seal_what_stands(apps, editor)
        hook.refresh_from_db()
        assert (is_sealed(hook.secret), unseal(hook.secret), hook.old_secret) == (True, "whsec_b2xk", "")
        migration.seal_what_stands(apps, editor)
        migration.open_again(apps, editor)
    hook.refresh_from_db()
    assert (hook.secret, hook.old_secret) == ("whsec_b2xk", "")


def test_old_encryption_of_second_steps_is_no_seal():
    assert not is_sealed(Fernet(Fernet.generate_key()).encrypt(b"x").decode())
