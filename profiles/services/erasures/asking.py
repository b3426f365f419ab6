"""Asking for an erasure, agreeing to it, stopping it: two administrators, or one and a week."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.jobs.kinds import JobRefused
from lrm.jobs.running import Work
from lrm.jobs.starting import start
from profiles.models import Account, AdultHold, Erasure, Learner, LegalHold
from profiles.models.erasure import WAITING_DAYS
from profiles.services.erasures import leaving_adult
from profiles.services.erasures.erasing import erase, files_of
from profiles.services.erasures.hindrances import why_not
from profiles.services.erasures.leaving import Leaving, what_goes, what_stays
from profiles.services.erasures.trouble import CannotErase

KIND = "erase_learner"


class NotNow(ValueError):
    """Nothing was done. The message says why."""


Person = Learner | Account


@dataclass(frozen=True)
class Preview:
    """goes, stays: label of a model -> rows. family: accounts that go along. others: rows that were made one."""

    goes: dict[str, int]
    stays: dict[str, int]
    files: int
    family: list[Account]
    others: int
    refused: str


def preview(learner: Learner) -> Preview:
    """What an erasure would take away today."""
    leaving = Leaving(learner)
    return Preview(
        what_goes(leaving),
        what_stays(leaving),
        len(files_of(leaving)),
        list(Account.objects.filter(pk__in=leaving.family_account_ids).order_by("pk")),
        len(leaving.ids) - 1,
        why_not(learner),
    )


def preview_of_adult(account: Account) -> Preview:
    goes, stays = leaving_adult.what_goes(account), leaving_adult.what_stays(account)
    return Preview(goes, stays, 0, [], 0, why_not(account))


@transaction.atomic
def ask(person: Person, *, by: Account, typed_name: str, why: str) -> Erasure:
    """typed_name: the person's name, as on the page. Twice is once. Raises NotNow."""
    _lock(person)
    if " ".join(typed_name.split()).casefold() != person.name.casefold():
        raise NotNow(_("The name that you typed is another one. Nothing was asked for."))
    if refused := why_not(person):
        raise NotNow(refused)
    whose = _whose(person)
    return standing_erasure(person) or Erasure.objects.create(
        **whose,
        **{f"{kind}_uuid": person.uuid for kind in whose},
        district_id=person.district_id,
        why=why,
        asked_by=by,
        alone_from=timezone.localdate() + timedelta(days=WAITING_DAYS),
    )


def _whose(person: Person) -> dict[str, Person]:
    return {"learner": person} if isinstance(person, Learner) else {"account": person}


def _lock(person: Person) -> None:
    """Raises NotNow: somebody was quicker, and nobody is here any more."""
    named = (Learner if isinstance(person, Learner) else Account).objects.named()
    if named.select_for_update(of=("self",)).filter(pk=person.pk).first() is None:
        raise NotNow(_("This person is erased. Nothing was changed."))


def may_start(erasure: Erasure, *, by: Account) -> bool:
    """Another administrator at once; whoever asked from `alone_from` on."""
    return by.pk != erasure.asked_by_id or timezone.localdate() >= erasure.alone_from


@transaction.atomic
def agree(erasure: Erasure, *, by: Account) -> Erasure:
    """Have a worker erase. Two clicks are one. Raises NotNow."""
    row = Erasure.objects.select_for_update(of=("self",)).select_related("learner", "account", "job").get(pk=erasure.pk)
    if row.done_at is not None or row.stopped_at is not None or row.person is None:
        raise NotNow(_("Somebody has stopped it, or it is done."))
    if row.job is not None and not row.job.is_over:
        return row
    if not may_start(row, by=by):
        raise NotNow(_("Another administrator has to agree, or you wait until the week is over."))
    if refused := why_not(row.person):
        raise NotNow(refused)
    row.agreed_by, row.agreed_at = by, timezone.now()
    row.job = start(KIND, district_id=row.district_id, by=by, params={"erasure": row.pk})
    row.save(update_fields=["agreed_by", "agreed_at", "job"])
    return row


@transaction.atomic
def stop(erasure: Erasure, *, by: Account) -> None:
    """Raises NotNow: it is done, or at work."""
    row = Erasure.objects.select_for_update(of=("self",)).select_related("job").get(pk=erasure.pk)
    if row.done_at is not None or (row.job is not None and not row.job.is_over):
        raise NotNow(_("It is done, or at work: it cannot be stopped any more."))
    Erasure.objects.filter(pk=row.pk, stopped_at__isnull=True).update(stopped_at=timezone.now(), stopped_by=by, why="")


@transaction.atomic
def hold(person: Person, *, by: Account, why: str) -> None:
    """Nothing about the person goes until it is lifted; an erasure that was asked for is stopped. Twice is once.

    Raises NotNow: it is erased already.
    """
    asked = Erasure.objects.open().filter(**_whose(person))
    list(asked.select_for_update(of=("self",)))  # before the person, as the erasure itself does it
    _lock(person)
    asked.update(stopped_at=timezone.now(), stopped_by=by, why="")
    if standing_hold(person) is None:
        _holds(person).objects.create(**_whose(person), why=why, set_by=by)


def lift(person: Person, *, by: Account) -> None:
    rows = _holds(person).objects.standing().filter(**_whose(person))
    rows.update(lifted_at=timezone.now(), lifted_by=by)


def standing_erasure(person: Person) -> Erasure | None:
    return Erasure.objects.open().filter(**_whose(person)).first()


def standing_hold(person: Person) -> LegalHold | AdultHold | None:
    return _holds(person).objects.standing().filter(**_whose(person)).select_related("set_by").first()


def _holds(person: Person) -> type[LegalHold | AdultHold]:
    return LegalHold if isinstance(person, Learner) else AdultHold


def carry_out(work: Work) -> None:
    """The job. A kill takes the transaction back, and it begins again."""
    row = Erasure.objects.filter(pk=work.job.params["erasure"]).first()
    if row is None:
        raise JobRefused(_("The wish is not here any more."))
    try:
        erase(row, tell=lambda said: work.say(0, 0, said, at_once=True), finish=work.finish)
    except CannotErase as refused:
        raise JobRefused(str(refused)) from refused
