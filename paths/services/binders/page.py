"""One page that tells a learner's year, the same words for learner, family and teacher; made to be printed."""

from dataclasses import dataclass
from datetime import date

from assessments.receipt_words import say_lines, say_outlook
from assessments.services.learner_groups import OwnGroups, read_own_groups
from assessments.services.policies import Policies
from assessments.services.receipts import read_account
from paths.models import Artifact, Goal, Reflection
from paths.services import learner_reading
from paths.services.celebrations import latest_rise
from paths.services.learner_page import GoalProgress
from paths.services.learner_reading import About
from paths.services.mastery_rows import SubjectRows, standards_of
from paths.services.path_pages import PathOnPage
from profiles.models import Account, Learner
from profiles.services.shown_to_families import reads_own_views
from standards.models import Standard

MOST_WORK = 12
MOST_REFLECTIONS = 3


@dataclass(frozen=True)
class Story:
    """The account of one level as families read it. lines: as `say_lines` has them. top: how many levels there are."""

    standard: Standard
    level: int
    word: str
    top: int
    lines: dict
    outlook: str


@dataclass(frozen=True)
class Binder:
    """goals: live ones first.    groups: of those that are over, dates and topic only.

    subjects: with what results, learner and teacher say of today; standards without a result by name.
    work, reflections: the newest; more_work: how many pieces are older than those. story: how one level came about.
    """

    about: About
    goals: list[GoalProgress]
    past_goals: list[GoalProgress]
    subjects: list[SubjectRows]
    paths: list[PathOnPage]
    groups: OwnGroups
    work: list[Artifact]
    more_work: int
    reflections: list[Reflection]
    story: Story | None


def read_binder(learner: Learner, account: Account, *, today: date) -> Binder:
    """learner: found by `visible_to`, which is what gives the right to read on. Drafts of goals are left out."""
    about = learner_reading.read_about(learner, account, on=today)
    policies = Policies(learner.district_id)
    goals = learner_reading.read_goals(learner, account)
    subjects = standards_of(
        learner,
        roster_ids=[classroom.roster_id for classroom in about.classrooms],
        since=today,  # a binder draws no lines
        policies=policies,
        today=today,
        own_views=reads_own_views(learner, account),
    )
    pieces = Artifact.objects.visible_to(account).filter(learner=learner).handed_in().newest_first()
    work = list(pieces[:MOST_WORK])
    said = Reflection.objects.filter(goal__learner=learner, is_draft=False).exclude(text="").select_related("goal")
    return Binder(
        about,
        [shown for shown in goals if shown.goal.state == Goal.State.LIVE],
        [shown for shown in goals if shown.goal.state not in (Goal.State.LIVE, Goal.State.DRAFT)],
        subjects,
        learner_reading.read_paths(learner),
        read_own_groups(learner, on=today),
        work,
        pieces.count() - len(work) if len(work) == MOST_WORK else 0,
        list(said.order_by("-at", "-pk")[:MOST_REFLECTIONS]),
        _story(learner, subjects, policies, today),
    )


def _story(learner: Learner, subjects: list[SubjectRows], policies: Policies, today: date) -> Story | None:
    """Of the level that rose last, else of the newest result; None where no result counts yet."""
    rise = latest_rise(learner, policies=policies, today=today)
    standard = rise.standard if rise else None
    rows = [row for subject in subjects for row in subject.seen if row.last_on]
    if standard is None and rows:
        newest = max(rows, key=lambda row: (row.last_on or date.min, -row.standard_id))
        standard = Standard.objects.select_related("framework").get(pk=newest.standard_id)
    if standard is None:
        return None
    account = read_account(learner, standard)
    lines = say_lines(account, exact=False, own=True)
    if not lines["counted"] or account.shown_level is None:
        return None
    word = account.policy.word(account.shown_level)
    outlook = say_outlook(account, own=True, name=learner.first_name)
    return Story(standard, account.shown_level, word, len(account.policy.words), lines, outlook)
