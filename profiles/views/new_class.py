"""One class made by hand, and taken away again while nobody has used it."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lrm.http import Request
from lrm.policy import ADMINS, allow
from profiles.forms.new_class import NewClassForm
from profiles.forms.rosters import RELOAD
from profiles.services import new_class


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def class_new(request: Request) -> HttpResponse:
    today = timezone.localdate()
    form = NewClassForm(
        request.POST if request.method == "POST" else None,
        schools=list(new_class.schools_of(request.user)),
        sessions=list(new_class.sessions_to_choose(request.user, on=today)),
        courses=list(new_class.courses_to_choose(request.user)),
        district_id=request.user.district_id,
    )
    if request.method == "POST" and form.is_valid():
        try:
            roster = new_class.make_class(by=request.user, on=today, **form.cleaned_data)
        except IntegrityError:  # the form's own id is another district's class, which no form of ours gives out
            form.add_error("uuid", RELOAD)
        else:
            said = _("%(class)s is there. Add its students, or take it away again under Class settings.")
            messages.success(request, said % {"class": roster.title})
            return redirect("roster", pk=roster.pk)
    request.nav = "learners"
    has_terms = bool(form.fields["session"].choices)  # type: ignore[attr-defined]  # a ChoiceField, see the form
    return render(
        request, "profiles/class_new.html", {"form": form, "has_terms": has_terms}, status=422 if form.errors else 200
    )


@allow(*ADMINS)
@require_POST
def class_remove(request: Request, pk: int) -> HttpResponse:
    roster = get_object_or_404(new_class.removable_by(request.user), pk=pk)
    try:
        new_class.remove_class(roster, by=request.user)
    except new_class.InUse:
        messages.error(request, _("Somebody is on its list, or has worked in it, so the class stays."))
        return redirect("roster_settings", pk=pk)
    messages.success(request, _("%(class)s was taken away. Nobody had used it.") % {"class": roster.title})
    return redirect("learners")
