"""Coverage: which standards of a framework are taught and assessed, for a class, a course or a school."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments import left_out_words
from lrm.csv_answers import answer_csv
from lrm.http import Request
from lrm.looked import looked_at
from lrm.numbers import whole_number
from lrm.policy import STAFF, allow
from paths import coverage_page as page
from paths.forms.coverage import CoverageScope, read_framework, read_scope, read_show
from paths.services.coverage import CoverageLine, Touched, read_coverage, read_missing, read_sizes, read_touched
from profiles.models import Learner, Section
from profiles.second_step import give_out, give_to_teacher
from standards.models import Framework


@dataclass(frozen=True)
class _Read:
    """lines: of the grades asked for.    every: of all grades.    learners: on today's lists of the classes."""

    asked: page.CoverageAsked
    frameworks: list[Framework]
    touched: Touched
    every: list[CoverageLine]
    lines: list[CoverageLine]
    learners: int

    @property
    def section_ids(self) -> list[int]:
        return [section.pk for section in self.asked.scope.chosen]

    @property
    def classes(self) -> frozenset[int]:
        return self.touched.classes.get(self.asked.framework.pk, frozenset())


@allow(*STAFF)
@require_safe
def coverage(request: Request) -> HttpResponse:
    """?school, ?course, ?section, ?framework, ?grade and ?show choose; ?at= opens who has no result on a standard."""
    request.nav = "coverage"
    scope = read_scope(request, today=timezone.localdate())
    found = _read(request, scope)
    if found is None:
        context = {"scope": scope, "now": timezone.localtime(), "may_import": request.user.access.is_district_admin}
        return render(request, "paths/coverage.html", context)
    asked, at = found.asked, request.GET.get("at", "")
    panel = _panel(request, found, at) if at else {}
    if request.htmx and panel:
        return render(request, "paths/coverage_panel.html", panel)
    shown = asked.shown(found.lines)
    context = {
        "scope": scope,
        "now": timezone.localtime(),
        "asked": asked,
        "title": page.say_scope(asked),
        "grade": page.say_grade(asked),
        "menus": page.menus(asked, found.frameworks, found.every),
        "figures": page.figures(found.lines),
        "advice": page.advice(asked, found.lines, enter_section=_may_enter(request, scope)),
        "tabs": page.tabs(asked, found.lines),
        "domains": page.domains(asked, shown[: page.MOST_LINES], found.classes, at),
        "more": max(len(shown) - page.MOST_LINES, 0),
        "classes": len(found.classes),
        "all_classes": len(found.section_ids),
        "learners": found.learners,
        "left_out": page.say_left_out(found.lines),
        "csv_url": asked.to("coverage_csv"),
        "issuer": asked.framework.get_issued_by_display(),
    }
    return render(request, "paths/coverage.html", context | panel)


@allow(*STAFF)
@require_safe
def coverage_csv(request: Request) -> HttpResponse:
    """A line for each standard of the page; without a name."""
    found = _found(request)
    asked = found.asked
    rows: list[list[object]] = [
        [_("Domain"), _("Standard"), _("Title"), _("Taught"), _("Assessed"), _("Students"), _("With a result")]
    ]
    rows[0] += [*left_out_words.headings(page.WHY), _("On none of the lists today"), _("As of")]
    now = timezone.localtime().isoformat(timespec="minutes")
    for line in asked.shown(found.lines):
        said = page.draw(asked, line, len(found.classes))
        cells = [line.domain, line.label, line.title, said["taught"], said["assessed"], line.learners, line.assessed]
        rows.append([*cells, *left_out_words.columns(line.without, page.WHY), line.left, now])
    return answer_csv(f"{slugify(page.say_scope(asked))}-coverage-{timezone.localdate().isoformat()}", rows)


@allow(*STAFF)
@require_safe
def coverage_list_csv(request: Request) -> HttpResponse:
    """Who has no result on the standard ?at=. Of classes that the account does not teach, it takes a second step."""
    found = _found(request)
    line = _line(found, request.GET.get("at", ""))
    if all(_teaches(request, section) for section in found.asked.scope.chosen):
        return give_to_teacher(request, lambda: _list(request, found, line))
    return give_out(request, lambda: _list(request, found, line))


def _list(request: Request, found: _Read, line: CoverageLine) -> HttpResponse:
    learners = _missing(request, found, line)
    rows: list[list[object]] = [[_("Student"), _("Key"), _("Standard")]]
    rows += [[learner.name, learner.key or "", line.label] for learner in learners]
    return answer_csv(f"{slugify(line.label)}-no-result-{timezone.localdate().isoformat()}", rows)


def _found(request: Request) -> _Read:
    found = _read(request, read_scope(request, today=timezone.localdate()))
    if found is None:
        raise Http404("Nothing is taught yet.")
    return found


def _read(request: Request, scope: CoverageScope) -> _Read | None:
    """None where there is no class or no framework."""
    frameworks = list(
        Framework.objects.visible_to(request.user).filter(retired_at__isnull=True).defer("source", "definitions")
    )
    sections = scope.chosen
    if not sections or not frameworks:
        return None
    today = timezone.localdate()
    ids = [section.pk for section in sections]
    touched = read_touched(ids, zone=timezone.get_current_timezone_name(), today=today)
    framework = read_framework(request, frameworks, touched.frameworks)
    assert framework is not None
    sizes = read_sizes(ids, today=today)
    own_grades = tuple(sorted(grade for grade in sizes if grade))
    asked = page.CoverageAsked(scope, framework, request.GET.get("grade", "")[:16], own_grades, read_show(request))
    every = read_coverage(framework.pk, ids, touched, today=today)
    return _Read(asked, frameworks, touched, every, asked.lines(every), sum(sizes.values()))


def _teaches(request: Request, section: Section) -> bool:
    access = request.user.access
    return section.roster_id in access.whole_rosters or section.pk in access.sections


def _may_enter(request: Request, scope: CoverageScope) -> int | None:
    """The class, where it is the only one and the account teaches it."""
    chosen = scope.chosen
    return chosen[0].pk if len(chosen) == 1 and _teaches(request, chosen[0]) else None


def _panel(request: Request, found: _Read, at: str) -> dict:
    line = _line(found, at)
    return {
        "line": line,
        "panel_left_out": page.say_line_left_out(line),
        "now": timezone.localtime(),
        "missing": _missing(request, found, line),
        "back_url": found.asked.to(),
        "list_csv_url": found.asked.to("coverage_list_csv", at=line.standard_id),
        "framework": found.asked.framework,
    }


def _line(found: _Read, at: str) -> CoverageLine:
    """The standard of the page. Raises Http404."""
    wanted = whole_number(at)
    line = next((each for each in found.every if each.standard_id == wanted), None)
    if line is None:
        raise Http404("No such standard.")
    return line


def _missing(request: Request, found: _Read, line: CoverageLine) -> list[Learner]:
    """Who has no result on the standard, all noted as looked at."""
    today = timezone.localdate()
    learners = read_missing(request.user, line.standard_id, found.section_ids, found.touched, today=today)
    looked_at(request, [learner.pk for learner in learners])
    return learners
