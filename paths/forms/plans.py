"""What a teacher types to plan a path: a title, and steps in order."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Group
from lrm.form_fields import WebLinkField, input_widget
from paths.models import Path, Step
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
            data.get(name) for name in ("link", "place", "minutes_expected", "due_on", "standard")
        ):
            self.add_error("title", _("Name this step, or empty the row."))
        return data


class BaseStepFormSet(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place in line")
        form.fields["ORDER"].widget.attrs |= {"class": "input", "inputmode": "numeric"}

    def clean(self):
        if any(self.errors):
            return
        if not self.plans():
            raise forms.ValidationError(_("A path has at least one step. Name the first one."))

    def plans(self) -> list[StepPlan]:
        """Named rows, in the order in which they stand, or by their numbers where these were changed."""
        rows = [row for row in self.ordered_forms if row.cleaned_data.get("title", "").strip()]
        return [
            StepPlan(
                id=row.cleaned_data.get("id"),
                title=row.cleaned_data["title"].strip(),
                kind=row.cleaned_data["kind"],
                standard_id=row.cleaned_data["standard"].pk if row.cleaned_data["standard"] else None,
                link=row.cleaned_data["link"],
                place=row.cleaned_data["place"],
                minutes_expected=row.cleaned_data["minutes_expected"],
                due_on=row.cleaned_data["due_on"],
            )
            for row in rows
        ]


StepFormSet: type[BaseStepFormSet] = forms.formset_factory(  # type: ignore[assignment]
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
    return [
        {
            "id": step.pk,
            "title": step.title,
            "kind": step.kind,
            "standard": step.standard,
            "link": step.link,
            "place": step.place,
            "minutes_expected": step.minutes_expected,
            "due_on": step.due_on,
        }
        for step in path.steps.select_related("standard")
    ]


def group_rows(group: Group) -> list[dict]:
    """Initial values of the rows of a path made of the tasks of a group: until its last day, on its standard."""
    return [
        {"title": task.text, "link": task.url, "standard": group.focus, "place": group.place, "due_on": group.ends_on}
        for task in group.tasks.all()
    ]


class PathForm(forms.Form):
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
