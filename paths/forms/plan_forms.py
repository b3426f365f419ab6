"""Name, parts and steps of a plan, read and checked as one."""

from collections.abc import Sequence

from django import forms
from django.forms.utils import ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths.forms.parts import CoverForm, PartFormSet
from paths.forms.plans import BaseStepFormSet, StepFormSet
from paths.sequencing import Fault, Part, Problem
from paths.services.plans import Outline, StepPlan, plan_problems
from standards.models import Standard


class PlanForms:
    """form: with the name, and whatever else the page asks. Its rows come as parts-0-kind, steps-0-title, ..

    rows, parts, cover: what stands at first. offered: standards that rows and targets offer first.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        form: forms.Form,
        account,
        offered: Sequence[Standard],
        rows: list[dict] | None = None,
        parts: list[dict] | None = None,
        cover: dict | None = None,
        step_forms: type[BaseStepFormSet] = StepFormSet,
    ) -> None:
        self.form, self.offered = form, offered
        self.steps = step_forms(
            data, initial=rows, prefix="steps", form_kwargs={"standards": offered, "account": account}
        )
        # A form without parts, as short ones are, is one sequence.
        with_parts = data is None or "parts-TOTAL_FORMS" in data
        self.parts = PartFormSet(data, initial=parts or [{}], prefix="parts") if with_parts else None
        self.cover = CoverForm(data, initial=cover, account=account)

    def is_valid(self) -> bool:
        """Everything is checked, so that all problems are said at once."""
        bound = [found for found in (self.form, self.parts, self.steps, self.cover) if found is not None]
        if {found.is_valid() for found in bound} != {True}:
            return False
        self.step_plans, self.outline = self._plan()
        found = plan_problems(self.step_plans, self.outline)
        if found:
            words = self._words([standard.pk for standard in self.cover.cleaned_data["targets"]])
            # Django has no public way to say something of a whole formset after it was cleaned.
            self.steps._non_form_errors = ErrorList([words(problem) for problem in found])  # type: ignore[attr-defined]
        return not found

    @property
    def is_refused(self) -> bool:
        return self.form.is_bound

    @property
    def has_parts(self) -> bool:
        """More than one sequence, or something to say about parts."""
        if self.parts is None:
            return False
        rows = self.parts.forms
        said = any(row["title"].value() or row["kind"].value() not in {None, "", "sequence"} for row in rows)
        return (
            said
            or self.parts.total_error_count() > 0
            or any((row["part"].value() or 1) not in {1, "1", ""} for row in self.steps)
        )

    @property
    def targets(self) -> list[dict]:
        """Offered standards, those named by hand ticked."""
        chosen = {str(value) for value in self.cover["targets"].value() or ()}
        return [{"standard": standard, "chosen": str(standard.pk) in chosen} for standard in self.offered]

    def _plan(self) -> tuple[list[StepPlan], Outline]:
        """Parts without steps are left out, and the others numbered anew."""
        plans = self.steps.plans()
        typed = [row.part() for row in self.parts.forms] if self.parts is not None else []
        used = sorted({plan.part for plan in plans})
        number = {part: at for at, part in enumerate(used)}
        parts = tuple(typed[part] if part < len(typed) else Part() for part in used)
        named = () if self.cover.covers_all else tuple(s.pk for s in self.cover.cleaned_data["targets"])
        steps = [StepPlan(**{**vars(plan), "part": number[plan.part]}) for plan in plans]
        return steps, Outline(() if parts == (Part(),) else parts, self.cover.covers_all, named)

    def _words(self, target_ids: Sequence[int]):
        wanted = {plan.standard_id for plan in self.step_plans if plan.standard_id} | set(target_ids)
        labels = {s.pk: s.label for s in Standard.objects.filter(pk__in=wanted)}
        titles = [plan.title for plan in self.step_plans]
        return lambda problem: problem_words(problem, titles, labels)


def problem_words(problem: Problem, titles: Sequence[str], labels: dict) -> str:
    """titles: of the steps by their places.    labels: of standards by their ids."""
    names = [f"“{titles[at]}”" for at in problem.steps]
    part = (problem.part or 0) + 1
    match problem.fault:
        case Fault.CYCLE if len(names) == 1:
            return _("%(step)s waits for itself. Take that out.") % {"step": names[0]}
        case Fault.CYCLE:
            return _("These steps wait for each other, so none could begin: %(steps)s. Take one of the waits out.") % {
                "steps": ", ".join(names)
            }
        case Fault.WAITS_FOR_LATER:
            return _("%(step)s waits for %(other)s, which comes after it. Put %(other)s first.") % {
                "step": names[0],
                "other": names[1],
            }
        case Fault.WAITS_FOR_CHOICE:
            return _(
                "%(step)s waits for %(other)s, which is one of several to choose from. Not everybody does it, so"
                " nothing can wait for it."
            ) % {"step": names[0], "other": names[1]}
        case Fault.PICKS_NONE:
            return _("Part %(part)s is to choose from. Say how many steps to choose.") % {"part": part}
        case Fault.PICKS_TOO_MANY:
            return _("Part %(part)s asks for more steps than it has. Choose fewer, or add steps to it.") % {
                "part": part
            }
    standard = labels.get(problem.standard, "")
    if not names:
        return _("No step is for %(standard)s. Add one, or take the standard off the list.") % {"standard": standard}
    return ngettext(
        "Choosing %(steps)s leaves %(standard)s without a step.",
        "Choosing %(steps)s leaves %(standard)s without a step.",
        len(names),
    ) % {"steps": _joined(names), "standard": standard}


def _joined(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
