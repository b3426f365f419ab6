"""How many places have no level, and why, in words: the same on pages, in print and in files."""

from collections.abc import Callable, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.mastery import left_out

Words = dict[int, Callable[[], str]]
Reasons = Mapping[int, int]
"""How many, by reason."""

WORDS: Words = {
    left_out.NOTHING: lambda: _("no result yet"),
    left_out.EXCUSED: lambda: _("excused"),
    left_out.NOT_SEEN: lambda: _("not seen"),
    left_out.PRACTICE: lambda: _("practice only"),
    left_out.BY_METHOD: lambda: _("no level by the method yet"),
}
"""Of each reason why a place has no level, in the order in which they are told."""

RECORDED: Words = {why: word for why, word in WORDS.items() if why != left_out.NOTHING}
"""Of places with a record."""


def say_reasons(reasons: Reasons, words: Words = WORDS) -> str:
    """ "20 no result yet, 3 excused"; "" where nothing is left out."""
    return ", ".join(f"{grouped(n)} {word()}" for why, word in words.items() if (n := reasons.get(why, 0)))


def say_beside(reasons: Reasons, words: Words = WORDS) -> str:
    """As `say_reasons`, where their sum stands right before: one reason alone goes without its number."""
    found = [why for why in words if reasons.get(why)]
    return words[found[0]]() if len(found) == 1 else say_reasons(reasons, words)


def say_left_out(reasons: Reasons) -> str:
    """ "left out 23: 20 no result yet, 3 excused"; "nothing left out"."""
    n = sum(reasons.values())
    if not n:
        return _("nothing left out")
    return _("left out %(n)s: %(reasons)s") % {"n": grouped(n), "reasons": say_reasons(reasons)}


def say_students(reasons: Reasons, words: Words = WORDS) -> str:
    """ "3 students are left out: 2 no result yet, 1 excused."; "" where nobody is."""
    n = sum(reasons.values())
    if not n:
        return ""
    said = ngettext("%(n)s student is left out: %(reasons)s.", "%(n)s students are left out: %(reasons)s.", n)
    return said % {"n": grouped(n), "reasons": say_reasons(reasons, words)}


def headings(words: Words = WORDS) -> list[str]:
    """Of a file: all that are left out, then each reason."""
    return [_("Left out"), *(_("Left out: %(why)s") % {"why": word()} for word in words.values())]


def columns(reasons: Reasons, words: Words = WORDS) -> list[int]:
    return [sum(reasons.values()), *(reasons.get(why, 0) for why in words)]


def grouped(n: int) -> str:
    """ "2,016": as the figures beside it are told."""
    return number_format(n, use_l10n=True, force_grouping=True)
