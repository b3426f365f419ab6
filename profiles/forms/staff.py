"""Asking staff in, and the first password of whoever was asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from profiles.models import Account, AdminRole, School

TEACHES = "teaches"


class StaffInvitationForm(forms.Form):
    """work: TEACHES, or what to administer.    school: id; "" for the whole district, where `by` may say so."""

    given_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Write the first name.")},
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Write the last name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        help_text=_("The link goes to this address."),
        error_messages={"required": _("Write the address."), "invalid": _("This is no e-mail address.")},
    )
    work = forms.ChoiceField(
        label=_("Comes to"),
        widget=input_widget(forms.Select),
        help_text=_("Classes are given on the page of a class."),
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    school = forms.ChoiceField(
        label=_("At"),
        required=False,
        widget=input_widget(forms.Select),
        error_messages={"invalid_choice": _("Choose a school.")},
    )

    def __init__(self, *args, by: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {str(school.pk): school for school in schools_of(by)}
        kinds = [(TEACHES, _("teach or help")), (AdminRole.Kind.SCHOOL, _("administer the school"))]
        everywhere = []
        self.may_choose_district = by.access.is_district_admin
        if self.may_choose_district:
            kinds.append((AdminRole.Kind.DISTRICT, _("administer the district")))
            everywhere = [("", _("the whole district"))]
        offer(self, "work", kinds)
        offer(self, "school", [*everywhere, *((pk, school.name) for pk, school in self.schools.items())])

    def clean(self) -> dict:
        found = super().clean() or {}
        if "school" in found and "work" in found:
            found["school"] = self.schools.get(found["school"])
            needs_one = found["work"] == AdminRole.Kind.SCHOOL or not self.may_choose_district
            if found["school"] is None and needs_one:
                self.add_error("school", _("Choose the school."))
            if found["work"] == AdminRole.Kind.DISTRICT:
                found["school"] = None
            found["admin"] = "" if found["work"] == TEACHES else found["work"]
        return found


def schools_of(account: Account) -> list[School]:
    """Those that an administrator looks after, by name."""
    schools = School.objects.filter(left_on__isnull=True)
    if not account.access.is_district_admin:
        schools = schools.filter(pk__in=account.access.school_ids)
    return list(schools)


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=input_widget(forms.PasswordInput, autocomplete="new-password"),
        help_text=_("At least ten characters. A short sentence is easy to remember and hard to guess."),
        error_messages={"required": _("Choose a password.")},
    )
