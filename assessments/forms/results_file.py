from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment

LIMIT_MEGABYTES = 20
ORDERS = [
    ("", _("2026-05-01 only")),
    ("mdy", _("5/1 is May 1 (month first)")),
    ("dmy", _("5/1 is January 5 (day first)")),
]


class ResultsFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "One line a result. Needed columns: learner, standard, assessment, date, and score with possible, or level."
        ),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
    default_kind = forms.ChoiceField(
        label=_("Kind, where the file names none"),
        choices=Assessment.Kind.choices,
        initial=Assessment.Kind.FORMATIVE,
        widget=forms.Select({"class": "input"}),
    )
    date_order = forms.ChoiceField(
        label=_("Dates in the file"), choices=ORDERS, required=False, widget=forms.Select({"class": "input"})
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMIT_MEGABYTES * 2**20:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Split it and bring in the parts."),
                params={"limit": LIMIT_MEGABYTES},
            )
        return file
