"""What a learner or teacher types about a goal."""

import uuid

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, typed_list
from lrm.numbers import whole_number
from paths.forms.fields import StandardsField
from paths.models import Goal, Reflection
from paths.services.goal_words import GoalWords, StepWords
from profiles.models import Account

STEPS_AT_MOST = 12
STEP_LENGTH = 200
SPARE_LINES = 3
TYPED = ("what", "why", "done_when", "due_on", "standards", "step_id", "step_text")


class GoalForm(forms.Form):
    """A draft may be unfinished: `is_draft` asks for nothing but a few words somewhere.

    Steps come as pairs `step_id`, `step_text` in order; a line that is emptied goes away.
    """

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("My goal"),
        max_length=280,
        help_text=_("One sentence. Start with “I”."),
        widget=input_widget(forms.Textarea, rows=2),
        error_messages={"required": _("Write your goal in one sentence.")},
    )
    why = forms.CharField(
        label=_("Why it matters to me"),
        max_length=500,
        required=False,
        widget=input_widget(forms.Textarea, rows=2),
    )
    done_when = forms.CharField(
        label=_("I am done when"),
        max_length=1000,
        required=False,
        help_text=_("One thing on each line. How will you know?"),
        widget=input_widget(forms.Textarea, rows=3),
    )
    due_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=input_widget(forms.DateInput, type="date"),
        error_messages={"invalid": _("This is no date. Pick one, or leave it open.")},
    )
    standards = StandardsField(
        label=_("What it counts towards"), help_text=_("Then your teacher looks at your goal and agrees.")
    )

    def __init__(self, *args, account: Account, goal: Goal | None = None, is_draft: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.goal, self.is_draft = goal, is_draft
        standards = self.fields["standards"]
        assert isinstance(standards, StandardsField)
        standards.offer(account)
        if is_draft:
            self.fields["what"].required = False
        self.fields["due_on"].widget.format = "%Y-%m-%d"
        for name in ("what", "why", "done_when"):
            field = self.fields[name]
            field.widget.attrs["maxlength"] = getattr(field, "max_length", None)

    @classmethod
    def opened(cls, *, account: Account, goal: Goal | None = None) -> "GoalForm":
        """Unbound: empty, or with the words of the goal."""
        if goal is None:
            return cls(account=account, initial={"uuid": uuid.uuid4()})
        initial = {
            "uuid": goal.uuid,
            "version": goal.version,
            "what": goal.what,
            "why": goal.why,
            "done_when": goal.done_when,
            "due_on": goal.due_on,
            "standards": [standard.pk for standard in goal.standards.all()],
        }
        return cls(account=account, goal=goal, initial=initial)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        stands = self.goal.due_on if self.goal else None
        if due_on and due_on != stands and due_on < timezone.localdate() and not self.is_draft:
            raise forms.ValidationError(_("That day is over. Pick a day that is still to come."))
        return due_on

    def clean(self):
        lines = self.step_lines()
        if len(lines) > STEPS_AT_MOST:
            self.add_error(None, _("A goal has at most 12 steps. Put some of them together."))
        if any(len(text) > STEP_LENGTH for _id, text in lines):
            self.add_error(None, _("A step has at most 200 letters. Make two steps of it."))
        return super().clean()

    def step_lines(self) -> list[tuple[int | None, str]]:
        """(id or None, text) as typed, or as they stand; empty lines are left out."""
        if not self.is_bound:
            return [(step.pk, step.text) for step in self.goal.steps.all()] if self.goal else []
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        texts = [text.strip() for text in typed_list(data, "step_text")]
        ids = [whole_number(value) for value in data.getlist("step_id")]
        ids += [None] * (len(texts) - len(ids))
        return [(step_id, text) for step_id, text in zip(ids, texts, strict=False) if text]

    def lines_to_show(self) -> list[dict]:
        """What stands, and a few empty lines: a form without script grows by saving."""
        lines = self.step_lines()
        spare = min(SPARE_LINES, STEPS_AT_MOST - len(lines))
        return [{"id": step_id or "", "text": text} for step_id, text in lines + [(None, "")] * spare]

    def typed(self) -> dict[str, list[str]]:
        """What was sent, by field, to be kept until it is saved."""
        data = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        return {name: typed_list(data, name) for name in TYPED if name in data}

    def words(self) -> GoalWords:
        """After `is_valid`."""
        data = self.cleaned_data
        return GoalWords(
            what=data["what"],
            why=data["why"],
            done_when="\n".join(line.strip() for line in data["done_when"].splitlines() if line.strip()),
            due_on=data["due_on"],
            standard_ids=tuple(sorted(standard.pk for standard in data["standards"])),
            steps=tuple(StepWords(step_id, text) for step_id, text in self.step_lines()),
        )

    def is_empty(self) -> bool:
        """A draft of nothing is not kept."""
        words = self.words()
        return not (words.what or words.why or words.done_when or words.steps)


def with_step_moved(data: QueryDict) -> QueryDict:
    """The same words with one step a place up or down, as `move` says ("up-2": the third line)."""
    moved = data.copy()
    way, _dash, place = data.get("move", "").partition("-")
    texts, ids = data.getlist("step_text"), data.getlist("step_id")
    ids += [""] * (len(texts) - len(ids))
    found = whole_number(place)
    at = -1 if found is None else found
    to = at - 1 if way == "up" else at + 1
    if 0 <= at < len(texts) and 0 <= to < len(texts):
        for row in (texts, ids):
            row[at], row[to] = row[to], row[at]
    moved.setlist("step_text", texts)
    moved.setlist("step_id", ids[: len(texts)])
    return moved


class CheckInForm(forms.Form):
    uuid = forms.UUIDField()
    confidence = forms.IntegerField(min_value=1, max_value=5)
    progress = forms.IntegerField(min_value=1, max_value=5, required=False)
    text = forms.CharField(max_length=280, required=False)
    seen_text = forms.CharField(max_length=280, required=False)


class ReflectionForm(forms.Form):
    """Something to read is asked for: words, or at least one thing that helped."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    helped = forms.MultipleChoiceField(choices=Reflection.Helped.choices, required=False)
    text = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        required=False,
        widget=input_widget(forms.Textarea, rows=4, maxlength=2000),
    )

    def clean(self):
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("helped"):
            self.add_error("text", _("Pick what helped you, or write a line about it."))
        return data


class CloseForm(forms.Form):
    """One question, and no red mark: what got in the way?"""

    reached = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    because = forms.CharField(
        label=_("What got in the way?"), max_length=500, required=False, widget=input_widget(forms.Textarea, rows=2)
    )


class LineForm(forms.Form):
    """A teacher's line under a goal, check-in or reflection."""

    text = forms.CharField(max_length=500, required=False)
