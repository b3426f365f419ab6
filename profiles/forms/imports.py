"""Choosing a roster file, and settling one of its lines."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LIMIT_MEGABYTES = 50


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several; cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files or [None]]


class RosterFileForm(forms.Form):
    package = ManyFilesField(
        label=_("OneRoster file"),
        help_text=_(
            "The zip from your student information system, or all its CSV files at once. 1.1 or 1.2, bulk or delta."
        ),
        widget=ManyFilesInput({"class": "input", "accept": ".zip,.csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )

    def clean_package(self) -> list[UploadedFile]:
        files = self.cleaned_data["package"]
        if sum(file.size or 0 for file in files) > LIMIT_MEGABYTES * 2**20:
            raise forms.ValidationError(
                _("Together the files are larger than %(limit)s MB. Export fewer schools at a time."),
                params={"limit": LIMIT_MEGABYTES},
            )
        return files


class BrakeForm(forms.Form):
    percent = forms.DecimalField(
        label=_("Stop when more than so many % would leave"),
        help_text=_(
            "Of the people, the classes or the places on class lists. A person then has to say that it is right."
        ),
        min_value=0,
        max_value=100,
        decimal_places=1,
        max_digits=4,
        widget=forms.NumberInput({"class": "input", "step": "0.5", "inputmode": "decimal"}),
    )


class SettleForm(forms.Form):
    """What to do about one place; `does` says which button was pressed."""

    DOES = ("use", "leave_out", "date_order", "by_name", "start_over")

    does = forms.ChoiceField(choices=[(name, name) for name in DOES])
    file = forms.CharField(max_length=255, required=False)
    line = forms.IntegerField(min_value=0, required=False)
    field = forms.CharField(max_length=255, required=False)
    value = forms.CharField(max_length=1000, required=False, strip=True)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        does = found.get("does")
        if does in ("use", "leave_out") and not found.get("file"):
            raise forms.ValidationError(_("Which line is meant?"))
        if does == "use" and not (found.get("line") and found.get("field")):
            raise forms.ValidationError(_("Which line is meant?"))
        if does == "date_order" and found.get("value") not in ("mdy", "dmy"):
            raise forms.ValidationError(_("Say whether the month or the day comes first."))
        return found
