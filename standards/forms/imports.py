from django import forms
from django.utils.translation import gettext_lazy as _

from standards.case.reader import LIMIT_BYTES


class PackageFileForm(forms.Form):
    file = forms.FileField(
        label=_("CASE package, or a table of Canvas or OpenSALT"),
        help_text=_(
            "A JSON file, CASE 1.0 or 1.1, from your state or from casenetwork.1edtech.org; or a CSV of Canvas "
            "outcomes or of OpenSALT."
        ),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".json,.csv,application/json,text/csv"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
    title = forms.CharField(
        label=_("Name of the framework"),
        help_text=_("Only for a table, which does not say it. The same name again brings its new edition."),
        max_length=200,
        required=False,
        widget=forms.TextInput({"class": "input"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": LIMIT_BYTES // 2**20}
            )
        return file
