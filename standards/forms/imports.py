from django import forms
from django.utils.translation import gettext_lazy as _

from standards.case.reader import LIMIT_BYTES
from standards.models import Framework


class PackageFileForm(forms.Form):
    file = forms.FileField(
        label=_("CASE package, a table of Canvas or OpenSALT, or prerequisites"),
        help_text=_(
            "A JSON file, CASE 1.0 or 1.1, from your state or from casenetwork.1edtech.org; or a CSV of Canvas "
            "outcomes or of OpenSALT, or the Coherence Map."
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
    framework: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Framework of the prerequisites"),
        help_text=_("Only for a list of what prepares what, such as the Coherence Map: whose standards it names."),
        queryset=None,
        required=False,
        empty_label=_("None"),
        widget=forms.Select({"class": "input"}),
    )

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Framework.objects.visible_to(account).filter(retired_at__isnull=True)
        choice = self.fields["framework"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows.defer("source", "definitions")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LIMIT_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": LIMIT_BYTES // 2**20}
            )
        return file
