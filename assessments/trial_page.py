"""The panel "What if?" of the board: other counts or standards, tried and not stored."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.group_words import Words
from assessments.services.board_trials import changes
from profiles.models import Learner


def draw_trial(drawn: dict[str, Any], made: dict | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel shows beside the board that draw_board has drawn.

    made: of board_trials.try_settings, None where there is nothing to group by. settings: those that were tried.
    Returns sizes, and rows (what, now, then), groups (letter, code, title, names), own, changes (name, before, after)
    and use (the fields that make the board so), or conflict, or nobody.
    """
    words: Words = drawn["words"]
    learners: dict[int, Learner] = {learner.pk: learner for learner in drawn["learners"]}
    sizes = {name: "" if value is None else value for name, value in settings.items()}
    sizes |= {"standards": settings.get("standards") or [], "made": drawn["sizes"]["made"]}
    trial: dict[str, Any] = {"sizes": sizes}
    if made is None:
        return trial | {"nobody": True}
    if "conflict" in made:
        return trial | {"conflict": [words.wish(**wish) for wish in made["conflict"]]}
    standing = drawn["suggestion"].board
    moved = sorted(changes(standing, made), key=lambda change: learners[change.learner].name)
    return trial | {
        "use": list(_fields(settings)),
        "rows": _rows(standing, made),
        "groups": [
            {
                "letter": entry["letter"],
                "code": words.label(entry["focus"]),
                "title": words.heading(entry["focus"]),
                "names": sorted(learners[member["learner"]].name for member in entry["members"]),
            }
            for entry in made["groups"]
        ],
        "own": sorted(learners[member["learner"]].name for member in made["own"]),
        "changes": [
            {
                "name": learners[change.learner].name,
                "before": _place(words, change.before),
                "after": _place(words, change.after),
            }
            for change in moved
        ],
    }


def _fields(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of a form that read_settings reads as these settings."""
    for name, value in settings.items():
        if name == "standards":
            yield from (("standards", pk) for pk in value or [])
        elif isinstance(value, bool):
            yield from [(name, "on")] if value else []
        else:
            yield name, "" if value is None else value


def _place(words: Words, standard: int | None) -> str:
    return _("own path") if standard is None else words.label(standard)


def _rows(standing: dict, made: dict) -> list[dict[str, str]]:
    facts = [_facts(board) if "groups" in board else {} for board in (standing, made)]
    return [{"what": what, "now": facts[0].get(what, "–"), "then": then} for what, then in facts[1].items()]


def _facts(board: dict) -> dict[str, str]:
    sizes = [len(entry["members"]) for entry in board["groups"]]
    turns = 1 + max((entry["turn"] for entry in board["groups"] if entry["members"]), default=0)
    spread = f"{min(sizes, default=0)}–{max(sizes, default=0)}" if len(set(sizes)) > 1 else str(max(sizes, default=0))
    return {
        _("Groups"): str(len(sizes)),
        _("Students in each"): spread,
        _("On their own path"): str(len(board["own"])),
        _("Turns for the adults"): str(turns) if board["adults"] else "–",
        _("Topic fits, ready"): f"{board['fit']} %",
        _("Alike in readiness"): "–" if board.get("alike") is None else f"{board['alike']} %",
        _("Stay where they were"): str(board["stayed"]),
        _("Move from where they were"): str(board["moved"]),
    }
