"""What somebody reads who wanted in with the district's own sign-in and was not let in. Each page has another way."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from profiles.models import SingleSignOn
from profiles.services.single_sign_on import Why


class Failure(StrEnum):
    """Why the sign-in did not come to an end; who it was is not known then."""

    DOWN = "down"
    CANCELLED = "cancelled"
    LOST = "lost"
    """The way back does not belong to a sign-in that began in this browser in the last ten minutes, or came twice."""
    REFUSED = "refused"
    TOKEN = "token"  # noqa: S105  a reason, not a secret


def not_let_in(request: HttpRequest, row: SingleSignOn, why: Why) -> HttpResponse:
    """The provider knows them; here nobody is found, or not for sure."""
    return _page(request, row, _said_of_person(row, why), status=403)


def failed(request: HttpRequest, row: SingleSignOn, why: Failure) -> HttpResponse:
    return _page(request, row, _said_of_failure(row, why), status=422)


def _page(request: HttpRequest, row: SingleSignOn, said: str, *, status: int) -> HttpResponse:
    return render(request, "profiles/provider_refused.html", {"provider": row, "said": said}, status=status)


def _said_of_failure(row: SingleSignOn, why: Failure) -> str:
    name = {"name": row.name}
    return {
        Failure.DOWN: _("%(name)s does not answer just now. Try again in a minute, or sign in another way."),
        Failure.CANCELLED: _("You left %(name)s before signing in. Nothing has happened."),
        Failure.LOST: _("This sign-in took longer than ten minutes, or it was begun in another window. Begin anew."),
        Failure.REFUSED: _("%(name)s did not let LRM go on. Begin anew; if it stays so, tell your school’s office."),
        Failure.TOKEN: _(
            "What %(name)s answered does not fit this sign-in. Begin anew; if it stays so, tell your school’s office."
        ),
    }[why] % name


def _said_of_person(row: SingleSignOn, why: Why) -> str:
    words = {"name": row.name, "district": row.district.name, "claim": row.id_claim}
    return {
        Why.UNKNOWN: _(
            "%(name)s knows you, but nobody here at %(district)s is you. Ask your school’s office to add you."
        ),
        Why.UNVERIFIED: _(
            "%(name)s has not checked that your e-mail address is yours. Ask your school’s office what to do."
        ),
        Why.NO_EMAIL: _("%(name)s did not tell your e-mail address, so LRM cannot find you. Ask your school’s office."),
        Why.NO_ID: _("%(name)s did not tell your ID (“%(claim)s”), so LRM cannot find you. Ask your school’s office."),
        Why.TWO: _(
            "What %(name)s says fits two people here, so LRM cannot know which one you are. Ask your school’s office."
        ),
        Why.TAKEN: _("Somebody else at %(name)s signs in with your account here. Ask your school’s office to free it."),
        Why.NOT_FOR: _("%(district)s has not opened %(name)s for you. Sign in another way."),
        Why.ENDED: _("Your account here has ended. Ask your school’s office if it should be open."),
    }[why] % words
