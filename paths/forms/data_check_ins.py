"""What somebody types to save a check-in, and to write down a decision."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.school_filters import SchoolFilters
from lrm.form_fields import input_widget, offer
from paths.models import DataCheckIn, DataDecision
from paths.services.check_in_choices import Choices
from profiles.models import Account

EARLIEST = date(2000, 1, 1)
LATEST = timedelta(days=3 * 366)
NOTED = _("A parent may have the right to read this. Write what is to be done, and nobody else’s name.")

FILTERS = {
    "school": _("School"),
    "grade": _("Grade"),
    "section": _("Class"),
    "teacher": _("Teacher"),
    "subject": _("Subject"),
    "branch": _("Part of the framework"),
}


def _day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Pick a day."),
            "invalid": _("This day cannot be read. Write it as 2026-10-13."),
        },
    )


def staff_by_email() -> forms.EmailField:
    return forms.EmailField(
        label=_("Somebody else on the staff, by e-mail address"),
        required=False,
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        error_messages={"invalid": _("This is no e-mail address.")},
    )


def find_staff(account: Account, address: str) -> Account | None:
    """Who of the account's district signs in with the address; None for none. Raises ValidationError."""
    if not address:
        return None
    staff = Account.objects.filter(district=account.district_id, kind=Account.Kind.STAFF, is_active=True)
    found = staff.filter(email__iexact=address).first()
    if found is None:
        raise forms.ValidationError(_("Nobody on the staff signs in with this address. Look for a typing error."))
    return found


class CheckInForm(forms.Form):
    """people: colleagues who are offered; named: who was named before. may_name: anybody on the staff of the district,
    by e-mail address.

    columns: (key, words) of what the grid can show.    choices: what it can be narrowed to.
    After is_valid, `values()` is what `services.data_check_ins` takes.
    """

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("What the meeting is about. Name no student here: everybody whom you name below reads it."),
        error_messages={
            "required": _("Give it a name, so that you find it again."),
            "max_length": _("This is longer than 100 letters. Shorten it."),
        },
    )
    held_on = _day(_("Day of the meeting"), hint=_("What happened since is counted from the end of this day."))
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one column."),
            "invalid_choice": _("This column is not there any more. Tick others."),
        },
    )
    people = forms.MultipleChoiceField(
        label=_("Colleagues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Somebody here is not on the staff any more. Look at the list again.")},
    )
    email = staff_by_email()

    def __init__(
        self,
        data: Any = None,
        *,
        account: Account,
        people: Sequence[Account],
        named: Collection[Account] = (),
        may_name: bool,
        columns: Sequence[tuple[str, str]],
        choices: Choices,
        today: date,
        **more: Any,
    ) -> None:
        super().__init__(data, **more)
        for name, items in choices.items():
            self.fields[name] = forms.ChoiceField(
                label=FILTERS[name],
                required=False,
                choices=items,
                widget=input_widget(forms.Select),
                error_messages={"invalid_choice": _("This is not among the others that you chose. Pick again.")},
            )
        self._account, self._today, self._choices = account, today, choices
        self._people = {str(person.pk): person for person in (*named, *people)}
        offer(self, "columns", columns)
        offer(self, "people", [(pk, person.name) for pk, person in self._people.items()])
        if not self._people:
            del self.fields["people"]
        if not may_name:
            del self.fields["email"]

    def clean_held_on(self) -> date:
        day = self.cleaned_data["held_on"]
        if not EARLIEST <= day <= self._today + LATEST:
            raise forms.ValidationError(_("This day is far off. Look for a typing error."))
        return day

    def clean_email(self) -> Account | None:
        return find_staff(self._account, self.cleaned_data["email"])

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS if name in self.fields]

    def asked(self) -> SchoolFilters:
        """What the grid is narrowed to as the form stands, sent or not; what is not offered is left out."""
        found = {}
        for name, items in self._choices.items():
            value = str(self[name].value() or "")
            if any(value == offered for offered, _words in items):
                found[name] = value
        return SchoolFilters.parse(found)

    @property
    def readers(self) -> list[Account]:
        found = {int(pk): self._people[pk] for pk in self.cleaned_data.get("people", ())}
        if other := self.cleaned_data.get("email"):
            found[other.pk] = other
        return list(found.values())

    def values(self) -> dict[str, Any]:
        named = {name: self.cleaned_data[name] for name in ("name", "held_on", "columns")}
        filters = {name: value for name in FILTERS if (value := self.cleaned_data.get(name, ""))}
        return {**named, "filters": filters, "readers": self.readers}


def first_values(check_in: DataCheckIn, readers: Sequence[Account]) -> dict[str, Any]:
    """What the form of a saved check-in starts with."""
    return {
        "uuid": check_in.uuid,
        "version": check_in.version,
        "name": check_in.name,
        "held_on": check_in.held_on,
        "columns": check_in.columns,
        "people": [str(person.pk) for person in readers],
    }


class HandOnForm(forms.Form):
    """people: who are offered. may_name: anybody on the staff of the district, by e-mail address.

    After is_valid, `to` is an account.
    """

    person = forms.ChoiceField(
        label=_("Who has it from now on"),
        required=False,
        widget=input_widget(forms.Select),
        error_messages={
            "required": _("Say who has it from now on."),
            "invalid_choice": _("This person is not on the staff any more. Pick somebody else."),
        },
    )
    email = staff_by_email()

    def __init__(self, data: Any = None, *, account: Account, people: Sequence[Account], may_name: bool) -> None:
        super().__init__(data)
        self._account = account
        self._people = {str(person.pk): person for person in people}
        offer(self, "person", [("", _("Choose")), *((pk, person.name) for pk, person in self._people.items())])
        if not may_name:
            del self.fields["email"]
            self.fields["person"].required = True

    def clean_email(self) -> Account | None:
        return find_staff(self._account, self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if self.errors:
            return found
        named = [to for to in (self._people.get(found.get("person", "")), found.get("email")) if to is not None]
        if len(named) != 1:
            raise forms.ValidationError(_("Say who has it from now on: one person."))
        if not named[0].access.may_note:
            said = _("%(name)s only stands in for somebody at present, and could not open it.")
            raise forms.ValidationError(said % {"name": named[0].name})
        return found | {"to": named[0]}


class DecisionForm(forms.Form):
    """people: who can be the one who does it.    learners: whom it can be about; None: nobody is chosen from a list.

    After is_valid, `owner` is an account.
    """

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("What was decided"),
        max_length=500,
        widget=input_widget(forms.Textarea, rows=3),
        help_text=NOTED,
        error_messages={
            "required": _("There were no words yet, so nothing was kept."),
            "max_length": _("This is longer than 500 letters. Make it two decisions."),
        },
    )
    owner = forms.ChoiceField(
        label=_("Who does it"),
        widget=input_widget(forms.Select),
        error_messages={
            "required": _("Say who does it."),
            "invalid_choice": _("This check-in is not shared with this person any more. Pick somebody else."),
        },
    )
    due_on = _day(_("Until"), required=False)

    def __init__(
        self, data: Any = None, *, people: Sequence[Account], today: date, decision: DataDecision | None = None, **more
    ) -> None:
        super().__init__(data, **more)
        self._people = {str(person.pk): person for person in people}
        if decision is not None and decision.owner is not None:
            self._people.setdefault(str(decision.owner_id), decision.owner)
        self._today, self._decision = today, decision
        offer(self, "owner", [(pk, person.name) for pk, person in self._people.items()])

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        stood = self._decision.due_on if self._decision else None
        if day and day < self._today and day != stood:
            raise forms.ValidationError(_("This day is past. Pick today or a later one."))
        if day and day > self._today + LATEST:
            raise forms.ValidationError(_("This day is far off. Look for a typing error."))
        return day

    def values(self) -> dict[str, Any]:
        asked = self.cleaned_data
        return {"text": asked["text"], "owner": self._people[asked["owner"]], "due_on": asked["due_on"]}


def first_decision(decision: DataDecision) -> dict[str, Any]:
    return {
        "version": decision.version,
        "text": decision.text,
        "owner": str(decision.owner_id or ""),
        "due_on": decision.due_on,
    }
