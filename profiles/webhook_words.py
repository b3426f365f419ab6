"""Why a message was not taken, in words for its page; `said` of a delivery holds what is the same in every language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.models import WebhookDelivery

SAID = {
    "nobody there": gettext_lazy("nobody answers there"),
    "not reached": gettext_lazy("it could not be reached"),
    "no answer in time": gettext_lazy("no answer in time"),
    "no answer that can be read": gettext_lazy("the answer could not be read"),
    "no valid certificate": gettext_lazy("its certificate is not valid"),
    "address: unknown": gettext_lazy("nobody knows the address"),
    "address: private": gettext_lazy("the address leads into a private network now"),
    "no key to sign with": gettext_lazy("its secret cannot be read any more: choose “Make a new secret”"),
}


def say_failure(row: WebhookDelivery) -> str:
    """ "" where the message was taken, or has not been tried."""
    if row.said and row.status is not None:
        return _("answered %(status)s") % {"status": row.status}
    return str(SAID.get(row.said, row.said))
