"""A photo that a teacher takes of what a learner shows at a table, or a note that is said about it."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from lrm.intake import TakenIn
from paths.forms.work import taken_from
from profiles.models import Account
from standards.models import Standard


class ObservedForm(forms.Form):
    """uuid: the same file twice is one.    who: the account whose page took it (Account.uuid).

    `taken`: what of the file is kept, after `is_valid`.
    """

    uuid = forms.UUIDField()
    who = forms.UUIDField()
    standard = forms.ModelChoiceField(queryset=Standard._base_manager.none())
    file = forms.FileField(required=False, allow_empty_file=True)

    def __init__(self, *args, account: Account, allowed: Collection[str], trouble: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.allowed, self.upload_trouble = account, allowed, trouble
        self.taken: TakenIn | None = None
        standard = self.fields["standard"]
        assert isinstance(standard, forms.ModelChoiceField)
        standard.queryset = Standard.objects.visible_to(account).in_force()

    def clean_who(self) -> None:
        """Whoever has signed in since on a shared phone sends nothing of a colleague's."""
        if self.cleaned_data["who"] != self.account.uuid:
            raise forms.ValidationError(_("Somebody else is signed in now. Open the page again as yourself."))

    def clean_file(self) -> None:
        self.taken = taken_from(self.cleaned_data["file"], trouble=self.upload_trouble, allowed=self.allowed)
        if self.taken is None:
            raise forms.ValidationError(_("Nothing came. Take or say it again."))

    @property
    def problem(self) -> str:
        """What is wrong, in words for whoever took it."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
