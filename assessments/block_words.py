"""Whom a block could draw, in words: the reasons of the board, for learners of several sections."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.group_words import Words
from assessments.models import Group
from assessments.services.block_draw import Candidate, Draw, Elsewhere
from standards.models import Standard


def draw_candidates(draw: Draw) -> dict[str, Any]:
    """lines (candidate, classes, code, reason, elsewhere, where), ticked (how many), groups (letter, title, code, ...).

    where: the group that the candidate would be in.
    """
    standards = {standard.pk: standard for standard in draw.standards}
    reasons = [reason for candidate in draw.candidates for reason in candidate.reasons]
    reasons += [reason for entry in draw.groups for reason in entry["reasons"]]
    named = {reason.get(name) for reason in reasons for name in ("standard", "has")} - standards.keys() - {None}
    if named:
        standards |= Standard.objects.in_bulk(named)
    words = Words(standards, {candidate.learner.pk: candidate.learner.name for candidate in draw.candidates})
    return {
        "lines": [_line(candidate, words) for candidate in draw.candidates],
        "ticked": sum(candidate.is_suggested for candidate in draw.candidates),
        "groups": [
            {
                "letter": entry["letter"],
                "title": words.heading(entry["focus"]),
                "code": words.label(entry["focus"]),
                "purpose": Group.Purpose(entry["purpose"]).label if entry["purpose"] else "",
                "reason": words.group(entry["reasons"]),
                "n": len(entry["members"]),
            }
            for entry in draw.groups
        ],
    }


def _line(candidate: Candidate, words: Words) -> dict[str, Any]:
    return {
        "candidate": candidate,
        "classes": ", ".join(candidate.classes),
        "code": words.label(candidate.standard),
        "reason": words.learner(list(candidate.reasons)),
        "where": _("own path") if candidate.group == "own" else candidate.group,
        "elsewhere": [_elsewhere(found) for found in candidate.elsewhere],
    }


def _elsewhere(found: Elsewhere) -> str:
    facts = {"section": found.section, "letter": found.letter, "time": found.time_text}
    if found.letter:
        return _("Then in group %(letter)s of %(section)s (%(time)s).") % facts
    return _("Then in %(section)s (%(time)s).") % facts
