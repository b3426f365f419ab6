"""Posted words as a signed value that a page can carry, and back."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.utils.crypto import get_random_string

from lrm.http import Request

FIELD = "carried"  # of the sign-in page: what was posted
SENT_FIELD = "still_here"  # of the page that shows the words: which of those that wait is sent
SALT = "lrm.still_here"
MOST_LETTERS = 100_000  # as JSON; the longest form of the site takes a fifth of it
MOST_HOURS = 12  # as long as a session lasts at most
NEVER = {"csrfmiddlewaretoken", FIELD, SENT_FIELD}


@dataclass(frozen=True)
class Carried:
    """id: random, so that it is sent once.    who: digest of the account whose words they are.

    address: path and query that they were posted to.    fields: names and values in their order.
    files: names of files, which cannot be carried.
    """

    id: str
    who: str
    address: str
    fields: list[tuple[str, str]]
    files: list[str]


class TooLong(Exception):
    """More was posted than a page can carry along."""


def gather(request: Request, *, who: str) -> Carried:
    """What this request posted. No token and no password. Raises TooLong."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER and "password" not in name.lower()
        for value in values
    ]
    files = [str(file.name) for _name, found in request.FILES.lists() for file in found]
    carried = Carried(get_random_string(12), who, request.get_full_path(), fields, files)
    if len(json.dumps(asdict(carried))) > MOST_LETTERS:
        raise TooLong
    return carried


def pack(carried: Carried) -> str:
    return signing.dumps(asdict(carried), salt=SALT, compress=True)


def unpack(value: str) -> Carried:
    """Raises signing.BadSignature: changed on the way, or older than MOST_HOURS."""
    return restore(signing.loads(value, salt=SALT, max_age=MOST_HOURS * 3600))


def restore(found: dict[str, Any]) -> Carried:
    return Carried(**found | {"fields": [(name, text) for name, text in found["fields"]]})
