"""What a teacher types to plan a path: a title, and steps in order."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Group
from lrm.form_fields import WebLinkField, input_widget
from lrm.numbers import whole_number
from paths.forms.parts import PARTS_AT_MOST
from paths.models import Path, Step
from paths.models.planned import PlannedStep
from paths.services.plans import StepPlan
from profiles.models import Learner
from standards.models import Standard

STEPS_AT_MOST = 40
SPARE_STEPS = 3


class StepForm(forms.Form):
    """A row without a title is an empty row, unless something else stands in it."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Step"), max_length=200, required=False, widget=input_widget(forms.TextInput))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Step.Kind.choices,
        initial=Step.Kind.PRACTISE,
        widget=input_widget(forms.Select),
    )
    standard = forms.ModelChoiceField(
        label=_("Standard"), queryset=Standard._base_manager.none(), required=False, widget=input_widget(forms.Select)
    )
    link = WebLinkField(label=_("Link"), widget=input_widget(forms.TextInput, inputmode="url"))
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    minutes_expected = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=600,
        required=False,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )
    due_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    part = forms.IntegerField(
        label=_("Part"),
        min_value=1,
        max_value=PARTS_AT_MOST,
        required=False,
        initial=1,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )
    tier = forms.ChoiceField(
        label=_("Tier"),
        choices=Step.Tier.choices,
        initial=Step.Tier.CORE,
        required=False,
        widget=input_widget(forms.Select),
    )
    waits_for = forms.CharField(
        label=_("Waits for steps"),
        max_length=60,
        required=False,
        widget=input_widget(forms.TextInput, placeholder=_("such as 1, 2"), inputmode="numeric"),
    )
    is_fixed = forms.BooleanField(label=_("Students leave it where it is"), required=False)

    def __init__(self, *args, standards: Iterable[Standard] = (), account=None, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Standard.objects.visible_to(account).in_force()
        chosen = self.initial.get("standard")
        offered = list(standards)
        if chosen and chosen.pk not in {standard.pk for standard in offered}:
            offered.insert(0, chosen)
        field.widget.choices = [
            ("", _("none")),
            *((s.pk, f"{s.label} {s.heading}" if s.code else s.label) for s in offered),
        ]

    def clean(self):
        data = super().clean() or {}
        if not data.get("title", "").strip() and any(
            data.get(name) for name in ("link", "place", "minutes_expected", "due_on", "days_after", "standard")
        ):
            self.add_error("title", _("Name this step, or empty the row."))
        return data

    def clean_waits_for(self) -> list[int]:
        """Numbers of rows, from 1."""
        typed = dict.fromkeys(self.cleaned_data["waits_for"].replace(",", " ").split())
        numbers = [number for number in map(whole_number, typed) if number is not None]
        if len(numbers) < len(typed):
            raise forms.ValidationError(_("Write the numbers of the steps that come first, such as 1, 2."))
        return numbers

    def plan(self, waits_for: tuple[int, ...]) -> StepPlan:
        data = self.cleaned_data
        return StepPlan(
            id=data.get("id"),
            title=data["title"].strip(),
            kind=data["kind"],
            part=(data["part"] or 1) - 1,
            tier=data["tier"] or Step.Tier.CORE,
            is_fixed=data["is_fixed"],
            standard_id=data["standard"].pk if data["standard"] else None,
            link=data["link"],
            place=data["place"],
            minutes_expected=data["minutes_expected"],
            due_on=data.get("due_on"),
            days_after=data.get("days_after"),
            waits_for=waits_for,
        )


class BaseStepFormSet(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place in line")
        form.fields["ORDER"].widget.attrs |= {"class": "input", "inputmode": "numeric"}

    def clean(self):
        if any(self.errors):
            return
        if not self._named():
            raise forms.ValidationError(_("A path has at least one step. Name the first one."))
        rows = {self.number_of(row) for row in self._named()}
        for row in self._named():
            for number in row.cleaned_data["waits_for"]:
                if number not in rows:
                    row.add_error("waits_for", _("There is no step %(number)s to wait for.") % {"number": number})

    def plans(self) -> list[StepPlan]:
        """Named rows by their parts, in the order in which they stand, or by their numbers where these were changed."""
        rows = self._named()
        at = {self.number_of(row): place for place, row in enumerate(rows)}
        return [row.plan(tuple(at[number] for number in row.cleaned_data["waits_for"])) for row in rows]

    def number_of(self, row: forms.Form) -> int:
        """As the row shows it, from 1."""
        return self.forms.index(row) + 1

    def _named(self) -> list[StepForm]:
        rows = [row for row in self.ordered_forms if row.cleaned_data.get("title", "").strip()]
        return sorted(rows, key=lambda row: row.cleaned_data.get("part") or 1)


StepFormSet: type[BaseStepFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the factory names its own base
    StepForm,
    formset=BaseStepFormSet,
    extra=SPARE_STEPS,
    can_order=True,
    can_delete=True,
    max_num=STEPS_AT_MOST,
    absolute_max=STEPS_AT_MOST + SPARE_STEPS,
)


def step_rows(path: Path) -> list[dict]:
    """Initial values of the rows of a path that stands."""
    return [{**planned_row(step, numbers), "id": step.pk, "due_on": step.due_on} for step, numbers in _numbered(path)]


def _numbered(path: Path):
    steps = list(path.steps.select_related("standard"))
    numbers = {step.uuid: number for number, step in enumerate(steps, start=1)}
    return [(step, [numbers[key] for key in step.waits_for if key in numbers]) for step in steps]


def planned_row(step: PlannedStep, waits_for: Iterable[int]) -> dict:
    """waits_for: numbers of rows, from 1."""
    return {
        "title": step.title,
        "kind": step.kind,
        "part": step.part + 1,
        "tier": step.tier,
        "is_fixed": step.is_fixed,
        "standard": step.standard,
        "link": step.link,
        "place": step.place,
        "minutes_expected": step.minutes_expected,
        "waits_for": ", ".join(map(str, waits_for)),
    }


def group_rows(group: Group) -> list[dict]:
    """Initial values of the rows of a path made of the tasks of a group: until its last day, on its standard."""
    return [
        {
            "title": task.text,
            "link": task.url,
            "tier": task.tier,
            "standard": group.focus,
            "place": group.place,
            "due_on": group.ends_on,
        }
        for task in group.tasks.all()
    ]


class PathForm(forms.Form):
    """act: identifies the form of a new path, so that a double click gives it once."""

    act = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name of the path"),
        max_length=200,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Give the path a name, such as what it leads to.")},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssignForm(PathForm):
    """For a whole section: who gets the path."""

    learners = forms.ModelMultipleChoiceField(
        label=_("Who gets it"),
        queryset=Learner._base_manager.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one student.")},
    )

    def may_give_to(self, learners: QuerySet[Learner]) -> None:
        field = self.fields["learners"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = learners
