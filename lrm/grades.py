"""Grades as people say them. Rosters carry codes such as "05", "5", "KG"."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

CODES = ("PK", "KG", *(f"{number:02d}" for number in range(1, 13)))


def grade_name(code: str) -> str:
    """ "Grade 5", "Kindergarten", the code itself where it is another word, "" where there is none."""
    if not code:
        return ""
    if code.upper() in {"KG", "K"}:
        return _("Kindergarten")
    if code.upper() == "PK":
        return _("Pre-kindergarten")
    if code.isdecimal():
        return _("Grade %(number)s") % {"number": int(code)}
    return code


def grade_choices() -> list[tuple[str, str]]:
    """(code, name) from youngest to oldest, as CEDS codes them."""
    return [(code, grade_name(code)) for code in CODES]


def grades_said(codes: Sequence[str]) -> str:
    """Several codes: "Grade 5", "Kindergarten to Grade 2" where they follow each other, else one after the other."""
    found = [code.upper() if code.isalpha() else f"{int(code):02d}" if code.isdecimal() else code for code in codes]
    places = [CODES.index(code) for code in found if code in CODES]
    if len(places) == len(found) > 1 and places == list(range(places[0], places[0] + len(places))):
        return _("%(first)s to %(last)s") % {"first": grade_name(found[0]), "last": grade_name(found[-1])}
    return ", ".join(grade_name(code) for code in codes)
