"""Forms about who is in a class and who teaches it, beyond one student at a time."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm import days
from lrm.form_fields import input_widget, offer
from profiles.forms.rosters import RELOAD, _date_field
from profiles.forms.staff_address import staff_at
from profiles.models import Account, Enrollment, Roster, School, Section

Role = Enrollment.Role
LEAVE = "leave"


class StepForm(forms.Form):
    """`uuid` travels with the form, so that sending it twice does it once."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), RELOAD))


class MoveForm(StepForm):
    """Where the chosen learners go, and from which day. After is_valid `target` is a Roster, a School or LEAVE."""

    target = forms.ChoiceField(
        label=_("To"),
        widget=input_widget(forms.Select),
        error_messages={"required": _("Say where to."), "invalid_choice": _("Pick one from the list.")},
    )
    from_day = _date_field(_("From"))

    def __init__(
        self,
        data: Any = None,
        *,
        source: Roster | None,
        rosters: Sequence[Roster],
        schools: Sequence[School],
        may_leave: bool,
        today: date,
    ) -> None:
        super().__init__(data, initial={"from_day": today, "uuid": uuid.uuid4()})
        self._today, self._source = today, source
        self._targets: dict[str, Any] = {f"class-{roster.pk}": roster for roster in rosters}
        self._targets |= {f"school-{school.pk}": school for school in schools}
        choices: list[tuple[Any, Any]] = [("", _("choose"))]
        if rosters:
            choices.append((_("Class"), [(f"class-{row.pk}", f"{row.title} ({row.session.title})") for row in rosters]))
        if schools:
            choices.append((_("Another school"), [(f"school-{school.pk}", school.name) for school in schools]))
        if may_leave:
            self._targets[LEAVE] = LEAVE
            choices.append((_("Away"), [(LEAVE, _("leaves the district"))]))
        offer(self, "target", choices)
        if may_leave and not schools and source is not None:
            self.fields["target"].help_text = _("To another school of the district, the district’s office moves them.")

    def clean_target(self) -> Any:
        return self._targets[self.cleaned_data["target"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, target = data.get("from_day"), data.get("target")
        if day is None or target is None:
            return data
        if not isinstance(target, Roster):
            if day > self._today:
                self.add_error("from_day", _("This is done at once: pick today or an earlier day."))
        else:
            first = min(target.session.starts_on, self._today)
            if not first <= day <= max(target.session.ends_on, self._today):
                text = _("%(class)s goes from %(first)s to %(last)s. Pick a day in between.")
                said = {
                    "class": target.title,
                    "first": days.said(first),
                    "last": days.said(target.session.ends_on),
                }
                self.add_error("from_day", text % said)
        return data


class FromDayForm(StepForm):
    """The first day on which several are not in the class anymore."""

    from_day = _date_field(_("Not in this class from"))

    def __init__(self, data: Any = None, *, roster: Roster, today: date) -> None:
        super().__init__(data, initial={"from_day": today, "uuid": uuid.uuid4()})
        self._first = min(roster.session.starts_on, today)
        self._last = max(roster.session.ends_on, today) + timedelta(days=1)

    def clean_from_day(self) -> date:
        day = self.cleaned_data["from_day"]
        if not self._first <= day <= self._last:
            raise forms.ValidationError(
                _("This class goes from %(first)s to %(last)s. Pick a day in between."),
                params={"first": days.said(self._first), "last": days.said(self._last)},
            )
        return day


class StaffForm(StepForm):
    """Somebody for the staff of a class. After is_valid `person` is an Account and `section` a Section or None."""

    account = forms.ChoiceField(
        label=_("Who"),
        required=False,
        widget=input_widget(forms.Select),
        help_text=_("Staff with a class at this school, and its administrators."),
    )
    email = forms.EmailField(
        label=_("Or somebody else on the staff, by e-mail address"),
        required=False,
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        help_text=_("For a substitute or an aide who has no class at this school yet."),
    )
    role = forms.ChoiceField(label=_("As"), widget=input_widget(forms.Select))
    section = forms.ChoiceField(label=_("Teaches"), required=False, widget=input_widget(forms.Select))
    starts_on = _date_field(_("From"))
    ends_on = _date_field(_("Last day"))

    def __init__(
        self,
        data: Any = None,
        *,
        roster: Roster,
        people: Sequence[Account],
        sections: Sequence[Section],
        roles: Sequence[Enrollment.Role],
        may_name: bool,
        today: date,
    ) -> None:
        initial = {"starts_on": today, "role": Role.SUBSTITUTE, "uuid": uuid.uuid4()}
        super().__init__(data, initial=initial)
        self._roster, self._today = roster, today
        self._people = {str(person.pk): person for person in people}
        self._sections = {str(section.pk): section for section in sections}
        offer(self, "account", [("", _("choose")), *((pk, who.name) for pk, who in self._people.items())])
        offer(self, "role", [(role, role.label) for role in roles])
        offer(
            self,
            "section",
            [("", _("everything in this class")), *((pk, row.title) for pk, row in self._sections.items())],
        )
        self.fields["ends_on"].required = False
        self.fields["ends_on"].help_text = _("A substitute needs one; the rights end with it by themselves.")
        if len(self._sections) < 2:
            del self.fields["section"]
        if not may_name:
            del self.fields["email"]
            self.fields["account"].required = True
            self.fields["account"].error_messages["required"] = _("Say who.")

    def clean_email(self) -> Account | None:
        return staff_at(self.cleaned_data["email"], district_id=self._roster.district_id)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["person"] = data.get("email") or self._people.get(data.get("account", ""))
        if data["person"] is None and "email" not in self.errors and "account" not in self.errors:
            self.add_error("account", _("Say who."))
        data["section"] = self._sections.get(data.get("section") or "")
        first, last = data.get("starts_on"), data.get("ends_on")
        if data.get("role") == Role.SUBSTITUTE and last is None and "ends_on" not in self.errors:
            self.add_error("ends_on", _("Until which day? A substitute’s rights end by themselves."))
        if first and last and last < first:
            self.add_error("ends_on", _("This is before the first day."))
        elif last and last < self._today:
            self.add_error("ends_on", _("This day is past. Pick today or a later one."))
        return data


class LastDayForm(StepForm):
    """The last day of somebody's role. `seen` is the last day that the page showed."""

    ends_on = _date_field(_("Last day"))
    seen = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Enrollment, today: date) -> None:
        initial = {"ends_on": row.ends_on or today, "seen": row.ends_on, "uuid": uuid.uuid4()}
        super().__init__(data, initial=initial)
        self._row, self._today = row, today

    def clean_ends_on(self) -> date:
        day = self.cleaned_data["ends_on"]
        earliest = min(self._row.starts_on, self._today) - timedelta(days=1)
        latest = max(self._row.roster.session.ends_on, self._today)
        if not earliest <= day <= latest:
            raise forms.ValidationError(
                _("Pick a day from %(first)s to %(last)s."),
                params={"first": days.said(earliest), "last": days.said(latest)},
            )
        return day
