"""Children who may be here twice, and what would go where if they were made one."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import islice
from typing import Any

import structlog
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from profiles.models import Account, Learner, LearnerMerge, ToldApart
from profiles.services.merging import links_to

log = structlog.get_logger()

SHOWN = 100
NAMES = ("given_name", "family_name", "preferred_name")

_Member = tuple[bool, int]
"""Whether a learner has left, and the primary key: in the order in which one of several is kept."""


@dataclass(frozen=True)
class Pair:
    """why: what the two share, in words. same_name: whether it is the whole name, and not only the ID."""

    kept: Learner
    merged: Learner
    why: str


@dataclass(frozen=True)
class Line:
    """How many rows of one kind each of the two has. apart: of the other's, those that exist once and both have."""

    what: str
    kept: int
    merged: int
    apart: int


def likely_pairs(account: Account) -> list[Pair]:
    """Learners whom the account administers and who share a name, or an ID but for zeros, case and punctuation.

    Those who have left are among them, as one half of a child often has; pairs that were told apart are not. At most
    SHOWN, by name. Of a district all are compared, so they are read as values: only those who are shown become objects.
    """
    gone = LearnerMerge.objects.standing().values("merged")
    apart = set(ToldApart.objects.visible_to(account).values_list("one", "other"))
    rows = Learner.objects.administered_by(account).exclude(pk__in=gone)
    same_key, same_name = _alike(rows)
    found: dict[tuple[int, int], str] = {}
    for groups, why in ((same_key, _("the same ID but for zeros and signs")), (same_name, _("the same name"))):
        for group in groups:
            found |= dict.fromkeys(_pairs(group, apart), why)
    kept = {one for one, _other in found}
    names = {row.pk: row.name for row in Learner.objects.filter(pk__in=kept).only(*NAMES)}
    shown = nsmallest(SHOWN, found, key=lambda pair: (names[pair[0]], *pair))
    learners = Learner.objects.select_related("home_school").in_bulk({pk for pair in shown for pk in pair})
    return [Pair(learners[one], learners[other], found[one, other]) for one, other in shown]


def lines_of(kept: Learner, merged: Learner) -> list[Line]:
    """What hangs on each of the two, by kind; kinds that neither has are left out."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for model, field in links_to(Learner):
        rows = model._base_manager
        counts = [rows.filter(**{field.attname: each.pk}).count() for each in (kept, merged)]
        if any(counts):
            line = found[_said(model)]
            apart = _apart(model, field, kept, merged) if all(counts) else 0
            for place, count in enumerate((*counts, apart)):
                line[place] += count
    results = [each.evidence.count() for each in (kept, merged)]  # type: ignore[attr-defined]  # of a higher app
    if any(results):
        found[_("Results and levels")] = [*results, 0]
    return sorted((Line(what, *counts) for what, counts in found.items()), key=lambda line: line.what)


def tell_apart(one: Learner, other: Learner, *, by: Account) -> ToldApart:
    """Note that the two are two children; twice is once."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    row, is_new = ToldApart.objects.get_or_create(
        one=first, other=second, defaults={"district_id": first.district_id, "by": by}
    )
    if is_new:
        log.info("learners told apart", pair=row.pk, by=by.pk)
    return row


class _Shared:
    """Members by something that they may share. What only one has takes no list: that is nearly all of a district."""

    def __init__(self) -> None:
        self._first: dict[object, _Member] = {}
        self._groups: dict[object, list[_Member]] = {}

    def add(self, shared: object, member: _Member) -> None:
        """A member that comes twice with the same is one."""
        first = self._first.setdefault(shared, member)
        if first is not member:
            self._groups.setdefault(shared, [first]).append(member)

    def groups(self) -> Iterable[list[_Member]]:
        return self._groups.values()


def _alike(rows: QuerySet[Learner]) -> tuple[Iterable[list[_Member]], Iterable[list[_Member]]]:
    """Who share an ID, and who share a name. One statement."""
    plain = cache(_plain)  # names come again and again
    by_key, by_name = _Shared(), _Shared()
    for pk, left_on, key, given, family, preferred in rows.order_by().values_list("pk", "left_on", "key", *NAMES):
        member = (left_on is not None, pk)
        for name in {given, preferred} - {""}:
            # Sorted, so that first and last name in the wrong fields are found too.
            by_name.add(tuple(sorted((plain(name), plain(family)))), member)
        if key and (short := _plain_key(key)):
            by_key.add(short, member)
    return by_key.groups(), by_name.groups()


def _pairs(group: Collection[_Member], apart: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each with the one that stays: somebody who is still here before who has left, then the older row."""
    ordered = [pk for _has_left, pk in sorted(set(group))]
    found = []
    for place, other in enumerate(ordered):
        kept = next((one for one in islice(ordered, place) if _in_order(one, other) not in apart), None)
        if kept is not None:
            found.append((kept, other))
    return found


def _in_order(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _plain_key(key: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", key.casefold()))


def _apart(model: type[models.Model], field: models.ForeignKey, kept: Learner, merged: Learner) -> int:
    """Rows of the other that cannot change hands, as the kept one has its own: by the model's unique constraints."""
    if field.unique:
        return 1
    found: set[Any] = set()
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or field.name not in constraint.fields:
            continue
        others = {name: OuterRef(name) for name in constraint.fields if name != field.name}
        same = model._base_manager.filter(**{field.attname: kept.pk}, **others)
        rows = model._base_manager.filter(**{field.attname: merged.pk})
        if constraint.condition is not None:
            same, rows = same.filter(constraint.condition), rows.filter(constraint.condition)
        found.update(rows.filter(Exists(same)).values_list("pk", flat=True))
    return len(found)


def _said(model: type[models.Model]) -> str:
    """A kind of row as people say it; what has no word of its own is "other entries"."""
    words = {
        "profiles.Enrollment": _("Class lists"),
        "profiles.Guardianship": _("Family"),
        "profiles.RosterChange": _("Steps on class lists"),
        "profiles.ProfileEntry": _("Own words in the profile"),
        "profiles.StaffNote": _("Notes of staff"),
        "profiles.Support": _("Supports"),
        "profiles.ScreenName": _("Screen name"),
        "assessments.ResultNote": _("Lines under results"),
        "assessments.GroupMember": _("Groups"),
        "assessments.OwnPath": _("Groups"),
        "assessments.SelfRating": _("Own ratings"),
        "paths.Artifact": _("Pieces of work"),
        "paths.Goal": _("Goals"),
        "paths.Path": _("Paths"),
        "paths.Project": _("Projects"),
        "paths.Conference": _("Meetings"),
        "paths.Talk": _("Conversations"),
        "paths.TryRequest": _("New tries"),
        "paths.PollAnswer": _("Answers to polls"),
        "paths.WeekItem": _("The week"),
    }
    return words.get(model._meta.label, _("Other entries"))
