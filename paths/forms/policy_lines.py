"""The form of one line of the policy: for whom, what, from when, why."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lrm.form_fields import input_widget, offer
from lrm.grades import grade_choices
from lrm.privacy import CATEGORIES
from profiles.models import School
from profiles.models.policy_rule import ONLY_OF_DISTRICT, ONLY_OF_SCHOOLS
from profiles.models.retention import LEAST_DAYS, shipped_days
from profiles.policy_values import LEAST_READS, LONGEST_NAME, MOST_N, MOST_READS, WORD_CHOICES, Line, word_name
from profiles.services.accounts import written_languages

DISTRICT, FOLLOWS = "", "follows"
NOT_A_DAY = gettext_lazy("Write the day as year, month and day, such as 2026-09-01.")


class RuleForm(forms.Form):
    """value() of a valid form is what is to be stored; None: decide nothing here any more.

    now: what counts there today.    schools: those that one may decide for.    for_district: whether one may decide for
    all.    usual: what counts in the district, of a line that only schools write.
    """

    school = forms.ChoiceField(label=gettext_lazy("For"), required=False, widget=input_widget(forms.Select))
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Today or a later day. Days before it keep what counted then."),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NOT_A_DAY},
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("A line for whoever asks later."),
        max_length=200,
        widget=input_widget(forms.TextInput),
    )
    drawn_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data=None,
        *,
        line: Line,
        now: Any,
        today: date,
        schools: Sequence[School],
        for_district: bool,
        usual: Any = None,
        **kwargs,
    ) -> None:
        super().__init__(data, initial={"starts_on": today, "drawn_at": timezone.now().isoformat(), **kwargs})
        self.line, self.today, self.usual = line, today, usual
        self._schools = {str(school.pk): school for school in schools}
        everywhere = [(DISTRICT, _("the whole district"))] if for_district else []
        offer(self, "school", [*everywhere, *((pk, school.name) for pk, school in self._schools.items())])
        self.fields["school"].required = not for_district
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()
        FIELDS[line](self, now)
        self.value_names = [name for name in self.fields if name not in ("school", "starts_on", "why", "drawn_at")]
        self.fields[FOLLOWS] = forms.BooleanField(
            required=False,
            label=_("End what was decided here"),
            help_text=_ends(line),
        )

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self.today:
            raise ValidationError(_("This day is over. Pick today or a day that is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        if sent[FOLLOWS]:
            for name in self.value_names:
                self.errors.pop(name, None)  # whatever stands there, it is not what counts
        elif self.line == Line.LEVEL_WORDS and self.data.get(f"name_{len(self.usual) + 1}"):
            said = _("On that day the district’s scale has %(n)s levels: look at their names, then go on.")
            self.add_error(None, said % {"n": len(self.usual)})
        if self.line == Line.KEEPING and not self.errors and not sent[FOLLOWS]:
            if not self.value:
                self.add_error(None, _("Say for at least one kind how long it stays, or end what was decided here."))
            if sent["starts_on"] == self.today:
                self.add_error("starts_on", _("Tomorrow at the earliest, so that everybody can still look."))
        return sent

    def values(self) -> list[forms.BoundField]:
        return [self[name] for name in self.value_names]

    @property
    def chosen_school(self) -> School | None:
        return self._schools.get(self.cleaned_data["school"])

    @property
    def value(self) -> Any:
        return None if self.cleaned_data[FOLLOWS] else VALUES[self.line](self.cleaned_data)


def _ends(line: Line) -> str:
    if line in ONLY_OF_SCHOOLS:
        return _("The school then goes by the district.")
    if line in ONLY_OF_DISTRICT:
        return _("What LRM comes with counts then.")
    return _("A school then goes by the district, the district by what LRM comes with.")


def _for_uploads(form: RuleForm, now: dict) -> None:
    form.fields["audio"] = _choice(_("Sound (MP3, M4A, WAV, OGG)"), _on_off(), "on" if now["audio"] else "off")
    form.fields["video"] = _choice(_("Video (MP4, MOV, WebM)"), _on_off(), "on" if now["video"] else "off")


def _for_family(form: RuleForm, now: str) -> None:
    below = [(code, _("of students below %(grade)s") % {"grade": name}) for code, name in grade_choices()[1:]]
    form.fields["below"] = _choice(_("Families read along by default"), [("never", _("never")), *below], now or "never")


def _for_reading(form: RuleForm, now: bool) -> None:
    choices = [("yes", _("families read it")), ("no", _("families do not read it"))]
    form.fields["read"] = _choice(str(form.line.label), choices, "yes" if now else "no")


def _for_words(form: RuleForm, now: dict) -> None:
    for usual, words in WORD_CHOICES.items():
        label = _("In place of “%(word)s”") % {"word": word_name(usual)}
        form.fields[usual] = _choice(label, [(word, word_name(word)) for word in words], now[usual])


def _for_language(form: RuleForm, now: str) -> None:
    written = written_languages()
    form.fields["language"] = _choice(_("Language"), written, now)
    if len(written) == 1:
        form.fields["language"].help_text = _(
            "LRM is written in %(language)s alone so far, so there is nothing else to choose yet."
        ) % {"language": written[0][1]}


def _for_names(form: RuleForm, now: list[str]) -> None:
    for level, usual in enumerate(form.usual, start=1):
        label = _("%(level)s, in the district “%(word)s”") % {"level": level, "word": usual}
        initial = now[level - 1] if len(now) == len(form.usual) else usual
        form.fields[f"name_{level}"] = forms.CharField(
            label=label, initial=initial, max_length=LONGEST_NAME, widget=input_widget(forms.TextInput)
        )


def _for_minimum(form: RuleForm, now: int) -> None:
    least = min(form.usual + 1, MOST_N)
    hint = _("The district hides below %(n)s; a school can ask for more, up to %(most)s.")
    form.fields["minimum_n"] = forms.IntegerField(
        label=_("Hide figures of fewer students than"),
        help_text=hint % {"n": form.usual, "most": MOST_N},
        initial=max(now, least),
        min_value=least,
        max_value=MOST_N,
        widget=input_widget(forms.NumberInput),
    )


def _for_reads(form: RuleForm, now: int) -> None:
    form.fields["learners"] = forms.IntegerField(
        label=_("Different students a day"),
        help_text=_("From %(least)s to %(most)s. Programs that need more are made systems, under Integrations.")
        % {"least": LEAST_READS, "most": number_format(MOST_READS, force_grouping=True)},
        initial=now,
        min_value=LEAST_READS,
        max_value=MOST_READS,
        widget=input_widget(forms.NumberInput),
    )


def _for_keeping(form: RuleForm, now: dict) -> None:
    """Empty: as long as in the district."""
    for key, usual in form.usual.items():
        form.fields[key] = forms.IntegerField(
            label=str(CATEGORIES[key].words),
            help_text=_("%(holds)s In the district %(n)s days.")
            % {"holds": CATEGORIES[key].told(is_last=False), "n": usual},
            initial=now.get(key),
            required=False,
            min_value=LEAST_DAYS,
            max_value=usual,
            error_messages={"max_value": _("At most %(n)s days, as in the district.") % {"n": usual}},
            widget=input_widget(forms.NumberInput),
        )
    form.fields["starts_on"].help_text = _("Tomorrow at the earliest. A night takes away what has had its time.")
    if not form.is_bound:
        form.initial["starts_on"] = form.today + timedelta(days=7)


def _on_off() -> list[tuple[str, str]]:
    return [("off", _("off")), ("on", _("on"))]


def _choice(label: str, choices: list, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=initial, widget=input_widget(forms.Select))


FIELDS: dict[Line, Callable[[RuleForm, Any], None]] = {
    Line.UPLOADS: _for_uploads,
    Line.FAMILY_READS: _for_family,
    Line.OWN_VIEWS: _for_reading,
    Line.OWN_WORDS: _for_reading,
    Line.WORDS: _for_words,
    Line.LANGUAGE: _for_language,
    Line.LEVEL_WORDS: _for_names,
    Line.MINIMUM_N: _for_minimum,
    Line.KEEPING: _for_keeping,
    Line.API_READS: _for_reads,
}
VALUES: dict[Line, Callable[[dict], Any]] = {
    Line.UPLOADS: lambda sent: {name: sent[name] == "on" for name in ("audio", "video")},
    Line.FAMILY_READS: lambda sent: "" if sent["below"] == "never" else sent["below"],
    Line.OWN_VIEWS: lambda sent: sent["read"] == "yes",
    Line.OWN_WORDS: lambda sent: sent["read"] == "yes",
    Line.WORDS: lambda sent: {usual: sent[usual] for usual in WORD_CHOICES},
    Line.LANGUAGE: lambda sent: sent["language"],
    Line.LEVEL_WORDS: lambda sent: [value for name, value in sent.items() if name.startswith("name_")],
    Line.MINIMUM_N: lambda sent: sent["minimum_n"],
    Line.API_READS: lambda sent: sent["learners"],
    Line.KEEPING: lambda sent: {key: sent[key] for key in shipped_days() if sent.get(key) is not None},
}
