"""What happens whenever somebody has signed in by a way that allauth opens."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from profiles.middleware import LEARNER_QUIET_MINUTES, end_when_quiet
from profiles.models import Account
from profiles.second_step import ask_after_sign_in
from profiles.services import signed_in as signed_in_at
from profiles.services.invitations import came_in


def signed_in(request: HttpRequest, account: Account) -> None:
    """Called with the new session. Not where the demo is entered, nor for a class code or a badge."""
    if account.kind == Account.Kind.LEARNER:
        end_when_quiet(request, minutes=LEARNER_QUIET_MINUTES)
    if account.kind == Account.Kind.STAFF:
        came_in(account)
    if account.kind != Account.Kind.LEARNER:
        ask_after_sign_in(request, account)
        if not request.session.session_key:  # a session that was emptied for somebody new has no key yet
            request.session.save()
        signed_in_at.note(
            account,
            session_key=request.session.session_key or "",
            user_agent=request.headers.get("User-Agent", "")[:500],
            address=get_adapter().get_client_ip(request),
        )
