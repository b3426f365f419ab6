"""Work as pages show it: the list of a learner, what belongs to a goal, one piece with all that was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from paths.models import Artifact, ArtifactReply, ArtifactRevision, Goal, Talk
from profiles.models import Account, Learner

PIECES = 30


@dataclass(frozen=True)
class WorkList:
    """page: of the pieces, from 1. is_more: whether there are older ones."""

    pieces: Sequence[Artifact]
    drafts: Sequence[Artifact]
    put_away: Sequence[Artifact]
    page: int
    is_more: bool


def work_of(learner: Learner, account: Account, *, page: int = 1) -> WorkList:
    """Newest first, PIECES a page; drafts and what was put away on the first. Three statements at most.

    Each piece has `talks_count`: conversations about it in which the account is.
    """
    mine = Artifact.objects.visible_to(account).filter(learner=learner)
    first = (page - 1) * PIECES
    about = Talk.objects.open_to(account).filter(artifact=OuterRef("pk")).order_by().values("artifact")
    talks = Coalesce(Subquery(about.annotate(n=Count("pk")).values("n")), Value(0))
    found = list(_rows(mine.handed_in()).annotate(talks_count=talks)[first : first + PIECES + 1])
    aside = [] if page > 1 else list(_rows(mine.exclude(is_draft=False, withdrawn_at__isnull=True))[:PIECES])
    return WorkList(
        pieces=found[:PIECES],
        drafts=[piece for piece in aside if piece.is_draft],
        put_away=[piece for piece in aside if not piece.is_draft],
        page=page,
        is_more=len(found) > PIECES,
    )


def work_for_goal(goal: Goal, account: Account) -> list[Artifact]:
    """What was handed in for the goal, newest first. One statement."""
    return list(_rows(Artifact.objects.visible_to(account).handed_in().filter(goal=goal))[:PIECES])


def _rows(rows: QuerySet[Artifact]) -> QuerySet[Artifact]:
    return (
        rows.select_related("goal", "step", "reflection", "project", "by")
        .annotate(replies_count=Count("replies"), answered_at=Max("replies__at"))
        .order_by("-created_at", "-pk")
    )


@dataclass(frozen=True)
class WorkPage:
    """talks: about the piece, in which the reader is, the newest first."""

    artifact: Artifact
    replies: list[ArtifactReply]
    revisions: list[ArtifactRevision]
    standards: list
    talks: list[Talk]


def work_page(artifact: Artifact, account: Account) -> WorkPage:
    """Four statements."""
    return WorkPage(
        artifact,
        list(artifact.replies.select_related("by")),
        list(artifact.revisions.select_related("by")),
        list(artifact.standards.all()),
        list(Talk.objects.open_to(account).filter(artifact=artifact)),
    )
