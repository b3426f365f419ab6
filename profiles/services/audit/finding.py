"""Looking entries of the audit up: who made them, whom and what they are about, how, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from profiles.models import Account, AuditEntry, Learner
from profiles.services.find_learners import find_learners

MOST_PEOPLE = 200
"""So many may be called as was typed; with more the words say too little."""


class TooMany(Exception):
    """field: "who" or "about"."""

    def __init__(self, field: str):
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Asked:
    """who, about: words of names, or an address.    learner: only about this one.    since, until: days, inclusive."""

    who: str = ""
    about: str = ""
    place: str = ""
    way: str = ""
    since: date | None = None
    until: date | None = None
    learner: int | None = None


def find(reader: Account, asked: Asked) -> QuerySet[AuditEntry]:
    """What the reader may see of it, newest first. Raises TooMany."""
    found = AuditEntry.objects.visible_to(reader).order_by("-pk")
    if asked.learner is not None:
        found = found.filter(_about_learners([asked.learner]))
    if asked.place:
        found = found.filter(place=asked.place)
    if asked.way:
        found = found.filter(way=asked.way)
    if asked.who:
        found = found.filter(by__in=_ids("who", _accounts(reader, asked.who)))
    if asked.about:
        learners = Learner.objects.administered_by(reader).filter(
            pk__in=find_learners(asked.about, account=reader, with_left=True).values("pk")
        )
        accounts = _ids("about", _accounts(reader, asked.about))
        found = found.filter(_about_learners(_ids("about", learners)) | Q(account__in=accounts))
    if asked.since:
        found = found.filter(at__gte=_midnight(asked.since))
    if asked.until:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return found


def _about_learners(ids: list[int]) -> Q:
    """Their own, and those of the accounts with which they sign in."""
    accounts = Learner.objects.filter(pk__in=ids, account__isnull=False).values_list("account", flat=True)
    return Q(learner__in=ids) | Q(account__in=list(accounts))


def _accounts(reader: Account, words: str) -> QuerySet[Account]:
    found = Account.objects.filter(district_id=reader.district_id)
    for word in words.split():
        found = found.filter(
            Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__istartswith=word)
        )
    return found


def _ids(field: str, people: QuerySet) -> list[int]:
    ids = list(people.order_by("pk").values_list("pk", flat=True)[: MOST_PEOPLE + 1])
    if len(ids) > MOST_PEOPLE:
        raise TooMany(field)
    return ids


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
