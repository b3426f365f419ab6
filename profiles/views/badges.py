"""Badges: the sheet of a class, taking them back, the page that a scanned one opens, and the school's own devices."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, ANYONE, STAFF, allow
from lrm.qr import qr_drawing
from lrm.short_names import short_names
from profiles import door, registered_device
from profiles.middleware import LEARNER_QUIET_MINUTES, end_when_quiet
from profiles.models import Account, Badge, Device, Roster, SignInPolicy
from profiles.services import badges, class_codes, roster_page, throttle
from profiles.views.accounts import student_waits


@allow(*STAFF)
@require_safe
@never_cache
def roster_badges(request: Request, pk: int) -> HttpResponse:
    """The sheet to print: several squares a page, each with a first name, and more of it where a class has it twice."""
    roster = _editable(request, pk)
    learners = roster_page.people_of(roster, today=timezone.localdate()).learners()
    standing = {badge.learner_id: badge for badge in _of(learners)}
    looked_at(request, [learner.pk for learner in learners])
    names = short_names((learner.pk, learner.first_name, learner.family_name) for learner in learners)
    door_address = request.build_absolute_uri(reverse("badge"))
    cards = [
        {
            "learner": learner,
            "name": names[learner.pk],
            "badge": standing[learner.pk],
            # Not kept: the drawing holds the secret.
            "code": qr_drawing.__wrapped__(f"{door_address}#{written}") if written else None,
        }
        for learner in learners
        if learner.pk in standing
        for written in [badges.written_on(standing[learner.pk])]
    ]
    context = {"roster": roster, "cards": cards, "n_without": len(learners) - len(cards), "n": len(learners)}
    return render(request, "profiles/roster_badges.html", context)


@allow(*STAFF)
@require_POST
def roster_badges_change(request: Request, pk: int) -> HttpResponse:
    """act: make (for those without), revoke (all of the class)."""
    roster = _editable(request, pk)
    learners = roster_page.people_of(roster, today=timezone.localdate()).learners()
    looked_at(request, [learner.pk for learner in learners])
    act = request.POST.get("act", "")
    if act == "make":
        made = badges.make_badges(learners, by=request.user)
        messages.success(request, ngettext("%(n)s badge is made.", "%(n)s badges are made.", made) % {"n": made})
    elif act == "revoke":
        gone = badges.revoke_badges(_of(learners), by=request.user)
        said = ngettext("%(n)s badge opens nothing anymore.", "%(n)s badges open nothing anymore.", gone)
        messages.success(request, said % {"n": gone})
    else:
        messages.error(request, _("Nothing was changed: the page did not say what to do."))
    return redirect("roster_badges", pk=pk)


@allow(*STAFF)
@require_POST
def badge_revoke(request: Request, pk: int) -> HttpResponse:
    """One badge, lost say. Another one can be made at once."""
    badge = get_object_or_404(Badge.objects.editable_by(request.user).select_related("learner"), pk=pk)
    looked_at(request, [badge.learner_id])
    badges.revoke_badges([badge], by=request.user)
    messages.success(request, _("The badge of %(name)s opens nothing anymore.") % {"name": badge.learner.first_name})
    roster = request.POST.get("roster", "")
    if roster.isdecimal() and len(roster) < 19 and Roster.objects.editable_by(request.user).filter(pk=roster).exists():
        return redirect("roster_badges", pk=roster)
    return redirect("learners")


@allow(ANYONE, why="A badge is scanned by who is not signed in yet; the page names no person.")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("badge")
def badge(request: Request) -> HttpResponse:
    """What a square opens. Its secret stands behind a # in the address, which browsers send to nobody: a script of the
    page takes it out of the address and posts it.
    """
    if request.user.is_authenticated and request.user.kind != Account.Kind.LEARNER:
        return render(request, "profiles/badge.html", {"somebody": request.user})
    if request.method != "POST":
        return render(request, "profiles/badge.html", {})
    said, status = _scan(request)
    if not said:
        # Never `next`: on a shared device it may be an address of the child who sat here before.
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "profiles/badge.html", {"said": said}, status=status)


def _scan(request: Request) -> tuple[str, int]:
    """Signs in; else (what to say, status)."""
    now = timezone.now()
    try:
        attempt = door.knock(request, door="badge", key="badge")
    except throttle.Wait as wait:
        return door.said(wait, student_waits), 429
    found = badges.learner_of(request.POST.get("badge", "")[:100], now=now)
    if found is None:
        return _("This badge does not work anymore. Ask your teacher for a new one."), 422
    learner, scanned = found
    attempt.fitted()
    if (rest := badges.asleep(learner, now=now, device_key=registered_device.key_of(request))) is not None:
        return _why_asleep(rest), 422
    account = class_codes.account_of_learner(learner)
    if not account.is_active:
        return _("This badge does not work anymore. Ask your teacher for a new one."), 422
    badges.used(scanned, now=now)
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    end_when_quiet(request, minutes=LEARNER_QUIET_MINUTES)
    return "", 302


def _why_asleep(rest: badges.Asleep) -> str:
    policy: SignInPolicy = rest.policy
    if rest.why == "off":
        return _("Your school does not use badges. Ask your teacher how to sign in.")
    if rest.why == "device":
        return _("Your badge works on the school’s own devices. This is not one of them.")
    if policy.badge_from and policy.badge_until:
        hours = {"start": formats.time_format(policy.badge_from), "end": formats.time_format(policy.badge_until)}
        return _("Your badge is asleep. From %(start)s to %(end)s on school days it works.") % hours
    return _("Your badge is asleep. It works again on a school day.")


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Request) -> HttpResponse:
    """The school's own devices. POST: name registers the browser that asks."""
    request.nav = "staff"
    rows = Device.objects.administered_by(request.user).filter(revoked_at__isnull=True).select_related("registered_by")
    here = registered_device.key_of(request)
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:100]
        if not name:
            messages.error(request, _("Give the device a name, such as the one on its sticker."))
            return redirect("devices")
        made = badges.register_device(name=name, by=request.user)
        messages.success(request, _("This browser is on the list now."))
        answer = redirect("devices")
        registered_device.give(request, answer, made.key)
        return answer
    found = list(rows)
    context = {"devices": found, "here": here, "is_here": here in {device.key for device in found}}
    return render(request, "profiles/devices.html", context)


@allow(*ADMINS)
@require_POST
def device_revoke(request: Request, pk: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.administered_by(request.user), pk=pk)
    device.revoked_at = device.revoked_at or timezone.now()
    device.save(update_fields=["revoked_at"])
    messages.success(request, _("%(name)s is off the list.") % {"name": device.name})
    return redirect("devices")


def _editable(request: Request, pk: int) -> Roster:
    request.nav = "learners"
    return get_object_or_404(Roster.objects.editable_by(request.user).select_related("school"), pk=pk)


def _of(learners: list) -> list[Badge]:
    return list(Badge.objects.filter(learner__in=[learner.pk for learner in learners], revoked_at__isnull=True))
