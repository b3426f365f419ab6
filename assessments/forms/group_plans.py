"""What a teacher settles about a group of the board before it is accepted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.meetings import LONGEST, MeetingForm
from assessments.services.group_planning import DATES, WORDS, PlannedGroup
from lrm.form_fields import input_widget
from standards.models import Standard


class GroupPlanForm(MeetingForm):
    """plan: the group as it would begin now. standards: the class's own list, for its topic.

    is_newer: somebody else settled the group meanwhile, so what is typed here was not stored.
    """

    is_newer = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    letter = forms.CharField(widget=forms.HiddenInput, max_length=2)
    topic = forms.TypedChoiceField(label=_("Works on"), coerce=int, widget=input_widget(forms.Select))
    time_for_all = forms.BooleanField(label=_("Time and days for every group"), required=False)

    def __init__(
        self,
        data: Mapping | None,
        *,
        plan: PlannedGroup,
        version: int,
        standards: Iterable[Standard],
        today: date,
    ) -> None:
        values: dict[str, Any] = {name: getattr(plan, name) for name in (*WORDS, *DATES)}
        values |= {"version": version, "letter": plan.letter, "topic": plan.entry["focus"]}
        super().__init__(data, prefix="plan", initial=values, today=today)
        self.plan = plan
        self._longest = max(LONGEST, plan.ends_on - plan.starts_on)  # a block may run for longer
        for name in DATES:
            self.fields[name].required = False
        topic = self.fields["topic"]
        assert isinstance(topic, forms.TypedChoiceField)
        topic.choices = [
            (standard.pk, f"{standard.label} {standard.heading}" if standard.code else standard.label)
            for standard in standards
        ]

    def clean_starts_on(self) -> date | None:
        start = self.cleaned_data["starts_on"]
        if start is not None and start < self._today:
            raise forms.ValidationError(_("This day is past. Pick today or a later one."))
        if start is not None and start - self._today > max(LONGEST, self.plan.starts_on - self._today):
            raise forms.ValidationError(_("Groups are planned three months ahead at most. Pick an earlier day."))
        return start

    def meets(self) -> dict[str, Any]:
        """After is_valid: what plan_group takes."""
        return {name: self.cleaned_data[name] for name in (*WORDS, *DATES)}
