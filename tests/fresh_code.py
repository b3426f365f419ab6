"""For pages that want a second step of the last minutes, in tests of something else."""

import time

from django.test import Client

MINUTES = 15


def with_fresh_code(client: Client, *, minutes: int = MINUTES) -> Client:
    """As if the account that is signed in had just typed the code of its phone. It lasts for so many minutes."""
    session = client.session
    at = time.time() + 60 * (minutes - MINUTES)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": at}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
