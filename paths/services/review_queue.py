"""Goals that wait for a teacher: to agree, to confirm."""

import uuid
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from assessments.models import Mastery
from paths.models import Artifact, Goal, Reflection, ReviewLater
from paths.services.learner_page import GoalProgress, goals_with_progress, progress_of
from profiles.models import Account, Enrollment


@dataclass(frozen=True)
class Waiting:
    """standards: [{"label", "title", "level"}]. reflection: the learner's words at the end, or "".

    is_later: the teacher keeps it for later, and nobody has changed it since.  act: identifies the form of this card.
    work: how many pieces of work were handed in for the goal.
    """

    progress: GoalProgress
    standards: list[dict]
    reflection: str
    to_confirm: bool
    is_later: bool
    work: int = 0
    act: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def goal(self) -> Goal:
        return self.progress.goal

    @property
    def waits(self) -> bool:
        """There is something left to say to it."""
        if self.to_confirm:
            return self.goal.confirmed_at is None
        return self.goal.state == Goal.State.LIVE and self.goal.agreed_at is None

    @property
    def seen(self) -> str:
        """What a form about this card sends along: which goal, as it was read."""
        return f"{self.goal.pk}~{self.goal.updated_at.isoformat()}"


def goals_to_review(account: Account) -> list[Waiting]:
    """Goals of learners whom the account teaches today, closed ones first, then the longest waiting. Two statements."""
    taught = Enrollment.objects.on(timezone.localdate()).of_learners().filter(roster__in=account.access.roster_ids)
    mine = Goal.objects.visible_to(account).awaiting_review().filter(learner__in=taught.values("learner"))
    return read_waiting(Goal.objects.filter(pk__in=mine.values("pk")), account)


def goals_at_review(account: Account, pk: int) -> list[Waiting]:
    """The card of one goal, whatever its state, as the queue shows it after an act.

    Empty where it is not the account's to review.
    """
    served = Goal.objects.served_by(account).filter(pk=pk)
    return read_waiting(Goal.objects.filter(pk__in=served.values("pk")), account)


def read_waiting(goals: QuerySet[Goal], account: Account) -> list[Waiting]:
    """Cards for these goals, however many, in two statements."""
    last_words = Reflection.objects.filter(goal=OuterRef("pk"), is_draft=False).order_by("-at")
    later = ReviewLater.objects.filter(account=account, goal=OuterRef("pk"), at__gte=OuterRef("updated_at"))
    work = Artifact.objects.handed_in().filter(goal=OuterRef("pk")).order_by()
    rows = list(
        goals_with_progress(goals)
        .select_related("learner", "agreed_by", "confirmed_by", "author")
        .annotate(reflection_rows=ArraySubquery(last_words.values(json=JSONObject(text="text"))[:1]))
        .annotate(is_later=Exists(later), work_rows=ArraySubquery(work.values("pk")))
        .order_by(F("achieved_at").asc(nulls_last=True), "created_at", "pk")
    )
    wanted = {(goal.learner_id, row["id"]) for goal in rows for row in goal.standard_rows}
    levels = {}
    if wanted:
        found = Mastery.objects.filter(
            learner__in={learner for learner, _ in wanted}, standard__in={standard for _, standard in wanted}
        )
        levels = {(row[0], row[1]): row[2] for row in found.values_list("learner_id", "standard_id", "shown_level")}
    return [
        Waiting(
            progress=progress_of(goal),
            standards=[
                {
                    "label": row["code"] or row["title"] or row["statement"][:60],
                    "title": row["title"] or row["statement"][:60],
                    "level": levels.get((goal.learner_id, row["id"])),
                }
                for row in goal.standard_rows
            ],
            reflection=goal.reflection_rows[0]["text"] if goal.reflection_rows else "",
            to_confirm=goal.state == Goal.State.ACHIEVED,
            is_later=goal.is_later,
            work=len(goal.work_rows),
        )
        for goal in rows
    ]
