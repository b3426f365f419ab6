"""What a learner could do next, ranked, each with one plain reason. Pure: plain values in and out, no chance.

Only a person's choice puts a step on a path; this says which ones to offer.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Key = Any  # names a standard, a goal or a step; hashable, and sortable among its like

AT_MOST = 6
SHORTEST_WORD = 4
COMMON_WORDS = """
about after also because before could does doing done every from good have into just know learn learning like liked
likes love more most much other really some something than that their them then there these they thing things this very
want what when where which with work would your
"""
COMMON = frozenset(COMMON_WORDS.split())


class Reason(StrEnum):
    """In the order in which they count."""

    GOAL = "goal"  # about: the goal
    INTEREST = "interest"  # about: the learner's own words
    BEGUN = "begun"  # about: the level shown, below mastery
    READY = "ready"  # about: None; all that comes before it is at mastery
    NEW = "new"  # about: None; nothing comes before it
    WAITS = "waits"  # about: the first standard that comes before it and is not met


@dataclass(frozen=True)
class Candidate:
    """A step that could be offered. words: its title and that of its path, in which interests are looked for."""

    key: Key
    title: str
    standard: Key | None = None
    words: str = ""


@dataclass(frozen=True)
class Suggestion:
    candidate: Candidate
    reason: Reason
    about: Any = None


def suggest(
    candidates: Iterable[Candidate],
    *,
    levels: Mapping[Key, int],
    mastery: Mapping[Key, int],
    before: Iterable[tuple[Key, Key]],
    goals: Mapping[Key, Key],
    interests: Iterable[str],
    left_out: Collection[tuple[str, Key | None]] = (),
    at_most: int = AT_MOST,
) -> list[Suggestion]:
    """The steps to offer, best first.

    levels: shown, by standard; none where nothing was assessed. mastery: by standard, from which level on it counts as
    met, 3 where it is not said. before: (a standard, one that it precedes). goals: by standard, the live goal that is
    for it. left_out: (title, standard) of what is on a path already, or was not wanted.

    What is met is never offered. What waits for a standard that is not met is offered only where nothing else is left.
    """
    met = {standard for standard, level in levels.items() if level >= mastery.get(standard, 3)}
    prerequisites: dict[Key, set[Key]] = {}
    for first, then in before:
        if first != then:
            prerequisites.setdefault(then, set()).add(first)
    words = {text: _words(text) for text in interests}
    ranked: dict[tuple[str, Key | None], tuple[tuple, Suggestion]] = {}
    for candidate in candidates:
        name = (candidate.title, candidate.standard)
        if candidate.standard in met or name in left_out:
            continue
        unmet = prerequisites.get(candidate.standard, set()) - met
        found = _reason(candidate, unmet, levels, goals, words, prerequisites)
        rank = (bool(unmet), *_rank(candidate, levels, goals, words), candidate.title, str(candidate.key))
        if name not in ranked or rank < ranked[name][0]:
            ranked[name] = (rank, found)
    best = sorted(ranked.values(), key=lambda each: each[0])
    ready = [found for rank, found in best if not rank[0]]
    return (ready or [found for _rank, found in best])[:at_most]


def _rank(candidate: Candidate, levels: Mapping, goals: Mapping, words: Mapping[str, set[str]]) -> tuple:
    return (
        candidate.standard not in goals,
        _shared(candidate, words) is None,
        candidate.standard not in levels,
        candidate.standard is None,
    )


def _reason(candidate: Candidate, unmet: set, levels: Mapping, goals: Mapping, words: Mapping, prerequisites: Mapping):
    standard = candidate.standard
    if unmet:
        return Suggestion(candidate, Reason.WAITS, min(unmet))
    if standard in goals:
        return Suggestion(candidate, Reason.GOAL, goals[standard])
    if (text := _shared(candidate, words)) is not None:
        return Suggestion(candidate, Reason.INTEREST, text)
    if standard in levels:
        return Suggestion(candidate, Reason.BEGUN, levels[standard])
    return Suggestion(candidate, Reason.READY if prerequisites.get(standard) else Reason.NEW)


def _shared(candidate: Candidate, words: Mapping[str, set[str]]) -> str | None:
    """The first of the learner's words, by the alphabet, that the step is about too."""
    mine = _words(f"{candidate.title} {candidate.words}")
    return min((text for text, found in words.items() if found & mine), default=None)


def _words(text: str) -> set[str]:
    """Words that say something, without the s of a plural."""
    found = {word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in COMMON}
    return {word for word in found if len(word) >= SHORTEST_WORD}
