"""How levels are worked out: the policy in force, its story, and a new version, tried before it is saved."""

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.policy import PolicyForm, read_form
from assessments.forms.school import read_schools
from assessments.models import MasteryPolicy
from assessments.models.policy import ENDS
from assessments.policy_words import say_line, say_refusal, say_rules, say_whose
from assessments.services import policy_changes
from assessments.services.policies import DEFAULTS, Policies, in_force_of
from assessments.services.policy_changes import PolicyRefused
from assessments.views.policy_trial import read_trial
from lrm import days
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def policy(request: Request) -> HttpResponse:
    """What is in force, what is to come, and everything that was."""
    request.nav = "policy"
    today = timezone.localdate()
    versions = MasteryPolicy.objects.readable_by(request.user).order_by("-starts_on", "-pk")
    rows = _story(
        versions.select_related("framework", "school", "created_by", "withdrawn_by"),
        Policies(request.user.district_id),
    )
    context = {
        "now": sorted((row for row in rows if row["state"] == "now"), key=_widest_first),
        "defaults": say_rules(DEFAULTS),
        "is_default": not any(row["state"] == "now" and row["is_whole"] for row in rows),
        "schools": read_schools(request),
        "to_come": [row for row in reversed(rows) if row["state"] == "to_come"],
        "past": [row for row in rows if row["state"] in ("over", "withdrawn")],
        "today": today,
        "may_write": request.user.access.is_district_admin,
    }
    return render(request, "assessments/policy.html", context)


def _story(versions: Iterable[MasteryPolicy], policies: Policies) -> list[dict]:
    """policy, whose, rules, state ("now", "to_come", "over", "withdrawn"), may_return; newest first.

    until: the day on which the next version took the place of one that is over.    is_whole: for the whole district.
    """
    today, rows = timezone.localdate(), []
    next_start: dict[tuple[int | None, int | None], date] = {}
    for version in versions:
        key, until = (version.school_id, version.framework_id), None
        if version.withdrawn_at is not None:
            state = "withdrawn"
        elif version.starts_on > today:
            state = "to_come"
        else:
            until = next_start.get(key)
            state = "over" if until or version.method == ENDS else "now"
            next_start[key] = version.starts_on
        may_return = state == "withdrawn" and version.starts_on > today
        rows.append(
            {
                "policy": version,
                "whose": say_whose(version),
                "is_whole": key == (None, None),
                "rules": _rules(
                    version, policies, max(version.starts_on, today) if until is None else version.starts_on
                ),
                "state": state,
                "until": until,
                "may_return": may_return,
            }
        )
    return rows


def _widest_first(row: dict) -> tuple[bool, bool, str]:
    """The whole district, its frameworks, its schools."""
    return row["policy"].school_id is not None, not row["is_whole"], row["whose"]


def _rules(version: MasteryPolicy, policies: Policies, on: date) -> list[tuple[str, str]]:
    if version.school_id is None:
        return say_rules(in_force_of(version))
    return say_line(version, policies.decided(version.framework_id, on))


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def policy_new(request: Request) -> HttpResponse:
    """The form, filled with what is in force; with ?try=1 what it would change beneath it. Nothing is saved here.

    ?after= and the figures so far carry on with a trial that takes more than one request.
    """
    form = read_form(request)
    if not form.is_bound:
        return _page(request, form)
    if not form.is_valid():
        form.tell_change_above()
        return _page(request, form, status=422)
    trial = read_trial(request, form)
    if request.htmx:
        return render(request, "assessments/policy_part.html", trial)
    return _page(request, form, trial=trial)


@allow(DISTRICT_ADMIN)
@require_POST
def policy_save(request: Request) -> HttpResponse:
    form = read_form(request)
    if not form.is_valid():
        form.tell_change_above()
        return _page(request, form, status=422)
    version = form.cleaned_data["policy"]
    try:
        policy_changes.begin_policy(version, by=request.user, drawn_at=form.cleaned_data["drawn_at"])
    except PolicyRefused as refused:
        if not form.tell_change_above():
            form.add_error(None, say_refusal(refused.code, version))
        form.draw_anew()
        return _page(request, form, status=409)
    if version.starts_on > timezone.localdate():
        said = _("Saved. It begins on %(day)s; until then you can withdraw it.")
    else:
        said = _("Saved. It begins today; levels are being worked out anew, which takes a while in a large district.")
    messages.success(request, said % {"day": days.said(version.starts_on)})
    return redirect("policy")


@allow(DISTRICT_ADMIN)
@require_POST
def policy_withdraw(request: Request, pk: int) -> HttpResponse:
    """act: withdraw, or restore, which undoes it."""
    version = get_object_or_404(MasteryPolicy.objects.filter(district=request.user.district_id), pk=pk)
    facts = {"day": days.said(version.starts_on)}
    try:
        if request.POST.get("act") == "restore":
            policy_changes.restore_policy(version)
            said = _("Put back. It begins on %(day)s.") % facts
        else:
            policy_changes.withdraw_policy(version, by=request.user)
            said = _("Withdrawn. Nothing changes on %(day)s. “Put back” undoes this.") % facts
    except PolicyRefused as refused:
        messages.error(request, say_refusal(refused.code, version))
    else:
        messages.success(request, said)
    return redirect("policy")


def _page(request: Request, form: PolicyForm, *, trial: dict | None = None, status: int = 200) -> HttpResponse:
    request.nav = "policy"
    may_write = request.user.access.is_district_admin
    context = {"form": form, "may_write": may_write, "trial": trial, **(trial or {})}
    return render(request, "assessments/policy_form.html", context, status=status)
