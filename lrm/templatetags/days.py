"""{% load days %}: dates as people say them (lrm/days.py)."""

from django import template

from lrm import days

register = template.Library()
register.filter("day", days.said)
register.filter("on_day", days.said_on)
register.filter("short_day", days.said_short)
