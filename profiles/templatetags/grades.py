from django import template

from profiles import grades

register = template.Library()


@register.filter
def grade_name(code: str) -> str:
    """A roster's code of a grade as people say it."""
    return grades.grade_name(code)
