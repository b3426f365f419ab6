"""The points of a parent and of the standards below it, as fields; one small form a parent, and their first day."""

from collections.abc import Iterator
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.mastery.parents import ChildPoints, OutOfReach, PointsRule
from assessments.services.parent_points import Parent
from standards.models import Standard

MOST_POINTS = 1000


class ParentForm(forms.Form):
    """Filled with the rule in force. `rule` of a valid form is the one that was typed."""

    rule: PointsRule

    def __init__(self, data=None, *, parent: Parent) -> None:
        super().__init__(data, prefix=f"p{parent.standard.pk}")
        self.parent = parent
        worth = {child.standard: child for child in parent.rule.children}
        self.fields["needed"] = _whole(parent.rule.required_points, least=1, label=_("Points needed"))
        for child in parent.children:
            said = worth.get(child.pk, ChildPoints(child.pk, 0))
            self.fields[f"points_{child.pk}"] = _whole(said.points, least=0, label=_("Points"))
            self.fields[f"required_{child.pk}"] = forms.BooleanField(
                label=_("Required"), required=False, initial=said.required
            )

    def rows(self) -> Iterator[tuple[Standard, BoundField, BoundField]]:
        """Each standard below, with its points and whether it is required."""
        for child in self.parent.children:
            yield child, self[f"points_{child.pk}"], self[f"required_{child.pk}"]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        self.rule = PointsRule(
            cleaned["needed"],
            tuple(
                ChildPoints(child.pk, cleaned[f"points_{child.pk}"], cleaned[f"required_{child.pk}"])
                for child in self.parent.children
            ),
        )
        try:
            self.rule.check(parent=self.parent.standard.pk, children=self.parent.child_ids)
        except OutOfReach as refused:
            facts = {"reachable": refused.reachable, "needed": cleaned["needed"]}
            said = _("All standards together are worth %(reachable)s, so %(needed)s can never be reached.") % facts
            self.add_error("needed", said)
        return cleaned


class StartForm(forms.Form):
    """drawn_at: when the page was made; looked: of which points its figures tell, "" before a look."""

    starts_on = forms.DateField(
        label=_("Begins on"),
        help_text=_("Today or a later day. Days before it keep their points."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )
    drawn_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, today: date) -> None:
        super().__init__(data, initial={"starts_on": today, "drawn_at": timezone.now().isoformat()})
        self._today = today
        self.fields["starts_on"].widget.attrs["min"] = today.isoformat()

    def clean_starts_on(self) -> date:
        day = self.cleaned_data["starts_on"]
        if day < self._today:
            raise ValidationError(_("This day is over. Points begin today or on a later day."))
        return day


def _whole(initial: int, *, least: int, label) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"})
    return forms.IntegerField(
        label=label, initial=initial, min_value=least, max_value=MOST_POINTS, step_size=1, widget=widget
    )
