"""The closing of groups in words: counts and shown levels; a change in scores only beside what comes anyway."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.grouping.closing import FIRST_RESULT, LOWER, MOVED_UP, NO_NEWER, STAYED, Change, Closing
from assessments.services.closings import Member


def say_outcomes(closing: Closing) -> str:
    """ "5 of 6 tried again: 4 moved up, 1 stayed." """
    size, counts = len(closing.outcomes), closing.counts
    if not size:
        return _("Nobody of this group is in the class today.")
    if not closing.tried_again:
        return _("Nobody has a newer result yet.")
    parts = [
        (MOVED_UP, lambda n: _("%(n)s moved up")),
        (STAYED, lambda n: _("%(n)s stayed")),
        (LOWER, lambda n: _("%(n)s with newer results that are lower")),
        (FIRST_RESULT, lambda n: ngettext("%(n)s with a first result", "%(n)s with first results", n)),
    ]
    said = [words(counts[code]) % {"n": counts[code]} for code, words in parts if counts[code]]
    facts = {"tried": closing.tried_again, "size": size, "parts": ", ".join(said)}
    return _("%(tried)s of %(size)s tried again: %(parts)s.") % facts


def say_outcome(outcome: str) -> str:
    """A word or two for a table."""
    return {
        MOVED_UP: _("Moved up"),
        FIRST_RESULT: _("First result"),
        STAYED: _("Stayed"),
        LOWER: _("Lower"),
        NO_NEWER: _("Not re-assessed"),
    }[outcome]


def say_member(member: Member) -> str:
    """One line about a member, from shown levels only."""
    then = {"level": member.level_then}
    if member.outcome == MOVED_UP:
        return _("Up from %(level)s.") % then
    if member.outcome == STAYED:
        return _("%(level)s at the start too.") % then
    if member.outcome == LOWER:
        return _("%(level)s at the start; newer results are lower.") % then
    if member.outcome == FIRST_RESULT:
        return _("No result at the start.")
    return _("No newer result.")


def draw_change(closing: Closing) -> dict[str, Any]:
    """observed, expected: points of 100 with their sign, and n; or why: the reason for saying nothing, "" for none."""
    if closing.change is not None:
        return {"n": closing.change.n, **say_points(closing.change), "why": ""}
    if not closing.tried_again:
        return {"why": ""}
    if not closing.known:
        return {"why": _("No scores of before and after to compare.")}
    why = ngettext(
        "Scores of %(n)s student are too few to compare.",
        "Scores of %(n)s students are too few to compare.",
        closing.known,
    )
    return {"why": why % {"n": closing.known}}


def say_points(change: Change) -> dict[str, str]:
    return {"observed": _points(change.observed), "expected": _points(change.expected)}


def points_of(change: float) -> int:
    """A change in scores of [0, 1] as points of 100."""
    return round(100 * change)


def _points(change: float) -> str:
    points = points_of(change)
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points < 0 else "0"
