"""A district's own words for a few things: whoever speaks, these replace the words of the catalogue.

Django asks one catalogue in each thread; here it is wrapped, so that every sentence of pages, mails and files comes in
the district's words and none has to be written twice. English alone: in other languages an article and an ending would
have to follow.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

Words = tuple[tuple[str, str], ...]
"""(usual word, the district's word), both in the singular, sorted; without those that stay as they are."""

PLURALS = {
    "class": "classes", "section": "sections", "student": "students", "learner": "learners", "family": "families",
    "guardian": "guardians",
}  # fmt: skip

AS_A_WORD = "as a word"
"""Context of a message that is about a word and is not replaced: pgettext(AS_A_WORD, "class")."""
ITSELF = AS_A_WORD + CONTEXT_SEPARATOR

# Django tells nobody else which catalogue a thread asks.
_active: Any = trans_real._active  # type: ignore[attr-defined]  # so the stubs know nothing of it

# Marks of HTML and places of values stay, and so do words that mean something else: a surname, a system, a tree.
STAYS = r"<[^>]*>|%\(\w+\)|\{[^}]*\}|\bfamily (?:names?|tree)\b|\b(?:whole|large) family\b|\bstudent information system"


def words_of(chosen: Mapping[str, str]) -> Words:
    """From usual word -> the district's word."""
    return tuple(sorted((usual, word) for usual, word in chosen.items() if word != usual))


class Worded:
    """A catalogue whose sentences come in other words. Everything else is the catalogue's own."""

    def __init__(self, catalogue: Any, words: Words) -> None:
        self._catalogue, self.words = catalogue, words
        self._said: dict[str, str] = {}
        self._swaps: dict[str, str] = {}
        for usual, word in words:
            self._swaps |= {usual: word, PLURALS[usual]: PLURALS[word]}
        longest = sorted(self._swaps, key=len, reverse=True)
        self._pattern = re.compile(rf"{STAYS}|\b(?P<word>{'|'.join(longest)})\b", re.IGNORECASE)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    def gettext(self, message: str) -> str:
        said = self._catalogue.gettext(message)
        return said if message.startswith(ITSELF) else self._in_words(said)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self._in_words(self._catalogue.ngettext(singular, plural, number))

    def _in_words(self, text: str) -> str:
        said = self._said.get(text)
        if said is None:
            # Without a translation the context is still before it.
            said = self._said[text] = self._pattern.sub(self._swap, text.rpartition(CONTEXT_SEPARATOR)[2])
        return said

    def _swap(self, found: re.Match) -> str:
        word = found["word"]
        if word is None:
            return found[0]
        said = self._swaps[word.lower()]
        if word.isupper():
            return said.upper()
        return said.capitalize() if word[0].isupper() else said


@lru_cache(maxsize=64)
def _worded(language: str, words: Words) -> Worded:
    return Worded(trans_real.translation(language), words)


@contextmanager
def speaking(language: str | None, words: Words = ()) -> Iterator[None]:
    """Speak this language, or go on in the present one, in these words; afterwards as before."""
    before = getattr(_active, "value", None)
    code = language or get_language() or "en"
    try:
        if words and code.startswith("en"):
            _active.value = _worded(code, words)
        elif language:
            trans_real.activate(language)
        yield
    finally:
        if before is not None:
            _active.value = before
        elif hasattr(_active, "value"):
            del _active.value


def spoken() -> tuple[str | None, Words]:
    """What a page is said in now; whoever keeps parts of pages keeps them by this."""
    return get_language(), getattr(getattr(_active, "value", None), "words", ())
