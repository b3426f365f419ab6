"""Changing a group that is on, from the page of the section's groups."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.forms.groups import GroupForm
from assessments.models import Group
from assessments.services import group_changes
from assessments.services.group_changes import GroupChanged, GroupOver
from assessments.views.groups import show_groups
from assessments.views.sections import taught_section
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.policy import TEACHER, allow
from profiles.models import Section


@allow(TEACHER)
@require_POST
def group_change(request: Request, pk: int) -> HttpResponse:
    """Who leads it, where and when, dates and tasks. A save that came second keeps what was typed and says so."""
    taught = Section.objects.taught_by(request.user)
    group = get_object_or_404(Group.objects.filter(section__in=taught).prefetch_related("tasks"), pk=pk)
    today = timezone.localdate()
    form = GroupForm(request.POST, group=group, today=today)
    status = 422
    if form.is_valid():
        try:
            group_changes.change_group(group=group, by=request.user, on=today, tasks=form.lines(), **form.cleaned_data)
        except GroupOver:
            messages.error(request, _("This group is over. What you typed was not saved."))
            return redirect("section_groups", pk=group.section_id)
        except GroupChanged as changed:
            rebase(form, form.add_prefix("version"), changed.current.version)
            form.newer, status = changed.current, 409
        else:
            messages.success(request, _("Group %(letter)s is saved.") % {"letter": group.letter})
            return redirect(f"{reverse('section_groups', args=[group.section_id])}#group-{group.pk}")
    sections, section = taught_section(request, group.section_id)
    assert section is not None, "the group's section is taught by the account"
    return show_groups(request, section, sections=sections, typed=form, status=status)
