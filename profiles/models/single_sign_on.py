"""A district's own sign-in (OpenID Connect), and who changed what is asked of those who sign in."""

from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lrm.privacy import DISTRICT, NOBODY, Privacy
from lrm.scope import ScopedManager
from lrm.sealed import SealedField
from profiles.models.account import Account
from profiles.models.district import District


class SingleSignOn(models.Model):
    """At most one a district, whose uuid names it in addresses and, as allauth's `provider`, in the links of people.

    issuer: as the provider names itself.    sealed_secret: see lrm/sealed.py; "" for none yet.
    match_by: how somebody who comes for the first time is found among the people who are here already; after that
    the link holds (socialaccount.SocialAccount).    id_claim: the claim that holds a person's ID.
    counts_second_step: whether a second step that the provider reports (`amr`) stands for ours.
    asks_always: whether the provider has to ask for the password each time, as on devices that are shared.
    """

    privacy = NOBODY
    scope_field = "district"

    class Match(models.TextChoices):
        EMAIL = "email", _("by e-mail address, where the provider says that it is verified")
        ID = "id", _("by the ID of the roster, in a claim")

    district = models.OneToOneField(District, on_delete=models.CASCADE, related_name="single_sign_on")
    is_on = models.BooleanField(default=False)
    name = models.CharField(max_length=40)
    issuer = models.CharField(max_length=200)
    client_id = models.CharField(max_length=191)
    sealed_secret = SealedField(blank=True, editable=False)
    for_staff = models.BooleanField(default=True)
    for_learners = models.BooleanField(default=False)
    for_guardians = models.BooleanField(default=False)
    match_by = models.CharField(max_length=8, choices=Match.choices, default=Match.EMAIL)
    id_claim = models.CharField(max_length=100, blank=True)
    counts_second_step = models.BooleanField(default=False)
    asks_always = models.BooleanField(default=False)

    objects = ScopedManager()

    @property
    def uuid(self) -> UUID:
        return self.district.uuid

    @property
    def for_whom(self) -> str:
        """Who may use it, in words for the sign-in page."""
        kinds = {_("staff"): self.for_staff, _("students"): self.for_learners, _("families"): self.for_guardians}
        return _("For %(who)s of %(district)s.") % {
            "who": get_text_list([str(word) for word, may in kinds.items() if may], gettext("and")),
            "district": self.district.name,
        }

    def takes(self, kind: str) -> bool:
        """Whether accounts of this kind may use it."""
        kinds = Account.Kind
        return {
            kinds.STAFF: self.for_staff,
            kinds.LEARNER: self.for_learners,
            kinds.GUARDIAN: self.for_guardians,
        }.get(kinds(kind), False)


class SignInChange(models.Model):
    """Who changed the rules of signing in, or the district's provider. Never changed, never deleted by hand.

    changes: [[field, before, after], ...]; of a secret only that it is another one.
    """

    privacy = Privacy(
        about="staff",
        category="running",
        keep=DISTRICT,
        personal={"by": "to answer who changed how people sign in"},
        plain="id district at page changes",
    )
    scope_field = "district"

    class Page(models.TextChoices):
        RULES = "rules", _("sign-in rules")
        PROVIDER = "provider", _("single sign-on")

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.CharField(max_length=8, choices=Page.choices)
    changes = models.JSONField(default=list)

    objects = ScopedManager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["district", "page", "at"], name="sign_in_change_page")]
