"""The request as views see it: behind the middleware, whose policy has let the account in."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from lrm.still_here.asking import Asked


class Request(HttpRequest):
    """For annotations only. A view whose policy is not public always has an Account as `user`.

    nav: name of the route that the navigation marks as the current one.    looked_at: see lrm/looked.py.
    upload_trouble: why a file was left out (lrm/uploads.py); not there where none was.
    carried, sent_again: words whose session had ended; see lrm/still_here.
    unread_talks: of the pages of conversations, for the count in the navigation.
    """

    user: Any
    resolver_match: Any  # never None here
    htmx: "HtmxDetails"
    nav: str
    unread_talks: int
    looked_at: set[int]
    upload_trouble: str
    carried: "Asked | None"
    sent_again: str
