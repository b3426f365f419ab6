"""What a learner, or a teacher with one, types and picks when handing in work."""

import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from lrm.form_fields import WebLinkField, input_widget
from lrm.http import Request
from lrm.intake import IMAGE, PDF, Refused, TakenIn, take_in
from lrm.intake.kinds import TYPES
from lrm.uploads import STORAGE
from paths.forms.fields import StandardsField
from paths.models import Artifact
from paths.services.artifacts import Words
from paths.services.work_about import Offer
from profiles.models import Account

SALT = "paths.hand_in"
TITLE, TEXT = 120, 4000


def sign_ticket(form_uuid: uuid.UUID, account: Account) -> str:
    """The id of a form, good for this account only: whoever signs in next on a shared device does not send it."""
    return signing.Signer(salt=f"{SALT}:{account.pk}").sign(str(form_uuid))


def read_ticket(ticket: str, account: Account) -> uuid.UUID | None:
    """None where it is nobody's, or somebody else's."""
    try:
        return uuid.UUID(signing.Signer(salt=f"{SALT}:{account.pk}").unsign(ticket))
    except (signing.BadSignature, ValueError):
        return None


def accepted(allowed: Collection[str]) -> str:
    """For the file dialog of the browser; a phone offers its camera for pictures."""
    # Named one by one: at "image/*" phones send photos in a format of their own, which is refused.
    taken = [found for found in TYPES if found.kind in allowed]
    names = [f".{ending}" for found in taken for ending in found.endings]
    return ",".join(dict.fromkeys([*(found.media_type for found in taken), *names]))


def taken_from(file: Any, *, trouble: str, allowed: Collection[str]) -> TakenIn | None:
    """What is kept of a file that came with a form; None where there is none.

    file: an UploadedFile, or None.    trouble: `upload_trouble` of the request.
    Raises ValidationError, in words for whoever sent it.
    """
    if trouble == STORAGE:
        raise forms.ValidationError(storage_words())
    if trouble:
        raise forms.ValidationError(_("This file is far too big. Make it smaller or shorter."))
    if not file:
        return None
    try:
        return take_in(file, name=file.name or "", claim=file.content_type or "", allowed=allowed)
    except Refused as refused:
        raise forms.ValidationError(refused.message, code=refused.code) from None


class WorkWordsForm(forms.Form):
    """The words of a piece that is there already. `version`: the wording on which this one builds."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("What is it called?"),
        max_length=TITLE,
        required=False,
        widget=input_widget(forms.TextInput, maxlength=TITLE, autocomplete="off"),
        error_messages={"max_length": _("A title has at most 120 letters.")},
    )
    text = forms.CharField(
        label=_("Words"),
        max_length=TEXT,
        required=False,
        help_text=_("What did you do? What does it show?"),
        widget=input_widget(forms.Textarea, rows=5, maxlength=TEXT),
        error_messages={"max_length": _("Write at most 4000 letters. You can hand in a second piece.")},
    )
    link = WebLinkField(
        label=_("A link"),
        help_text=_("To a page, a drawing or a video on the web."),
        widget=input_widget(forms.URLInput, inputmode="url", autocomplete="off"),
    )
    standards = StandardsField(label=_("What it shows"))

    def __init__(self, *args, account: Account, **kwargs):
        super().__init__(*args, **kwargs)
        standards = self.fields["standards"]
        assert isinstance(standards, StandardsField)
        standards.offer(account)

    @classmethod
    def opened(cls, artifact: Artifact, *, account: Account) -> "WorkWordsForm":
        return cls(account=account, initial=words_of(artifact) | {"version": artifact.version})

    def words(self) -> Words:
        """After `is_valid`."""
        data = self.cleaned_data
        return Words(
            title=data["title"],
            text=data["text"],
            link=data["link"],
            standard_ids=tuple(sorted(standard.pk for standard in data["standards"])),
        )


def words_of(artifact: Artifact) -> dict:
    return {
        "title": artifact.title,
        "text": artifact.text,
        "link": artifact.link,
        "standards": [standard.pk for standard in artifact.standards.all()],
    }


class HandInForm(WorkWordsForm):
    """Words, a link or a file; at least one of them. A draft may be nothing yet, and takes no file.

    `taken`: what of the file is kept, after `is_valid`.
    """

    ticket = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(label=_("A file"), required=False, allow_empty_file=True)
    about = forms.CharField(label=_("What is it for?"), required=False, max_length=40)

    def __init__(self, *args, offer: Offer, allowed: frozenset[str] = frozenset({IMAGE, PDF}), is_draft=False, **kw):
        super().__init__(*args, **kw)
        self.offer, self.allowed, self.is_draft = offer, allowed, is_draft
        self.taken: TakenIn | None = None
        self.upload_trouble = ""

    @classmethod
    def sent(cls, request: Request, **kwargs) -> "HandInForm":
        form = cls(request.POST, request.FILES, account=request.user, **kwargs)
        form.upload_trouble = getattr(request, "upload_trouble", "")
        return form

    def clean_about(self) -> str:
        about = self.cleaned_data["about"]
        if not self.offer.holds(about):
            raise forms.ValidationError(_("This is not there anymore. Choose again what it is for."))
        return about

    def clean_file(self) -> None:
        """What the file is called is nowhere trusted, and what it is said to be is checked."""
        file = None if self.is_draft else self.cleaned_data["file"]
        self.taken = taken_from(file, trouble=self.upload_trouble, allowed=self.allowed)

    def clean(self):
        data = super().clean() or {}
        if not self.errors and not self.is_draft and not (data["text"].strip() or data["link"] or self.taken):
            self.add_error(None, _("Nothing is here yet. Write something, add a link, or pick a file."))
        return data

    def is_empty(self) -> bool:
        words = self.words()
        return not (words.title.strip() or words.text.strip() or words.link)


def storage_words():
    return _("The file could not be kept. That is our trouble, not yours. Your words are still here. Try again soon.")


class ReplyForm(forms.Form):
    uuid = forms.UUIDField()
    text = forms.CharField(max_length=500)
