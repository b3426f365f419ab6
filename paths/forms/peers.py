"""What learners offer and ask for, the pair that a teacher makes, thanks, and telling a grown-up."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from paths.models import Cheer, PeerNote
from paths.services.peers.pairs import Meeting
from standards.models import Standard

LONGEST = timedelta(days=60)
USUAL = timedelta(days=7)
PICK = {"required": _("Pick somebody."), "invalid_choice": _("Pick somebody from the list.")}


class NoteForm(forms.Form):
    """offered: [(value, heading)] of standards, value "section-standard"."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label=_("With what?"),
        widget=input_widget(forms.Select),
        error_messages={"required": _("Pick what it is about."), "invalid_choice": _("Pick one from the list.")},
    )
    kind = forms.ChoiceField(
        choices=PeerNote.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say if you can help or would like help.")},
    )
    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=140,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"max_length": _("This is longer than 140 letters. Say it in fewer words.")},
    )

    def __init__(self, *args, offered: Sequence[tuple[str, list[tuple[str, str]]]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "what", offered)
        self.initial.setdefault("uuid", uuid4())

    def ids(self) -> tuple[int, int]:
        """(section, standard), after `is_valid`."""
        section, _dash, standard = self.cleaned_data["what"].partition("-")
        return int(section), int(standard)


class PairForm(forms.Form):
    """helpers, askers: [(id, name)] of those who offer and ask for help with the standard."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    standard = forms.IntegerField(widget=forms.HiddenInput)
    asker = forms.TypedChoiceField(
        label=_("Who gets help"), coerce=int, widget=input_widget(forms.Select), error_messages=PICK
    )
    helper = forms.TypedChoiceField(
        label=_("Who helps"), coerce=int, widget=input_widget(forms.Select), error_messages=PICK
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    )
    time_text = forms.CharField(label=_("Time"), max_length=60, required=False, widget=input_widget(forms.TextInput))
    place = forms.CharField(label=_("Where"), max_length=100, required=False, widget=input_widget(forms.TextInput))
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        *args,
        standard: Standard,
        askers: Sequence[tuple[int, str]],
        helpers: Sequence[tuple[int, str]],
        today: date,
        **kwargs,
    ) -> None:
        kwargs.setdefault("auto_id", f"id_{standard.pk}_%s")
        super().__init__(*args, **kwargs)
        self.today = today
        offer(self, "asker", askers)
        offer(self, "helper", helpers)
        usual = {"uuid": uuid4(), "standard": standard.pk, "day": today, "ends_on": today + USUAL}
        self.initial = {**usual, **self.initial}

    def clean(self) -> dict:
        found = super().clean() or {}
        day, ends_on = found.get("day"), found.get("ends_on")
        if day and day < self.today:
            self.add_error("day", _("That day is over. Pick today or a day that is still to come."))
        elif day and ends_on and ends_on < day:
            self.add_error("ends_on", _("The last day lies before the first one."))
        elif ends_on and ends_on > self.today + LONGEST:
            self.add_error("ends_on", _("A pair lasts 60 days at most. Pick an earlier day; you can pair them again."))
        if found.get("asker") and found.get("asker") == found.get("helper"):
            self.add_error("helper", _("Pick two different students."))
        return found

    def meeting(self) -> Meeting:
        """After `is_valid`."""
        data = self.cleaned_data
        return Meeting(data["day"], data["ends_on"], data["time_text"].strip(), data["place"].strip())


class ThanksForm(forms.Form):
    text = forms.CharField(
        label=_("Your thanks"),
        max_length=140,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={
            "required": _("There were no words yet, so nothing was sent."),
            "max_length": _("This is longer than 140 letters. Say it in fewer words."),
        },
    )


class TellForm(forms.Form):
    why = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=500,
        widget=input_widget(forms.Textarea, rows=3),
        error_messages={"max_length": _("This is longer than 500 letters. Say it in fewer words.")},
    )


class DecideForm(forms.Form):
    do = forms.ChoiceField(choices=[("end", "end"), ("keep", "keep")])
    answer = forms.CharField(required=False, max_length=500)


class ShareForm(forms.Form):
    """news: [(key, said)] of what may be shared; sections: [(id, title)] of the learner's classes with cheers on."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    news = forms.ChoiceField(
        label=_("My good news"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick what you want to share."), "invalid_choice": _("Pick one from the list.")},
    )
    section = forms.TypedChoiceField(label=_("With"), coerce=int, widget=input_widget(forms.Select))

    def __init__(self, *args, news: Sequence[tuple[str, str]], sections: Sequence[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "news", news)
        offer(self, "section", sections)
        self.initial.setdefault("uuid", uuid4())


class CheerForm(forms.Form):
    kind = forms.ChoiceField(choices=Cheer.Kind.choices)
