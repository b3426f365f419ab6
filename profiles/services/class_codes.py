"""Class codes and numbers: how the youngest sign in, without an e-mail address and without a list of names."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from lrm.scope import district_scope, unscoped
from profiles.models import Account, Learner, Roster, School

# Consonants that a child does not take for one another, or for a digit; without vowels no code is a word.
LETTERS = "CDFHJKMNPRTVWX"
LENGTH = 6
NUMBERS = range(1000, 10_000)

TRIES_AGAINST_CHANCE = 20


class NoFreeNumber(Exception):
    """A school has used all its four-digit numbers; numbers of learners who left have to be given back first."""


@transaction.atomic
def renew_class_code(*, roster: Roster) -> str:
    """Give the roster a new code, and a number to each of its learners who has none. The old code stops at once."""
    locked = Roster.objects.select_for_update().get(pk=roster.pk)
    for _ in range(TRIES_AGAINST_CHANCE):
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        try:
            with transaction.atomic():
                locked.class_code = code
                locked.save(update_fields=["class_code"])
        except IntegrityError:  # another roster has it
            continue
        roster.class_code = code
        return code
    raise RuntimeError("No free class code was found.")


@transaction.atomic
def give_numbers(learner_ids: Iterable[int]) -> None:
    """Give each of these learners who has none a number that nobody at the home school has.

    Numbers come by chance, so that one card does not tell the neighbor's number. Raises NoFreeNumber.
    """
    learners = Learner.objects.filter(pk__in=list(learner_ids), number__isnull=True).order_by("pk")
    school_ids = sorted(set(learners.values_list("home_school_id", flat=True)))
    # Locking the schools keeps two teachers from giving one number twice.
    list(School.objects.select_for_update(of=["self"]).filter(pk__in=school_ids).order_by("pk"))
    for school_id in school_ids:
        taken = set(
            Learner.objects.filter(home_school_id=school_id, number__isnull=False).values_list("number", flat=True)
        )
        free = [f"{number}" for number in NUMBERS if f"{number}" not in taken]
        without = [learner for learner in learners if learner.home_school_id == school_id]
        if len(without) > len(free):
            raise NoFreeNumber(school_id)
        for learner, number in zip(without, secrets.SystemRandom().sample(free, len(without)), strict=True):
            learner.number = number
        Learner.objects.bulk_update(without, ["number"])


def learner_with(*, class_code: str, number: str, now: datetime) -> Learner | None:
    """Who has this number in the class with this code today, by the district's own calendar; None where nobody has."""
    with unscoped("signing in with a class code comes before the district is known"):
        roster = Roster.objects.select_related("district").filter(class_code=class_code).first()
        if roster is None:
            return None
        on = now.astimezone(ZoneInfo(roster.district.time_zone)).date()
        found = Learner.objects.filter(number=number, left_on__isnull=True).enrolled_in(roster.pk, on=on)
        # A guest of another school may carry the same number; the school's own learner comes first.
        return max(found, key=lambda learner: learner.home_school_id == roster.school_id, default=None)


@transaction.atomic
def account_of_learner(learner: Learner) -> Account:
    """The learner's account, made at the first sign-in. It has no password: only code and number open it."""
    with district_scope(learner.district_id):
        locked = Learner.objects.select_for_update(of=["self"]).select_related("account").get(pk=learner.pk)
        if locked.account is None:
            locked.account = Account.objects.create_user(
                district=locked.district,
                kind=Account.Kind.LEARNER,
                given_name=locked.first_name,
                family_name=locked.family_name,
            )
            locked.save(update_fields=["account"])
        return locked.account
