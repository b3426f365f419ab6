"""Notes about a learner that only staff read; whoever stands in for a teacher does not."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lrm.form_fields import input_widget
from lrm.http import Request
from lrm.policy import ADMINS, TEACHER, allow
from paths.views.shared import note_look
from profiles.models import Learner, StaffNote
from profiles.services import staff_notes as services


class StaffNoteForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=1000,
        widget=input_widget(forms.Textarea, rows=4),
        help_text=gettext_lazy("A parent may have the right to read this. Write what you saw."),
        error_messages={
            "required": gettext_lazy("There were no words yet, so nothing was kept."),
            "max_length": gettext_lazy("This is longer than 1,000 letters. Keep it in two notes."),
        },
    )


@allow(TEACHER, *ADMINS)
@require_http_methods(["GET", "POST"])
def staff_notes(request: Request, pk: int) -> HttpResponse:
    learner = get_object_or_404(Learner.objects.noted_by(request.user), pk=pk)
    note_look(request, learner.pk)
    request.nav = "learners"
    form = StaffNoteForm(initial={"uuid": uuid4()})
    if request.method == "POST":
        form = StaffNoteForm(request.POST)
        if form.is_valid():
            try:
                services.add_note(learner=learner, **form.cleaned_data, by=request.user, now=timezone.now())
            except services.NoteTaken:
                raise Http404 from None
            return redirect("staff_notes", pk=pk)
    rows = list(StaffNote.objects.visible_to(request.user).filter(learner=learner).select_related("author"))
    context = {
        "learner": learner,
        "form": form,
        "standing": [row for row in rows if row.archived_at is None],
        "put_away": [row for row in rows if row.archived_at is not None],
    }
    return render(request, "paths/staff_notes.html", context, status=422 if form.errors else 200)


@allow(TEACHER, *ADMINS)
@require_POST
def staff_note_put_away(request: Request, pk: int) -> HttpResponse:
    """Put one's own note away (away=1), or bring it back (away=0)."""
    note = get_object_or_404(StaffNote.objects.editable_by(request.user), pk=pk)
    note_look(request, note.learner_id)
    away = request.POST.get("away") != "0"
    services.put_away(note=note, away=away, now=timezone.now())
    if away:
        messages.info(request, _("Put away. It stands under “Put away” and can be brought back."))
    return redirect(reverse("staff_notes", args=[note.learner_id]))
