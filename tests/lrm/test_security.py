"""Cookies, headers and passwords, as a browser gets them."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories.profiles import make_teacher
from tests.lrm.matrix_expectations import EXPECTATIONS
from tests.lrm.matrix_rows import POST
from tests.lrm.matrix_scene import Scene
from tests.lrm.matrix_walk import Case, Walker, route_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix"), pytest.mark.timeout(1200)]


def test_new_passwords_are_hashed_with_argon2():
    assert identify_hasher(make_password("a long enough password")).algorithm == "argon2"


def test_an_older_hash_still_opens_and_is_renewed_with_argon2():
    renewed = []
    old = make_password("a long enough password", hasher="pbkdf2_sha256")
    assert check_password("a long enough password", old, setter=renewed.append)
    assert renewed == ["a long enough password"]


@pytest.mark.parametrize("password", ["too short", "password123", "1234567890", "ana.ruiz@example"])
def test_passwords_that_are_easy_to_guess_are_refused(password: str):
    with pytest.raises(ValidationError):
        validate_password(password, make_teacher(email="ana.ruiz@example.org"))


def test_connections_are_encrypted_wherever_it_is_no_laptop():
    asked = "import lrm.settings as s; print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    given = {"SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "lrm.example.org", "DATABASE_URL": "postgresql://lrm@db/lrm"}
    said = subprocess.run(
        [sys.executable, "-c", asked], env=given, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "True", "31536000"]


def test_session_and_csrf_cookies_are_closed_to_scripts_and_other_sites():
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert (settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE) == (True, "Lax")
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE is True


def test_a_session_cookie_ends_with_the_browser(client):
    client.force_login(make_teacher())
    session = client.session
    assert session.get_expire_at_browser_close() is True


def test_answers_to_the_signed_in_are_not_stored(client):
    client.force_login(make_teacher())
    assert client.get("/readyz")["Cache-Control"] == "no-store, private"


def test_answers_refuse_frames_and_guessed_types(client):
    answer = client.get("/livez")
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert (answer["Referrer-Policy"], answer["Cross-Origin-Opener-Policy"]) == ("same-origin", "same-origin")


@pytest.mark.parametrize("key", [key for key, row in EXPECTATIONS.items() if row.verbs.get(POST, {}).get("own")])
def test_every_post_needs_a_csrf_token(key: str, walker: Walker):
    row = EXPECTATIONS[key]
    persona = min(row.verbs[POST]["own"])
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if (account := walker.scene.people[persona]) is not None:
        strict.force_login(account)
    careful = Walker(Scene(walker.scene.objects, {}))
    careful.clients[persona] = strict
    assert careful.visit(Case(route_of(key), row, persona, "own", POST, "refused")).status == 403
