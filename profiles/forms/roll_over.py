"""Forms of the plan for the next year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from profiles.forms.rosters import RELOAD, _date_field
from profiles.models import AcademicSession, RollOver, School
from profiles.services.rolling_over import AWAY, NONE, Class


class BeginForm(forms.Form):
    """Which school's classes of which year. After is_valid `begin` is (School, AcademicSession)."""

    begin = forms.ChoiceField(
        label=_("Classes of"),
        widget=input_widget(forms.Select),
        error_messages={"required": _("Pick a year."), "invalid_choice": _("Pick one from the list.")},
    )

    def __init__(self, data: Any = None, *, years: Sequence[tuple[School, AcademicSession]]) -> None:
        super().__init__(data)
        self._years = {f"{school.pk}-{session.pk}": (school, session) for school, session in years}
        offer(self, "begin", [(key, f"{school}, {session}") for key, (school, session) in self._years.items()])

    def clean_begin(self) -> tuple[School, AcademicSession]:
        return self._years[self.cleaned_data["begin"]]


class PlanForm(forms.Form):
    """The year, and for each class whether it is there again, under which title, and where its learners go."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), RELOAD)
    )
    title = forms.CharField(
        label=_("The next year is called"),
        max_length=200,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Give the year a name, such as 2027-28.")},
    )
    starts_on = _date_field(_("First day"))
    ends_on = _date_field(_("Last day"))

    def __init__(
        self, data: Mapping | None = None, *, plan: RollOver, classes: Sequence[Class], choices: Mapping[str, str]
    ) -> None:
        super().__init__(data, initial={**plan.year, "version": plan.version})
        self._plan, self._classes = plan, classes
        ways = ways_said(choices)
        for each in classes:
            pk = each.roster.pk
            self.fields[f"again-{pk}"] = forms.BooleanField(required=False, initial=each.is_again, label=_("again"))
            self.fields[f"title-{pk}"] = forms.CharField(
                max_length=200,
                required=False,
                initial=each.title,
                label=_("Title"),
                widget=input_widget(forms.TextInput, autocomplete="off"),
            )
            self.fields[f"staff-{pk}"] = forms.BooleanField(required=False, initial=each.with_staff, label=_("Staff"))
            self.fields[f"goes-{pk}"] = forms.ChoiceField(
                choices=ways, initial=each.goes, label=_("Students go to"), widget=input_widget(forms.Select)
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Dicts of a class and its bound fields."""
        return [
            {"each": each, **{name: self[f"{name}-{each.roster.pk}"] for name in ("again", "title", "staff", "goes")}}
            for each in self._classes
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and first <= self._plan.source.starts_on:
            self.add_error("starts_on", _("The next year begins after the first day of this one."))
        if first and last and last <= first:
            self.add_error("ends_on", _("This is not after the first day."))
        return data

    def values(self) -> dict[str, Any]:
        """What services.rolling_over.save takes."""
        data = self.cleaned_data
        again, goes = {}, {}
        for each in self._classes:
            pk = str(each.roster.pk)
            goes[pk] = data[f"goes-{pk}"]
            if data[f"again-{pk}"]:
                again[pk] = {"title": data[f"title-{pk}"] or each.roster.title, "staff": data[f"staff-{pk}"]}
        kept = {f"again-{pk}" for pk in again}
        # A class that there will not be again takes nobody.
        goes = {pk: NONE if way.startswith("again-") and way not in kept else way for pk, way in goes.items()}
        learners = {pk: way for pk, way in self._plan.learners.items() if not way.startswith("again-") or way in kept}
        year = {"title": data["title"], **{name: _iso(data[name]) for name in ("starts_on", "ends_on")}}
        return {"year": year, "again": again, "goes": goes, "learners": learners}


def ways_said(choices: Mapping[str, str]) -> list[tuple[str, Any]]:
    """(way, words) for a select."""
    words = {NONE: _("no class yet"), AWAY: _("leave the school")}
    return [(way, words.get(way, title)) for way, title in choices.items()]


def _iso(day: date) -> str:
    return day.isoformat()
