"""What stands in the way of an erasure, in words; "" where nothing does."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.privacy import privacy_of
from lrm.records import rows_about, rows_of_adult, ways_to_adult
from lrm.records.ways import personal_models, ways_to_learner
from profiles.models import Account, AdminRole, AdultHold, Enrollment, Guardianship, Learner, LegalHold


def why_not(person: Learner | Account) -> str:
    return why_no_learner(person) if isinstance(person, Learner) else why_no_adult(person)


def why_no_learner(learner: Learner) -> str:
    today = timezone.localdate()
    if LegalHold.objects.standing().filter(learner=learner).exists():
        return _("A legal hold stands: nothing about this student may go. Lift it first.")
    if learner.pk in kept_by_holds():
        return _("A legal hold stands about a student who shares a record with this one. Lift it first.")
    if learner.left_on is None or learner.left_on > today:
        return _(
            "This student is at the school. Only who has left can be erased: take the student off the lists first."
        )
    if Enrollment.objects.filter(lasting(today), learner=learner).exists():
        return _("This student is on a class list today, or will be. Take the student off the lists first.")
    return ""


def why_no_adult(account: Account) -> str:
    """Of staff the account has ended; nobody who still teaches, administers or reads along as family is erased."""
    today = timezone.localdate()
    if AdultHold.objects.standing().filter(account=account).exists():
        return _("A legal hold stands: nothing about this person may go. Lift it first.")
    if account.is_active and account.kind == Account.Kind.STAFF:
        return _("This account is open. Only who has left can be erased: end the account first.")
    if Enrollment.objects.filter(lasting(today), account=account).exists():
        return _("This person is on a class list today, or will be. End that on the page of the class first.")
    if AdminRole.objects.filter(lasting(today), account=account).exists():
        return _("This person administers a school or the district. End that first.")
    if Guardianship.objects.filter(lasting(today), account=account).exists():
        return _("This person is family of a student here. End that on the page of the family first.")
    if _is_in_held_records(account):
        return _("A legal hold stands about a student whose records name this person. Lift it first.")
    return ""


def kept_by_holds() -> set[int]:
    """Learners on hold, and those who share a record with one: help, a report, a wish. It would go with either."""
    held = list(LegalHold.objects.standing().values_list("learner_id", flat=True))
    found = set(held)
    for model in personal_models() if held else ():
        ways = ways_to_learner(model)
        if len(ways) > 1 and privacy_of(model).in_erasure.how == "deleted":
            for both in rows_about(model, held).values_list(*ways):
                found.update(pk for pk in both if pk is not None)
    return found


def lasting(today: date) -> Q:
    """Rows with days that go on on that day, or begin later."""
    return Q(ends_on=None) | Q(ends_on__gte=today)


def _is_in_held_records(account: Account) -> bool:
    """Whose word it was is part of what a court may ask for."""
    held = list(LegalHold.objects.standing().values_list("learner_id", flat=True))
    return bool(held) and any(
        rows_about(model, held).filter(pk__in=rows_of_adult(model, field, account.pk).values("pk")).exists()
        for model, field in ways_to_adult()
    )
