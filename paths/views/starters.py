"""The district's own beginnings of sentences, in place of those that LRM brings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lrm.form_fields import typed
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, allow
from paths.models import StarterSet
from paths.services.starters import Key, StartersChanged, default_lines, save_starters, sets_of_district

LONGEST = 2000


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "POST"])
def starters(request: Request) -> HttpResponse:
    """One field for each age band and part of a goal. What another window saved first stands beside what was typed."""
    if request.method == "GET":
        return _show(request, {}, [])
    lines = {key: typed(request.POST, _name(key)) for key in _keys() if _name(key) in request.POST}
    seen = {key: typed(request.POST, f"seen-{_name(key)}") for key in lines}
    if any(len(text) > LONGEST for text in lines.values()):
        messages.error(request, _("Nothing was saved. One field holds at most 2000 letters."))
        return _show(request, lines, [], status=422)
    try:
        changed = save_starters(lines=lines, seen=seen, by=request.user, now=timezone.now())
    except StartersChanged as refused:
        return _show(request, lines, refused.keys, status=409)
    text = ngettext("Saved. %(n)d list has changed.", "Saved. %(n)d lists have changed.", changed) % {"n": changed}
    messages.info(request, text if changed else _("Nothing has changed."))
    return redirect("starters")


def _keys() -> list[Key]:
    return [(band.value, part.value) for band in StarterSet.Band for part in StarterSet.Part]


def _name(key: Key) -> str:
    return "-".join(key)


def _show(request: Request, lines: dict[Key, str], changed: list[Key], *, status: int = 200) -> HttpResponse:
    own = sets_of_district()
    bands = []
    for band in StarterSet.Band:
        fields = []
        for part in StarterSet.Part:
            key = (band.value, part.value)
            stands = own[key].lines if key in own else "\n".join(default_lines(*key))
            fields.append(
                {
                    "name": _name(key),
                    "label": part.label,
                    "text": lines.get(key, stands),
                    "stands": stands,
                    "is_own": key in own,
                    "row": own.get(key),
                    "was_changed": key in changed,
                }
            )
        bands.append({"label": band.label, "fields": fields})
    context = {"bands": bands, "changed": changed, "longest": LONGEST}
    request.nav = "policy"
    return render(request, "paths/starters.html", context, status=status)
