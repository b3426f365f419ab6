"""Statements on a page: safe HTML where they are read, plain text where they are listed."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from standards.services.text import plain_text, safe_html

register = template.Library()


@register.filter
def statement(source: str) -> SafeString:
    return mark_safe(safe_html(source))  # noqa: S308 (cleaned on the same line)


@register.filter
def one_line(source: str) -> str:
    return plain_text(source)
