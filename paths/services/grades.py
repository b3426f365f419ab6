"""Grades as people say them. Rosters carry codes such as "05", "5", "KG"."""

from django.utils.translation import gettext as _


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
