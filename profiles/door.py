"""The sign-in page's side of profiles/services/throttle.py: who is asking, and what is said to who has to wait."""

import math
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from profiles import known_browser
from profiles.services import throttle


def knock(request: HttpRequest, *, door: str, key: str) -> throttle.Attempt:
    """Ask to be let through with one try at this account or class code. Raises throttle.Wait."""
    browser = known_browser.read(request)
    known_browser.keep(request, browser)
    address = get_adapter().get_client_ip(request)
    by = throttle.Guesser(address=address, browser=browser.id, earner=browser.earner(key))
    return throttle.begin(door=door, key=key, by=by, now=timezone.now())


def said(wait: throttle.Wait, words: Callable[[int], str]) -> str:
    """words: makes the sentence for so many minutes, at least one."""
    seconds = (wait.until - timezone.now()).total_seconds()
    return words(max(1, math.ceil(seconds / 60)))
