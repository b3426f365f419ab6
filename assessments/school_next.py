"""What the page of the school says before its figures: where to look next, by its domains, never by who teaches."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.left_out_words import say_reasons
from assessments.school_drawing import Address, Cell, say_met
from assessments.services.school_asked import Asked, Column, Line, Matrix
from lrm import days

FEWEST = 10
"""Of fewer results no domain is named."""
A_MONTH = timedelta(days=28)


def draw_next(matrix: Matrix, cells: Iterable[Cell]) -> list[dict[str, str]]:
    """cells: of the row that the page is about.

    Returns [{text, url, link}]: what has fallen most since the day compared with, the smallest share, and where most
    has no level; one of each, and a smallest only where there is another one.
    """
    found = [cell for cell in cells if cell.results >= FEWEST and cell.share is not None]
    advice = []
    fallen = [cell for cell in found if cell.points is not None and cell.points < 0]
    if fallen and matrix.asked.then is not None:
        cell = min(fallen, key=lambda cell: cell.points or 0)
        n = -(cell.points or 0)
        words = {"name": cell.column.name, "points": n, "day": days.said(matrix.asked.then.day)}
        text = ngettext(
            "%(name)s is %(points)s point of percent lower than on %(day)s.",
            "%(name)s is %(points)s points of percent lower than on %(day)s.",
            n,
        )
        advice.append(_step(text % words, cell))
    if len({cell.share for cell in found}) > 1:
        cell = min(found, key=lambda cell: cell.share or 0)
        words = {"name": cell.column.name, "share": cell.said, "n": cell.results, "met": say_met(cell.column.policy)}
        text = _("%(name)s has the smallest share: %(share)s of %(n)s results are %(met)s.") % words
        advice.append(_step(text, cell))
    waiting = [cell for cell in found if cell.tally.left_out]
    if waiting:
        cell = max(waiting, key=lambda cell: cell.tally.left_out / cell.tally.expected)
        words = {"name": cell.column.name, "n": cell.tally.left_out, "of": cell.tally.expected}
        text = _("In %(name)s %(n)s of %(of)s places have no level: %(why)s.") % {
            **words,
            "why": say_reasons(cell.tally.reasons),
        }
        advice.append(_covered(matrix.asked, text) or _step(text, cell))
    return advice


def _step(text: str, cell: Cell) -> dict[str, str]:
    link = _("See the students") if cell.column.standard_id else _("See its standards")
    return {"text": text, "url": cell.url, "link": link}


def _covered(asked: Asked, text: str) -> dict[str, str] | None:
    """What has been taught and assessed is read of one school, and of today."""
    if asked.school is None or asked.past is not None:
        return None
    return {"text": text, "url": f"{reverse('coverage')}?school={asked.school.pk}", "link": _("See what was assessed")}


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
