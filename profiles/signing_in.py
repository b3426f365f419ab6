"""What happens whenever a grown-up has signed in, whichever way."""

from django.http import HttpRequest

from profiles.models import Account
from profiles.second_step import ask_after_sign_in
from profiles.services.invitations import came_in


def signed_in(request: HttpRequest, account: Account) -> None:
    """Called with the new session. Not where the demo is entered, nor for students."""
    if account.kind == Account.Kind.STAFF:
        came_in(account)
    if account.kind != Account.Kind.LEARNER:
        ask_after_sign_in(request, account)
