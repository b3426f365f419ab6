"""The form of a version of the policy: shown filled with what is in force, sent to be tried or to be saved."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.forms.school import read_schools
from assessments.models import MasteryPolicy
from assessments.models.policy import AS_DISTRICT, ENDS
from assessments.policy_words import METHOD_HINTS, USES, say_change_above, say_percent
from assessments.services.policies import LEVEL_WORDS, in_force_of, line_of
from assessments.services.policy_changes import change_above, next_line, next_version
from lrm import days
from lrm.http import Request
from profiles.models import School
from standards.models import Framework

ROWS = 4
"""Levels that have a tone and a key; a scale with fewer leaves the last rows empty."""


class PolicyForm(forms.Form):
    """base: what stands on the first day, an unsaved MasteryPolicy; what the form does not ask for is taken from it."""

    of_school: School | None = None
    framework: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("For"), queryset=None, required=False, empty_label=_("all frameworks")
    )
    starts_on = forms.DateField(
        label=_("Begins on"),
        help_text=_("Today or a later day. Days before it keep their policy."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    method = forms.ChoiceField(label=_("Method"), choices=MasteryPolicy.Method.choices)
    newest_weight = forms.IntegerField(label=_("The newest counts, %"), min_value=50, max_value=99, required=False)
    times = forms.IntegerField(label=_("How many times"), min_value=1, max_value=10, required=False)
    whole = forms.ChoiceField(
        label=_("From the number to the level"),
        choices=[("", _("the nearest level, halves up")), ("yes", _("the whole part: 2.9 is 2"))],
        required=False,
    )
    mastery_level = forms.IntegerField(
        label=_("Met from level"),
        min_value=2,
        help_text=_("Counts as met on walls, in groups and in school-wide figures."),
    )
    minimum_n = forms.IntegerField(
        label=_("Hide figures of fewer students than"),
        min_value=5,
        max_value=30,
        help_text=_("In figures for people who may not open the list of students."),
    )
    exact_matches = forms.ChoiceField(
        label=_("Results on the same standard of another framework"),
        choices=[("", _("do not count")), ("yes", _("count too, and the account of a level says so"))],
        required=False,
        help_text=_("The same are standards that a framework calls an exact match."),
    )
    parent_rule = forms.ChoiceField(
        label=_("A standard above others shows"),
        choices=MasteryPolicy.ParentRule.choices,
        required=False,
        help_text=_("On a student’s page, with how many of the standards below it were assessed."),
    )
    parent_share = forms.IntegerField(label=_("Enough is, %"), min_value=1, max_value=100, required=False)
    school: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Look at"), queryset=None, required=False, empty_label=_("all schools")
    )

    why = forms.CharField(label=_("Why"), help_text=_("A line for whoever asks later."), max_length=200, required=False)
    drawn_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data=None, *, base: MasteryPolicy, today: date, schools: Sequence[School], district_id: int
    ) -> None:
        super().__init__(data, initial=_initial(base, today))
        self._base, self._today = base, today
        self.rows = max(ROWS, len(base.cuts) + 1)
        choices = {
            "framework": Framework.objects.filter(district=district_id).order_by("title"),
            "school": School.objects.filter(pk__in=[school.pk for school in schools]),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # fields are typed as plain ones
        for level in range(1, self.rows + 1):
            self.fields[f"word_{level}"] = forms.CharField(max_length=32, required=False, label=_("Word"))
            if level > 1:
                self.fields[f"cut_{level}"] = forms.DecimalField(required=False, label=_("Begins at, %"))
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()

    def levels(self) -> list[dict]:
        """One for each row of the scale: level, its word and its cut as bound fields; level 1 has no cut."""
        return [
            {"level": level, "word": self[f"word_{level}"], "cut": self[f"cut_{level}"] if level > 1 else None}
            for level in range(1, self.rows + 1)
        ]

    def methods(self) -> list[dict]:
        """value, name and hint of each, and whether it is chosen."""
        chosen = self["method"].value()
        return [
            {"value": one.value, "name": one.label, "hint": METHOD_HINTS[one](), "chosen": one.value == chosen}
            for one in MasteryPolicy.Method
        ]

    def draw_anew(self) -> None:
        """What was typed stands; whoever is shown it has been told of everything that was saved until now."""
        self.data = dict(self.data.items()) | {"drawn_at": timezone.now().isoformat()}

    def tell_change_above(self) -> bool:
        """Whether the district has changed what the form of a school was made on; then it says so."""
        return False

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self._today:
            raise ValidationError(_("This day is over. A policy begins today or on a later day."))
        return day

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        needed = USES.get(cleaned.get("method", ""))
        if needed and cleaned.get(needed) is None and needed not in self.errors:
            self.add_error(needed, _("This method needs a number here."))
        if cleaned.get("parent_rule") == MasteryPolicy.ParentRule.MET and cleaned.get("parent_share") is None:
            self.add_error("parent_share", _("This rule needs a number here."))
        words, cuts = self._scale(cleaned)
        if not self.errors:
            self._check(cleaned, words, cuts)
        return cleaned

    def _scale(self, cleaned: dict) -> tuple[list[str], list[float]]:
        """Words and cuts of the rows that are used; whatever is wrong stands at its field."""
        used = max(
            (n for n in range(1, self.rows + 1) if cleaned.get(f"word_{n}") or cleaned.get(f"cut_{n}") is not None),
            default=0,
        )
        if used < 2:
            self.add_error("word_2", _("A scale has two levels at least."))
        words, cuts, before = [], [], Decimal(0)
        for level in range(1, max(used, 2) + 1):
            if not cleaned.get(f"word_{level}") and f"word_{level}" not in self.errors:
                self.add_error(f"word_{level}", _("Level %(level)s needs a word.") % {"level": level})
            words.append(cleaned.get(f"word_{level}") or "")
            cut = self._cut(cleaned, level, before) if level > 1 else None
            if cut is not None:
                before = cut
                cuts.append(float(cut) / 100)
        if cleaned.get("mastery_level", 0) > max(used, 2) and "mastery_level" not in self.errors:
            facts = {"level": cleaned["mastery_level"], "top": max(used, 2)}
            self.add_error("mastery_level", _("The scale ends at level %(top)s.") % facts)
        return words, cuts

    def _cut(self, cleaned: dict, level: int, before: Decimal) -> Decimal | None:
        """Where a level begins, in percent; None where that is wrong, which then stands at its field."""
        name = f"cut_{level}"
        if name in self.errors:
            return None
        cut = cleaned.get(name)
        if cut is None:
            self.add_error(name, _("Say at how many percent level %(level)s begins.") % {"level": level})
            return None
        if not before < cut < 100:
            facts = {"level": level, "low": say_percent(float(before) / 100)}
            self.add_error(name, _("Level %(level)s begins above %(low)s %% and below 100 %%.") % facts)
            return None
        return cut

    def _parameters(self, cleaned: dict) -> None:
        """What belongs to the method."""
        policy = self._base
        if cleaned.get("newest_weight") is not None:
            policy.newest_weight = Decimal(cleaned["newest_weight"]) / 100
        if cleaned.get("times") is not None:
            policy.times = cleaned["times"]
        # The tree reads its level by the cuts; the page does not ask then.
        policy.whole = cleaned["whole"] == "yes" and policy.method != MasteryPolicy.Method.TREE

    def _check(self, cleaned: dict, words: list[str], cuts: list[float]) -> None:
        policy = self._base
        policy.framework = cleaned["framework"]
        policy.starts_on, policy.method = cleaned["starts_on"], cleaned["method"]
        self._parameters(cleaned)
        policy.cuts = cuts
        policy.level_words = [] if words == [str(word) for word in LEVEL_WORDS] else words
        policy.mastery_level, policy.minimum_n = cleaned["mastery_level"], cleaned["minimum_n"]
        policy.parent_rule = cleaned["parent_rule"]
        policy.exact_matches = cleaned["exact_matches"] == "yes"
        policy.why = cleaned["why"]
        if cleaned.get("parent_share") is not None:
            policy.parent_share = Decimal(cleaned["parent_share"]) / 100
        self._accept(in_force_of)
        cleaned["policy"] = policy

    def _accept(self, read: Callable[[MasteryPolicy], object]) -> None:
        """What no field by itself can know to be wrong."""
        try:
            self._base.clean()
            read(self._base)
        except ValidationError as refused:
            for name, problems in refused.message_dict.items():
                self.add_error(name if name in self.fields else None, problems)
        except ValueError as refused:
            self.add_error(None, str(refused))


KEPT = {"school", "mastery_level", "minimum_n", "exact_matches", "parent_rule", "parent_share"}
"""What the form of the district asks for and that of a school does not."""
DISTRICT_DECIDES, AS_FOR_ALL = "", "school"
"""In the form of a school in place of a method."""


def _no_method() -> list[tuple[str, Promise, Promise]]:
    """(value, name, hint)."""
    return [
        (
            DISTRICT_DECIDES,
            _("As the district decides"),
            _(
                "The school goes along with what the district changes from that day on. For one framework: also where "
                "the school has a way of its own for all of them."
            ),
        ),
        (
            AS_FOR_ALL,
            _("As in the school’s other frameworks"),
            _("For one framework: what the school has for it alone ends, and what it has for all frameworks counts."),
        ),
    ]


class SchoolPolicyForm(PolicyForm):
    """The method and the cut points of one school. base: what holds there, on the scale of the framework."""

    def __init__(
        self, data=None, *, base: MasteryPolicy, today: date, schools: Sequence[School], district_id: int
    ) -> None:
        super().__init__(data, base=base, today=today, schools=schools, district_id=district_id)
        self.of_school, self.rows = base.school, len(base.cuts) + 1
        self._words, base.level_words = base.level_words, []
        words = [name for name in self.fields if name.startswith("word_")]
        beyond = [f"cut_{level}" for level in range(self.rows + 1, ROWS + 1)]
        for name in [*KEPT, *words, *beyond]:
            self.fields.pop(name, None)
        hidden = forms.IntegerField(widget=forms.HiddenInput, initial=base.school_id)
        self.fields = {"for_school": hidden, **self.fields}
        choices = [*((value, name) for value, name, _hint in _no_method()), *MasteryPolicy.Method.choices]
        self.fields["method"] = forms.ChoiceField(label=_("Method"), choices=choices, required=False)

    def levels(self) -> list[dict]:
        return [
            {"level": level, "said": self._words[level - 1], "cut": self[f"cut_{level}"] if level > 1 else None}
            for level in range(1, self.rows + 1)
        ]

    def methods(self) -> list[dict]:
        chosen = self["method"].value() or DISTRICT_DECIDES
        above = [
            {"value": value, "name": name, "hint": hint, "chosen": value == chosen}
            for value, name, hint in _no_method()
            if value in (DISTRICT_DECIDES, chosen) or self._has_line_for_one()
        ]
        return [*above, *super().methods()]

    def _has_line_for_one(self) -> bool:
        """Whether there is something to end in favour of what the school has for all frameworks."""
        rows = MasteryPolicy.objects.filter(school=self.of_school, framework__isnull=False, withdrawn_at=None)
        return rows.exclude(method=ENDS).exists()

    def tell_change_above(self) -> bool:
        sent, policy = self.cleaned_data, self._base
        day, drawn_at = sent.get("starts_on"), sent.get("drawn_at")
        if day is None or drawn_at is None:
            return False
        policy.framework, policy.starts_on = sent.get("framework"), day
        change = change_above(policy, drawn_at)
        if change is None:
            return False
        self.add_error(None, say_change_above(policy, change))
        self.draw_anew()
        return True

    def _scale(self, cleaned: dict) -> tuple[list[str], list[float]]:
        if self._asks_for_levels():
            self.add_error(None, _say_levels(self.rows, cleaned.get("starts_on")))
        if cleaned.get("method") in (DISTRICT_DECIDES, AS_FOR_ALL):
            if cleaned["method"] == AS_FOR_ALL and not cleaned.get("framework"):
                self.add_error("framework", _("Say for which framework: it then goes by what the school has for all."))
            return [], list(self._base.cuts)
        cuts, before = [], Decimal(0)
        for level in range(2, self.rows + 1):
            cut = self._cut(cleaned, level, before)
            if cut is not None:
                before = cut
                cuts.append(float(cut) / 100)
        return [], cuts

    def _asks_for_levels(self) -> bool:
        """By an address, a program, or a page that was drawn for another day: this one has no fields for it."""
        sent = self.data
        more = range(self.rows + 1, self.rows + 10)
        return any(sent.get(f"{name}_{level}") for name in ("word", "cut") for level in more) or (
            sent.get("mastery_level", str(self._base.mastery_level)) != str(self._base.mastery_level)
        )

    def _check(self, cleaned: dict, words: list[str], cuts: list[float]) -> None:
        policy = self._base
        policy.framework = cleaned["framework"]
        policy.starts_on, policy.why = cleaned["starts_on"], cleaned["why"]
        policy.method = cleaned["method"]
        if policy.method == DISTRICT_DECIDES:
            policy.method = AS_DISTRICT if policy.framework else ENDS
        elif policy.method == AS_FOR_ALL:
            policy.method = ENDS
        self._parameters(cleaned)
        policy.cuts = cuts
        self._accept(line_of)
        cleaned["policy"], cleaned["school"] = policy, policy.school


def _say_levels(levels: int, day: date | None) -> str:
    keeps = _(
        "A school keeps the district’s number of levels (%(n)s) and the level from which a standard counts as met: "
        "figures of the district add its schools up."
    ) % {"n": levels}
    if day is None:
        return keeps
    return keeps + " " + _("That is the number on %(day)s.") % {"day": days.said(day)}


def read_form(request: Request) -> PolicyForm:
    """Bound where something was sent; its base is what is in force today for the framework that it is for, of a school
    what holds there on the first day.

    With the id of a school as `for_school` the form of a school. Raises Http404: the account may not list its students.
    """
    sent = request.POST if request.method == "POST" else request.GET
    wanted, today = sent.get("framework", ""), timezone.localdate()
    framework_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    data, schools = sent if request.method == "POST" or "try" in sent else None, read_schools(request)
    asked = {"today": today, "schools": schools, "district_id": request.user.district_id}
    if "for_school" not in sent:
        return PolicyForm(data, base=next_version(request.user.district, framework_id, today), **asked)
    school = next((school for school in schools if str(school.pk) == sent["for_school"]), None)
    if school is None:
        raise Http404
    return SchoolPolicyForm(data, base=next_line(school, framework_id, _first_day(sent, today)), **asked)


def _first_day(sent: QueryDict, today: date) -> date:
    """The day whose scale a school's line is written on: what was sent, else what an empty form says."""
    try:
        return max(date.fromisoformat(sent.get("starts_on", "")), today)
    except ValueError:
        return today + timedelta(days=1)


def _initial(base: MasteryPolicy, today: date) -> dict:
    words = base.level_words or [str(word) for word in LEVEL_WORDS]
    initial = {
        "framework": base.framework_id,
        "drawn_at": timezone.now().isoformat(),
        "starts_on": max(base.starts_on or today, today + timedelta(days=1)),
        "method": base.method,
        "newest_weight": round(float(base.newest_weight) * 100),
        "times": base.times,
        "whole": "yes" if base.whole else "",
        "mastery_level": base.mastery_level,
        "minimum_n": base.minimum_n,
        "parent_rule": base.parent_rule,
        "exact_matches": "yes" if base.exact_matches else "",
        "parent_share": round(float(base.parent_share) * 100),
    }
    initial |= {f"word_{level}": word for level, word in enumerate(words, start=1)}
    initial |= {f"cut_{level}": f"{100 * cut:.6g}" for level, cut in enumerate(base.cuts, start=2)}
    return initial
