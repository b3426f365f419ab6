"""What is said to whoever builds on what somebody else has changed since."""

from django.contrib import messages
from django.utils.translation import gettext as _

from lrm.http import Request


def changed_meanwhile(request: Request) -> None:
    messages.error(
        request, _("Changed meanwhile: somebody else was here first. Nothing was done; this is how it stands now.")
    )
