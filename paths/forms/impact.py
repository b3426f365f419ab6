"""What an administrator asks: what may have helped, on which standards, at which schools, when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from assessments.models import Group
from lrm.form_fields import input_widget, offer
from paths.models import ImpactQuestion
from paths.services.impact_choices import Choices
from profiles.models import School, Support

About = ImpactQuestion.About
KINDS: dict[str, list[tuple[str, Any]]] = {
    About.GROUPS: [("", _("Any purpose")), *Group.Purpose.choices],
    About.SUPPORTS: [("", _("Any support")), *Support.Kind.choices],
}
EARLIEST = date(2000, 1, 1)


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Pick a day."),
            "invalid": _("This day cannot be read. Write it as 2026-10-13."),
        },
    )


class ImpactForm(forms.Form):
    """about: which kind of question; it decides the fields.    choices: standards in use.

    schools: those of the account.

    After is_valid, `question()` is what `services.impact.ask` takes.
    """

    kind = forms.ChoiceField(
        label=_("Which"),
        required=False,
        widget=input_widget(forms.Select),
        error_messages={"invalid_choice": _("Pick one from the list.")},
    )
    name = forms.CharField(
        label=_("What is it called?"),
        max_length=80,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Say what the schools began with.")},
    )
    on = forms.ChoiceField(
        label=_("On which standards"),
        widget=input_widget(forms.Select),
        error_messages={
            "required": _("Pick standards."),
            "invalid_choice": _("These standards are not in use here any more. Pick others."),
        },
    )
    school = forms.ChoiceField(
        label=_("Where"),
        required=False,
        widget=input_widget(forms.Select),
        error_messages={"invalid_choice": _("Pick a school from the list.")},
    )
    since = _day(_("Began from"))
    until = _day(_("to"))
    is_told = forms.BooleanField(
        label=_("Administrators of every school may read the answer"),
        required=False,
        help_text=_("Who may not list all of its students reads no figure of few students."),
    )

    def __init__(
        self,
        *args: Any,
        about: str,
        choices: Choices,
        schools: Sequence[School],
        today: date,
        is_district: bool,
        **more,
    ) -> None:
        super().__init__(*args, **more)
        self.about, self.choices, self.schools, self.today = about, choices, list(schools), today
        offer(self, "on", [("", _now("Pick")), *choices.offered()])
        if about in KINDS:
            offer(self, "kind", KINDS[about])
        else:
            del self.fields["kind"]
        if about == About.ROLL_OUT:
            self.fields["since"].label = _("Months from")
            del self.fields["school"], self.fields["is_told"]
            for school in self.schools:
                self.fields[f"began_{school.pk}"] = _day(school.name, required=False)
        else:
            del self.fields["name"]
            offer(self, "school", [("", _now("All schools")), *((row.pk, row.name) for row in self.schools)])
            if len(self.schools) < 2:
                del self.fields["school"]
            if not is_district or len(self.schools) < 2:
                del self.fields["is_told"]

    @property
    def dates(self) -> list[forms.BoundField]:
        """The day on which each school began."""
        return [self[name] for name in self.fields if name.startswith("began_")]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Day and month may be swapped."))
        if since and (since > self.today or since < EARLIEST):
            self.add_error("since", _("Nothing is known of that day. Pick one that is past."))
        if self.about == About.ROLL_OUT and not self.errors and not self._began():
            self.add_error(None, _("Say when at least one school began. Leave a school empty that has not begun."))
        return asked

    def _began(self) -> dict[str, str]:
        days = {str(school.pk): self.cleaned_data.get(f"began_{school.pk}") for school in self.schools}
        return {school: day.isoformat() for school, day in days.items() if day}

    def question(self) -> ImpactQuestion:
        asked = self.cleaned_data
        label, standard_ids = self.choices.chosen(asked["on"])
        wanted = [int(asked["school"])] if asked.get("school") else [school.pk for school in self.schools]
        return ImpactQuestion(
            about=self.about,
            kind=asked.get("kind", ""),
            name=asked.get("name", ""),
            on=label,
            standard_ids=standard_ids,
            school_ids=sorted(wanted),
            since=asked["since"],
            until=asked["until"],
            began=self._began() if self.about == About.ROLL_OUT else {},
            is_told=asked.get("is_told", False) and not asked.get("school"),
        )
