"""Forms of the Students page."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm import days
from lrm.grades import grade_choices, grade_name
from profiles.models import Enrollment, Roster

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RELOAD = _("Part of the page got lost on the way. Reload it, then send it once more.")
NAME = {"autocomplete": "off", "data-name": ""}  # what is typed there is looked up while typing


def _input(kind: type[forms.Widget] = forms.TextInput, /, **attrs: str) -> forms.Widget:
    return kind(attrs={"class": "input", **attrs})


def _date_field(label: "StrOrPromise") -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
        error_messages={
            "required": _("Pick a day."),
            "invalid": _("This day cannot be read. Write it as 2026-10-13."),
        },
    )


class AddLearnerForm(forms.Form):
    """A child for a roster. `choice` says, after the question, who it is: "new", or the id of one who is here.

    `uuid` travels with the form, so that sending it twice makes one learner.
    """

    given_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=_input(**NAME),
        error_messages={"required": _("Write the first name.")},
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        widget=_input(**NAME),
        error_messages={"required": _("Write the last name.")},
    )
    preferred_name = forms.CharField(
        label=_("Wants to be called"), max_length=100, required=False, widget=_input(autocomplete="off")
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, widget=_input(forms.Select))
    key = forms.CharField(
        label=_("Student ID"),
        max_length=255,
        required=False,
        widget=_input(autocomplete="off"),
        help_text=_("As in the student information system, so that the next import finds the same child."),
    )
    starts_on = _date_field(_("In this class from"))
    choice = forms.CharField(required=False, widget=forms.HiddenInput)
    uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), RELOAD))

    def __init__(self, *args, roster: Roster, today: date, **kwargs):
        kwargs.setdefault("initial", {"grade": roster.grade, "starts_on": today, "uuid": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        choices = grade_choices()
        if roster.grade and roster.grade not in dict(choices):
            choices.insert(0, (roster.grade, grade_name(roster.grade)))
        cast(forms.ChoiceField, self.fields["grade"]).choices = [("", _("not said")), *choices]
        self.first = min(roster.session.starts_on, today)
        self.last = max(roster.session.ends_on, today)

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if not self.first <= day <= self.last:
            raise forms.ValidationError(
                _("This class goes from %(first)s to %(last)s. Pick a day in between."),
                params={"first": days.said(self.first), "last": days.said(self.last)},
            )
        return day


class WithdrawForm(forms.Form):
    """The first day on which a learner is not in the class anymore."""

    from_day = _date_field(_("Not in this class from"))

    def __init__(self, *args, enrollment: Enrollment, today: date, **kwargs):
        kwargs.setdefault("initial", {"from_day": max(today, enrollment.starts_on)})
        super().__init__(*args, **kwargs)
        self.first = enrollment.starts_on
        self.last = max(enrollment.roster.session.ends_on, today) + timedelta(days=1)

    def clean_from_day(self) -> date:
        day = self.cleaned_data["from_day"]
        if day < self.first:
            raise forms.ValidationError(
                _("The student came on %(day)s. Pick that day or a later one."), params={"day": days.said(self.first)}
            )
        if day > self.last:
            raise forms.ValidationError(
                _("The class ends on %(day)s anyway. Pick an earlier day."),
                params={"day": days.said(self.last - timedelta(days=1))},
            )
        return day
