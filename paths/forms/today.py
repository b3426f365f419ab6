"""Putting a line of Today off."""

from django import forms


class SnoozeForm(forms.Form):
    """key: as paths/services/today_lines.py names lines: words and numbers joined by colons."""

    key = forms.RegexField(r"^[a-z_]+(:[a-z0-9]+){1,3}$", max_length=100)


class ActForm(forms.Form):
    """act: what one person did in one go."""

    act = forms.UUIDField()
