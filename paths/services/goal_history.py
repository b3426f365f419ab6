"""How a goal read before: every wording that stood, from the revisions that say what was before them."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from paths.models import Goal, GoalRevision
from paths.services.goal_words import lines_of, words_of
from profiles.models import Account
from standards.models import Standard


@dataclass(frozen=True)
class Reading:
    """One wording.  since, by: when and by whom it was written; None for the first one of an old goal.

    until: None for the one that stands.  changed: names of the parts that are other than in the wording before.
    """

    what: str
    why: str
    done_when: tuple[str, ...]
    due_on: date | None
    standards: tuple[str, ...]
    steps: tuple[str, ...]
    since: datetime | None = None
    by: Account | None = None
    until: datetime | None = None
    changed: frozenset[str] = frozenset()


def readings_of(goal: Goal) -> list[Reading]:
    """All wordings, the one that stands first. Four statements, however many there are."""
    words = words_of(goal)
    revisions = list(GoalRevision.objects.filter(goal=goal).select_related("by").order_by("-at", "-pk"))
    before = [row for row in revisions if _says_before(row)]
    wanted = {pk for row in before for pk in row.before.get("standards", ())} | set(words.standard_ids)
    labels = {row.pk: row.label for row in Standard._base_manager.filter(pk__in=wanted)}

    def named(ids) -> tuple[str, ...]:
        return tuple(labels[pk] for pk in ids if pk in labels)

    stands = Reading(
        what=words.what,
        why=words.why,
        done_when=tuple(lines_of(words.done_when)),
        due_on=words.due_on,
        standards=named(words.standard_ids),
        steps=tuple(step.text for step in words.steps),
    )
    found = []
    for row in before:
        old = row.before
        changed = {name for name in ("what", "why", "done_when", "due_on", "standards", "steps") if name in old}
        found.append(replace(stands, since=row.at, by=row.by, changed=frozenset(changed)))
        stands = Reading(
            what=old.get("what", stands.what),
            why=old.get("why", stands.why),
            done_when=tuple(lines_of(old["done_when"])) if "done_when" in old else stands.done_when,
            due_on=_day(old["due_on"]) if "due_on" in old else stands.due_on,
            standards=named(old["standards"]) if "standards" in old else stands.standards,
            steps=tuple(old["steps"]) if "steps" in old else stands.steps,
            until=row.at,
        )
    written = next((row for row in revisions if row.what_changed == GoalRevision.Change.WRITTEN), None)
    found.append(replace(stands, since=written.at if written else goal.created_at, by=written.by if written else None))
    return found


def _says_before(row: GoalRevision) -> bool:
    return row.what_changed in (GoalRevision.Change.WORDS, GoalRevision.Change.STEPS) or "due_on" in row.before


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
