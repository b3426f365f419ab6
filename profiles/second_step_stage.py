"""The second step among allauth's stages of signing in.

allauth's own stage brings along what passkeys need, eleven megabytes, and nobody has one here.
"""

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.internal.constants import LoginStageKey
from django.http import HttpResponse

from profiles.second_step import elsewhere
from profiles.services.second_step import has_second_step


class SecondStepStage(LoginStage):
    """Between the password, or the district's own sign-in, and being signed in."""

    key = LoginStageKey.MFA_AUTHENTICATE.value
    urlname = "mfa_authenticate"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        account = self.login.user
        if account is None or elsewhere(self.request) is not None or not has_second_step(account):
            return None, True
        return headed_redirect_response(self.urlname), True
