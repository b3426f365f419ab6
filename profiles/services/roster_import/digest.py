"""A short text that stands for everything that a plan would change: two plans with one digest do the same."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

from profiles.services.roster_import.plan import RosterPlan


def digest_of(plan: RosterPlan) -> str:
    """Hexadecimal SHA-256 of what is written, what it was before, and what leaves."""
    found = hashlib.sha256()
    for part in _parts(plan):
        found.update(repr(part).encode())
    return found.hexdigest()


def _parts(plan: RosterPlan) -> Iterator[Any]:
    for entity, wishes in plan.writes.items():
        stored = plan.stored[entity]
        for wish in wishes:
            kept = stored.get(wish.key)
            before = sorted((kept.values | kept.link_ids).items(), key=lambda pair: pair[0]) if kept else None
            yield entity, wish.key, sorted(wish.values.items()), before
    for new in plan.enrollments_new:
        yield new.key, new.roster, new.person, new.is_learner, new.role, _day(new.starts_on), _day(new.ends_on)
    for now, was in plan.enrollments_changed:
        yield now.key, now.roster, now.person, now.role, _day(now.starts_on), _day(now.ends_on)
        yield was.pk, was.key, was.roster, was.person, was.role, _day(was.starts_on), _day(was.ends_on)
    for now, was in plan.enrollments_joined:
        yield now.key, was.pk, was.key, _day(was.starts_on), _day(was.ends_on)
    for one in plan.leaving:
        yield one.what, one.pk
    yield sorted(plan.adopted)
    yield sorted(plan.wanted.administrators), sorted(plan.wanted.guardians)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
