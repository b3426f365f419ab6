"""Naming a place, and opening one for a while."""

from datetime import datetime

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from paths.models import Place
from profiles.models import School, Section


class PlaceForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the place"),
        max_length=100,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Give the place a name, such as Hall.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Place.Kind.choices, initial=Place.Kind.OTHER, widget=input_widget(forms.Select)
    )
    school = forms.ModelChoiceField(
        label=_("School"),
        queryset=School._base_manager.none(),
        empty_label=None,
        widget=input_widget(forms.Select),
    )

    def __init__(self, *args, schools: QuerySet[School], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = schools

    def clean(self):
        data = super().clean() or {}
        name, school = data.get("name"), data.get("school")
        if name and school and Place.objects.filter(school=school, name__iexact=name).exists():
            self.add_error("name", _("The school has a place of this name already. Choose it from the list."))
        return data


class OpeningForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place._base_manager.none(), empty_label=None, widget=input_widget(forms.Select)
    )
    section = forms.ModelChoiceField(
        label=_("For"),
        queryset=Section._base_manager.none(),
        required=False,
        empty_label=_("everybody at the school"),
        widget=input_widget(forms.Select),
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=_("From"), widget=forms.TimeInput(attrs={"class": "input", "type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs={"class": "input", "type": "time"}, format="%H:%M")
    )
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=60,
        initial=6,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )
    weeks = forms.IntegerField(
        label=_("For how many weeks"),
        min_value=1,
        max_value=12,
        initial=1,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )

    def __init__(self, *args, places: QuerySet[Place], sections: QuerySet[Section], **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("place", places), ("section", sections)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self):
        data = super().clean() or {}
        day, starts, ends = (data.get(name) for name in ("day", "starts", "ends"))
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The end comes before the start. Choose a later time."))
        elif day and ends and self._at("ends") <= timezone.now():
            self.add_error("day", _("That time is over. Choose one that is still to come."))
        place, section = data.get("place"), data.get("section")
        if place and section and section.roster.school_id != place.school_id:
            self.add_error("section", _("This class is at another school than the place."))
        return data

    @property
    def starts_at(self) -> datetime:
        return self._at("starts")

    @property
    def ends_at(self) -> datetime:
        return self._at("ends")

    def _at(self, name: str) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data[name]))


class SeatsForm(forms.Form):
    seats = forms.IntegerField(min_value=1, max_value=60)
