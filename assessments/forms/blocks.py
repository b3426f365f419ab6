"""What somebody types to set up a tutoring block, or to change one."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from assessments.services.blocks import MOST_STANDARDS
from assessments.slot_words import said_slots
from lrm.form_fields import input_widget
from profiles.forms.staff_address import staff_at
from profiles.models import Account, Block
from standards.models import Standard

ADULTS = 3
"""Fields for people of the school; more is a class."""
LONGEST = timedelta(days=183)
USUAL = timedelta(weeks=6)
MOST_TEXT = 100
"""As much as the time of a group holds."""


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"class": "input", "type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("This time cannot be read. Write it as 10:15.")},
    )


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Pick a day."),
            "invalid": _("This day cannot be read. Write it as 2026-10-13."),
        },
    )


class BlockForm(forms.Form):
    """After is_valid, `facts()` holds what services.blocks takes: everything but the learners.

    people: whom the school's staff list offers as adults. must_lead: the account itself has to be one of them, as
    whoever only teaches would lose sight of the block. may_name: an address of staff beyond the list may be typed.
    standard_ids: as they were sent, in their order.
    """

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("For staff. Students and families read “Small group”, the topic, and where and when."),
        error_messages={"required": _("Give the block a name.")},
    )
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    seats = forms.IntegerField(
        label=_("Seats in a group"),
        min_value=1,
        max_value=12,
        initial=4,
        widget=input_widget(forms.NumberInput),
        error_messages={"required": _("Say how many fit in a group.")},
    )
    starts_on = _day_field(_("From"))
    ends_on = _day_field(_("Until"))
    email = forms.EmailField(
        label=_("Somebody else on the staff, by e-mail address"),
        required=False,
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        help_text=_("For a tutor who has no class at this school yet."),
    )

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        account: Account,
        people: Sequence[Account],
        today: date,
        must_lead: bool,
        may_name: bool,
        standard_ids: Sequence[str] = (),
        block: Block | None = None,
        leading: Sequence[Account] = (),
    ) -> None:
        initial = _initial(block, today)
        super().__init__(data, initial=initial)
        self._account, self._today, self._must_lead, self._block = account, today, must_lead, block
        self._standard_ids = standard_ids
        known = {person.pk: person for person in (*people, *leading)}
        if must_lead:
            known[account.pk] = account
        self._people = known
        named = sorted(((str(pk), who.name) for pk, who in known.items()), key=lambda choice: choice[1])
        choices = [("", _("nobody")), *named]
        first = [str(who.pk) for who in leading] or ([str(account.pk)] if must_lead else [])
        self.adult_names = [f"adult_{n}" for n in range(max(ADULTS, len(first)))]
        for n, name in enumerate(self.adult_names):
            self.fields[name] = forms.ChoiceField(
                label=_("Adult") if n == 0 else _("Another adult"),
                choices=choices,
                required=False,
                initial=first[n] if n < len(first) else "",
                widget=input_widget(forms.Select),
            )
        if not may_name:
            del self.fields["email"]
        times = {day: (start, end) for day, start, end in initial["slots"]}
        for day in range(7):
            start, end = times.get(day, (None, None))
            self.fields[f"start_{day}"] = _time_field(_("from"))
            self.fields[f"end_{day}"] = _time_field(_("to"))
            self.initial[f"start_{day}"], self.initial[f"end_{day}"] = _clock(start), _clock(end)

    @property
    def days(self) -> list[dict[str, Any]]:
        """Dicts name, start, end (bound fields), Monday first."""
        return [{"name": WEEKDAYS[day], "start": self[f"start_{day}"], "end": self[f"end_{day}"]} for day in range(7)]

    @property
    def adults(self) -> list[forms.BoundField]:
        return [self[name] for name in self.adult_names]

    def clean_email(self) -> Account | None:
        return staff_at(self.cleaned_data["email"], district_id=self._account.district_id)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_days(data)
        self._clean_slots(data)
        adults = {int(data[name]): self._people[int(data[name])] for name in self.adult_names if data.get(name)}
        if data.get("email"):
            adults[data["email"].pk] = data["email"]
        if not adults and "email" not in self.errors:
            self.add_error(self.adult_names[0], _("Say who leads it."))
        elif self._must_lead and self._account.pk not in adults:
            text = _("Stay one of its adults: only they and the school’s administrators see a block.")
            self.add_error(self.adult_names[0], text)
        data["adults"] = list(adults.values())
        ids = [int(pk) for pk in dict.fromkeys(self._standard_ids) if pk.isdecimal() and len(pk) < 19]
        found = Standard.objects.visible_to(self._account).in_force().in_bulk(ids)
        data["standards"] = [found[pk] for pk in ids if pk in found]
        if not data["standards"]:
            self.add_error(None, _("Choose at least one standard."))
        elif len(data["standards"]) > MOST_STANDARDS:
            text = _("Choose %(most)s standards at most: groups are made by so many at once.")
            self.add_error(None, text % {"most": MOST_STANDARDS})
        return data

    def _clean_days(self, data: dict[str, Any]) -> None:
        start, end = data.get("starts_on"), data.get("ends_on")
        if not start or not end:
            return
        if end < start:
            self.add_error("ends_on", _("This is before the first day."))
        elif end < self._today and (self._block is None or end != self._block.ends_on):
            self.add_error("ends_on", _("This day is past. Pick today or a later one."))
        elif end - start > LONGEST:
            self.add_error("ends_on", _("A block runs for half a year at most. Pick an earlier day."))

    def _clean_slots(self, data: dict[str, Any]) -> None:
        slots = []
        for day in range(7):
            start, end = data.get(f"start_{day}"), data.get(f"end_{day}")
            if start and end:
                slots.append([day, start.hour * 60 + start.minute, end.hour * 60 + end.minute])
                if end <= start:
                    self.add_error(f"end_{day}", _("This is not after the beginning."))
            elif (start or end) and not {f"start_{day}", f"end_{day}"} & self.errors.keys():
                self.add_error(f"end_{day}" if start else f"start_{day}", _("Say both, or empty both."))
        if len(said_slots(slots)) > MOST_TEXT:
            self.add_error("start_0", _("These are too many different times. Let some days meet at the same time."))
        data["slots"] = slots

    def facts(self) -> dict[str, Any]:
        names = ("name", "place", "slots", "seats", "starts_on", "ends_on", "adults", "standards")
        return {name: self.cleaned_data[name] for name in names}


def _initial(block: Block | None, today: date) -> dict[str, Any]:
    if block is None:
        return {"starts_on": today, "ends_on": today + USUAL, "slots": []}
    names = ("place", "seats", "starts_on", "ends_on", "slots")
    return {"name": block.section.title} | {name: getattr(block, name) for name in names}


def _clock(minute: int | None) -> str | None:
    return None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
