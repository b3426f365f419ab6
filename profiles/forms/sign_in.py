"""The two doors of the sign-in page."""

import re

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from profiles.services.class_codes import LENGTH


class FocusOnRefusal(forms.BaseForm):
    """After a refusal the page opens at the field that was wrong, on a phone too: else at the last one."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors:
            wrong = next((name for name in self.fields if name in self.errors), list(self.fields)[-1])
            self.fields[wrong].widget.attrs["autofocus"] = True


class ClassCodeForm(FocusOnRefusal, forms.Form):
    """A class code and a number, as they stand on the learner's card. Spaces, dashes and small letters are fine."""

    class_code = forms.CharField(
        label=_("Class code"),
        error_messages={"required": _("Type the six letters of your class.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": "20",
            }
        ),
    )
    number = forms.CharField(
        label=_("My number"),
        error_messages={"required": _("Type the four digits of your number.")},
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "off", "inputmode": "numeric", "maxlength": "10"}
        ),
    )

    def clean_class_code(self) -> str:
        code = re.sub(r"[\s-]+", "", self.cleaned_data["class_code"]).upper()
        if len(code) != LENGTH:
            raise forms.ValidationError(_("A class code has six letters. Look at your card once more."))
        return code

    def clean_number(self) -> str:
        number = re.sub(r"\s+", "", self.cleaned_data["number"])
        if not (len(number) == 4 and number.isascii() and number.isdecimal()):
            raise forms.ValidationError(_("Your number has four digits. Look at your card once more."))
        return number


class EmailSignInForm(FocusOnRefusal, LoginForm):
    """allauth's own form in our words."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail")
        login.widget.attrs.update({"class": "input", "placeholder": "name@example.org", "autocomplete": "username"})
        login.error_messages.update(
            required=_("Type your e-mail address."),
            invalid=_("This is no e-mail address. One looks like name@example.org."),
        )
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.update({"class": "input"})
        password.widget.attrs.pop("placeholder", None)
        password.error_messages["required"] = _("Type your password.")
