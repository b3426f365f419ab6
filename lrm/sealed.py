"""Secrets that LRM has to use again, so that no hash will do: sealed in the database, by a key made from SECRET_KEY.

A copy of the database alone opens none of them. SECRET_KEY_FALLBACKS open what older keys have sealed, until
`manage.py reseal` has sealed it anew.
"""

import base64
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

MARK = "sealed:"
"""In front of what is sealed, so that it and what is not are never taken for each other."""


class SealBroken(ValueError):
    """None of the site's keys opens this: it was sealed under a SECRET_KEY that is gone, or it is no seal at all."""


def seal(text: str) -> str:
    """What unseal() opens again; another text each time. About 1.4 times as long, and 110 characters more."""
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SealBroken."""
    return _opened(_keys().decrypt, sealed).decode()


def reseal(sealed: str) -> str:
    """The same secret under the key of today. Raises SealBroken."""
    return MARK + _opened(_keys().rotate, sealed).decode()


def is_sealed(text: str) -> bool:
    return text.startswith(MARK)


class SealedField(models.TextField):
    """A column of seals: holds what seal() gave, or "", and refuses a secret that somebody forgot to seal."""

    def get_prep_value(self, value: Any) -> Any:
        if value and not is_sealed(value):
            raise ValueError(f"{self.model.__name__}.{self.name} takes what lrm.sealed.seal gives, and nothing bare.")
        return super().get_prep_value(value)


def _opened(act: Any, sealed: str) -> bytes:
    from cryptography.fernet import InvalidToken  # megabytes that most web processes never need

    if not is_sealed(sealed):
        raise SealBroken("not sealed")
    try:
        return act(sealed.removeprefix(MARK).encode())
    except InvalidToken:
        raise SealBroken("sealed under another key") from None


def _keys() -> Any:
    return _keys_of(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _keys_of(*secrets: str) -> Any:
    from cryptography.fernet import Fernet, MultiFernet

    # SECRET_KEY is made by chance and long (lrm/settings.py), so a plain derivation is enough.
    keys = [salted_hmac("lrm.sealed", "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
