"""Goals that a teacher offers to many: each learner gets a draft of their own, and nothing is live over their head."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from paths.models import Goal, GoalStep, GoalTemplate
from paths.services.errors import UuidTaken
from profiles.models import Account, Learner

State = Goal.State


class TemplateChanged(Exception):
    """Another window saved this template first; `current` holds what stands now, and nothing was stored."""

    def __init__(self, current: GoalTemplate) -> None:
        super().__init__(f"Template {current.pk} is at version {current.version}.")
        self.current = current


@dataclass(frozen=True)
class TemplateWords:
    """done_when: one criterion a line. steps: in order. days: until when, from the day of the offer, or None."""

    what: str
    why: str = ""
    done_when: str = ""
    steps: tuple[str, ...] = ()
    days: int | None = None
    standard_ids: tuple[int, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class Offer:
    """One act of offering.  taken: how many made it their own.  untouched: drafts that nobody has typed into."""

    at: datetime
    given: int
    taken: int
    untouched: int


@transaction.atomic
def save_template(
    *,
    words: TemplateWords,
    by: Account,
    now: datetime,
    template_id: int | None = None,
    version: int | None = None,
    uuid: UUID | None = None,
) -> GoalTemplate:
    """A new template, or other words for one; goals that were made of it keep theirs.

    uuid: of the form of a new one; sent twice it is one template. Raises TemplateChanged, UuidTaken.
    """
    if template_id is None:
        template, is_new = GoalTemplate.objects.get_or_create(
            uuid=uuid or uuid4(), defaults={"author": by, "created_at": now}
        )
        if template.author_id != by.pk:
            raise UuidTaken
        if not is_new:
            return template
    else:
        template = GoalTemplate.objects.select_for_update().get(pk=template_id)
        if template.version != version:
            raise TemplateChanged(template)
        template.version += 1
    for name in ("what", "why", "done_when", "days", "is_shared"):
        setattr(template, name, getattr(words, name))
    template.steps, template.updated_at = list(words.steps), now
    template.save()
    template.standards.set(words.standard_ids)
    return template


def put_template_away(*, template: GoalTemplate, away: bool, now: datetime) -> None:
    """Out of the lists, or back into them. What was offered stays with the learners."""
    GoalTemplate.objects.filter(pk=template.pk).update(archived_at=now if away else None)


@transaction.atomic
def offer_goal(*, template_id: int, learner_ids: Collection[int], by: Account, now: datetime) -> list[Learner]:
    """Give each of these learners a draft that only they read, and answer who got one.

    Who has a draft or a live goal of this template already gets no second one, so that a double click gives one.
    Learners whom `by` does not serve are left out. The same number of statements for one as for a class.
    """
    template = GoalTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    has = Goal.objects.filter(template=template, state__in=(State.DRAFT, State.LIVE)).values("learner")
    learners = list(Learner.objects.served_by(by).filter(pk__in=learner_ids).exclude(pk__in=has))
    due_on = timezone.localdate(now) + timedelta(days=template.days) if template.days else None
    goals = Goal.objects.bulk_create(
        Goal(
            learner=learner,
            author_id=learner.account_id,
            what=template.what,
            why=template.why,
            done_when=template.done_when,
            due_on=due_on,
            template=template,
            offered_by=by,
            offered_at=now,
            created_at=now,
            updated_at=now,
        )
        for learner in learners
    )
    GoalStep.objects.bulk_create(
        GoalStep(goal=goal, position=position, text=text)
        for goal in goals
        for position, text in enumerate(template.steps, start=1)
    )
    standards = [standard.pk for standard in template.standards.all()]
    link = Goal.standards.through
    link._base_manager.bulk_create(link(goal=goal, standard_id=pk) for goal in goals for pk in standards)
    return learners


@transaction.atomic
def take_offer_back(*, template: GoalTemplate, at: datetime, by: Account) -> int:
    """Take back one's own offer from learners who have not typed into it; answers from how many."""
    rows = Goal.objects.filter(template=template, offered_by=by, offered_at=at)
    untouched = list(rows.filter(_UNTOUCHED).select_for_update(of=("self",)).values_list("pk", flat=True))
    Goal.objects.filter(pk__in=untouched).delete()
    return len(untouched)


def offers_of(templates: Sequence[GoalTemplate], by: Account) -> dict[int, list[Offer]]:
    """{template id: one's own offers of it, newest first}. One statement."""
    rows = (
        Goal.objects.filter(template__in=templates, offered_by=by, offered_at__isnull=False)
        .values("template_id", "offered_at")
        .annotate(
            given=Count("pk"),
            taken=Count("pk", filter=~Q(state=State.DRAFT)),
            untouched=Count("pk", filter=_UNTOUCHED),
        )
        .order_by("-offered_at")
    )
    found: dict[int, list[Offer]] = {}
    for row in rows:
        at = row["offered_at"]
        assert at is not None  # by the filter
        offer = Offer(at, row["given"], row["taken"], row["untouched"])
        found.setdefault(row["template_id"], []).append(offer)
    return found


_UNTOUCHED = Q(state=State.DRAFT, updated_at=F("offered_at"))
