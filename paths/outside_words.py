"""Who is in no class today and so in no figure of practice and equity, and why, in words."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.left_out_words import Words, say_reasons
from paths.services.practice import ENDED, LATER, NEVER, ONLY_BLOCK, PracticeRow

OUTSIDE: Words = {
    NEVER: lambda: _("on no class list yet"),
    ENDED: lambda: _("not on one any more"),
    LATER: lambda: _("on one from a later day"),
    ONLY_BLOCK: lambda: _("in a tutoring block alone"),
}
"""In the order in which they are told."""
SMALL_GRADE = 5
SMALL: Words = {SMALL_GRADE: lambda: _("of a grade with too few")}
"""Left out of figures that open no list."""


def count_outside(rows: Iterable[PracticeRow]) -> Counter[int]:
    """{reason: how many}, of those who are in no class."""
    return Counter(row.why for row in rows if row.why)


def say_small(n: int) -> str:
    """ "3 of a grade with too few"; "" for nobody."""
    return say_reasons({SMALL_GRADE: n}, SMALL)


def join_reasons(reasons: str, measure: object, more: str) -> str:
    """ "2 on no class list yet; Standards met: 3 no result yet". more: who else is left out of the measure."""
    own = _("%(measure)s: %(reasons)s") % {"measure": measure, "reasons": more} if more else ""
    return "; ".join(part for part in (reasons, own) if part)
