"""Steps that a learner could take up next: read, suggested, taken onto the path by a person, or put aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from assessments.models import Mastery
from assessments.services.policies import Policies
from paths.models import DismissedStep, Goal, Path, Step, TemplateStep
from paths.next_steps import AT_MOST, Candidate, Reason, Suggestion, suggest
from paths.services.proposals import Wished, append_step, remove_step
from profiles.models import Account, Enrollment, Learner, Objection, ProfileEntry
from standards.models import Association, Standard

USUAL_MASTERY = 3
OWN_WORDS = (ProfileEntry.Kind.INTEREST, ProfileEntry.Kind.MOTIVATION)


@dataclass(frozen=True)
class OfferedStep:
    """about: words for the reason: of the goal, of the learner, of the level, or of the standard before it."""

    step: TemplateStep
    reason: Reason
    about: str = ""


def offered_steps(
    learner: Learner, *, today: date, at_most: int = AT_MOST, quotes_profile: bool = True
) -> list[OfferedStep]:
    """The best first. A fixed number of statements, however much there is to choose from.

    On offer are the steps of templates that the learner's schools share. Whoever calls this has found the learner by
    `visible_to`. quotes_profile: False for readers who do not read the learner's own words (`reads_own_words`).
    """
    steps = list(_shared_steps(learner, today))
    if not steps:
        return []
    standards = {step.standard_id for step in steps if step.standard_id}
    policies = Policies(learner.district_id)
    before = list(
        Association.objects.filter(
            kind=Association.PRECEDES, destination__in=standards, origin__isnull=False, retired_at__isnull=True
        ).values_list("origin_id", "destination_id")
    )
    known = Standard.objects.in_bulk(standards | {first for first, _then in before})
    in_force = {pk: policies.on(one.framework_id, today) for pk, one in known.items()}
    shown = Mastery.objects.filter(learner=learner, standard__in=known).values_list("standard_id", "shown_level")
    levels = {standard: level for standard, level in shown if level is not None}
    goals = _goals(learner)
    found = suggest(
        (Candidate(step.pk, step.title, step.standard_id, step.template.title) for step in steps),
        levels=levels,
        mastery={pk: policy.scale.mastery_level for pk, policy in in_force.items()},
        before=before,
        goals=dict(goals),
        interests=_own_words(learner) if quotes_profile else [],
        left_out=_left_out(learner),
        at_most=at_most,
    )
    by_key = {step.pk: step for step in steps}

    def words(suggestion: Suggestion) -> str:
        if suggestion.reason is Reason.BEGUN:
            policy = in_force[suggestion.candidate.standard]
            return f"{suggestion.about} {policy.word(suggestion.about)}"
        if suggestion.reason is Reason.WAITS:
            return known[suggestion.about].heading
        return str(suggestion.about or "")

    return [OfferedStep(by_key[each.candidate.key], each.reason, words(each)) for each in found]


@transaction.atomic
def take_step(*, learner: Learner, offered: TemplateStep, by: Account, now: datetime) -> Step:
    """Onto the newest path that has a step on its standard, else onto the newest one, else onto one of its own.

    Taking what is on a path already changes nothing. The learner is locked, so that a double click takes it once.
    """
    Learner.objects.select_for_update().get(pk=learner.pk)
    live = Step.objects.filter(path__learner=learner, path__archived_at__isnull=True).select_related("path")
    there = live.filter(title=offered.title, standard=offered.standard).first()
    if there:
        return there
    newest = live.order_by("-path__created_at", "-path_id")
    near = newest.filter(standard_id=offered.standard_id).first() if offered.standard_id else None
    beside = near or newest.first()
    path = (
        beside.path
        if beside
        else Path.objects.create(learner=learner, title=_("My own steps"), assigned_by=None, created_at=now)
    )
    wished = Wished(offered.title, "", offered.kind, offered.link, offered.minutes_expected)
    return append_step(path=path, wished=wished, standard_id=offered.standard_id)


@transaction.atomic
def put_back(*, step: Step) -> bool:
    """Undo of taking: False where it is done by now. A path that held nothing else goes too."""
    found = Step.objects.select_for_update(of=("self",)).select_related("path").filter(pk=step.pk).first()
    if found is None or found.done_at:
        return False
    if found.path.steps.count() == 1:
        found.path.delete()
    else:
        remove_step(step=found)
    return True


def put_aside(*, learner: Learner, offered: TemplateStep, by: Account, now: datetime) -> DismissedStep:
    """It is offered no more, until that is taken back."""
    found, _made = DismissedStep.objects.get_or_create(
        learner=learner, title=offered.title, standard=offered.standard, defaults={"by": by, "at": now}
    )
    return found


def offer_again(*, learner: Learner, pk: int) -> None:
    DismissedStep.objects.filter(learner=learner, pk=pk).delete()


def _shared_steps(learner: Learner, today: date) -> Iterable[TemplateStep]:
    """None for whoever objects to what a machine works out."""
    rosters = Enrollment.objects.on(today).of_learners().filter(learner=learner)
    schools = Q(template__school_id=learner.home_school_id) | Q(template__school__in=rosters.values("roster__school"))
    objection = Objection.objects.standing().filter(learner=learner)
    steps = TemplateStep.objects.filter(
        schools, ~Exists(objection), template__is_shared=True, template__archived_at__isnull=True
    )
    steps = steps.filter(Q(standard__isnull=True) | Q(standard__retired_at__isnull=True))
    return steps.select_related("template", "standard").order_by("template_id", "position")


def _goals(learner: Learner) -> list[tuple[int, str]]:
    """(standard, words of the goal), so that of two goals for one standard the older stays."""
    rows = Goal.standards.through.objects.filter(goal__learner=learner, goal__state=Goal.State.LIVE)
    return list(rows.order_by("-goal__created_at", "-goal_id").values_list("standard_id", "goal__what"))


def _own_words(learner: Learner) -> list[str]:
    """What the learner wrote; not what others say of them."""
    if learner.account_id is None:
        return []
    entries = ProfileEntry.objects.filter(learner=learner, kind__in=OWN_WORDS, author_id=learner.account_id)
    return list(entries.current().values_list("text", flat=True))


def _left_out(learner: Learner) -> set[tuple[str, int | None]]:
    """On a path, put away ones included, or put aside. One statement."""
    on_path = Step.objects.filter(path__learner=learner).values_list("title", "standard_id")
    aside = DismissedStep.objects.filter(learner=learner).values_list("title", "standard_id")
    return set(on_path.order_by().union(aside.order_by()))
