"""Grades as people say them. Rosters carry codes such as "05", "5", "KG"."""

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
