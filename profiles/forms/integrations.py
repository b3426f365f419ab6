"""A system that is to ask the API, and another token for one."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.api.scopes import OF_THE_DISTRICT, SYSTEM_SCOPES, without_district
from lrm.form_fields import input_widget, offer
from profiles.models import Account, Integration, School
from profiles.services.api_tokens import LEARNERS_PER_DAY

MOST = 50
DAYS = {"90": _("90 days"), "365": _("a year"), "730": _("two years")}
PER_MINUTE = {"60": _("60 a minute"), "300": _("300 a minute"), "1200": _("1,200 a minute")}
LEARNERS = {
    "2000": _("2,000 students a day"),
    "20000": _("20,000 students a day"),
    "200000": _("200,000 students a day"),
}


class IntegrationTokenForm(forms.Form):
    """today: in the district.    whole: whether it reaches the whole district, not single schools."""

    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=SYSTEM_SCOPES.items,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what it may do.")},
    )
    days = forms.ChoiceField(label=_("Works for"), choices=DAYS.items, initial="365", widget=input_widget(forms.Select))
    per_minute = forms.TypedChoiceField(
        label=_("Requests"), choices=PER_MINUTE.items, coerce=int, initial="300", widget=input_widget(forms.Select)
    )
    learners_per_day = forms.TypedChoiceField(
        label=_("It may read of"),
        choices=LEARNERS.items,
        coerce=int,
        initial="2000",
        required=False,
        widget=input_widget(forms.Select),
        help_text=_(
            "Different students. Give more only to a system that needs all of them every day: what it reads beyond is"
            " refused, and you are told."
        ),
    )

    def __init__(self, *args, today: date, whole: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        if not whole:
            offer(self, "scopes", without_district(SYSTEM_SCOPES))

    def token_facts(self) -> dict:
        """After is_valid: what `give_token` needs."""
        facts = self.cleaned_data
        expires_on = self._today + timedelta(days=int(facts["days"]))
        limits = {"per_minute": facts["per_minute"], "learners_per_day": facts["learners_per_day"] or LEARNERS_PER_DAY}
        return {"scopes": facts["scopes"], "expires_on": expires_on, **limits}


class IntegrationForm(IntegrationTokenForm):
    """account: the district administrator who makes it."""

    name = forms.CharField(
        label=_("Name of the system"),
        max_length=100,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        help_text=_("Such as: gradebook. What it records stands under this name."),
        error_messages={"required": _("Write what the system is called.")},
    )
    schools = forms.MultipleChoiceField(
        label=_("Schools"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none for the whole district."),
        error_messages={"invalid_choice": _("Tick schools of your district.")},
    )
    field_order = ["name", "schools", "scopes", "days", "per_minute", "learners_per_day"]

    def __init__(self, *args, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._account = account
        self._schools = {str(school.pk): school for school in School.objects.visible_to(account).filter(left_on=None)}
        offer(self, "schools", [(pk, school.name) for pk, school in self._schools.items()])

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        standing = Integration.objects.visible_to(self._account).filter(ended_at__isnull=True)
        names = {found.casefold() for found in standing.values_list("account__given_name", flat=True)}
        if name.casefold() in names:
            raise forms.ValidationError(_("There is a system with this name. Take another one."))
        if len(names) >= MOST:
            raise forms.ValidationError(_("There are %(most)s systems. End one first."), params={"most": MOST})
        return name

    def clean(self) -> dict:
        facts = super().clean() or {}
        if facts.get("schools") and not {*OF_THE_DISTRICT}.isdisjoint(facts.get("scopes", ())):
            said = _("Webhooks tell of the whole district. Tick no school, or leave them out.")
            self.add_error("scopes", said)
        return facts

    def chosen_schools(self) -> list[School]:
        """After is_valid: [] for the whole district."""
        return [self._schools[pk] for pk in self.cleaned_data["schools"]]
