"""The form of an assessment: few fields, each with what was most likely meant."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from standards.models import Standard


class AssessmentForm(forms.Form):
    """`standards` arrive as ids, in the order chosen; see templates/standards/picker.html.

    uuid: made with the empty form, so that sending it twice makes one assessment.
    """

    uuid = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Assessment.Kind.choices, initial=Assessment.Kind.FORMATIVE)
    given_on = forms.DateField(
        label=_("Day"), initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scale = forms.ChoiceField(label=_("Scale"), choices=Assessment.Scale.choices, initial=Assessment.Scale.LEVELS)
    points_possible = forms.DecimalField(
        label=_("Points possible"), min_value=0.01, max_value=9999, max_digits=6, decimal_places=2, required=False
    )
    weight = forms.DecimalField(
        label=_("Weight"),
        min_value=0,
        max_value=4,
        max_digits=3,
        decimal_places=2,
        initial=1,
        help_text=_("1 is usual, 0.5 for homework, 0 for practice that does not count."),
    )
    counts_earlier = forms.BooleanField(
        label=_("Earlier tries keep counting"),
        required=False,
        help_text=_("A new try takes the place of the earlier ones, unless you say otherwise."),
    )

    def __init__(self, *args, account, standard_ids: list[str], has_results: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._account, self._standard_ids = account, standard_ids
        for name, field in self.fields.items():
            if name not in {"uuid", "counts_earlier"}:
                field.widget.attrs["class"] = "input"
        if has_results:
            for name in ("scale", "points_possible"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Results stand on this scale, so it stays.")

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Pick today or a day before."))
        return day

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("scale") == Assessment.Scale.POINTS:
            if not cleaned.get("points_possible") and "points_possible" not in self.errors:
                self.add_error("points_possible", _("Say how many points are possible."))
        else:
            cleaned["points_possible"] = None
        ids = [int(pk) for pk in dict.fromkeys(self._standard_ids) if pk.isdecimal() and len(pk) < 19]
        found = Standard.objects.visible_to(self._account).in_force().in_bulk(ids)
        cleaned["standards"] = [found[pk] for pk in ids if pk in found]
        if not cleaned["standards"]:
            self.add_error(None, _("Choose at least one standard."))
        return cleaned
