"""What is said, to whom, and what is told to a grown-up."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from paths.models import Talk
from paths.services.talks.acts import Audience
from paths.services.talks.circle import Circle, Class
from profiles.models import Account

MOST_LETTERS = 2000
EMPTY = _("There were no words yet, so nothing was sent.")
TOO_LONG = _("This is longer than 2,000 letters. Send it in two parts.")


def words_field(rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=_("Your words"),
        max_length=MOST_LETTERS,
        widget=input_widget(forms.Textarea, rows=rows),
        error_messages={"required": EMPTY, "max_length": TOO_LONG},
    )


class WordsForm(forms.Form):
    """uuid: the same form twice is one message."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = words_field()


class MessageForm(WordsForm):
    """One message in a conversation. readers: Talk.audience as it was shown."""

    readers = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def opened(cls, talk: Talk, draft: str = "") -> "MessageForm":
        return cls(initial={"uuid": uuid4(), "readers": talk.audience, "text": draft})


class TalkForm(WordsForm):
    """A conversation to be, with its audience and its first message.

    classes: from which the audience is chosen; what the account may choose follows who it is.
    """

    title = forms.CharField(
        label=_("About"),
        max_length=120,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    teachers = forms.CharField()
    with_family = forms.BooleanField(label=_("My family reads it too"), required=False)

    field_order = ("uuid", "title", "text")

    def __init__(self, *args, circle: Circle, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.circle = circle
        taught = circle.taught_by(account)
        self.is_staff = bool(taught)
        self.is_family = not taught and account.access.learner_id != circle.learner.pk
        self.classes: list[Class] = taught if taught else [each for each in circle.classes if each.adults]
        self.fields["title"].widget.attrs["data-keeps-not"] = ""

    def clean_teachers(self) -> str:
        """ "all", or the id of a class."""
        chosen = self.cleaned_data["teachers"]
        if chosen == Talk.Teachers.ALL and self.may_tell_all:
            return chosen
        if chosen in {str(each.pk) for each in self.classes}:
            return chosen
        raise forms.ValidationError(_("Choose who reads it. Classes may have changed since this page was opened."))

    @property
    def may_tell_all(self) -> bool:
        return len(self.circle.classes) > 1 and bool(self.circle.teachers)

    def audience(self) -> Audience:
        """Of a valid form. A guardian who begins a conversation reads it, and so does the rest of the family."""
        chosen = self.cleaned_data["teachers"]
        family = self.is_family or (bool(self.circle.family) and self.cleaned_data["with_family"])
        if chosen == Talk.Teachers.ALL:
            begun_in = self.classes[0].pk if len(self.classes) == 1 else None
            return Audience(begun_in, Talk.Teachers.ALL, family)
        return Audience(int(chosen), Talk.Teachers.CLASS, family)

    def choices(self) -> list[dict]:
        """Each way to choose teachers, with the names of who reads it: value, label, adults, chosen."""
        picked = self["teachers"].value()
        found: list[dict] = [
            {"value": str(each.pk), "label": each.said, "adults": each.adults} for each in self.classes
        ]
        if self.may_tell_all:
            found.append(
                {"value": Talk.Teachers.ALL.value, "label": str(_("All teachers")), "adults": self.circle.teachers}
            )
        known = {choice["value"] for choice in found}
        if picked not in known and found:
            picked = found[0]["value"]
        return [choice | {"chosen": choice["value"] == picked} for choice in found]


class ReportForm(forms.Form):
    why = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=500,
        widget=input_widget(forms.Textarea, rows=3),
        error_messages={"max_length": _("This is longer than 500 letters. Say the most important part.")},
    )


class HideForm(forms.Form):
    because = forms.CharField(
        label=_("Why?"),
        max_length=280,
        widget=input_widget(forms.TextInput),
        error_messages={"required": _("Say why. Everybody in the conversation reads the reason.")},
    )


class DecideForm(forms.Form):
    """do: hide or keep."""

    do = forms.ChoiceField(choices=[("hide", _("Hide the message")), ("keep", _("Leave it"))])
    answer = forms.CharField(max_length=500, required=False)
