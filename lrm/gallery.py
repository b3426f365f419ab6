"""The gallery: every token and component with its states, on invented samples."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lrm import drawing
from lrm.policy import ANYONE, allow

WORDS = {1: _("Starting"), 2: _("Building"), 3: _("Secure"), 4: _("Extending")}
COLOURS = (
    *("page", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "line-strong"),
    *("accent", "accent-wash", "danger", "danger-wash", "button", "on-button", "warm"),
    *("level-1", "level-2", "level-3", "level-4"),
)
SIZES = (11, 12, 13, 14, 15, 16, 17, 18, 22, 26, 34)
ICONS = (
    *("text-align-start", "grid-3x3", "pencil-line", "users", "user", "flag", "house", "route", "school", "list"),
    *("sliders-horizontal", "search", "circle-question-mark", "lock", "printer", "clock", "eye", "pin"),
    *("qr-code", "undo-2", "triangle-alert", "info"),
)


class SampleForm(forms.Form):
    """One field of each look; bound with a bad date, so that an error shows."""

    title = forms.CharField(
        label=_("Title"), help_text=_("What it is called on the wall."), widget=forms.TextInput({"class": "input"})
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.TextInput({"class": "input"}),
        error_messages={"invalid": _("There is no month 31. Day and month look swapped.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("ticket", _("Exit ticket")), ("talk", _("Talk"))],
        widget=forms.Select({"class": "input"}),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"class": "input", "rows": 3}))


CODES = ("7.RP.1", "7.RP.2", "7.RP.3", "7.NS.1", "7.NS.2", "7.G.4")
FIRST_OF_A_DOMAIN = ("7.NS.1", "7.G.4")


def _row(name: str, cells: str, *, shown: str) -> dict:
    """A wall row from short notes: "3", "3+" up, "3-" down, "3!" set by a teacher, "." no result."""
    read = []
    for code, note in zip(CODES, cells.split(), strict=True):
        read.append(
            {
                "code": code,
                "first": code in FIRST_OF_A_DOMAIN,
                "level": note[0] if note[0] != "." else "",
                "word": WORDS.get(int(note[0]) if note[0] != "." else 0, _("no result")),
                "trend": {"+": "up", "-": "down"}.get(note[1:], ""),
                "by": "teacher" if note.endswith("!") else "",
            }
        )
    return {"name": name, "cells": read, "shown": shown}


def _wall() -> dict:
    standards = [
        ("7.RP.1", _("Unit rates"), {4: 3, 3: 2, 2: 2}, "71 %"),
        ("7.RP.2", _("Same ratio"), {4: 2, 3: 3, 2: 2}, "71 %"),
        ("7.RP.3", _("Percents"), {4: 1, 3: 2, 2: 2, 1: 1}, "50 %"),
        ("7.NS.1", _("Add signed numbers"), {4: 1, 3: 2, 2: 2, 1: 1}, "50 %"),
        ("7.NS.2", _("Multiply signed numbers"), {4: 1, 3: 1, 2: 2, 1: 2}, "33 %"),
        ("7.G.4", _("Circles"), {3: 1, 2: 1, 1: 1}, "33 %"),
    ]
    return {
        "standards": [
            {
                "code": code,
                "name": name,
                "share": share,
                "seen": sum(counts.values()),
                "first": code in FIRST_OF_A_DOMAIN,
                "bar": drawing.level_bar(counts, total=7),
            }
            for code, name, counts, share in standards
        ],
        "rows": [
            _row("Theo Marsh", "2+ 2 1 1 . .", shown="0 / 4"),
            _row("Ida Lindgren", "2 2- 2 1- 1 1", shown="0 / 6"),
            _row("Rafael Pinto", "3 3! 2+ 2 1 .", shown="2 / 5"),
            _row("Nia Adler", "3+ 3 . 2+ 2 2", shown="2 / 5"),
            _row("Kofi Mensima", "4 3 3 3 2+ .", shown="4 / 5"),
            _row("Mei-Lin Zhou", "4 4 3+ 3 3! 3", shown="6 / 6"),
            _row("Salome Wetherby-Castellanos", "4 4 4 4 4 .", shown="5 / 5"),
        ],
    }


def _climb() -> dict:
    return drawing.climb(
        [(2.1, 2, str(_("Sep 21"))), (1.5, 1, str(_("Sep 28"))), (2.4, 2, str(_("Oct 5"))), (3.3, 3, str(_("today")))],
        secure_from=2.5,
    )


@allow(ANYONE, why="samples only, nobody's data")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every token and component with its states."""
    nav = [
        {"name": name, "icon": icon, "url": f"#{anchor}", "current": anchor == "wall", "count": count, "key": key}
        for name, icon, anchor, key, count in [
            (_("Today"), "text-align-start", "today", "t", 2),
            (_("Wall"), "grid-3x3", "wall", "w", 0),
            (_("Enter"), "pencil-line", "enter", "e", 0),
            (_("Groups"), "users", "groups", "g", 0),
            (_("Students"), "user", "table", "s", 0),
            (_("Goals"), "flag", "goals", "o", 0),
        ]
    ]
    values = [1, 1.2, 1.3, 2, 2.4]
    context = {
        "nav": nav,
        "panel_is_open": request.GET.get("panel") == "open",
        "account": {"name": "Rosa Delgado", "initials": "RD"},
        "colours": COLOURS,
        "sizes": SIZES,
        "icons": ICONS,
        "levels": [{"level": level, "word": word} for level, word in WORDS.items()],
        "legend": [
            {"level": level, "word": word, "count": count}
            for (level, word), count in zip(WORDS.items(), (5, 11, 11, 10), strict=True)
        ],
        "wall": _wall(),
        "bar": drawing.level_bar({4: 7, 3: 9, 2: 5, 1: 4}, total=27),
        "spark": drawing.line([2, 1.6, 2.5, 3.4]),
        "spark_gap": drawing.line([2, 2.2, None, 2.6, 2.5]),
        "climb": _climb(),
        "strip": drawing.dot_strip([*values, None, None]),
        "strip_seen": drawing.dot_strip([2, 2, 2, 2.6, 3.1]),
        "steps": ["done", "done", "done", "now", "open", "waiting"],
        "form": SampleForm({"title": "Exit ticket", "day": "2026-31-10", "kind": "ticket", "note": ""}),
    }
    return render(request, "gallery.html", context)
