from django import forms
from django.utils.translation import gettext_lazy as _

from standards.case.reader import LIMIT_BYTES


class PackageFileForm(forms.Form):
    file = forms.FileField(
        label=_("CASE package"),
        help_text=_("A JSON file, CASE 1.0 or 1.1, from your state or from casenetwork.1edtech.org."),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".json,application/json"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": LIMIT_BYTES // 2**20}
            )
        return file
