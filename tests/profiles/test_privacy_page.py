"""The privacy page is read by anybody: before signing in too, whether the site holds no district, one or several."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories.profiles import make_district

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("districts", [0, 1, 2])
def test_anybody_reads_what_is_kept_and_for_how_long(client, districts):
    for _number in range(districts):
        make_district()
    page = client.get(reverse("privacy"))
    assert page.status_code == 200
    assert "1096" in page.content.decode()


QUESTIONS = {
    "which data": "Kinds of records",
    "how it is collected": "student information system",
    "whose it is": "belongs to the student and the district",
    "deleting": "can be erased whole",
    "what stays": "scores and levels under a key without a name",
    "objecting": "Families can object, and the school for them",
    "how long": "Days after leaving",
    "how it is protected": "Connections are encrypted",
    "encryption": "Whether disks and backups are encrypted",
    "passwords": "have to be hard to guess",
    "second step": "second step",
    "cookies": "Cookies",
    "third parties": "nobody else gets anything",
    "opting out": "nothing to opt out of",
    "what third parties promise": "what they have promised",
    "advertising": "no advertising",
    "profiles for advertising": "nobody is described for advertising",
    "children": "no child signs up",
    "machines": "does not use a language model",
    "changes of the policy": "When this changes",
    "whom to ask": "how to ask",
}
"""What the TrustEd Apps rubric of 1EdTech asks a privacy policy, in short, and words of the answer."""


def test_the_page_answers_what_the_trusted_apps_rubric_asks(client):
    page = " ".join(client.get(reverse("privacy")).content.decode().split())
    assert [question for question, words in QUESTIONS.items() if words not in page] == []


COOKIES = {
    "lrm/still_here/last_account.py COOKIE": "who was here last",
    "profiles/known_browser.py COOKIE": "this browser has signed in before",
    "profiles/middleware.py COOKIE": "when they last did something",
    "profiles/registered_device.py COOKIE": "a device of the class",
    "profiles/views/accounts.py DISTRICT_COOKIE": "by which district’s door",
    "profiles/views/accounts.py settings.LANGUAGE_COOKIE_NAME": "the language that was chosen",
    "django session": "who is signed in",
    "django csrf": "a form was sent from this page",
    "django messages": "says on the next page what was done",
}
"""Each cookie that the site sets, and the words of the page that tell of it."""


def test_the_page_tells_of_every_cookie_that_the_site_sets(client):
    found = set()
    for app in ("lrm", "profiles", "paths", "assessments", "standards"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for name in re.findall(r"\.set_(?:signed_)?cookie\(\s*([\w.\"]+),", path.read_text()):
                found.add(f"{path.relative_to(settings.BASE_DIR)} {name}")
    assert found == {key for key in COOKIES if not key.startswith("django ")}
    page = " ".join(client.get(reverse("privacy")).content.decode().split())
    assert [cookie for cookie, words in COOKIES.items() if words not in page] == []
