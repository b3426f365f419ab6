"""Steps whose standard a learner has shown already: offered as done, never forced, and always taken back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from assessments.models import Mastery
from assessments.services.policies import Policies
from lrm.rows import read
from paths.models import Path, Step
from paths.sequencing import State
from paths.services.pacing import keep_pace
from paths.services.path_pages import PathOnPage, with_states
from profiles.models import Account, Learner, Section
from standards.models import Standard

OPEN_STATES = frozenset({State.NOW, State.OPEN, State.WAITING})

# Results of pre-assessments that stand: one that was corrected gives way to its correction.
PRE_RESULTS = """
SELECT DISTINCT e.learner_id, e.standard_id
  FROM assessments_evidence e JOIN assessments_assessment a ON a.id = e.assessment_id
  JOIN profiles_learner l ON l.id = e.learner_id
 WHERE e.learner_id = ANY(%(learners)s) AND e.standard_id = ANY(%(standards)s) AND l.district_id = %(district)s
   AND e.kind = 'result' AND a.kind = 'pre' AND a.archived_at IS NULL
   AND NOT EXISTS (SELECT FROM assessments_evidence n
                    WHERE n.supersedes_id = e.id AND n.school_year = e.school_year)
"""


def offered_to_skip(learner: Learner, paths: Iterable[PathOnPage], *, today: date) -> set[int]:
    """Ids of steps that the learner may skip: shown by a pre-assessment, or offered by a teacher, and not answered.

    paths: with states. At most four statements, whatever there is.
    """
    steps = [step for shown in paths for step in shown.steps if _is_open(step) and not step.placement]
    by_teacher = {step.pk for step in steps if step.offered_at}
    shown = _shown([(learner.pk, step) for step in steps], learner.district_id, today)
    return by_teacher | {step.pk for step in steps if shown.get((learner.pk, step.standard_id)) is True}


def _is_open(step: Step) -> bool:
    return step.standard_id is not None and step.state in OPEN_STATES


def _shown(steps: Sequence[tuple[int, Step]], district_id: int, today: date) -> dict[tuple[int, int | None], bool]:
    """Pairs of learner and standard at mastery or above, and whether a pre-assessment has a result of theirs."""
    learners, standards = {pk for pk, _step in steps}, {step.standard_id for _pk, step in steps if step.standard_id}
    if not standards:
        return {}
    policies = Policies(district_id)
    frameworks = dict(Standard.objects.filter(pk__in=standards).values_list("pk", "framework_id"))
    wanted = {pk: policies.on(framework, today).scale.mastery_level for pk, framework in frameworks.items()}
    levels = Mastery.objects.filter(learner__in=learners, standard__in=standards, shown_level__isnull=False)
    pre = {
        (row.learner_id, row.standard_id)
        for row in read(PRE_RESULTS, learners=list(learners), standards=list(standards))
    }
    return {
        (learner, standard): (learner, standard) in pre
        for learner, standard, level in levels.values_list("learner_id", "standard_id", "shown_level")
        if level is not None and level >= wanted[standard]
    }


@transaction.atomic
def skip_step(*, step: Step, by: Account, now: datetime) -> bool:
    """Done without doing it. False, and nothing changes, where it is done already."""
    path = Path.objects.select_for_update().get(pk=step.path_id)
    rows = Step.objects.filter(pk=step.pk, done_at__isnull=True)
    changed = rows.update(done_at=now, done_by=by, placement=Step.Placement.SKIPPED)
    keep_pace(path)
    return bool(changed)


def keep_step(*, step: Step) -> None:
    """The learner does it anyway, and is not asked again."""
    Step.objects.filter(pk=step.pk, done_at__isnull=True).update(placement=Step.Placement.KEPT)


@transaction.atomic
def undo_placement(*, step: Step) -> None:
    """As before the answer: a skipped step is open again, and is offered as it was."""
    path = Path.objects.select_for_update().get(pk=step.path_id)
    rows = Step.objects.filter(pk=step.pk)
    rows.filter(placement=Step.Placement.SKIPPED).update(done_at=None, done_by=None)
    rows.update(placement="")
    keep_pace(path)


@dataclass
class ToPlace:
    """A learner of the class and the open steps of standards that are shown already.

    Of each: the step, whether a pre-assessment says so (then it is offered by itself), and its path's title.
    """

    learner: Learner
    steps: list[tuple[Step, bool]] = field(default_factory=list)


def placement_of_class(
    section: Section, learners: Sequence[Learner], *, district_id: int, today: date
) -> list[ToPlace]:
    """Learners with something to offer, in the order given. A fixed number of statements."""
    steps = (
        Step.objects.filter(path__learner__in=learners, path__archived_at__isnull=True)
        .filter(Q(path__section=section) | Q(path__section__isnull=True))
        .select_related("path", "standard")
        .order_by("path_id", "position")
    )
    found: dict[int, PathOnPage] = {}
    for step in steps:
        found.setdefault(step.path_id, PathOnPage(step.path, [])).steps.append(step)
    with_states(found.values())
    open_steps = [(shown.path.learner_id, step) for shown in found.values() for step in shown.steps if _is_open(step)]
    shown_pairs = _shown(open_steps, district_id, today)
    rows = {learner.pk: ToPlace(learner) for learner in learners}
    for learner_id, step in open_steps:
        if (learner_id, step.standard_id) in shown_pairs:
            rows[learner_id].steps.append((step, shown_pairs[learner_id, step.standard_id]))
    return [row for row in rows.values() if row.steps]


def offer_steps(*, step_ids: Collection[int], by: Account, now: datetime) -> int:
    """Offer them to their learners. Returns how many are newly offered; what a learner answered stays answered."""
    rows = Step.objects.filter(pk__in=step_ids, offered_at__isnull=True, done_at__isnull=True, placement="")
    return rows.update(offered_at=now, offered_by=by)


def withdraw_offers(*, step_ids: Collection[int]) -> int:
    """Those that no learner has answered."""
    rows = Step.objects.filter(pk__in=step_ids, offered_at__isnull=False, done_at__isnull=True, placement="")
    return rows.update(offered_at=None, offered_by=None)
