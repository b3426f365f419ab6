"""One page that tells a learner's year, the same words for learner, family and teacher; made to be printed."""

from dataclasses import dataclass
from datetime import date

from assessments.services.learner_groups import OwnGroups, read_own_groups
from assessments.services.policies import Policies
from paths.models import Goal
from paths.services import learner_reading
from paths.services.learner_page import GoalProgress
from paths.services.learner_reading import About
from paths.services.mastery_rows import SubjectRows, standards_of
from paths.services.path_pages import PathOnPage
from profiles.models import Account, Learner


@dataclass(frozen=True)
class Binder:
    """goals: live ones first.    groups: of those that are over, dates and topic only.

    subjects: with what results, learner and teacher say of today; standards without a result by name.
    """

    about: About
    goals: list[GoalProgress]
    past_goals: list[GoalProgress]
    subjects: list[SubjectRows]
    paths: list[PathOnPage]
    groups: OwnGroups


def read_binder(learner: Learner, account: Account, *, today: date) -> Binder:
    """learner: found by `visible_to`, which is what gives the right to read on. Drafts of goals are left out."""
    about = learner_reading.read_about(learner, on=today)
    goals = learner_reading.read_goals(learner, account)
    subjects = standards_of(
        learner,
        roster_ids=[classroom.roster_id for classroom in about.classrooms],
        since=today,  # a binder draws no lines
        policies=Policies(learner.district_id),
        today=today,
    )
    return Binder(
        about,
        [shown for shown in goals if shown.goal.state == Goal.State.LIVE],
        [shown for shown in goals if shown.goal.state not in (Goal.State.LIVE, Goal.State.DRAFT)],
        subjects,
        learner_reading.read_paths(learner),
        read_own_groups(learner, on=today),
    )
