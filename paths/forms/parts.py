"""The parts of a path as a form: in order, in any order, or to choose from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget
from paths.forms.fields import StandardsField
from paths.models.planned import Planned
from paths.sequencing import Part, PartKind

PARTS_AT_MOST = 6
SPARE_PARTS = 3


class PartForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Its steps are done"),
        choices=[
            (PartKind.SEQUENCE.value, _("in order")),
            (PartKind.PLAYLIST.value, _("in any order")),
            (PartKind.CHOICE.value, _("by choice: some of them")),
        ],
        required=False,
        widget=input_widget(forms.Select),
    )
    pick = forms.IntegerField(
        label=_("How many to choose"),
        min_value=1,
        max_value=20,
        required=False,
        widget=input_widget(forms.NumberInput, inputmode="numeric"),
    )
    title = forms.CharField(label=_("Heading"), max_length=100, required=False, widget=input_widget(forms.TextInput))

    def part(self) -> Part:
        data = getattr(self, "cleaned_data", {})
        kind = PartKind(data.get("kind") or PartKind.SEQUENCE)
        return Part(kind, data.get("title", "").strip(), (data.get("pick") or 0) if kind is PartKind.CHOICE else 0)


PartFormSet: type[forms.BaseFormSet] = forms.formset_factory(
    PartForm, extra=SPARE_PARTS, max_num=PARTS_AT_MOST, absolute_max=PARTS_AT_MOST
)


class CoverForm(forms.Form):
    """Which standards every way through reaches, whatever a student chooses."""

    ALL, NAMED = "all", "named"

    covers = forms.ChoiceField(
        label=_("Whatever students choose, they come to"),
        choices=[(ALL, _("every standard that a step names")), (NAMED, _("just these standards"))],
        required=False,
        initial=ALL,
        widget=forms.RadioSelect,
    )
    targets = StandardsField(label=_("Just these standards"))

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        targets = self.fields["targets"]
        assert isinstance(targets, StandardsField)
        targets.offer(account)

    @property
    def covers_all(self) -> bool:
        return self.cleaned_data["covers"] != self.NAMED


def part_initial(plan: Planned) -> list[dict]:
    return [{"kind": part.kind.value, "title": part.title, "pick": part.pick or None} for part in plan.outline]


def cover_initial(plan: Planned) -> dict:
    return {
        "covers": CoverForm.ALL if plan.covers_all else CoverForm.NAMED,
        "targets": [standard.pk for standard in plan.targets.all()],
    }
