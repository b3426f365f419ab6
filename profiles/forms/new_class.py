"""A class made by hand."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import input_widget, offer
from lrm.grades import grade_choices
from profiles.forms.classes import StepForm
from profiles.models import AcademicSession, Account, Course, School

ANOTHER = "another"


class NewClassForm(StepForm):
    """After is_valid `school`, `session` and `course` are rows, `course` None where `subject` names a new one, and
    `teacher` is an Account or None."""

    title = forms.CharField(
        label=_("Name of the class"),
        max_length=200,
        widget=input_widget(forms.TextInput, autocomplete="off"),
        error_messages={"required": _("Write a name.")},
    )
    school = forms.ChoiceField(
        label=_("School"), widget=input_widget(forms.Select), error_messages={"required": _("Say where.")}
    )
    session = forms.ChoiceField(
        label=_("Term"), widget=input_widget(forms.Select), error_messages={"required": _("Say when.")}
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, widget=input_widget(forms.Select))
    course = forms.ChoiceField(
        label=_("Subject"), widget=input_widget(forms.Select), error_messages={"required": _("Say what is taught.")}
    )
    subject = forms.CharField(
        label=_("A subject that is not in the list"),
        max_length=100,
        required=False,
        widget=input_widget(forms.TextInput, autocomplete="off"),
    )
    teacher = forms.EmailField(
        label=_("Teacher, by e-mail address"),
        required=False,
        widget=input_widget(forms.EmailInput, autocomplete="off"),
        help_text=_("Can be added later, under Class settings."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        schools: Sequence[School],
        sessions: Sequence[AcademicSession],
        courses: Sequence[Course],
        district_id: int,
    ) -> None:
        super().__init__(data, initial={"uuid": uuid.uuid4()})
        self._district_id = district_id
        self._rows: dict[str, dict[str, Any]] = {
            "school": {str(row.pk): row for row in schools},
            "session": {str(row.pk): row for row in sessions},
            "course": {str(row.pk): row for row in courses},
        }
        offer(self, "school", [(pk, row.name) for pk, row in self._rows["school"].items()])
        offer(self, "session", [(pk, row.title) for pk, row in self._rows["session"].items()])
        known = [(pk, row.title) for pk, row in self._rows["course"].items()]
        offer(self, "course", [("", _("choose")), (ANOTHER, _("one that is not in the list")), *known])
        if not known:
            self.initial["course"] = ANOTHER
        offer(self, "grade", [("", _("not said")), *grade_choices()])

    def clean_teacher(self) -> Account | None:
        address = self.cleaned_data["teacher"]
        if not address:
            return None
        staff = Account.objects.filter(district=self._district_id, kind=Account.Kind.STAFF, is_active=True)
        found = staff.filter(email__iexact=address).first()
        if found is None:
            raise forms.ValidationError(_("Nobody on the staff signs in with this address. Look for a typing error."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, rows in self._rows.items():
            data[name] = rows.get(data.get(name) or "")
        if "course" in self.errors or "subject" in self.errors:
            return data
        if data["course"] is None and not data["subject"]:
            self.add_error("subject", _("Write what is taught."))
        elif data["course"] is not None and data["subject"]:
            self.add_error(
                "subject", _("Another subject is chosen in the list. Choose “not in the list”, or empty this.")
            )
        return data
