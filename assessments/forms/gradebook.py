"""Which results go into a gradebook package."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from profiles.models import Account, School


class GradebookForm(forms.Form):
    """account: an administrator, who is offered the schools that they administer."""

    school = forms.ChoiceField(
        label=_("School"),
        required=False,
        widget=input_widget(forms.Select),
        error_messages={"invalid_choice": _("Choose a school of yours.")},
    )
    since = forms.DateField(
        label=_("Assessments from"), required=False, widget=input_widget(forms.DateInput, type="date")
    )
    until = forms.DateField(label=_("until"), required=False, widget=input_widget(forms.DateInput, type="date"))

    def __init__(self, *args, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        access = account.access
        schools = School.objects.visible_to(account)
        if not access.is_district_admin:
            schools = schools.filter(pk__in=access.school_ids)
        self._schools = list(schools.order_by("name"))
        offer(self, "school", [("", _("All")), *((str(school.pk), school.name) for school in self._schools)])

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first one."))
        return cleaned

    def school_ids(self) -> tuple[int, ...]:
        """After is_valid."""
        chosen = self.cleaned_data["school"]
        return (int(chosen),) if chosen else tuple(school.pk for school in self._schools)
