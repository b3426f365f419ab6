"""Forms of polls: asking, answering, suggesting, saying what came of it."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrm.form_fields import input_widget, offer
from lrm.intake import TakenIn
from paths.forms.work import taken_from
from paths.models import Poll

FEWEST, MOST = 2, 8
LETTERS = 120
USUAL = timedelta(days=7)
CHOICES = (Poll.Kind.ONE, Poll.Kind.SEVERAL)
VOICES = (Poll.Kind.SOUND, Poll.Kind.VIDEO)
KINDS = [choice for choice in Poll.Kind.choices if choice[0] != Poll.Kind.SUGGESTION]


class AskForm(forms.Form):
    """audiences: [(value, label)], value "section:1", "group:2" or "school:3"; what the account may ask."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    audience = forms.ChoiceField(label=gettext_lazy("Whom"), widget=input_widget(forms.Select))
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=280,
        widget=input_widget(forms.TextInput),
        error_messages={"required": gettext_lazy("Write the question first.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Answers"), choices=KINDS, widget=input_widget(forms.Select))
    options = forms.CharField(
        label=gettext_lazy("To choose from"),
        help_text=gettext_lazy("One a line, 2 to 8. Leave it empty where nothing is to be chosen."),
        required=False,
        max_length=1500,
        widget=input_widget(forms.Textarea, rows=4),
    )
    open_until = forms.DateField(
        label=gettext_lazy("Open until"),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day as year, month and day, such as 2026-10-15.")},
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("Without names"),
        help_text=gettext_lazy(
            "No page shows who answered. For safety two adults together can open one answer; the student is told."
            " A voice or a face tells who it is, so these polls take words, choices and drawings only."
        ),
        required=False,
    )

    def __init__(self, *args, audiences: Sequence[tuple[str, str]], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer(self, "audience", audiences)
        self.initial = {"uuid": uuid4(), "open_until": today + USUAL} | dict(self.initial)

    def clean_options(self) -> list[str]:
        lines = list(dict.fromkeys(line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()))
        if too_long := next((line for line in lines if len(line) > LETTERS), None):
            raise forms.ValidationError(_("“%(line)s…” is longer than 120 letters.") % {"line": too_long[:30]})
        return lines

    def clean_open_until(self) -> date:
        day = self.cleaned_data["open_until"]
        if day < self.today:
            raise forms.ValidationError(_("Pick today or a day that is still to come."))
        return day

    def clean(self) -> dict:
        found = super().clean() or {}
        options, kind = found.get("options"), found.get("kind")
        if options is None or kind is None:
            return found
        if kind in VOICES and found.get("is_anonymous"):
            self.add_error("is_anonymous", _("A voice or a face tells who it is. Ask with names, or ask for words."))
        if kind not in CHOICES:
            found["options"] = []
        elif not FEWEST <= len(options) <= MOST:
            self.add_error("options", _("Write 2 to 8 different answers, one a line."))
        return found


class AnswerForm(forms.Form):
    """choices: places in the poll's options; text: where words are asked for; file: where one is drawn or recorded.

    allowed: kinds of files that the poll takes. has_file: the learner has answered with one, which stays until another
    comes. `taken`: what of the file is kept, after `is_valid`.
    """

    choice = forms.MultipleChoiceField(required=False)
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        required=False,
        max_length=500,
        widget=input_widget(forms.Textarea, rows=3),
        error_messages={"max_length": gettext_lazy("This is longer than 500 letters. Say it in fewer words.")},
    )

    file = forms.FileField(required=False, allow_empty_file=True)

    def __init__(
        self, *args, poll: Poll, allowed: Collection[str] = (), has_file: bool = False, trouble: str = "", **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.poll, self.allowed, self.has_file, self.upload_trouble = poll, allowed, has_file, trouble
        self.taken: TakenIn | None = None
        offer(self, "choice", [(str(n), text) for n, text in enumerate(poll.options)])

    def clean_file(self) -> None:
        if self.poll.kind not in (*CHOICES, Poll.Kind.WORDS):
            self.taken = taken_from(self.cleaned_data["file"], trouble=self.upload_trouble, allowed=self.allowed)

    def clean(self) -> dict:
        found = super().clean() or {}
        choices, words = found.get("choice", []), (found.get("text") or "").strip()
        if self.errors:
            return found
        if self.poll.kind not in (*CHOICES, Poll.Kind.WORDS):
            if self.taken is None and not self.has_file:
                raise forms.ValidationError(_("Nothing is here yet. Make something first, or pick a file."))
            return found | {"choice": [], "text": ""}
        if self.poll.kind == Poll.Kind.WORDS:
            if not words:
                raise forms.ValidationError(_("There were no words yet, so nothing was kept."))
            found["choice"] = []
            return found
        if not choices or (self.poll.kind == Poll.Kind.ONE and len(choices) > 1):
            raise forms.ValidationError(_("Pick one of the answers."))
        found["text"] = ""
        return found

    def places(self) -> list[int]:
        return [int(choice) for choice in self.cleaned_data["choice"]]


class SuggestForm(forms.Form):
    """sections: [(id, title)] of the learner's classes."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("My idea"),
        max_length=280,
        widget=input_widget(forms.Textarea, rows=3),
        error_messages={
            "required": gettext_lazy("There were no words yet, so nothing was kept."),
            "max_length": gettext_lazy("This is longer than 280 letters. Say it in fewer words."),
        },
    )
    section = forms.ChoiceField(label=gettext_lazy("For"), widget=input_widget(forms.Select))
    is_anonymous = forms.BooleanField(label=gettext_lazy("Without my name"), required=False)

    def __init__(self, *args, sections: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "section", sections)
        self.initial.setdefault("uuid", uuid4())


class EndForm(forms.Form):
    ending = forms.ChoiceField(choices=Poll.Ending.choices)
    text = forms.CharField(
        max_length=500,
        error_messages={
            "required": gettext_lazy("Say what you did, or why you can’t. Every poll ends with that."),
            "max_length": gettext_lazy("This is longer than 500 letters."),
        },
    )


class UnmaskForm(forms.Form):
    why = forms.CharField(
        max_length=500,
        error_messages={"required": gettext_lazy("Say why it is for safety. The student reads it.")},
    )
