"""Writing a template, giving it, proposing a step and answering a proposal."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import WebLinkField, input_widget
from paths.forms.plans import STEPS_AT_MOST, BaseStepFormSet, StepForm, planned_row
from paths.models import PathTemplate, Step
from paths.services.proposals import Wished
from profiles.models import Learner, School

SPARE_STEPS = 3


class TemplateForm(forms.Form):
    """uuid: of a new template, so that a double click writes it once."""

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name of the path"),
        max_length=200,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Give the path a name, such as what it leads to.")},
    )
    school = forms.ModelChoiceField(
        label=_("School"), queryset=School._base_manager.none(), widget=input_widget(forms.Select)
    )
    is_shared = forms.BooleanField(label=_("All staff of the school can use it"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, schools: QuerySet[School], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = schools, None


class TemplateStepForm(StepForm):
    """A template has no days of the calendar: it counts them from the first day of the path."""

    due_on = None  # type: ignore[assignment]  # Django leaves an inherited field out so
    days_after = forms.IntegerField(
        label=_("Day of the path"),
        min_value=1,
        max_value=365,
        required=False,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )


TemplateStepFormSet: type[BaseStepFormSet] = forms.formset_factory(  # type: ignore[assignment]  # the factory names its own base
    TemplateStepForm,
    formset=BaseStepFormSet,
    extra=SPARE_STEPS,
    can_order=True,
    can_delete=True,
    max_num=STEPS_AT_MOST,
    absolute_max=STEPS_AT_MOST + SPARE_STEPS,
)


def template_rows(template: PathTemplate) -> list[dict]:
    steps = list(template.steps.select_related("standard"))
    numbers = {step.uuid: number for number, step in enumerate(steps, start=1)}
    return [
        {
            **planned_row(step, [numbers[key] for key in step.waits_for if key in numbers]),
            "days_after": step.days_after,
        }
        for step in steps
    ]


class GiveForm(forms.Form):
    act = forms.UUIDField(widget=forms.HiddenInput)
    starts_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
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


class WishForm(forms.Form):
    """What a learner proposes, or a teacher agrees to."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("My idea"),
        max_length=200,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Say what you want to do.")},
    )
    why = forms.CharField(label=_("Why"), max_length=300, required=False, widget=input_widget(forms.TextInput))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Step.Kind.choices, initial=Step.Kind.MAKE, widget=input_widget(forms.Select)
    )
    link = WebLinkField(label=_("Link"), widget=input_widget(forms.TextInput, inputmode="url"))
    minutes_expected = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=600,
        required=False,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )

    def wished(self) -> Wished:
        data = self.cleaned_data
        return Wished(data["title"].strip(), data["why"].strip(), data["kind"], data["link"], data["minutes_expected"])


class AnswerForm(WishForm):
    uuid = None  # type: ignore[assignment]  # Django leaves an inherited field out so
    text = forms.CharField(
        label=_("Your line to the student"), max_length=300, required=False, widget=input_widget(forms.TextInput)
    )
