"""Children who may be here twice, and what would go where if they were made one."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from profiles.models import Account, Learner, LearnerMerge, ToldApart
from profiles.services.merging import links_to

log = structlog.get_logger()

SHOWN = 100


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
    SHOWN, by name.
    """
    gone = LearnerMerge.objects.standing().values("merged")
    apart = set(ToldApart.objects.visible_to(account).values_list("one", "other"))
    rows = list(Learner.objects.administered_by(account).exclude(pk__in=gone).select_related("home_school"))
    named, keyed = defaultdict(list), defaultdict(list)
    for row in rows:
        for name in {row.given_name, row.preferred_name} - {""}:
            # Sorted, so that first and last name in the wrong fields are found too.
            named[tuple(sorted((_plain(name), _plain(row.family_name))))].append(row)
        if row.key and _plain_key(row.key):
            keyed[_plain_key(row.key)].append(row)
    found: dict[tuple[int, int], Pair] = {}
    for groups, why in ((keyed, _("the same ID but for zeros and signs")), (named, _("the same name"))):
        for group in groups.values():
            for kept, merged in _pairs(group, apart):
                found[kept.pk, merged.pk] = Pair(kept, merged, why)
    return sorted(found.values(), key=lambda pair: (pair.kept.name, pair.kept.pk, pair.merged.pk))[:SHOWN]


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


def _pairs(group: Collection[Learner], apart: Collection[tuple[int, int]]) -> list[tuple[Learner, Learner]]:
    """Each with the one that stays: somebody who is still here before who has left, then the older row."""
    ordered = sorted({row.pk: row for row in group}.values(), key=lambda row: (row.left_on is not None, row.pk))
    found = []
    for place, other in enumerate(ordered):
        kept = next((row for row in ordered[:place] if _in_order(row.pk, other.pk) not in apart), None)
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
