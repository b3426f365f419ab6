"""What the standards below a parent are worth: seen, tried, and written for a day, by the district administrator."""

from hashlib import sha256

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.points import ParentForm, StartForm
from assessments.models import MasteryPolicy, ParentPoints
from assessments.services import parent_points
from assessments.services.parent_points import PointsRefused, Tried, parents_of, read_rules, try_points
from assessments.services.policies import Policies
from lrm import days
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import DISTRICT_ADMIN, allow
from profiles.models import Learner
from standards.models import Framework

PARENTS_A_PAGE = 12
MOST_LISTED = 100

REFUSED = {
    "begun": lambda: _("That day is over, or the points have begun. Points begin today or on a later day."),
    "newer": lambda: _(
        "Somebody else saved points of these standards while you worked on yours. Nothing of yours was saved. Open the "
        "page anew to see theirs; if you save again, yours take their place."
    ),
    "taken": lambda: _("Other points of this standard begin on that day by now. Withdraw them first."),
    "gone": lambda: _("Somebody else did that first. Nothing was changed."),
}


@allow(DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_points(request: Request) -> HttpResponse:
    """?framework= an id; ?q= words or the begin of a code; ?page=. act: look tries what was typed, save stores it."""
    request.nav = "policy"
    frameworks = list(Framework.objects.filter(district=request.user.district_id, retired_at=None).order_by("title"))
    framework = _framework(request, frameworks)
    if framework is None:
        return render(request, "assessments/points.html", {"framework": None})
    today = timezone.localdate()
    sought = request.GET.get("q", "").replace("\0", "")[:80].strip()
    page = Paginator(parents_of(framework, sought=sought), PARENTS_A_PAGE).get_page(request.GET.get("page"))
    rules = read_rules(list(page.object_list), on=today)
    sent = request.POST if request.method == "POST" else None
    forms = [ParentForm(sent, parent=rule) for rule in rules]
    start = StartForm(sent, today=today)
    context = {
        "frameworks": frameworks,
        "framework": framework,
        "sought": sought,
        "all_url": f"{request.path}?framework={framework.pk}",
        "page": page,
        "links": _links(page, framework, sought),
        "forms": forms,
        "start": start,
        "to_come": _to_come(framework),
        "rule_counts": Policies(framework.district_id).on(framework.pk, today).parent_rule
        == MasteryPolicy.ParentRule.POINTS,
    }
    status = 200
    if sent is not None:
        answer = _answer(request, forms, start, context)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    return render(request, "assessments/points.html", context, status=status)


@allow(DISTRICT_ADMIN)
@require_POST
def points_withdraw(request: Request, pk: int) -> HttpResponse:
    """act: withdraw, or restore, which undoes it."""
    rows = ParentPoints.objects.filter(parent__framework__district=request.user.district_id)
    row = get_object_or_404(rows.select_related("parent"), pk=pk)
    facts = {"label": row.parent.label, "day": days.said(row.starts_on)}
    try:
        if request.POST.get("act") == "restore":
            parent_points.restore_points(row, by=request.user)
            said = _("Put back. The points of %(label)s begin on %(day)s.") % facts
        else:
            parent_points.withdraw_points(row, by=request.user)
            said = _("Withdrawn. Nothing changes for %(label)s on %(day)s. “Put back” undoes this.") % facts
    except PointsRefused as refused:
        messages.error(request, REFUSED[refused.code]())
    else:
        messages.success(request, said)
    return redirect(f"{reverse('policy_points')}?framework={row.parent.framework_id}")


def _answer(request: Request, forms: list[ParentForm], start: StartForm, context: dict) -> HttpResponse | int:
    """The way on after saving, or the status of the page; figures and problems go into its context."""
    if not all([start.is_valid(), *[form.is_valid() for form in forms]]):
        context["problems"] = [
            (form.parent.standard.label, form[name].id_for_label, problems[0])
            for form in forms
            for name, problems in form.errors.items()
        ]
        return 422
    changed = [form for form in forms if form.has_changed()]
    if not changed:
        context["problem"] = _("Nothing is different from what is in force. Change some points first.")
        return 422
    day = start.cleaned_data["starts_on"]
    looked = _digest(changed)
    if request.POST.get("act") != "save" or request.POST.get("looked") != looked:
        context |= _tried(request, changed, context["framework"]) | {"looked": looked, "day": day}
        return 200
    try:
        rows = parent_points.begin_points(
            {form.parent.standard.pk: form.rule for form in changed},
            [form.parent for form in changed],
            starts_on=day,
            by=request.user,
            drawn_at=start.cleaned_data["drawn_at"],
        )
    except PointsRefused as refused:
        context["problem"] = REFUSED[refused.code]()
        return 409
    said = ngettext(
        "Saved: the points of %(n)s standard count from %(day)s on.",
        "Saved: the points of %(n)s standards count from %(day)s on.",
        len(rows),
    )
    messages.success(request, said % {"n": len(rows), "day": days.said(day)})
    return redirect(request.get_full_path())


def _tried(request: Request, changed: list[ParentForm], framework: Framework) -> dict:
    """For each changed parent how many students meet it now and then, and the names of those who would differ."""
    scale = Policies(framework.district_id).on(framework.pk, timezone.localdate()).scale
    tried: list[Tried] = [try_points(form.parent, form.rule, scale=scale) for form in changed]
    found = [(one.parent.standard, *change) for one in tried for change in one.changes]
    visible = Learner.objects.visible_to(request.user).in_bulk({learner for _parent, learner, *_met in found})
    listed = [
        {"learner": visible[learner], "standard": standard, "now": now, "then": then}
        for standard, learner, now, then in found[:MOST_LISTED]
        if learner in visible
    ]
    listed.sort(key=lambda row: (row["standard"].position, row["learner"].name, row["learner"].pk))
    looked_at(request, {row["learner"].pk for row in listed})
    return {"tried": tried, "listed": listed, "more": len(found) - len(listed)}


def _digest(changed: list[ParentForm]) -> str:
    """Names what was looked at, so that nothing else is saved unseen."""
    return sha256(repr([(form.parent.standard.pk, form.rule) for form in changed]).encode()).hexdigest()[:16]


def _framework(request: Request, frameworks: list[Framework]) -> Framework | None:
    """The one asked for, else the first with parents in it."""
    asked = request.GET.get("framework", "")
    if not asked:
        return next((one for one in frameworks if parents_of(one).exists()), None)
    found = next((one for one in frameworks if str(one.pk) == asked), None)
    if found is None:
        raise Http404("No such framework.")
    return found


def _to_come(framework: Framework) -> list[ParentPoints]:
    rows = ParentPoints.objects.filter(parent__framework=framework, starts_on__gt=timezone.localdate())
    return list(rows.select_related("parent", "created_by").order_by("starts_on", "parent__position", "pk"))


def _links(page: Page, framework: Framework, sought: str) -> dict[str, str]:
    """Addresses of the pages before and after; "" where there is none."""
    at = lambda number: "?" + urlencode({"framework": framework.pk, "q": sought, "page": number})
    return {
        "before": at(page.previous_page_number()) if page.has_previous() else "",
        "after": at(page.next_page_number()) if page.has_next() else "",
    }
