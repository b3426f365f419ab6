"""A folder of files of the test's own, and the form as a learner sends it."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from paths.forms.work import sign_ticket


@pytest.fixture(autouse=True)
def folder(tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def hand_in(classroom, as_account):
    """Send the form as the learner; hand_in(text=..., file=...)."""

    def send(account=None, *, ticket=None, headers=None, learner=None, **fields):
        account = account or classroom.account
        values = {"ticket": ticket or sign_ticket(uuid4(), account), "do": "hand_in", **fields}
        url = reverse("hand_in", args=[(learner or classroom.learner).pk])
        return as_account(account).post(url, values, headers=headers or {})

    return send
