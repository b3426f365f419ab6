"""Subgroups of the district, for its administrators: declared with a purpose, then filled, then ended."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lrm.days import said_on
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.forms.subgroups import MembersForm, SubgroupForm
from profiles.models import Subgroup, SubgroupMember
from profiles.services import published_lists
from profiles.services import subgroups as acts
from profiles.services.published_lists import Near, near
from profiles.services.subgroups import MOST_NAMED, MOST_SUBGROUPS, SubgroupRefused


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def subgroups(request: Request) -> HttpResponse:
    """POST: declare one."""
    request.nav = "school"
    form = SubgroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.declare(request.user.district, **form.cleaned_data, by=request.user, now=timezone.now())
        except SubgroupRefused as refused:
            form.add_error("title", _say(refused))
        else:
            return redirect("subgroup", pk=made.pk)
    rows = Subgroup.objects.visible_to(request.user).select_related("declared_by").annotate(n=Count("members"))
    context = {"form": form, "rows": rows, "most": MOST_SUBGROUPS}
    return render(request, "profiles/subgroups.html", context, status=422 if form.errors else 200)


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def subgroup(request: Request, pk: int) -> HttpResponse:
    """POST: say who is in it."""
    request.nav = "school"
    row = get_object_or_404(Subgroup.objects.visible_to(request.user).select_related("declared_by"), pk=pk)
    form = MembersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = acts.set_members(row, form.cleaned_data["members"], now=timezone.now())
        except SubgroupRefused as refused:
            form.add_error("members", _say(refused))
        else:
            said = ngettext("%(n)s student is in it:", "%(n)s students are in it:", done.members) % {"n": done.members}
            more = _("%(added)s added, %(removed)s taken out.") % {"added": done.added, "removed": done.removed}
            messages.success(request, f"{said} {more}")
            return redirect("subgroup", pk=row.pk)
    members = list(
        SubgroupMember.objects.filter(subgroup=row).order_by("learner__key").values_list("learner_id", "learner__key")
    )
    looked_at(request, [learner for learner, _key in members])
    if not form.is_bound:
        form.initial["members"] = "\n".join(key for _learner, key in members if key)
    today = timezone.localdate()
    context = {
        "row": row,
        "form": form,
        "n": len(members),
        "waits": [_say_why(each, row.title) for each in near(row, today)],
        "most_lists": published_lists.MOST,
        "full_until": published_lists.full_until(row.district, today),
    }
    return render(request, "profiles/subgroup.html", context, status=422 if form.errors else 200)


@allow(DISTRICT_ADMIN)
@require_POST
def subgroup_end(request: Request, pk: int) -> HttpResponse:
    row = get_object_or_404(Subgroup.objects.visible_to(request.user), pk=pk)
    acts.end(row, by=request.user, now=timezone.now())
    messages.success(request, _("%(title)s has ended; nobody can read any more who was in it.") % {"title": row.title})
    return redirect("subgroups")


def _say_why(found: Near, title: str) -> str:
    """Why figures of a list wait, in a sentence or two."""
    what = {"title": found.title, "day": said_on(found.last_on), "n": found.few, "least": found.least}
    if found.title == title:
        other = _("the list that this group had when it was published, last %(day)s") % what
    else:
        other = _("the list of “%(title)s”, last published %(day)s") % what
    where = []
    if found.few is not None:
        where.append(
            ngettext("by %(n)s student in the district", "by %(n)s students in the district", found.few) % what
        )
    if found.schools:
        few = _("by fewer than %(least)s") % what
        where.append(few + " " + ngettext("at %(n)s school", "at %(n)s schools", found.schools) % {"n": found.schools})
    return _("This list differs from %(other)s: %(where)s.") % {"other": other, "where": ", ".join(where)}


def _say(refused: SubgroupRefused) -> str:
    if refused.code == "title":
        return _("There is a group of that name. Choose another name, or end that one first.")
    if refused.code == "many":
        return _("There are %(n)s groups already. End one first.") % {"n": MOST_SUBGROUPS}
    lines = ", ".join(
        _("line %(number)s: “%(text)s”") % {"number": number, "text": text[:40]}
        for number, text in refused.lines[:MOST_NAMED]
    )
    rest = len(refused.lines) - MOST_NAMED
    more = " " + _("and %(n)s more") % {"n": rest} if rest > 0 else ""
    said = _("Nobody in the district has these student IDs: %(lines)s%(more)s. Nothing was changed.")
    return said % {"lines": lines, "more": more}
