"""What a learner says who is ready to try again, and how a teacher opens places."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import WebLinkField, input_widget
from paths.models import Artifact
from paths.services.try_places import Place
from paths.services.try_requests import Proof
from profiles.models import Account, Learner
from standards.models import Standard

WORK_OFFERED = 12


class TryForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    standard = forms.ModelChoiceField(
        label=_("What do you want to try again?"),
        queryset=Standard._base_manager.none(),
        widget=input_widget(forms.Select),
        empty_label=None,
        error_messages={"required": _("Pick what you want to try again.")},
    )
    practiced = forms.CharField(
        label=_("What did you practice?"),
        max_length=500,
        help_text=_("Say what you did and what you can do now."),
        widget=input_widget(forms.Textarea, rows=3, maxlength=500),
        error_messages={"required": _("Say in a line what you practiced.")},
    )
    link = WebLinkField(label=_("A link to it"), widget=input_widget(forms.TextInput, inputmode="url"))
    work = forms.ModelMultipleChoiceField(queryset=Artifact._base_manager.none(), required=False)

    def __init__(self, *args, account: Account, learner: Learner, standard: Standard | None = None, **kwargs):
        """standard: of a request that stands; its standard cannot be changed."""
        super().__init__(*args, **kwargs)
        if standard:
            del self.fields["standard"]
        else:
            self._choice("standard").queryset = Standard.objects.visible_to(account).in_force()
        mine = Artifact.objects.visible_to(account).handed_in().filter(learner=learner).newest_first()
        self._choice("work").queryset = mine
        self.offered_work = list(mine[:WORK_OFFERED])

    def _choice(self, name: str) -> forms.ModelChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def proof(self) -> Proof:
        """After `is_valid`."""
        data = self.cleaned_data
        return Proof(data["practiced"].strip(), data["link"], tuple(work.pk for work in data["work"]))

    @property
    def work_rows(self) -> list[dict]:
        chosen = {str(value) for value in (self["work"].value() or [])}
        return [{"work": work, "chosen": str(work.pk) in chosen} for work in self.offered_work]


class PlaceForm(forms.Form):
    """Either a day, or `any_time`: whenever the students are ready, in class."""

    seats = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=60, widget=input_widget(forms.NumberInput, inputmode="numeric")
    )
    any_time = forms.BooleanField(label=_("Whenever they are ready, in class"), required=False)
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
    )
    time_text = forms.CharField(label=_("Time"), max_length=60, required=False, widget=input_widget(forms.TextInput))
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=input_widget(forms.TextInput))

    def clean(self):
        data = super().clean() or {}
        day = data.get("day")
        if not data.get("any_time"):
            if not day and "day" not in self.errors:
                self.add_error("day", _("Pick a day, or let them come whenever they are ready."))
            elif day and day < timezone.localdate():
                self.add_error("day", _("That day is over. Pick today or a day that is still to come."))
        return data

    def opened(self) -> Place:
        """After `is_valid`."""
        data = self.cleaned_data
        day = None if data["any_time"] else data["day"]
        time_text = "" if data["any_time"] else data["time_text"].strip()
        return Place(seats=data["seats"], day=day, time_text=time_text, place=data["place"].strip())
