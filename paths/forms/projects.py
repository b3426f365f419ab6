"""What a learner writes about a project, the time that it took, and how it ended."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, typed_list
from paths.forms.fields import StandardsField
from paths.models import Project
from paths.services.project_page import OnProject
from paths.services.projects import PlanLine, ProjectWords
from profiles.models import Account

LINES_AT_MOST = 20
SPARE_LINES = 3
LINE_LENGTH = 200
DAYS_BACK = 60


def _day(label, **kwargs) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no date. Pick one, or leave it open.")},
        **kwargs,
    )


class ProjectForm(forms.Form):
    """A draft may be unfinished. The plan comes as rows `line_id`, `line_text`, `line_due` in order."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What is it?"), choices=Project.Kind.choices, widget=input_widget(forms.Select))
    title = forms.CharField(
        label=_("Its name"),
        max_length=120,
        widget=input_widget(forms.TextInput, autocomplete="off", maxlength=120),
        error_messages={"required": _("Give it a name.")},
    )
    what = forms.CharField(
        label=_("What I want to do"),
        max_length=2000,
        help_text=_("What will be there at the end?"),
        widget=input_widget(forms.Textarea, rows=4, maxlength=2000),
        error_messages={"required": _("Say in a few words what you want to do.")},
    )
    why = forms.CharField(
        label=_("Why it matters to me"),
        max_length=500,
        required=False,
        widget=input_widget(forms.Textarea, rows=2, maxlength=500),
    )
    place = forms.CharField(
        label=_("Where"),
        max_length=120,
        required=False,
        help_text=_("For an internship: the shop, farm or office."),
        widget=input_widget(forms.TextInput, autocomplete="off", maxlength=120),
    )
    mentor = forms.CharField(
        label=_("Who is there for me"),
        max_length=120,
        required=False,
        help_text=_("A name is enough. No phone number, no address."),
        widget=input_widget(forms.TextInput, autocomplete="off", maxlength=120),
    )
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))
    standards = StandardsField(label=_("What it counts towards"), help_text=_("From any subject."))
    answer = forms.CharField(
        label=_("My answer"),
        max_length=500,
        required=False,
        widget=input_widget(forms.Textarea, rows=2, maxlength=500),
    )

    def __init__(self, *args, account: Account, project: Project | None = None, is_draft: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.project, self.is_draft = project, is_draft
        standards = self.fields["standards"]
        assert isinstance(standards, StandardsField)
        standards.offer(account)
        if is_draft:
            for name in ("title", "what"):
                self.fields[name].required = False

    @classmethod
    def opened(cls, *, account: Account, project: Project | None = None) -> "ProjectForm":
        if project is None:
            return cls(account=account, initial={"uuid": uuid.uuid4(), "kind": Project.Kind.PROJECT})
        names = ("uuid", "version", "kind", "title", "what", "why", "place", "mentor", "starts_on", "ends_on")
        initial = {name: getattr(project, name) for name in names}
        initial["standards"] = [standard.pk for standard in project.standards.all()]
        return cls(account=account, project=project, initial=initial)

    def plan(self) -> list[PlanLine]:
        """As typed, or as it stands. A day that is none is left out, and told by `clean`."""
        if not self.is_bound:
            steps = self.project.steps.all() if self.project else []
            return [PlanLine(step.pk, step.text, step.due_on) for step in steps]
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        texts, days = typed_list(data, "line_text"), typed_list(data, "line_due")
        ids = [int(pk) if pk.isdecimal() and len(pk) <= 18 else None for pk in data.getlist("line_id")]
        ids += [None] * (len(texts) - len(ids))
        days += [""] * (len(texts) - len(days))
        rows = zip(ids, texts, days, strict=False)
        return [PlanLine(pk, text.strip(), _parsed(day)) for pk, text, day in rows if text.strip()]

    def lines_to_show(self) -> list[PlanLine]:
        """And a few empty ones: a form without script grows by saving."""
        lines = self.plan()
        return lines + [PlanLine(None, "")] * min(SPARE_LINES, LINES_AT_MOST - len(lines))

    def clean(self):
        data = super().clean() or {}
        lines = self.plan()
        if len(lines) > LINES_AT_MOST:
            self.add_error(None, _("A plan has at most 20 lines. Put some of them together."))
        if any(len(line.text) > LINE_LENGTH for line in lines):
            self.add_error(None, _("A line of the plan has at most 200 letters. Make two of it."))
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("It ends before it starts. Look at both days again."))
        return data

    def words(self) -> ProjectWords:
        """After `is_valid`."""
        data = self.cleaned_data
        return ProjectWords(
            **{name: data[name] for name in ("kind", "title", "what", "why", "place", "mentor")},
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            standard_ids=tuple(sorted(standard.pk for standard in data["standards"])),
            plan=self.plan(),
        )

    def is_empty(self) -> bool:
        words = self.words()
        return not (words.title or words.what or words.why or words.plan)


def _parsed(text: str):
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


class TimeForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no date."), "required": _("Which day was it?")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=720,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
        error_messages={
            "required": _("How many minutes was it?"),
            "invalid": _("Write the minutes as a number, such as 45."),
            "min_value": _("At least 1 minute."),
            "max_value": _("At most 720 minutes for one line. That is 12 hours."),
        },
    )
    text = forms.CharField(
        label=_("What I did"),
        max_length=280,
        widget=input_widget(forms.TextInput, autocomplete="off", maxlength=280),
        error_messages={"required": _("Write a few words about it.")},
    )

    def clean_on(self):
        on, today = self.cleaned_data["on"], timezone.localdate()
        if on > today:
            raise forms.ValidationError(_("That day is still to come."))
        if (today - on).days > DAYS_BACK:
            raise forms.ValidationError(_("That day is more than 60 days ago. Ask your teacher."))
        return on


class EndForm(forms.Form):
    """`level.<standard>`: the level that the learner proposes, for each that they want to say something about."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reflection = forms.CharField(
        label=_("Looking back"),
        max_length=2000,
        help_text=_("What came out? What was hard? What would you do again?"),
        widget=input_widget(forms.Textarea, rows=5, maxlength=2000),
        error_messages={"required": _("Write a few words about how it went.")},
    )

    def __init__(self, *args, standards: list[OnProject], **kwargs):
        super().__init__(*args, **kwargs)
        self.standards = standards
        for row in standards:
            choices = [("", _("I leave it open"))] + [(str(level.level), level.word) for level in row.scale]
            self.fields[f"level.{row.standard.pk}"] = forms.ChoiceField(
                label=row.standard.heading, choices=choices, required=False, widget=input_widget(forms.Select)
            )

    def level_fields(self):
        return [self[f"level.{row.standard.pk}"] for row in self.standards]

    def levels(self) -> dict[int, int]:
        """{id of the standard: level}. After `is_valid`."""
        said = {row.standard.pk: self.cleaned_data[f"level.{row.standard.pk}"] for row in self.standards}
        return {pk: int(level) for pk, level in said.items() if level}
