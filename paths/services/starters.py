"""Beginnings of sentences for goals and reflections, by age band: the district's own before those of LRM."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from paths.models import StarterSet
from paths.services.goal_words import lines_of
from paths.starter_words import DEFAULTS, band_of
from profiles.models import Account, Learner

Key = tuple[str, str]
"""(age band, part of a goal): values of StarterSet.Band and StarterSet.Part."""


class StartersChanged(Exception):
    """Another window saved other beginnings first. `keys` says which; nothing was stored."""

    def __init__(self, keys: list[Key]) -> None:
        super().__init__(f"Changed meanwhile: {keys}")
        self.keys = keys


def starters_for(learner: Learner) -> dict[str, list[str]]:
    """{part: lines} for the age of this learner. One statement."""
    band = band_of(learner.grade)
    own = dict(StarterSet.objects.filter(band=band).values_list("part", "lines"))
    return {
        part.value: lines_of(own[part.value]) if part.value in own else default_lines(band, part.value)
        for part in StarterSet.Part
    }


def default_lines(band: str, part: str) -> list[str]:
    return [str(line) for line in DEFAULTS[band][part]]


def sets_of_district() -> dict[Key, StarterSet]:
    """What the district put in place of ours. One statement."""
    return {(row.band, row.part): row for row in StarterSet.objects.select_related("changed_by")}


@transaction.atomic
def save_starters(*, lines: Mapping[Key, str], seen: Mapping[Key, str], by: Account, now: datetime) -> int:
    """Put the district's beginnings in place and answer how many sets have changed.

    A set that is emptied, or says what LRM says, is given back. seen: the lines that the form was opened with; where
    another window has stored other lines since, unless they are the same: StartersChanged, and nothing is stored.
    """
    standing = {(row.band, row.part): row for row in StarterSet.objects.select_for_update()}
    wanted: dict[Key, list[str]] = {}
    changed = []
    for key, text in lines.items():
        stands = lines_of(standing[key].lines) if key in standing else default_lines(*key)
        new = lines_of(text) or default_lines(*key)
        if new == stands:
            continue
        if lines_of(seen.get(key, "")) != stands:
            changed.append(key)
        wanted[key] = new
    if changed:
        raise StartersChanged(changed)
    for key, new in wanted.items():
        if new == default_lines(*key):
            standing[key].delete()
            continue
        row = standing.get(key) or StarterSet(district_id=by.district_id, band=key[0], part=key[1])
        row.lines, row.changed_by, row.changed_at = "\n".join(new), by, now
        row.save()
    return len(wanted)
