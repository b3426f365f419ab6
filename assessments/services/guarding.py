"""What a board should make a teacher think of: who would be in the group with the most to learn once more, whom a group
mirrors.

Staff of the section only; codes, ids and counts, put into words by thought_words.py.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assessments.grouping import NO_GROUP, OWN, Problem, Suggestion
from assessments.grouping.guard import NEVER, Stay, best_elsewhere, lowest_group, mirrors, stays
from assessments.models import KeptThought
from assessments.services.board_facts import letter
from assessments.services.group_rounds import read_rounds
from assessments.services.needs import Needs
from profiles.models import Learner, Section
from profiles.models.learner import AGAINST_MIRRORING

KEPT = timedelta(weeks=6)
"""For so long a decision to keep stands; then the same thought may come again."""
LOWEST = "lowest"


def worth_a_thought(
    section: Section, needs: Needs, problem: Problem, found: Suggestion, *, on: date
) -> list[dict[str, Any]]:
    """Thoughts about a suggestion, most times running first, without those that a teacher has kept lately.

    about LOWEST: learner, times, weeks (of that stay so far), group, to (letter) and fit (percent) of the group that
    costs the least fit, or None. Else about "field:value": group, inside, size, among. Two statements.
    """
    if problem.mixed:
        return []
    kept = set(
        KeptThought.objects.filter(section=section, kept_at__gt=timezone.now() - KEPT).values_list(
            "about", "learner_id"
        )
    )
    thoughts = [*_lowest(section, needs, problem, found, on), *_mirrors(needs, found)]
    return [thought for thought in thoughts if (thought["about"], thought.get("learner")) not in kept]


def _lowest(section: Section, needs: Needs, problem: Problem, found: Suggestion, on: date) -> list[dict[str, Any]]:
    inside = [found.members(group) for group in range(problem.k)]
    lowest = lowest_group([float(problem.readiness[rows].mean()) if rows else None for rows in inside])
    if lowest is None:
        return []
    so_far = stays(read_rounds([section.pk], zone=section.district.time_zone, on=on).get(section.pk, []))
    thoughts = []
    for row in inside[lowest]:
        stay = so_far.get(needs.learners[row].pk, NEVER)
        if not stay.times or not stay.once_more().is_long:
            continue
        other = best_elsewhere(problem, found, row)
        thoughts.append(_lowest_thought(needs.learners[row], stay.once_more(), lowest, other))
    return sorted(thoughts, key=lambda thought: (-thought["times"], -thought["weeks"], thought["learner"]))


def _lowest_thought(learner: Learner, stay: Stay, group: int, other) -> dict[str, Any]:
    return {
        "about": LOWEST,
        "learner": learner.pk,
        "times": stay.times,
        "weeks": stay.spent.days // 7,
        "group": letter(group),
        "to": letter(other.group) if other else None,
        "fit": round(100 * other.fit) if other else None,
    }


def _mirrors(needs: Needs, found: Suggestion) -> list[dict[str, Any]]:
    """Of the own class, whose staff may know each child: no count is too small, only chance is reckoned with."""
    names = [None if group == NO_GROUP else "own" if group == OWN else letter(group) for group in found.assignment]
    return [
        {
            "about": f"{mirror.field}:{mirror.value}",
            "group": mirror.group,
            "inside": mirror.inside,
            "size": mirror.size,
            "among": mirror.among,
        }
        for mirror in mirrors(names, subgroups_of(needs.learners), minimum=0)
        if mirror.group != "own"
    ]


def declared_fields() -> list[str]:
    """Fields of learners whose declared purposes name this use; no other may be looked at for it."""
    return Learner.privacy.fields_for(AGAINST_MIRRORING)


def subgroups_of(learners: Sequence[Learner]) -> dict[str, list[str | None]]:
    """{field: value of each learner, None for unknown} of the declared fields."""
    return {field: [getattr(learner, field) or None for learner in learners] for field in declared_fields()}
