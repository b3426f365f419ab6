"""Steps that learners propose, and what their teachers say."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lrm.form_fields import typed
from lrm.http import Request
from lrm.looked import looked_at
from lrm.policy import ADMINS, LEARNER, TEACHER, allow
from paths.forms.templates import AnswerForm, WishForm
from paths.models import Path, StepProposal
from paths.services import proposals
from paths.services.errors import ProposalAnswered, UuidTaken
from paths.views.shared import note_look
from profiles.models import Learner

ANSWERERS = (TEACHER, *ADMINS)
ANSWERED = "step_proposal_answered"  # in the session: the proposal answered last, for its Undo
SHOWN_AT_MOST = 100


@allow(LEARNER)
@require_http_methods(["GET", "POST"])
def step_propose(request: Request) -> HttpResponse:
    """Propose a step: for the path in ?path=, or for a path of one's own."""
    learner = get_object_or_404(Learner.objects.visible_to(request.user), pk=request.user.access.learner_id)
    path = _own_path(request, learner)
    form = WishForm(request.POST or None, initial={"uuid": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            proposals.propose_step(
                learner=learner,
                path=path,
                uuid=form.cleaned_data["uuid"],
                wished=form.wished(),
                now=timezone.now(),
            )
            messages.info(request, _("Your teacher can read your idea now."))
            return redirect("my_path")
        except UuidTaken:
            form.add_error(None, _("This page was open for somebody else. Open it anew and write it once more."))
    request.nav = "my_path"
    status = 422 if form.is_bound else 200
    return render(request, "paths/step_propose.html", {"form": form, "path": path}, status=status)


@allow(LEARNER)
@require_POST
def proposal_take_back(request: Request, pk: int) -> HttpResponse:
    """By the learner who proposed."""
    mine = StepProposal.objects.visible_to(request.user).filter(learner_id=request.user.access.learner_id)
    try:
        proposals.take_back(proposal=get_object_or_404(mine, pk=pk))
    except ProposalAnswered:
        messages.info(request, _("Your teacher has answered this idea. You see the answer here."))
    return redirect("my_path")


@allow(*ANSWERERS)
@require_GET
def step_proposals(request: Request) -> HttpResponse:
    """All that wait, the oldest first."""
    waiting = StepProposal.objects.answerable_by(request.user).waiting()
    waiting = waiting.select_related("learner", "path").order_by("created_at", "pk")[:SHOWN_AT_MOST]
    return _show(request, [(proposal, _answer_form(proposal)) for proposal in waiting])


@allow(*ANSWERERS)
@require_POST
def proposal_answer(request: Request, pk: int) -> HttpResponse:
    """do=agree (maybe changed), do=decline (with why), or do=undo by whoever answered."""
    proposal = get_object_or_404(StepProposal.objects.answerable_by(request.user).select_related("learner"), pk=pk)
    note_look(request, proposal.learner_id)
    do = request.POST.get("do")
    if do == "undo":
        if not proposals.undo_answer(proposal=proposal, by=request.user):
            messages.info(request, _("This step is done by now, so the answer stays."))
        return redirect("step_proposals")
    form = AnswerForm(request.POST, auto_id=_auto_id(proposal))
    text = typed(request.POST, "text").strip()[:300]
    is_sound = form.is_valid()
    if do == "decline":  # then only the line counts
        is_sound = bool(text)
        if not text:
            form.add_error("text", _("Say why not, so that the student knows."))
    if not is_sound:
        return _show(request, [(proposal, form)], status=422)
    try:
        if do == "decline":
            proposals.decline(proposal=proposal, text=text, by=request.user, now=timezone.now())
        else:
            wished = form.wished()
            proposals.agree(proposal=proposal, wished=wished, text=text, by=request.user, now=timezone.now())
        request.session[ANSWERED] = {"pk": proposal.pk, "title": proposal.title, "name": proposal.learner.first_name}
    except ProposalAnswered as refused:
        if _is_same(request, refused.current, do):
            return redirect("step_proposals")
        messages.info(
            request,
            _("This idea has an answer already: %(state)s. Yours was not sent: “%(text)s”")
            % {"state": refused.current.get_state_display(), "text": text},
        )
    return redirect("step_proposals")


def _is_same(request: Request, found: StepProposal, do: str | None) -> bool:
    """The same answer of the same person, sent twice."""
    said = StepProposal.State.DECLINED if do == "decline" else StepProposal.State.AGREED
    return found.answered_by_id == request.user.pk and found.state == said


def _answer_form(proposal: StepProposal) -> AnswerForm:
    names = ("title", "why", "kind", "link", "minutes_expected")
    return AnswerForm(initial={name: getattr(proposal, name) for name in names}, auto_id=_auto_id(proposal))


def _auto_id(proposal: StepProposal) -> str:
    """Several forms stand on one page."""
    return f"p{proposal.pk}_%s"


def _own_path(request: Request, learner: Learner) -> Path | None:
    pk = request.GET.get("path", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return get_object_or_404(Path.objects.visible_to(request.user), pk=pk, learner=learner, archived_at__isnull=True)


def _show(request: Request, rows: list, *, status: int = 200) -> HttpResponse:
    request.nav = "goals" if TEACHER in request.user.roles else "learners"
    looked_at(request, [proposal.learner_id for proposal, _form in rows])
    context = {"rows": rows, "answered": request.session.pop(ANSWERED, None)}
    return render(request, "paths/step_proposals.html", context, status=status)
