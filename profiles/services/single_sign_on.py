"""Whose account it is that a district's provider vouches for: found among the people who are here, never made.

The first time somebody is found by what the district matches people by; from then on by the link to the provider's
own name for them (`sub`), so that an address given to somebody new does not open the account of whoever left.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from lrm.scope import district_scope, unscoped
from lrm.sealed import seal, unseal
from profiles.models import Account, AccountEvent, District, Learner, LearnerMerge, SingleSignOn
from profiles.services import class_codes
from profiles.services.staff_accounts import note


class Why(StrEnum):
    """Why somebody whom the provider knows is not let in."""

    UNKNOWN = "unknown"
    UNVERIFIED = "unverified"
    NO_EMAIL = "no_email"
    NO_ID = "no_id"
    TWO = "two"
    """The claim stands for two people, or the provider's name for them and what it says belong to different ones."""
    TAKEN = "taken"
    """The account was found, and somebody else of the provider signs in with it."""
    NOT_FOR = "not_for"
    ENDED = "ended"


class NotLetIn(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Vouched:
    """What the provider says about who has signed in there.    subject: its own name for them, never given again."""

    subject: str
    email: str = ""
    email_verified: bool = False
    id: str = ""


def of_district(district: District) -> SingleSignOn:
    """The district's, or a new one that is off."""
    found = SingleSignOn.objects.filter(district=district).select_related("district").first()
    return found or SingleSignOn(district=district)


def find(uuid: UUID | str) -> SingleSignOn | None:
    """One that is on, with its district."""
    try:
        wanted = UUID(str(uuid))
    except ValueError:
        return None
    with unscoped("the address says whose district is to be opened"):
        rows = SingleSignOn.objects.select_related("district")
        return rows.filter(district__uuid=wanted, is_on=True).first()


def doors(district_key: str) -> list[SingleSignOn]:
    """What the sign-in page offers: all where there is one district, else that of the named one."""
    with unscoped("the sign-in page is read before the district is known"):
        rows = list(SingleSignOn.objects.filter(is_on=True).select_related("district").order_by("name", "pk"))
    if rows and len(District.objects.values_list("pk")[:2]) > 1:
        return [row for row in rows if row.district.key == district_key]
    return rows


def keep_secret(row: SingleSignOn, secret: str) -> None:
    row.sealed_secret = seal(secret)


def secret_of(row: SingleSignOn) -> str:
    """Raises SealBroken: it has to be typed in anew, say after a change of SECRET_KEY."""
    return unseal(row.sealed_secret)


@transaction.atomic
def let_in(row: SingleSignOn, who: Vouched) -> Account:
    """The account, linked from now on. Raises NotLetIn; then nothing was written."""
    with district_scope(row.district_id):
        linked = _linked(row, who.subject)
        try:
            found = _found(row, who)
        except NotLetIn as refused:
            # Who is linked already is known, also where the provider says less than it did; never where it says two.
            if linked is None or refused.why == Why.TWO:
                raise
            found = linked
        account = linked or found
        if found.pk != account.pk:
            raise NotLetIn(Why.TWO)
        locked = Account.objects.select_for_update(of=("self",)).select_related("district").get(pk=account.pk)
        if not locked.is_active or _has_left(locked):
            raise NotLetIn(Why.ENDED)
        if locked.district_id != row.district_id or not row.takes(locked.kind):
            raise NotLetIn(Why.NOT_FOR)
        if linked is None:
            _link(row, locked, who.subject)
        return locked


def links_of(row: SingleSignOn, account: Account | None = None) -> QuerySet[SocialAccount]:
    """Those of everybody, or of one account."""
    rows = SocialAccount.objects.filter(provider=str(row.uuid))
    return rows if account is None else rows.filter(user=account)


@transaction.atomic
def unlink(row: SingleSignOn, account: Account, *, by: Account) -> bool:
    """The next time they are matched anew. False where nothing was linked."""
    gone, _each = links_of(row, account).delete()
    if gone:
        note(account, AccountEvent.Kind.UNLINKED, by=by, words=row.name)
    return bool(gone)


def unlink_all(row: SingleSignOn) -> int:
    gone, _each = links_of(row).delete()
    return gone


def _linked(row: SingleSignOn, subject: str) -> Account | None:
    link = links_of(row).filter(uid=subject).select_related("user").first()
    return link.user if link else None


def _link(row: SingleSignOn, account: Account, subject: str) -> None:
    others = set(links_of(row, account).values_list("uid", flat=True))
    if subject in others:  # the first of two clicks
        return
    if others:
        raise NotLetIn(Why.TAKEN)
    SocialAccount.objects.create(user=account, provider=str(row.uuid), uid=subject, extra_data={})
    note(account, AccountEvent.Kind.LINKED, by=account, words=row.name)


def _found(row: SingleSignOn, who: Vouched) -> Account:
    if row.match_by == SingleSignOn.Match.EMAIL:
        return _by_email(row, who)
    if not who.id:
        raise NotLetIn(Why.NO_ID)
    rows = Account.objects.filter(district_id=row.district_id, key=who.id)
    account = rows.exclude(kind=Account.Kind.INTEGRATION).first()
    learner = _learner_with(row, who.id)
    if learner is None or (account is not None and learner.account_id == account.pk):
        if account is None:
            raise NotLetIn(Why.UNKNOWN)
        return account
    if account is not None and account.kind != Account.Kind.LEARNER:
        raise NotLetIn(Why.TWO)
    if not row.for_learners:
        raise NotLetIn(Why.NOT_FOR)
    return class_codes.account_of_learner(learner)


def _by_email(row: SingleSignOn, who: Vouched) -> Account:
    if not who.email:
        raise NotLetIn(Why.NO_EMAIL)
    if not who.email_verified:
        raise NotLetIn(Why.UNVERIFIED)
    rows = Account.objects.filter(district_id=row.district_id, email__iexact=who.email)
    account = rows.exclude(kind=Account.Kind.INTEGRATION).first()
    if account is None:
        raise NotLetIn(Why.UNKNOWN)
    return account


def _learner_with(row: SingleSignOn, key: str) -> Learner | None:
    """Also by the id of a row that was made one with another."""
    learner = Learner.objects.filter(district_id=row.district_id, key=key).first()
    if learner is None:
        return None
    merge = LearnerMerge.objects.standing().filter(merged=learner).select_related("kept").first()
    return merge.kept if merge else learner


def _has_left(account: Account) -> bool:
    if account.kind != Account.Kind.LEARNER:
        return False
    return not Learner.objects.filter(account=account, left_on__isnull=True).exists()
