"""The guard's notes on a board in words: a question to the teacher, with what would change. Never on a child's page."""

from collections.abc import Mapping
from typing import Any

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.grouping.guard import TIMES
from assessments.services.guarding import LOWEST
from assessments.services.thoughts import key_of
from lrm.grades import grade_name
from profiles.models import Learner


def draw_thoughts(board: Mapping[str, Any], learners: Mapping[int, Learner]) -> dict[str, Any] | None:
    """said: sentences, names in <strong>; keys: of everything said; move: {learner, to, said} to try, or None.

    None where there is nothing to think of.
    """
    thoughts = board.get("thoughts") or []
    lowest = [each for each in thoughts if each["about"] == LOWEST and each["learner"] in learners]
    mirrors = [each for each in thoughts if each["about"] != LOWEST]
    if not lowest and not mirrors:
        return None
    said = [
        _say_lowest([learners[each["learner"]].name for each in those], *how)
        for how, those in _by_length(lowest).items()
    ]
    said += [_say_mirror(each) for each in mirrors]
    movable = [each for each in lowest if each["to"] is not None]
    best = max(movable, key=lambda each: each["fit"], default=None)
    return {
        "said": said,
        "keys": [key_of(each) for each in [*lowest, *mirrors]],
        "move": best and {**best, "said": _say_move(best, learners[best["learner"]].name, board["fit"])},
        "has_mirror": bool(mirrors),
    }


def _by_length(thoughts: list[dict]) -> dict[tuple[int, int], list[dict]]:
    """Those who stay equally long share a sentence; weeks matter only where the times alone are not many."""
    found: dict[tuple[int, int], list[dict]] = {}
    for each in thoughts:
        weeks = 0 if each["times"] >= TIMES else each["weeks"]
        found.setdefault((each["times"], weeks), []).append(each)
    return found


def _say_lowest(names: list[str], times: int, weeks: int) -> SafeString:
    who = (
        names[0]
        if len(names) == 1
        else _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    )
    if weeks:
        said = ngettext(
            "<strong>{who}</strong> has been in the group with the most to learn for {weeks} weeks, and would stay.",
            "<strong>{who}</strong> have been in the group with the most to learn for {weeks} weeks, and would stay.",
            len(names),
        )
        return format_html(said, who=who, weeks=weeks)
    said = _("<strong>{who}</strong> would be in the group with the most to learn for the {times} time running.")
    return format_html(said, who=who, times=ordinal(times))


def _say_move(thought: Mapping[str, Any], name: str, fit: int) -> str:
    facts = {"name": name, "to": thought["to"], "now": fit, "then": thought["fit"]}
    if facts["then"] == facts["now"]:
        return _("With %(name)s in %(to)s, the fit stays at %(now)s.") % facts
    if facts["then"] > facts["now"]:
        return _("With %(name)s in %(to)s, the fit rises from %(now)s to %(then)s.") % facts
    return _("With %(name)s in %(to)s, the fit drops from %(now)s to %(then)s.") % facts


def _say_mirror(thought: Mapping[str, Any]) -> SafeString:
    _field, _colon, value = thought["about"].partition(":")
    said = _(
        "<strong>Group {group}</strong> has {inside} of the {among} students of {subgroup}, far more than chance would"
        " bring. Other standards, or readiness mixed on purpose, would spread them."
    )
    facts = {"group": thought["group"], "inside": thought["inside"], "among": thought["among"]}
    return format_html(said, subgroup=grade_name(value), **facts)
