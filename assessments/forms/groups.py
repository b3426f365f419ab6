"""What a teacher types to change a group that is on, with the lines that it works on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.meetings import MeetingForm
from assessments.models import Group, GroupTask
from assessments.services.group_changes import TaskLine
from lrm.form_fields import WebLinkField, input_widget

TASKS_AT_MOST = 12
SPARE_TASKS = 2


class TaskForm(forms.Form):
    """One line; without text it is an empty one, unless a link stands in it."""

    tier = forms.ChoiceField(
        label=_("For"),
        choices=GroupTask.Tier.choices,
        initial=GroupTask.Tier.CORE,
        required=False,
        widget=input_widget(forms.Select),
    )
    text = forms.CharField(label=_("Task"), max_length=200, required=False, widget=input_widget(forms.TextInput))
    url = WebLinkField(label=_("Link"), widget=input_widget(forms.TextInput, inputmode="url"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("url") and not data.get("text"):
            self.add_error("text", _("Say what the link is for, or empty the line."))
        return data


TaskFormSet = forms.formset_factory(
    TaskForm, extra=SPARE_TASKS, max_num=TASKS_AT_MOST, absolute_max=TASKS_AT_MOST + SPARE_TASKS
)


class GroupForm(MeetingForm):
    """A group that is on; `tasks` is the formset of its lines, checked together with it.

    newer: the group as somebody else left it meanwhile, where what is typed here was not stored because of that.
    """

    newer: Group | None = None

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, data: Mapping | None, *, group: Group, today: date) -> None:
        prefix = f"group-{group.pk}"
        values = {name: getattr(group, name) for name in self.base_fields}
        super().__init__(data, prefix=prefix, initial=values, today=today)
        self.group = group
        rows = [{"tier": task.tier, "text": task.text, "url": task.url} for task in group.tasks.all()]
        self.tasks = TaskFormSet(data, prefix=f"{prefix}-tasks", initial=rows)

    def is_valid(self) -> bool:
        both = [super().is_valid(), self.tasks.is_valid()]
        return all(both)

    def lines(self) -> list[TaskLine]:
        """After is_valid: the tasks in order, without empty lines."""
        rows = [row.cleaned_data for row in self.tasks if row.cleaned_data.get("text")]
        return [TaskLine(row["text"], row["tier"] or GroupTask.Tier.CORE, row["url"]) for row in rows]


def group_forms(groups: Iterable[Group], *, today: date) -> dict[int, GroupForm]:
    """An empty form for each group, by its id. groups: with their tasks prefetched."""
    return {group.pk: GroupForm(None, group=group, today=today) for group in groups}
