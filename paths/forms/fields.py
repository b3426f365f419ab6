"""Fields that goal and path forms share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.models import Standard


class StandardsField(forms.ModelMultipleChoiceField):
    """Any standard in force in the district; `suggested` are offered as a list that works without script."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Standards"))
        super().__init__(queryset=Standard._base_manager.none(), required=False, **kwargs)
        self.error_messages["invalid_choice"] = _("This standard is not in use. Choose another one.")

    def offer(self, account) -> None:
        """To be called by the form, whose account decides about the district."""
        self.queryset = Standard.objects.visible_to(account).in_force()
