"""Templates: written once, changed as a whole, given to many, and then of no more say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from paths.models import Path, PathTemplate, Step, StepProposal, TemplateStep
from paths.services import plans
from paths.services.errors import TemplateChanged, UuidTaken
from paths.services.pacing import keep_pace
from paths.services.plans import COLUMNS, Origin, Outline, StepPlan
from profiles.models import Account, Learner, School, Section

TEMPLATE_COLUMNS = [*(name for name in COLUMNS if name != "due_on"), "days_after"]


@transaction.atomic
def write_template(
    *,
    school: School,
    title: str,
    is_shared: bool,
    steps: Sequence[StepPlan],
    outline: Outline,
    by: Account,
    uuid: UUID | None = None,
) -> PathTemplate:
    """uuid: of the form; sent twice it is one template. Raises PlanRefused, UuidTaken."""
    plans.check_plan(steps, outline)
    template, is_new = PathTemplate.objects.get_or_create(
        uuid=uuid or uuid4(), defaults={"school": school, "author": by, "title": title, "is_shared": is_shared}
    )
    if template.author_id != by.pk:
        raise UuidTaken
    if is_new:
        _write(template, steps, outline)
    return template


@transaction.atomic
def change_template(
    *, template_id: int, version: int, title: str, is_shared: bool, steps: Sequence[StepPlan], outline: Outline
) -> PathTemplate:
    """Write it anew. No path changes by it. Raises TemplateChanged when another change came first, and PlanRefused."""
    plans.check_plan(steps, outline)
    template = PathTemplate.objects.select_for_update().get(pk=template_id)
    if template.version != version:
        raise TemplateChanged(template)
    template.title, template.is_shared = title, is_shared
    template.version += 1
    template.steps.all().delete()
    _write(template, steps, outline)
    return template


def archive(*, template: PathTemplate, now: datetime | None) -> None:
    """Off the list (now), or back on it (None). Paths that came from it stay."""
    PathTemplate.objects.filter(pk=template.pk).update(archived_at=now)


def plan_of(template: PathTemplate, *, starts_on: date | None = None) -> tuple[list[StepPlan], Outline]:
    """Its steps and parts; with a first day, each step has its own day instead of a number of days."""
    steps = list(template.steps.all())
    at = {step.uuid: place for place, step in enumerate(steps)}
    found = []
    for step in steps:
        plan = StepPlan(
            **{name: getattr(step, name) for name in TEMPLATE_COLUMNS if name != "standard_id"},
            standard_id=step.standard_id,
            waits_for=tuple(at[key] for key in step.waits_for if key in at),
        )
        if starts_on is not None and step.days_after is not None:
            plan = replace(plan, due_on=starts_on + timedelta(days=step.days_after), days_after=None)
        found.append(plan)
    parts = tuple(template.outline) if template.parts else ()
    return found, Outline(parts, template.covers_all, tuple(standard.pk for standard in template.targets.all()))


@dataclass(frozen=True)
class Given:
    """paths: new ones. had: learners who have a path from this template already, and got none."""

    act: UUID
    paths: list[Path]
    had: list[Learner]


@transaction.atomic
def give_template(
    *,
    template: PathTemplate,
    learners: Sequence[Learner],
    act: UUID,
    starts_on: date,
    by: Account,
    now: datetime,
    section: Section | None = None,
) -> Given:
    """A path of their own for each; sending the same act twice gives once.

    The template is locked, so that two teachers who give it at once give it once to each learner.
    """
    template = PathTemplate.objects.select_for_update().get(pk=template.pk)
    before = list(Path.objects.filter(act=act, template=template))
    if before:
        return Given(act, before, [])
    has = set(holders(template).filter(learner__in=learners).values_list("learner_id", flat=True))
    steps, outline = plan_of(template, starts_on=starts_on)
    paths = plans.assign_path(
        learners=[learner for learner in learners if learner.pk not in has],
        title=template.title,
        steps=steps,
        outline=outline,
        by=by,
        now=now,
        section=section,
        origin=Origin(template.pk, template.version, act, starts_on),
    )
    return Given(act, paths, [learner for learner in learners if learner.pk in has])


def holders(template: PathTemplate) -> QuerySet[Path]:
    """Paths from this template that are on their learners' pages."""
    return Path.objects.filter(template=template, archived_at__isnull=True)


def untouched(paths: QuerySet[Path]) -> QuerySet[Path]:
    """Paths that nobody has made their own: nothing done, chosen, moved, changed or proposed on them."""
    touched = Step.objects.filter(path=OuterRef("pk")).filter(Q(done_at__isnull=False) | Q(chosen_at__isnull=False))
    return paths.filter(~Exists(touched), ~Exists(StepProposal.objects.filter(path=OuterRef("pk"))), version=1)


@transaction.atomic
def take_back(*, act: UUID, by: Account) -> tuple[int, list[Learner]]:
    """Undo of giving: how many paths went, and whose stay because they have begun."""
    paths = list(Path.objects.select_for_update().filter(act=act, assigned_by=by).select_related("learner"))
    gone = set(untouched(Path.objects.filter(pk__in=[path.pk for path in paths])).values_list("pk", flat=True))
    Path.objects.filter(pk__in=gone).delete()
    return len(gone), [path.learner for path in paths if path.pk not in gone]


@transaction.atomic
def update_untouched(*, template: PathTemplate, paths: QuerySet[Path]) -> list[Path]:
    """Bring paths that nobody has begun to what the template says now; all others stay. Returns those changed.

    paths: among which, such as those that the account may write.
    """
    older = untouched(holders(template)).filter(pk__in=paths.values("pk"), template_version__lt=template.version)
    found = list(Path.objects.select_for_update(of=("self",)).filter(pk__in=list(older.values_list("pk", flat=True))))
    for path in found:
        steps, outline = plan_of(template, starts_on=path.starts_on or path.created_at.date())
        plans.write_plan(path, template.title, steps, outline)
        path.template_version = template.version
        path.save(update_fields=["title", "parts", "covers_all", "template_version"])
        keep_pace(path)
    return found


def _write(template: PathTemplate, steps: Sequence[StepPlan], outline: Outline) -> None:
    template.parts, template.covers_all = plans.part_rows(outline.parts), outline.covers_all
    template.save()
    template.targets.set([] if outline.covers_all else outline.target_ids)
    made = [
        TemplateStep(template=template, position=position, **{name: getattr(plan, name) for name in TEMPLATE_COLUMNS})
        for position, plan in enumerate(steps, start=1)
    ]
    TemplateStep.objects.bulk_create(plans.tied(made, steps))
