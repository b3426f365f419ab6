"""Lists of subgroups as they were published, and which of them a list is too near to."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from profiles.models import District, Learner, LegalHold, PublishedList, PublishedMember, Subgroup, SubgroupMember
from profiles.models.published_list import KEPT_DAYS

People = frozenset[int]
MOST = 60
"""Lists that are held against each other, those of today and those whose figures have been shown; a bit for each."""


@dataclass(frozen=True)
class Lists:
    """standing: {title of a subgroup: its list}.    same: {list: those of exactly the same learners, itself first}, of
    all that are kept."""

    standing: Mapping[str, int] = field(default_factory=dict)
    same: Mapping[int, Sequence[int]] = field(default_factory=dict)


def take(district: District, subgroups: Sequence[tuple[int, str]], *, least: int, day: date) -> Lists:
    """The lists that a publication of the day tells of, copied where they are new. Those of more than a year ago are
    forgotten; nights take away who was on them (`retention`), but for learners on hold.

    subgroups: (id, title).
    """
    PublishedList.objects.filter(district=district, last_on__lt=_since(day), members__isnull=True).delete()
    stored, now = _published(district, day), _members([pk for pk, _title in subgroups])
    standing: dict[str, int] = {}
    for pk, title in subgroups:
        people = now.get(pk, frozenset())
        free = [each for each, of in stored.items() if of == people and each not in standing.values()]
        standing[title] = free[0] if free else _copy(district, title, people, least, day)
        stored[standing[title]] = people
        PublishedList.objects.filter(pk=standing[title]).update(title=title, last_on=day, least=least)
    same = {
        each: [each, *(other for other, of in stored.items() if of == people and other != each)]
        for each, people in stored.items()
    }
    return Lists(standing, same)


def settle(district: District, lists: Lists, *, in_print: Collection[int], shown: Collection[int], day: date) -> None:
    """After the publication of the day: lists whose figures stand in it were published today, whoever is in the
    subgroup by now, and copies of which nothing was ever shown go, but for those that name somebody on hold.

    lists: as taken for it.    in_print: lists that it shows figures of.    shown: those, and former ones.
    """
    PublishedList.objects.filter(pk__in=in_print).update(last_on=day)
    never = PublishedList.objects.filter(
        district=district, pk__in=lists.same.keys() - set(lists.standing.values()) - set(shown)
    )
    never.exclude(members__learner__in=LegalHold.objects.standing().values("learner")).delete()


def _copy(district: District, title: str, people: People, least: int, day: date) -> int:
    made = PublishedList.objects.create(district=district, title=title, last_on=day, least=least)
    PublishedMember.objects.bulk_create(
        [PublishedMember(list=made, learner_id=learner) for learner in sorted(people)], batch_size=5000
    )
    return made.pk


def _since(day: date) -> date:
    return day - timedelta(days=KEPT_DAYS)


def _published(district: District, day: date) -> dict[int, People]:
    lists = PublishedList.objects.filter(district=district, last_on__gte=_since(day)).order_by("-last_on", "pk")
    numbers = list(lists.values_list("pk", flat=True))
    members = _grouped(PublishedMember.objects.filter(list__in=numbers).values_list("list_id", "learner_id"))
    return {pk: members.get(pk, frozenset()) for pk in numbers}


def _members(subgroups: Sequence[int]) -> dict[int, People]:
    rows = SubgroupMember.objects.filter(subgroup__in=subgroups)
    return _grouped(rows.values_list("subgroup_id", "learner_id"))


def _grouped(rows) -> dict[int, People]:
    found: dict[int, set[int]] = {}
    for group, learner in rows:
        found.setdefault(group, set()).add(learner)
    return {group: frozenset(people) for group, people in found.items()}


def full_until(district: District, day: date) -> date | None:
    """With more than MOST lists nothing new is published of any subgroup: the first day on which enough are forgotten.

    None where there are no more. Copies that are kept for somebody on hold alone are counted with them.
    """
    rows = PublishedList.objects.filter(district=district, last_on__gte=_since(day)).order_by("last_on")
    shown_on = list(rows.values_list("last_on", flat=True))
    return shown_on[-MOST - 1] + timedelta(days=KEPT_DAYS + 1) if len(shown_on) > MOST else None


@dataclass(frozen=True)
class Near:
    """A published list that differs by few.    few: learners who are in one and not in the other, in the district;
    None where these are not few there.    schools: at how many schools they are few, of those that could show figures
    of both."""

    title: str
    last_on: date
    least: int
    few: int | None
    schools: int


def near(subgroup: Subgroup, day: date) -> list[Near]:
    """What keeps figures of a subgroup's present list from being shown, the newest first. Five statements."""
    people = _members([subgroup.pk]).get(subgroup.pk, frozenset())
    published = _published(subgroup.district, day)
    everybody = people.union(*published.values())
    school_of = dict(Learner.objects.filter(pk__in=everybody).values_list("pk", "home_school_id"))
    rows = PublishedList.objects.in_bulk(list(published))
    found = []
    for pk, then in published.items():
        row = rows[pk]
        sizes = [
            Counter(school_of.get(each) for each in group) for group in (people, then, people - then, then - people)
        ]
        few = [
            school
            for school in sizes[0]
            if min(sizes[0][school], sizes[1][school]) >= row.least
            and any(0 < each[school] < row.least for each in sizes[2:])
        ]
        here = [each.total() for each in sizes[2:]]
        near_by = min(each.total() for each in sizes[:2]) >= row.least and any(0 < n < row.least for n in here)
        if near_by or few:
            found.append(Near(row.title, row.last_on, row.least, sum(here) if near_by else None, len(few)))
    return found
