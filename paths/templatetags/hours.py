"""{% load hours %}: minutes as hours and minutes."""

from django import template

from paths.services.project_page import hours_said

register = template.Library()
register.filter("hours", hours_said)
