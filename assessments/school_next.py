"""What the page of the school says before its figures: where to look next, by its domains, never by who teaches."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.left_out_words import grouped, say_reasons
from assessments.school_drawing import Address, Cell, say_met
from assessments.services.school_asked import Asked, Column, Line, Matrix
from lrm import days

FEWEST = 10
"""Of fewer results no domain is named."""
A_MONTH = timedelta(days=28)


def draw_next(matrix: Matrix, cells: Iterable[Cell]) -> list[dict[str, str]]:
    """cells: of the row that the page is about.

    Returns [{text, url, link}]: what has fallen most since the day compared with, the smallest share, and where most
    has no level; a smallest only where there is another one. A column that is two of these is one line.
    """
    found = [cell for cell in cells if cell.results >= FEWEST and cell.share is not None]
    advice: dict[str, dict[str, str]] = {}
    fallen = [cell for cell in found if cell.points is not None and cell.points < 0]
    if fallen and matrix.asked.then is not None:
        cell = min(fallen, key=lambda cell: cell.points or 0)
        advice[cell.url] = _step(_say_fallen(cell, matrix.asked.then.day), cell)
    if len({cell.share for cell in found}) > 1:
        cell = min(found, key=lambda cell: cell.share or 0)
        _join(advice, cell, _say_smallest(cell, again=cell.url in advice), {})
    waiting = [cell for cell in found if cell.tally.left_out]
    if waiting:
        cell = max(waiting, key=lambda cell: cell.tally.left_out / cell.tally.expected)
        _join(advice, cell, _say_waiting(cell, again=cell.url in advice), _covered(matrix.asked))
    return list(advice.values())


def _join(advice: dict[str, dict[str, str]], cell: Cell, text: str, way: dict[str, str]) -> None:
    """A line of its own for the cell, or the next sentence of the one that it has."""
    if cell.url in advice:
        advice[cell.url]["text"] += f" {text}"
    else:
        advice[cell.url] = _step(text, cell) | way


def _say_fallen(cell: Cell, day: date) -> str:
    n = -(cell.points or 0)
    text = ngettext(
        "%(name)s is %(points)s point of percent lower than on %(day)s.",
        "%(name)s is %(points)s points of percent lower than on %(day)s.",
        n,
    )
    return text % {"name": cell.column.name, "points": n, "day": days.said(day)}


def _say_smallest(cell: Cell, *, again: bool) -> str:
    text = _("%(name)s has the smallest share: %(share)s of %(n)s results are %(met)s.")
    if again:
        text = _("It also has the smallest share: %(share)s of %(n)s results are %(met)s.")
    met = say_met(cell.column.policy)
    return text % {"name": cell.column.name, "share": cell.said, "n": grouped(cell.results), "met": met}


def _say_waiting(cell: Cell, *, again: bool) -> str:
    n = cell.tally.left_out
    text = ngettext(
        "In %(name)s %(n)s of %(of)s places has no level: %(why)s.",
        "In %(name)s %(n)s of %(of)s places have no level: %(why)s.",
        n,
    )
    if again:
        text = ngettext(
            "%(n)s of its %(of)s places has no level: %(why)s.",
            "%(n)s of its %(of)s places have no level: %(why)s.",
            n,
        )
    places = {"n": grouped(n), "of": grouped(cell.tally.expected)}
    return text % {"name": cell.column.name, "why": say_reasons(cell.tally.reasons), **places}


def _step(text: str, cell: Cell) -> dict[str, str]:
    link = _("See the students") if cell.column.standard_id else _("See its standards")
    return {"text": text, "url": cell.url, "link": link}


def _covered(asked: Asked) -> dict[str, str]:
    """The way to what has been taught and assessed, which is read of one school, and of today."""
    if asked.school is None or asked.past is not None:
        return {}
    return {"url": f"{reverse('coverage')}?school={asked.school.pk}", "link": _("See what was assessed")}


def draw_ways(asked: Asked, address: Address, today: date) -> list[dict[str, str]]:
    """What the figures could stand beside: [{words, url}], each one choice away."""
    ways = []
    if not asked.over:
        ways.append({"words": _("Over the terms"), "url": address.to(over="terms")})
    if asked.then is None:
        day = (asked.past.day if asked.past else today) - A_MONTH
        ways.append({"words": _("Beside %(day)s") % {"day": days.said(day)}, "url": address.to(compare=day)})
    return ways


def take_to_check_in(asked: Asked, line: Line | None = None, column: Column | None = None) -> str:
    """The address of a new check-in of the students whom the page is narrowed to, or of those of one of its figures.

    A check-in keeps no subgroup, since colleagues would read who belongs to one. "" for students without a grade: it
    cannot be narrowed to them, and would be of everybody.
    """
    filters = asked.filters.but(subgroup="", as_of="", compare="", over="")
    if column is not None:
        filters = filters.but(branch=column.key)
    if line is not None and asked.school is None and not line.is_total:
        filters = filters.but(school=line.school_ids[0])
    elif line is not None and line.section is not None:
        filters = filters.but(section=line.section.pk)
    elif line is not None and not line.is_total:
        if not line.grades[0]:
            return ""
        filters = filters.but(grade=line.grades[0])
    return f"{reverse('data_check_in_new')}?{filters.query()}"
