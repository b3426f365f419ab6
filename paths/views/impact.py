"""Did it help? Questions of administrators, their answers, and why one cannot be answered yet."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.school import read_schools
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow
from paths import impact_page
from paths.forms.impact import ImpactForm
from paths.models import ImpactQuestion
from paths.services import impact
from paths.services.impact_choices import read_choices

RECENT = 50
About = ImpactQuestion.About


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def impact_questions(request: Request) -> HttpResponse:
    found = impact.latest(request.user, most=RECENT)
    lines = [impact_page.draw_line(question, impact_page.read_reader(request.user, question)) for question in found]
    withdrawn: list[dict[str, Any]] = [
        {"question": question, "title": impact_page.say_question(question)}
        for question in impact.withdrawn(request.user, most=RECENT)
    ]
    undo = next((line for line in withdrawn if str(line["question"].uuid) == request.GET.get("withdrawn")), None)
    return render(request, "paths/impact.html", {"lines": lines, "withdrawn": withdrawn, "undo": undo})


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def impact_ask(request: Request) -> HttpResponse:
    """?about= says which kind of question."""
    request.nav = "impact"
    schools = read_schools(request)
    choices = read_choices([school.pk for school in schools])
    about = request.GET.get("about", "")
    about = about if about in About.values else About.GROUPS.value
    today = timezone.localdate()
    is_sent = request.method == "POST"
    form = ImpactForm(
        request.POST if is_sent else None,
        about=about,
        choices=choices,
        schools=schools,
        today=today,
        is_district=request.user.access.is_district_admin,
        initial={"since": impact_page.usual_start(today), "until": today},
    )
    if is_sent and form.is_valid():
        question = impact.ask(form.question(), by=request.user)
        return redirect("impact_answer", question.uuid)
    tabs = [{"value": value, "label": label, "current": value == about} for value, label in About.choices]
    context = {"form": form, "tabs": tabs, "about": about, "is_empty": not choices.by_subject}
    return render(request, "paths/impact_ask.html", context, status=422 if is_sent else 200)


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def impact_answer(request: Request, uuid: UUID) -> HttpResponse:
    request.nav = "impact"
    question = _question(request, uuid)
    return render(request, "paths/impact_answer.html", _context(request, question))


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def impact_progress(request: Request, uuid: UUID) -> HttpResponse:
    """How far the work is; once it is over, the page itself is asked for again, or the list of what stands."""
    question = _question(request, uuid, also_withdrawn=True)
    if question.withdrawn_at is not None:
        return HttpResponse(headers={"HX-Redirect": reverse("impact")})
    answer = render(request, "paths/impact_progress.html", {"question": question, "job": question.job})
    if question.job is None or question.job.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_POST
def impact_again(request: Request, uuid: UUID) -> HttpResponse:
    question = _question(request, uuid)
    if not impact_page.read_reader(request.user, question).may_list:
        return redirect("impact_answer", question.uuid)  # of schools that are not one's own only the answer is read
    return redirect("impact_answer", impact.ask_again(question, by=request.user).uuid)


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_POST
def impact_withdraw(request: Request, uuid: UUID) -> HttpResponse:
    """act: restore puts it back; anything else takes it off the lists of all who read it."""
    found = ImpactQuestion.objects.withdrawable_by(request.user).select_related("job")
    question = get_object_or_404(found, uuid=uuid)
    if request.POST.get("act") == "restore":
        impact.put_back(question, by=request.user)
        return redirect("impact_answer", question.uuid)
    impact.withdraw(question, by=request.user, now=timezone.now())
    return redirect(f"{reverse('impact')}?withdrawn={question.uuid}")


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_safe
def impact_csv(request: Request, uuid: UUID) -> HttpResponse:
    """What the page says, a line each."""
    question = _question(request, uuid)
    context = _context(request, question)
    shown = context["shown"]
    rows: list[list[object]] = [[_("Question"), context["title"]], [_("Where"), context["where"]]]
    rows.append([_("Began"), f"{question.since.isoformat()} / {question.until.isoformat()}"])
    if shown is None:
        rows.append([_("Answer"), _("not worked out yet")])
    else:
        rows += [row.cells for row in shown.rows()]
        rows.append([_("As of"), timezone.localtime(question.answered_at).isoformat(timespec="minutes")])
    name = f"{slugify(context['title'])}-{question.asked_at.date().isoformat()}"
    return answer_csv(name, rows)


def _question(request: Request, uuid: UUID, *, also_withdrawn: bool = False) -> ImpactQuestion:
    found = ImpactQuestion.objects.visible_to(request.user).select_related("asked_by", "job")
    return get_object_or_404(found if also_withdrawn else found.standing(), uuid=uuid)


def _context(request: Request, question: ImpactQuestion) -> dict[str, Any]:
    reader = impact_page.read_reader(request.user, question)
    job = None if question.is_answered else question.job
    return {
        "question": question,
        "job": job,
        "may_ask_again": reader.may_list and (job is None or bool(job.error)),
        "title": impact_page.say_question(question),
        "where": impact_page.say_where(question),
        "may_withdraw": ImpactQuestion.objects.withdrawable_by(request.user).filter(pk=question.pk).exists(),
        "shown": impact_page.draw_answer(question, reader) if question.is_answered else None,
    }
