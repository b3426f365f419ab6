"""The whole policy of a day, and single lines of it: what counts, what did, and another rule, looked at first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.school import read_schools
from assessments.services.policies import Policies
from lrm import days
from lrm.form_fields import rebase
from lrm.http import Request
from lrm.policy import ADMINS, DISTRICT_ADMIN, allow
from paths.forms.policy_lines import RuleForm
from paths.services.policy_today import read_policy
from paths.services.rule_previews import preview
from paths.services.school_lines import at_school, change_above, of_district, write_line
from profiles.models import PolicyRule, School
from profiles.models.policy_rule import OF_LEVELS, OF_SCHOOLS, ONLY_OF_DISTRICT, ONLY_OF_SCHOOLS
from profiles.policy_values import USES, Line, say_value
from profiles.services import keeping
from profiles.services.policy_rules import RuleRefused, Rules, restore_rule, withdraw_rule
from standards.models import Framework

MOST_SHOWN = 200
REFUSED = {
    "begun": lambda: _("This day is over, or has begun. What has begun stays: write another rule."),
    "soon": lambda: _("What nights take away changes tomorrow at the earliest, so that everybody can still look."),
    "taken": lambda: _("Another rule for the same begins on that day. Withdraw it first, or pick another day."),
    "same": lambda: _("That counts there already. Nothing was saved."),
    "newer": lambda: _(
        "Somebody else wrote a rule while you worked on yours. Nothing of yours was saved. Look at theirs below first; "
        "if you save again, yours takes its place."
    ),
    "above": lambda: _("The district changed this line while you worked on yours. Nothing was saved."),
    "gone": lambda: _("Somebody else did that first. Nothing was changed."),
    "value": lambda: _("This line of the policy cannot say that. Nothing was saved."),
}


@allow(*ADMINS)
@require_safe
def policy_today(request: Request) -> HttpResponse:
    """?school, ?framework: for whom; ?on: another day."""
    request.nav = "policy"
    schools = read_schools(request)
    frameworks = list(Framework.objects.filter(district=request.user.district_id).order_by("title"))
    school, framework = _among(request, "school", schools), _among(request, "framework", frameworks)
    today = timezone.localdate()
    on, problem = _read_day(request, today)
    context = {
        "lines": read_policy(request.user, on=on, school=school, framework=framework),
        "schools": schools,
        "frameworks": frameworks,
        "school": school,
        "framework": framework,
        "on": on,
        "today": today,
        "problem": problem,
        "may_write": request.user.access.is_district_admin,
    }
    return render(request, "paths/policy_today.html", context, status=422 if problem else 200)


@allow(*ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_line(request: Request, line: str) -> HttpResponse:
    """With ?look=1 whom the rule in the form would concern; nothing is saved by looking. POST writes it."""
    if line not in Line.values:
        raise Http404
    request.nav = "policy"
    which = Line(line)
    form, rules = _form(request, which)
    if form is None or not form.is_bound:
        return _page(request, which, form, rules)
    if not form.is_valid():
        _tell_change_above(request, form)
        return _page(request, which, form, rules, status=422)
    if request.method != "POST":
        school, starts_on = form.chosen_school, form.cleaned_data["starts_on"]
        found = preview(request.user.district, rules, which, form.value, school=school, starts_on=starts_on)
        return _page(request, which, form, rules, found=found)
    try:
        rule = write_line(
            district=request.user.district,
            line=which,
            school=form.chosen_school,
            value=form.value,
            starts_on=form.cleaned_data["starts_on"],
            why=form.cleaned_data["why"],
            by=request.user,
            drawn_at=form.cleaned_data["drawn_at"],
        )
    except RuleRefused as refused:
        if not _tell_change_above(request, form):
            form.add_error(None, REFUSED[refused.code]())
        rebase(form, "drawn_at", timezone.now().isoformat())
        return _page(request, which, form, rules, status=409)
    if rule.starts_on > timezone.localdate():
        said = _("Saved. It counts from %(day)s; until then it can be withdrawn.")
    else:
        said = _("Saved. It counts from now on.")
    messages.success(request, said % {"day": days.said(rule.starts_on)})
    return redirect("policy_line", line)


@allow(*ADMINS)
@require_POST
def policy_rule_withdraw(request: Request, pk: int) -> HttpResponse:
    """act: withdraw, or restore, which undoes it."""
    rule = get_object_or_404(PolicyRule.objects.editable_by(request.user), pk=pk)
    facts = {"day": days.said(rule.starts_on)}
    try:
        if request.POST.get("act") == "restore":
            restore_rule(rule)
            said = _("Put back. It counts from %(day)s.") % facts
        else:
            withdraw_rule(rule, by=request.user)
            said = _("Withdrawn. Nothing changes on %(day)s. “Put back” undoes this.") % facts
    except RuleRefused as refused:
        messages.error(request, REFUSED[refused.code]())
    else:
        messages.success(request, said)
    return redirect("policy_line", rule.line)


def _form(request: Request, line: Line) -> tuple[RuleForm | None, Rules]:
    """None where one may only read."""
    today, is_district = timezone.localdate(), DISTRICT_ADMIN in request.user.roles
    for_district = is_district and line not in ONLY_OF_SCHOOLS
    rows = PolicyRule.objects.visible_to(request.user).filter(line=line)
    rules = Rules(rows, language=request.user.district.language)
    may_write_schools = line not in ONLY_OF_DISTRICT and (is_district or line in OF_SCHOOLS)
    schools = read_schools(request) if may_write_schools else []
    if is_district and line == Line.KEEPING:  # records of those who left stay when their school is closed
        schools += School.objects.filter(district=request.user.district, left_on__isnull=False)
    if not schools and not for_district:
        return None, rules
    sent = request.POST if request.method == "POST" else request.GET
    wanted = sent.get("school", "") if for_district else sent.get("school", str(schools[0].pk))
    school_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    usual, first_day = None, max(_first_day(sent.get("starts_on", ""), today), today)
    if line == Line.KEEPING:
        usual = keeping.days_of(request.user.district, on=first_day)
        own = rules.own(line, today, school_id)
        now = own.value if own is not None else {}
    elif line in OF_LEVELS:
        policies = Policies(request.user.district_id)
        usual, now = of_district(policies, line, first_day), at_school(policies, rules, line, first_day, school_id)
    else:
        now = rules.on(line, today, school_id).value
    form = RuleForm(
        sent if request.method == "POST" or "look" in sent else None,
        line=line,
        now=now,
        today=today,
        schools=schools,
        for_district=for_district,
        usual=usual,
        school=wanted,
    )
    return form, rules


def _tell_change_above(request: Request, form: RuleForm) -> bool:
    """Whether the district has changed what the form of a school was made on; then the form says what."""
    sent = form.cleaned_data
    day, drawn_at = sent.get("starts_on"), sent.get("drawn_at")
    if day is None or drawn_at is None or not sent.get("school"):
        return False
    change = change_above(request.user.district, form.line, day, drawn_at)
    if change is None:
        return False
    said = _(
        "The district changed this line while you worked on yours: what counts there on %(day)s is now “%(now)s”, it "
        "was “%(then)s”. Nothing was saved; what you typed is still here. Look again before you save."
    )
    then, now = (say_value(form.line, value) for value in change)
    form.add_error(None, said % {"day": days.said(day), "now": now, "then": then})
    rebase(form, "drawn_at", timezone.now().isoformat())
    return True


def _page(
    request: Request,
    line: Line,
    form: RuleForm | None,
    rules: Rules,
    *,
    found: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    today, is_district = timezone.localdate(), DISTRICT_ADMIN in request.user.roles
    rows = (
        PolicyRule.objects.visible_to(request.user)
        .filter(line=line)
        .select_related("school", "created_by", "withdrawn_by")
        .order_by("-starts_on", "-pk")[:MOST_SHOWN]
    )
    to_come = PolicyRule.objects.editable_by(request.user).filter(line=line, starts_on__gt=today)
    editable = set(to_come.values_list("pk", flat=True))
    context = {
        "line": line,
        "uses": USES[line],
        "is_of_schools": line in ONLY_OF_SCHOOLS,
        "is_district": is_district,
        "form": form,
        "found": found,
        "kept": list(request.GET.items()) if found is not None else [],
        "now": say_value(line, _of_district(request, line, rules, today)),
        "rows": [_row(row, rules, today, may_change=row.pk in editable) for row in rows],
        "today": today,
    }
    return render(request, "paths/policy_line.html", context, status=status)


def _first_day(text: str, today: date) -> date:
    """The day that a form says, today where it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def _of_district(request: Request, line: Line, rules: Rules, today: date) -> Any:
    if line == Line.KEEPING:
        return keeping.days_of(request.user.district, on=today)
    if line in OF_LEVELS:
        return of_district(Policies(request.user.district_id), line, today)
    return rules.on(line, today).value


def _row(rule: PolicyRule, rules: Rules, today: date, *, may_change: bool) -> dict:
    """rule, value, state: "withdrawn", "to_come", "now" or "over"; may_withdraw, may_return."""
    if rule.withdrawn_at is not None:
        state = "withdrawn"
    elif rule.starts_on > today:
        state = "to_come"
    else:
        state = "now" if rules.own(rule.line, today, rule.school_id) == rule else "over"
    return {
        "rule": rule,
        "value": _("nothing of its own") if rule.value is None else say_value(rule.line, rule.value),
        "state": state,
        "may_withdraw": may_change and state == "to_come",
        "may_return": may_change and state == "withdrawn",
    }


def _among(request: Request, name: str, rows: Sequence[Any]) -> Any:
    """The row that ?name names, None for none. Raises Http404 for one that is not among them."""
    wanted = request.GET.get(name, "")
    if not wanted:
        return None
    found = next((row for row in rows if str(row.pk) == wanted), None)
    if found is None:
        raise Http404(f"No such {name}.")
    return found


def _read_day(request: Request, today: date) -> tuple[date, str]:
    text = request.GET.get("on", "")
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, _("Write the day as year, month and day, such as 2026-09-01. This is the policy of today.")
