"""Words that wait in the session of whoever wrote them until they are sent or put aside."""

from dataclasses import asdict

from django.contrib.messages import ERROR, get_messages
from django.core.cache import caches
from django.http import HttpResponse

from lrm.http import Request
from lrm.still_here.carrying import Carried, restore

KEY = "still_here"
MOST_WAITING = 10
CLAIM_SECONDS = 12 * 3600
# With these answers the words came in, or stand in the form that came back. After any other they go on waiting.
ARRIVED = {200, 201, 204, 301, 302, 303, 422}


def waiting(request: Request) -> list[Carried]:
    """Oldest first."""
    return [restore(found) for found in request.session.get(KEY, [])]


def find(request: Request, id: str) -> Carried | None:
    return next((each for each in waiting(request) if each.id == id), None)


def put(request: Request, carried: Carried) -> None:
    """Let them wait; those that wait or were sent already are not put twice."""
    others = waiting(request)
    if carried.id not in {each.id for each in others} and caches["shared"].get(_claim(carried.id)) is None:
        _store(request, [*others, carried][-MOST_WAITING:])


def drop(request: Request, id: str) -> None:
    _store(request, [each for each in waiting(request) if each.id != id])


def claim(id: str) -> bool:
    """False where they are being sent, or were: the second of two clicks."""
    return caches["shared"].add(_claim(id), 1, CLAIM_SECONDS)


def settle(request: Request, response: HttpResponse, id: str) -> None:
    """After the page that they were going to has answered."""
    if response.status_code in ARRIVED and not _was_refused(request):
        drop(request, id)
    else:
        caches["shared"].delete(_claim(id))


def _was_refused(request: Request) -> bool:
    """Some views answer with the page that they came from, and say there why nothing was kept."""
    queued = getattr(get_messages(request), "_queued_messages", ())  # reading them aloud would use them up
    return any(message.level >= ERROR for message in queued)


def _claim(id: str) -> str:
    return f"still_here:{id}"


def _store(request: Request, found: list[Carried]) -> None:
    if found:
        request.session[KEY] = [asdict(each) for each in found]
    else:
        request.session.pop(KEY, None)
