"""Results on an older framework count on a newer one: what would count where, a person's yes, and its undo.

The ledger is not touched. What stands in CarriedPair is read with every history (`histories.py`), so levels, receipts
and a rebuild agree.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments import hurry
from assessments.models import CarriedPair, CarryOver
from assessments.services import outbox
from assessments.services.standards_in_use import learners_by_standard
from profiles.models import Account
from standards.models import Association, Framework, Standard

SAME_IDENTIFIER = ""
EXACT, REPLACED, PART, TRANSLATED = Association.EXACT_MATCH_OF, "replacedBy", "isPartOf", "isTranslationOf"
KINDS = (EXACT, REPLACED, PART, TRANSLATED)
SAYS_THE_SAME = {SAME_IDENTIFIER, EXACT, REPLACED, TRANSLATED}


@dataclass(frozen=True)
class Way:
    """Results on `origin` could count on `destination`. kind: the association that says so, SAME_IDENTIFIER for none.

    learners: how many have results on the origin. others: how many other standards the same says of the origin, so that
    each may be only a part of it. is_likely: proposed as it stands.
    """

    origin: Standard
    destination: Standard
    kind: str
    learners: int
    others: int

    @property
    def key(self) -> str:
        return f"{self.origin.pk}-{self.destination.pk}"

    @property
    def is_likely(self) -> bool:
        return self.kind in SAYS_THE_SAME and not self.others


@dataclass(frozen=True)
class Ways:
    """ways: in the order of the older framework.    left: (standard, learners) with results and no way on."""

    ways: list[Way]
    left: list[tuple[Standard, int]]


class CarryRefused(ValueError):
    """Nothing was stored. code: "none", no pair was chosen; "gone", a pair is none of those that associations say;
    "back", results are carried the other way already; "undone", it was taken back before."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def read_ways(origin: Framework, into: Framework) -> Ways:
    """What associations of either framework, and common identifiers, say of where results could count. What is carried
    over already is left out."""
    kinds = _kinds(origin, into)
    carried = CarriedPair.objects.filter(carry_over__undone_at=None, carry_over__origin=origin, carry_over__into=into)
    for pair in carried.values_list("origin_id", "destination_id"):
        kinds.pop(pair, None)
    gone = {pair[0] for pair in carried.values_list("origin_id")}
    standards = Standard.objects.filter(framework__in=[origin, into]).defer("source", "search", "rubric")
    ends = standards.in_bulk({end for pair in kinds for end in pair})
    said = Counter(one for (one, _), kind in kinds.items() if kind in SAYS_THE_SAME)
    of_origin = list(standards.filter(framework=origin).order_by("position", "pk"))
    learners = learners_by_standard([one.pk for one in of_origin])
    place = {one.pk: at for at, one in enumerate(of_origin)}
    ways = [
        Way(ends[one], ends[other], kind, learners.get(one, 0), max(said[one] - 1, 0))
        for (one, other), kind in kinds.items()
        if ends[other].retired_at is None
    ]
    ways.sort(key=lambda way: (place[way.origin.pk], way.destination.position, way.destination.pk))
    led = gone | {way.origin.pk for way in ways}
    return Ways(ways, [(one, learners[one.pk]) for one in of_origin if one.pk in learners and one.pk not in led])


def _kinds(origin: Framework, into: Framework) -> dict[tuple[int, int], str]:
    """(older standard, newer standard) -> the strongest that is said of the two."""
    there = Q(origin__framework=origin, destination__framework=into, kind__in=KINDS)
    back = Q(origin__framework=into, destination__framework=origin, kind__in=(EXACT, PART, TRANSLATED))
    rows = Association.objects.filter(there | back, retired_at__isnull=True)
    found: dict[tuple[int, int], str] = {}
    for one, other, of, kind in rows.values_list("origin_id", "destination_id", "origin__framework_id", "kind"):
        pair = (one, other) if of == origin.pk else (other, one)
        if pair not in found or kind in SAYS_THE_SAME:
            found[pair] = kind
    newer = dict(Standard.objects.in_force().filter(framework=into).values_list("uuid", "pk"))
    older = Standard.objects.filter(framework=origin, uuid__in=newer.keys()).values_list("uuid", "pk")
    return found | {(pk, newer[uuid]): SAME_IDENTIFIER for uuid, pk in older}


@transaction.atomic
def carry_over(
    *, origin: Framework, into: Framework, pairs: Collection[tuple[int, int]], by: Account, retire: bool = False
) -> CarryOver:
    """Let results on the older standards count on the newer ones from now on, and work the levels out anew.

    pairs: (older standard id, newer standard id), of those in `read_ways`. retire: the older framework is no longer
    offered. Raises CarryRefused.
    """
    Framework.objects.select_for_update().filter(pk__in=[origin.pk, into.pk]).order_by("pk").first()
    if CarryOver.objects.in_force().filter(origin=into, into=origin).exists():
        raise CarryRefused("back")
    known = {(way.origin.pk, way.destination.pk): way for way in read_ways(origin, into).ways}
    if not pairs:
        raise CarryRefused("none")
    if not known.keys() >= set(pairs):
        raise CarryRefused("gone")
    now = timezone.now()
    made = CarryOver.objects.create(
        district_id=origin.district_id, origin=origin, into=into, confirmed_by=by, confirmed_at=now, retired=retire
    )
    CarriedPair.objects.bulk_create(
        CarriedPair(carry_over=made, origin_id=one, destination_id=other, kind=known[one, other].kind)
        for one, other in sorted(set(pairs))
    )
    if retire:
        Standard.objects.in_force().filter(framework=origin).update(retired_at=now)
        Framework.objects.filter(pk=origin.pk).update(retired_at=now)
    _mark(made)
    return made


@transaction.atomic
def undo(carried: CarryOver, *, by: Account) -> None:
    """Take it back: results count where they were given and nowhere else. Raises CarryRefused("undone")."""
    now = timezone.now()
    if not CarryOver.objects.in_force().filter(pk=carried.pk).update(undone_at=now, undone_by=by):
        raise CarryRefused("undone")
    if carried.retired:
        # What was retired before, or has been since by an import, stays so.
        retired = Standard.objects.filter(framework=carried.origin_id, retired_at=carried.confirmed_at)
        retired.update(retired_at=None)
        Framework.objects.filter(pk=carried.origin_id, retired_at=carried.confirmed_at).update(retired_at=None)
    _mark(carried)


def _mark(carried: CarryOver) -> None:
    rows = CarriedPair.objects.filter(carry_over=carried)
    ends = rows.values_list("origin_id", "origin__subject_id", "destination__subject_id")
    outbox.mark_carried({row[0] for row in ends}, {subject for row in ends for subject in row[1:]})
    transaction.on_commit(hurry.hurry, robust=True)
