"""Goals that a teacher writes once and offers: to a class, to a group, or to some learners."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.models import GroupMember
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import TEACHER, allow
from paths.forms.goal_templates import GoalTemplateForm
from paths.models import GoalTemplate
from paths.services.errors import UuidTaken
from paths.services.goal_templates import (
    TemplateChanged,
    offer_goal,
    offers_of,
    put_template_away,
    save_template,
    take_offer_back,
)
from paths.services.offers import standards_for_section
from profiles.models import Enrollment, Learner, Section
from standards.models import Standard


@allow(TEACHER)
@require_GET
def goal_templates(request: Request) -> HttpResponse:
    """One's own and those that colleagues share; what became of one's offers; what is put away."""
    rows = list(GoalTemplate.objects.visible_to(request.user).select_related("author").prefetch_related("standards"))
    offers = offers_of(rows, request.user)
    shown = [
        {"template": row, "offers": offers.get(row.pk, []), "is_mine": row.author_id == request.user.pk} for row in rows
    ]
    request.nav = "goals"
    context = {
        "rows": [row for row in shown if not row["template"].archived_at],
        "put_away": [row for row in shown if row["template"].archived_at],
    }
    return render(request, "paths/goal_templates.html", context)


@allow(TEACHER)
@require_http_methods(["GET", "POST"])
def goal_template_new(request: Request) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = GoalTemplateForm(sent, account=request.user, initial={"uuid": uuid4()})
    if sent is not None and form.is_valid():
        try:
            template = save_template(
                words=form.words(), by=request.user, now=timezone.now(), uuid=form.cleaned_data["uuid"]
            )
        except UuidTaken:
            raise Http404 from None
        return redirect("goal_template_give", pk=template.pk)
    return _show(request, form)


@allow(TEACHER)
@require_http_methods(["GET", "POST"])
def goal_template_edit(request: Request, pk: int) -> HttpResponse:
    """Other words for the next offers. A save that came second shows both and keeps what was typed."""
    template = get_object_or_404(GoalTemplate.objects.editable_by(request.user), pk=pk)
    if request.method == "GET":
        return _show(request, GoalTemplateForm.opened(account=request.user, template=template), template=template)
    form = GoalTemplateForm(request.POST, account=request.user)
    if not form.is_valid():
        return _show(request, form, template=template)
    version = form.cleaned_data["version"]
    try:
        save_template(words=form.words(), by=request.user, now=timezone.now(), template_id=pk, version=version)
    except TemplateChanged as changed:
        rebase(form, "version", changed.current.version)
        stands = GoalTemplateForm.opened(account=request.user, template=changed.current)
        return _show(request, form, template=changed.current, stands=stands)
    messages.info(request, _("Saved. Goals that students have already keep their words."))
    return redirect("goal_templates")


def _show(
    request: Request,
    form: GoalTemplateForm,
    *,
    template: GoalTemplate | None = None,
    stands: GoalTemplateForm | None = None,
) -> HttpResponse:
    request.nav = "goals"
    section = Section.objects.taught_by(request.user).filter(archived_at=None).order_by("title").first()
    offered = standards_for_section(section.pk) if section else []
    chosen = {str(value) for value in (form["standards"].value() or [])}
    others = [pk for pk in chosen - {str(standard.pk) for standard in offered} if whole_number(pk)]
    context = {
        "form": form,
        "template": template,
        "stands": stands,
        "offered": [{"standard": standard, "chosen": str(standard.pk) in chosen} for standard in offered],
        "others": Standard.objects.visible_to(request.user).in_force().filter(pk__in=others) if others else [],
    }
    status = 409 if stands else 422 if form.errors else 200
    return render(request, "paths/goal_template_form.html", context, status=status)


@allow(TEACHER)
@require_POST
def goal_template_away(request: Request, pk: int) -> HttpResponse:
    """Out of the lists (away=1), or back (away=0)."""
    template = get_object_or_404(GoalTemplate.objects.editable_by(request.user), pk=pk)
    put_template_away(template=template, away=request.POST.get("away") != "0", now=timezone.now())
    return redirect("goal_templates")


@allow(TEACHER)
@require_http_methods(["GET", "POST"])
def goal_template_give(request: Request, pk: int) -> HttpResponse:
    """?section, ?group: who is ticked at first. Each student gets a draft that becomes a goal when they say so."""
    template = get_object_or_404(GoalTemplate.objects.visible_to(request.user).filter(archived_at=None), pk=pk)
    if request.method == "POST":
        ids = [int(value) for value in request.POST.getlist("learners") if value.isdecimal() and len(value) < 19]
        mine = set(Learner.objects.served_by(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        learners = offer_goal(template_id=pk, learner_ids=mine, by=request.user, now=timezone.now())
        looked_at(request, [learner.pk for learner in learners])
        _tell(request, given=len(learners), mine=len(mine), asked=len(set(ids)))
        return redirect("goal_templates")
    sections = list(Section.objects.taught_by(request.user).filter(archived_at=None).order_by("title"))
    section = next((row for row in sections if str(row.pk) == request.GET.get("section")), None) or next(
        iter(sections), None
    )
    today = timezone.localdate()
    enrolled = Enrollment.objects.on(today).of_learners().filter(roster=section.roster_id if section else None)
    learners = list(
        Learner.objects.served_by(request.user).filter(pk__in=enrolled.values("learner")).order_by("family_name", "pk")
    )
    looked_at(request, [learner.pk for learner in learners])
    members = GroupMember.objects.filter(
        group__section=section, group__closed_at=None, group__starts_on__lte=today, group__ends_on__gte=today
    )
    groups: dict[int, dict] = {}
    for member in members.select_related("group").order_by("group__letter"):
        groups.setdefault(member.group_id, {"group": member.group, "ids": set()})["ids"].add(member.learner_id)
    group = groups.get(_id(request.GET.get("group", "")))
    request.nav = "goals"
    context = {
        "template": template,
        "sections": sections,
        "section": section,
        "groups": [row["group"] for row in groups.values()],
        "group": group["group"] if group else None,
        "choices": [{"learner": row, "chosen": group is None or row.pk in group["ids"]} for row in learners],
    }
    return render(request, "paths/goal_template_give.html", context)


def _id(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _tell(request: Request, *, given: int, mine: int, asked: int) -> None:
    """given: who got it, of so many of one's own students, of so many who were ticked."""
    if given:
        text = ngettext(
            "Offered to %(n)d student, under “For you to make your own” on their page of goals.",
            "Offered to %(n)d students, under “For you to make your own” on their page of goals.",
            given,
        )
        messages.info(request, text % {"n": given})
    if mine > given:
        text = ngettext("%(n)d student has it already.", "%(n)d students have it already.", mine - given)
        messages.info(request, text % {"n": mine - given})
    if asked > mine:
        text = ngettext(
            "%(n)d student is not in a class of yours, and was left out.",
            "%(n)d students are not in a class of yours, and were left out.",
            asked - mine,
        )
        messages.info(request, text % {"n": asked - mine})
    if not asked:
        messages.error(request, _("Nothing was offered. Choose one student or more."))


@allow(TEACHER)
@require_POST
def goal_template_take_back(request: Request, pk: int) -> HttpResponse:
    """Take an offer back where no student has typed into it. at: when it was offered."""
    template = get_object_or_404(GoalTemplate.objects.visible_to(request.user), pk=pk)
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError:
        at = None
    back = take_offer_back(template=template, at=at, by=request.user) if at and at.tzinfo else 0
    text = ngettext("Taken back from %(n)d student.", "Taken back from %(n)d students.", back) % {"n": back}
    messages.info(request, text if back else _("Nothing was taken back: students have begun to write."))
    return redirect(reverse("goal_templates"))
