"""One printed page for a board: question, three figures with n and as-of, one plain sentence.

A board reads what is published, never the exact figures of whoever prints the page. Nothing is stored.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.school import read_asked, split_schools
from assessments.forms.school_board import FIGURES, BoardForm
from assessments.models import Publication
from assessments.receipt_words import say_method
from assessments.school_drawing import Address, say_met
from assessments.services.policies import Policies
from assessments.services.published import (
    DISTRICT,
    PublishedCell,
    organisations,
    read_tables,
    say_beyond,
)
from assessments.services.school_asked import Asked
from assessments.services.school_page import read_taught
from lrm.grades import grade_name
from lrm.http import Request
from lrm.policy import DISTRICT_ADMIN, SCHOOL_ADMIN, allow


@dataclass(frozen=True)
class BoardFigure:
    """where: "Fractions, Alder Creek, Grade 5"."""

    cell: PublishedCell
    where: str
    counted: str
    method: str

    def said(self) -> str:
        if self.cell.hidden:
            return ""
        words = {
            "day": date_format(self.cell.day, "DATE_FORMAT") if self.cell.day else "",
            "share": self.cell.share,
            "n": self.cell.results,
            "where": self.where,
            "counted": self.counted,
        }
        return _("As of %(day)s, %(share)s of %(n)s results are %(counted)s: %(where)s.") % words


@allow(SCHOOL_ADMIN, DISTRICT_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def school_board(request: Request) -> HttpResponse:
    """The filters say subject, and grade or subgroup. POST: the page with this question and these figures."""
    request.nav = "school"
    taught, (schools, others) = read_taught(), split_schools(request)
    found = Publication.objects.order_by("-day").first()
    if not taught[0] or not schools or found is None:
        return render(request, "assessments/school_board.html", {})
    asked, _choices, _rows = read_asked(request, taught, schools)
    asked_for = {"asked": asked, "back": Address(asked.filters).to()}
    if beyond := say_beyond(asked):
        without = dict.fromkeys(("section", "teacher", "branch", "as_of", "compare", "over"), "")
        if asked.grade and asked.subgroup:
            without["subgroup"] = ""
        plain = Address(asked.filters.but(**without))
        return render(
            request, "assessments/school_board.html", asked_for | {"beyond": beyond, "plain": plain.to("school_board")}
        )
    domains = _domains(found, asked)
    places = organisations([*schools, *others])
    form = BoardForm(
        request.POST or None, places=places, domains=domains, initial=_initial(asked, [key for key, _name in domains])
    )
    context = asked_for | {"form": form, "has_domains": bool(domains)}
    if form.is_bound and form.is_valid():
        figures = _figures(found, form, asked, places, dict(domains), request.user.district_id)
        sentence = form.cleaned_data["sentence"] or next((said for each in figures if (said := each.said())), "")
        question = form.cleaned_data["question"]
        context |= {"figures": figures, "question": question, "sentence": sentence, "at": timezone.localtime()}
    return render(request, "assessments/school_board.html", context, status=422 if form.errors else 200)


def _domains(found: Publication, asked: Asked) -> list[tuple[str, str]]:
    """(key of a table, name) of what has been published of the subject, by name."""
    rows = []
    for key in found.cells:
        _framework, subject, name = key.split(":", 2)
        if subject == str(asked.subject.pk):
            rows.append((key, name or _("Other standards")))
    return sorted(rows, key=lambda row: row[1])


def _initial(asked: Asked, domains: list[str]) -> dict[str, str]:
    place = str(asked.school.pk) if asked.school else DISTRICT
    chosen = {f"place{number}": place for number in FIGURES}
    return chosen | {f"domain{number}": key for number, key in zip(FIGURES, domains, strict=False)}


def _figures(
    found: Publication,
    form: BoardForm,
    asked: Asked,
    places: list[tuple[str, str]],
    domains: dict[str, str],
    district_id: int,
) -> list[BoardFigure]:
    policies, named, figures = Policies(district_id), dict(places), []
    group = asked.subgroup.title if asked.subgroup else ""
    for place, key in form.figures:
        cell = read_tables(found, [(place, named[place])], [key], asked).lines[0].cells[0]
        framework = int(key.split(":")[0])
        schools = {int(pk): name for pk, name in places if pk.isdecimal()}
        here = {int(place): named[place]} if place.isdecimal() else schools
        policy = policies.mixed(framework, cell.day or found.day, here)
        where = ", ".join(said for said in (domains[key], named[place], grade_name(asked.grade), group) if said)
        figures.append(BoardFigure(cell, where, say_met(policy), say_method(policy)))
    return figures
