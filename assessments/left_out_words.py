"""How many places have no level, and why, in words: the same on pages, in print and in files."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.mastery import left_out
from assessments.services.school_counts import Tally

WORDS = {
    left_out.NOTHING: lambda: _("no result yet"),
    left_out.EXCUSED: lambda: _("excused"),
    left_out.NOT_SEEN: lambda: _("not seen"),
    left_out.PRACTICE: lambda: _("practice only"),
    left_out.BY_METHOD: lambda: _("no level by the method yet"),
}
"""Of each reason, in the order in which they are told."""


def say_reasons(tally: Tally) -> str:
    """ "20 no result yet, 3 excused"; "" where nothing is left out."""
    return ", ".join(f"{_grouped(n)} {WORDS[why]()}" for why, n in tally.reasons.items() if n)


def say_left_out(tally: Tally) -> str:
    """ "left out 23: 20 no result yet, 3 excused"; "nothing left out"."""
    if not tally.left_out:
        return _("nothing left out")
    words = {"n": _grouped(tally.left_out), "reasons": say_reasons(tally)}
    return _("left out %(n)s: %(reasons)s") % words


def say_students(tally: Tally) -> str:
    """Of one standard: "3 students are left out: 2 no result yet, 1 excused."; "" where nobody is."""
    if not tally.left_out:
        return ""
    return ngettext(
        "%(n)s student is left out: %(reasons)s.", "%(n)s students are left out: %(reasons)s.", tally.left_out
    ) % {"n": _grouped(tally.left_out), "reasons": say_reasons(tally)}


def headings() -> list[str]:
    """Of a file: all that are left out, then each reason."""
    return [_("Left out"), *(_("Left out: %(why)s") % {"why": word()} for word in WORDS.values())]


def columns(tally: Tally) -> list[int]:
    return [tally.left_out, *(tally.reasons[why] for why in WORDS)]


def _grouped(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)
