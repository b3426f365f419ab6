"""The header Idempotency-Key: a request that is sent again, because its answer got lost, is done once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from lrm.api.errors import KeyReused

HEADER = "Idempotency-Key"
LONGEST = 255
REPLAYED = "Idempotent-Replayed"


def sent_once(act: Callable[..., Response]) -> Callable[..., Response]:
    """For a POST: what it does and the answer that is kept come about together, or neither.

    The same key with the same request gets the answer of the first time, also while that one is still at work; with
    another request it is refused. A refusal is not kept: nothing was changed, so the same key may be tried again.
    """

    @wraps(act)
    def acted(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return act(view, request, *args, **kwargs)
        if not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST):
            raise ValidationError({HEADER: _("1 to 255 printable ASCII characters are meant.")})
        keeper = import_string(settings.ANSWER_KEEPER)
        with transaction.atomic():
            kept = keeper(account=request.user, key=key, digest=_digest(request))
            if kept.digest != _digest(request):
                raise KeyReused(_("This Idempotency-Key was used for another request. Nothing was changed."))
            if kept.status is not None:
                return Response(kept.answer, status=kept.status, headers={REPLAYED: "true"})
            answer = act(view, request, *args, **kwargs)
            if answer.status_code < HTTPStatus.BAD_REQUEST:
                kept.keep(status=answer.status_code, answer=answer.data)
        return answer

    acted.takes_key = True  # type: ignore[attr-defined]  # lrm.api.schema tells the header
    return acted


def _digest(request: Request) -> str:
    """Of what is asked for: verb, address and body, however the JSON is spaced."""
    asked = [request.method, request.get_full_path(), request.data]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
