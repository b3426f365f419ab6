from django import template

from lrm import grades

register = template.Library()


@register.filter
def grade_name(code: str) -> str:
    """A roster's code of a grade as people say it."""
    return grades.grade_name(code)


@register.filter
def grades_said(codes: list[str]) -> str:
    """The codes that a standard is meant for, as people say them."""
    return grades.grades_said(codes)
