"""Accounts of staff, for administrators: asked in, active, ended; their roles; what was done to them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.policy import ADMINS, allow
from profiles.forms.staff import StaffInvitationForm, schools_of
from profiles.models import Account, AccountEvent, AdminRole
from profiles.second_step import ask_again, way_to_fresh
from profiles.services import invitations, second_step, signed_in, single_sign_on, staff_accounts
from profiles.services.staff_accounts import State

PAGE = 100
MOST_EVENTS = 50


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: Request) -> HttpResponse:
    """q: part of a name or address; show: a State. POST: ask those in who are ticked (rows)."""
    request.nav = "staff"
    today, accounts = timezone.localdate(), Account.objects.administered_by(request.user)
    if request.method == "POST":
        return _ask_ticked_in(request)
    q, show = request.GET.get("q", "").strip()[:100], request.GET.get("show", "")
    for word in q.split():
        accounts = accounts.filter(
            Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word)
        )
    accounts = staff_accounts.in_state(accounts, show, now=timezone.now()).order_by("family_name", "given_name", "pk")
    page = Paginator(accounts, PAGE).get_page(request.GET.get("page"))
    found = staff_accounts.with_roles(Account.objects.filter(pk__in=[each.pk for each in page]), today=today)
    rows = staff_accounts.read_staff(found.order_by("family_name", "given_name", "pk"))
    context = {
        "rows": rows,
        "anybody_waits": any(row.waits for row in rows),
        "page": page,
        "q": q,
        "show": show,
        "tabs": _tabs(),
        "may_rule": request.user.access.is_district_admin,
    }
    return render(request, "profiles/staff.html", context)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        (State.ACTIVE, _("Active")),
        (State.INVITED, _("Invited")),
        (State.OVER, _("Invitation is over")),
        (State.NOT_ASKED, _("Not invited yet")),
        (State.ENDED, _("Ended")),
    ]


def _ask_ticked_in(request: Request) -> HttpResponse:
    ids = [pk for pk in request.POST.getlist("rows") if pk.isdecimal() and len(pk) < 19]
    waiting = Account.objects.changed_by(request.user).filter(pk__in=ids, email__isnull=False)
    sent = 0
    for account in waiting.select_related("district", "invitation"):
        state = staff_accounts.state_of(account, getattr(account, "invitation", None))
        if state in staff_accounts.WAITING:
            invitations.send(account, by=request.user, site=_site(request))
            sent += 1
    if sent:
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent)
        messages.success(request, said % {"n": sent})
    else:
        messages.error(request, _("Nobody was ticked who waits for an invitation."))
    return redirect("staff")


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_invite(request: Request) -> HttpResponse:
    """Whoever is to administer can take records of many along, with a second step of their own: so that is asked in,
    or given (`staff_account_role`), by nobody without a second step of the last minutes.
    """
    request.nav = "staff"
    form = StaffInvitationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["admin"] and (again := ask_again(request)):
            return again
        facts = {name: form.cleaned_data[name] for name in ("given_name", "family_name", "email", "school", "admin")}
        try:
            account = invitations.invite_staff(**facts, by=request.user, site=_site(request))
        except invitations.NotInvited as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("%(name)s is invited. The mail is on its way.") % {"name": account.name})
            return redirect("staff_account", pk=account.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "days": invitations.LASTS.days, "way_to_fresh": way_to_fresh(request)}
    return render(request, "profiles/staff_invite.html", context, status=status)


@allow(*ADMINS)
@require_safe
def staff_account(request: Request, pk: int) -> HttpResponse:
    request.nav = "staff"
    today = timezone.localdate()
    account: Any = get_object_or_404(
        staff_accounts.with_roles(Account.objects.administered_by(request.user), today=today), pk=pk
    )
    (row,) = staff_accounts.read_staff([account])
    provider = single_sign_on.of_district(account.district)
    context = {
        "row": row,
        "may_change": Account.objects.changed_by(request.user).filter(pk=pk).exists(),
        "may_erase": Account.objects.adults_of(request.user).exclude(pk=request.user.pk).filter(pk=pk).exists(),
        "ends": [{"pk": role.pk, "where": _where(role)} for role in account.roles_today if _may_end(request, role)],
        "gives": _gives(request, account) if account.is_active else [],
        "has_second_step": second_step.has_second_step(account),
        "provider": provider if single_sign_on.links_of(provider, account).exists() else None,
        "events": account.events.select_related("by")[:MOST_EVENTS],
        "way_to_fresh": way_to_fresh(request),
    }
    return render(request, "profiles/staff_account.html", context)


@allow(*ADMINS)
@require_POST
def staff_account_change(request: Request, pk: int) -> HttpResponse:
    """act: send (an invitation, again too), revoke (it), end, reopen, sign_out (everywhere), reset_step, unlink."""
    account: Any = get_object_or_404(
        Account.objects.changed_by(request.user).select_related("district", "invitation"), pk=pk
    )
    act, state = request.POST.get("act", ""), staff_accounts.state_of(account, getattr(account, "invitation", None))
    name = {"name": account.name}
    if act == "reset_step" and (again := ask_again(request)):
        return again
    if act == "send" and state in staff_accounts.WAITING and account.email:
        invitations.send(account, by=request.user, site=_site(request))
        messages.success(request, _("The mail is on its way. A link sent before opens nothing anymore."))
    elif act == "revoke" and state in (State.INVITED, State.OVER):
        if invitations.revoke(account, by=request.user):
            messages.success(request, _("Taken back. The link opens nothing anymore."))
        else:
            messages.info(request, _("%(name)s has come in meanwhile. End the account if they are to go.") % name)
    elif act == "end" and account.is_active:
        staff_accounts.end_account(account, by=request.user)
        messages.success(request, _("%(name)s cannot sign in anymore, and is out wherever they were in.") % name)
    elif act == "reopen" and not account.is_active:
        staff_accounts.reopen_account(account, by=request.user)
        messages.success(request, _("%(name)s can sign in again.") % name)
    elif act == "sign_out" and account.is_active:
        signed_in.end(account)
        staff_accounts.note(account, AccountEvent.Kind.SIGNED_OUT, by=request.user)
        messages.success(request, _("%(name)s is signed out everywhere.") % name)
    elif act == "reset_step" and second_step.reset(account, by=request.user):
        signed_in.end(account)
        messages.success(request, _("Taken away. %(name)s sets up a new one at the next sign-in.") % name)
    elif act == "unlink" and single_sign_on.unlink(
        single_sign_on.of_district(account.district), account, by=request.user
    ):
        messages.success(request, _("Forgotten. %(name)s is looked for anew at the next sign-in.") % name)
    else:
        messages.error(request, _("Nothing was changed: it stands differently by now."))
    return redirect("staff_account", pk=pk)


@allow(*ADMINS)
@require_POST
def staff_account_role(request: Request, pk: int) -> HttpResponse:
    """give: id of a school, or "district".    end: id of a role. Nobody changes the own roles."""
    seen = Account.objects.administered_by(request.user).exclude(pk=request.user.pk)
    account = get_object_or_404(seen.select_related("district"), pk=pk)
    give, end = request.POST.get("give", ""), request.POST.get("end", "")
    schools = {str(school.pk): school for school in schools_of(request.user)}
    if give and (again := ask_again(request)):
        return again
    done = False
    if give == "district" and request.user.access.is_district_admin:
        done = staff_accounts.give_role(account, kind=AdminRole.Kind.DISTRICT, school=None, by=request.user)
    elif give in schools:
        done = staff_accounts.give_role(account, kind=AdminRole.Kind.SCHOOL, school=schools[give], by=request.user)
    elif end.isdecimal() and len(end) < 19:
        roles = staff_accounts.roles_on(account, today=timezone.localdate()).select_related(
            "school", "account__district"
        )
        role = get_object_or_404(roles, pk=end)
        if done := _may_end(request, role):
            staff_accounts.end_role(role, by=request.user)
    if done:
        messages.success(request, _("Changed. It counts from the next click of %(name)s on.") % {"name": account.name})
    else:
        messages.error(request, _("Nothing was changed: it stands differently by now."))
    return redirect("staff_account", pk=pk)


def _where(role: AdminRole) -> str:
    return role.school.name if role.school else role.account.district.name


def _gives(request: Request, account: Any) -> list[dict]:
    """What this administrator could let the person administer who does not yet: value, where."""
    if account.pk == request.user.pk:
        return []
    has = {role.school_id for role in account.roles_today}
    found = [
        {"value": str(school.pk), "where": school.name} for school in schools_of(request.user) if school.pk not in has
    ]
    if request.user.access.is_district_admin and None not in has:
        found.append({"value": "district", "where": account.district.name})
    return found


def _may_end(request: Request, role: AdminRole) -> bool:
    access = request.user.access
    return role.account_id != request.user.pk and (access.is_district_admin or role.school_id in access.school_ids)


def _site(request: Request) -> str:
    return f"{request.scheme}://{request.get_host()}"
