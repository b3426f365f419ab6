"""What a teacher types for a goal that is offered to many."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from paths.forms.fields import StandardsField
from paths.forms.goals import STEP_LENGTH, STEPS_AT_MOST
from paths.models import GoalTemplate
from paths.services.goal_templates import TemplateWords
from paths.services.goal_words import lines_of
from profiles.models import Account


class GoalTemplateForm(forms.Form):
    """uuid: of a new template, so that a double click writes it once."""

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("Goal"),
        max_length=280,
        help_text=_("One sentence, as a student would say it. Start with “I”; “…” is where they go on."),
        widget=input_widget(forms.Textarea, rows=2, maxlength=280),
        error_messages={"required": _("Write the goal in one sentence.")},
    )
    why = forms.CharField(
        label=_("Why it matters"),
        max_length=500,
        required=False,
        widget=input_widget(forms.Textarea, rows=2, maxlength=500),
    )
    done_when = forms.CharField(
        label=_("Done when"),
        max_length=1000,
        required=False,
        help_text=_("One thing on each line."),
        widget=input_widget(forms.Textarea, rows=3, maxlength=1000),
    )
    steps = forms.CharField(
        label=_("Steps"),
        max_length=STEPS_AT_MOST * (STEP_LENGTH + 2),
        required=False,
        help_text=_("One step on each line."),
        widget=input_widget(forms.Textarea, rows=4),
    )
    days = forms.IntegerField(
        label=_("Days until it is due"),
        min_value=1,
        max_value=366,
        required=False,
        help_text=_("Counted from the day on which you offer it."),
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )
    standards = StandardsField(label=_("What it counts towards"))
    is_shared = forms.BooleanField(label=_("My colleagues can offer it too"), required=False)

    def __init__(self, *args, account: Account, **kwargs):
        super().__init__(*args, **kwargs)
        standards = self.fields["standards"]
        assert isinstance(standards, StandardsField)
        standards.offer(account)

    @classmethod
    def opened(cls, *, account: Account, template: GoalTemplate) -> "GoalTemplateForm":
        """Unbound, with the words of the template."""
        return cls(
            account=account,
            initial={
                **{name: getattr(template, name) for name in ("version", "what", "why", "done_when", "days")},
                "steps": "\n".join(template.steps),
                "is_shared": template.is_shared,
                "standards": [standard.pk for standard in template.standards.all()],
            },
        )

    def clean_steps(self) -> str:
        steps = lines_of(self.cleaned_data["steps"])
        if len(steps) > STEPS_AT_MOST:
            raise forms.ValidationError(_("A goal has at most 12 steps. Put some of them together."))
        if any(len(text) > STEP_LENGTH for text in steps):
            raise forms.ValidationError(_("A step has at most 200 letters. Make two steps of it."))
        return "\n".join(steps)

    def words(self) -> TemplateWords:
        """After `is_valid`."""
        data = self.cleaned_data
        return TemplateWords(
            what=data["what"],
            why=data["why"],
            done_when="\n".join(lines_of(data["done_when"])),
            steps=tuple(lines_of(data["steps"])),
            days=data["days"],
            standard_ids=tuple(sorted(standard.pk for standard in data["standards"])),
            is_shared=data["is_shared"],
        )
