"""One's own tokens for the API: which there are, a new one, shown once, and taking one back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lrm.api.scopes import said_of
from lrm.http import Request
from lrm.policy import STAFF, allow
from profiles.forms.api_tokens import TokenForm
from profiles.models import ApiToken
from profiles.second_step import ask_again, way_to_fresh
from profiles.services.api_reading import learners_a_day, read_today
from profiles.services.api_tokens import make_token, revoke_token

MOST_OLD = 10


@allow(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def api_tokens(request: Request) -> HttpResponse:
    """The answer to the form shows the new token; no other answer can. It wants a second step of the last minutes."""
    today = timezone.localdate()
    made, secret, status = None, "", 200
    form = TokenForm(request.POST or None, account=request.user, today=today)
    if request.method == "POST":
        if again := ask_again(request):
            return again
        if form.is_valid():
            facts = form.cleaned_data
            made, secret = make_token(
                account=request.user, name=facts["name"], scopes=facts["scopes"], expires_on=form.expires_on()
            )
            form = TokenForm(account=request.user, today=today)
        else:
            status = 422
    tokens = [_drawn(token) for token in ApiToken.objects.visible_to(request.user)]
    standing = [row for row in tokens if row["token"].revoked_at is None and row["token"].expires_on >= today]
    context = {
        "form": form,
        "most": number_format(learners_a_day(request.user.district), force_grouping=True),
        "read": number_format(read_today(request.user), force_grouping=True),
        "way_to_fresh": way_to_fresh(request),
        "made": made,
        "secret": secret,
        "tokens": standing,
        "old": [row for row in tokens if row not in standing][:MOST_OLD],
    }
    return render(request, "profiles/api_tokens.html", context, status=status)


@allow(*STAFF)
@require_POST
def api_token_revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    if revoke_token(token=token):
        messages.success(request, _("“%(name)s” is revoked and opens nothing any more.") % {"name": token.name})
    else:
        messages.info(request, _("It was revoked already."))
    return redirect("api_tokens")


def _drawn(token: ApiToken) -> dict:
    return {"token": token, "may": said_of(token.scopes)}
