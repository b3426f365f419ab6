"""What the coverage page shows, in words: figures, what to do next, a line for each standard, and their addresses."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.left_out_words import WORDS, Words, say_beside, say_reasons, say_students
from lrm import days
from lrm.grades import grade_name, grades_said
from paths.forms.coverage import ALL, ALL_GRADES, UNTAUGHT, WAITING, CoverageScope
from paths.services.coverage import (
    ELSEWHERE,
    GROUP,
    PATH,
    PRE,
    REASONS,
    WORK,
    CoverageLine,
    of_grades,
    plain_grade,
)
from standards.models import Framework

MOST_LINES = 400
"""Lines on the page; the rest is in the file."""
MOST_NAMED = 4
WHY: Words = {why: WORDS[why] for why in REASONS if why in WORDS} | {
    ELSEWHERE: lambda: _("a level or result from elsewhere")
}
"""Why students have no result in the classes, in the order in which it is told."""


@dataclass(frozen=True)
class CoverageAsked:
    """grade: a code, ALL_GRADES, or "" for the grades of the classes' students, which are `own_grades`."""

    scope: CoverageScope
    framework: Framework
    grade: str
    own_grades: tuple[str, ...]
    show: str

    def to(self, route: str = "coverage", **changes: object) -> str:
        """The address of what is chosen now, changed in places; an empty value leaves a choice out."""
        scope = self.scope
        chosen = {
            "school": scope.school.pk if scope.school and len(scope.schools) > 1 else "",
            "course": scope.course.pk if scope.course else "",
            "section": scope.section.pk if scope.section else "",
            "framework": self.framework.pk,
            "grade": self.grade,
            "show": "" if self.show == ALL else self.show,
            **changes,
        }
        return f"{reverse(route)}?{urlencode({name: value for name, value in chosen.items() if value})}"

    def lines(self, lines: Sequence[CoverageLine]) -> list[CoverageLine]:
        """Those of the grades asked for; all, where none is of them."""
        if self.grade == ALL_GRADES:
            return list(lines)
        return of_grades(lines, [self.grade] if self.grade else self.own_grades) or list(lines)

    def shown(self, lines: Sequence[CoverageLine]) -> list[CoverageLine]:
        """In the order of the page and its file: those of a domain together, domains in the order of the framework."""
        keep = {WAITING: _is_waiting, UNTAUGHT: _is_untaught}.get(self.show)
        shown = [line for line in lines if keep is None or keep(line)]
        place: dict[int, int] = {}
        for line in shown:
            place.setdefault(line.domain_id, len(place))
        return sorted(shown, key=lambda line: place[line.domain_id])


def _is_waiting(line: CoverageLine) -> bool:
    return line.is_waiting


def _is_untaught(line: CoverageLine) -> bool:
    return not line.is_taught


def say_scope(asked: CoverageAsked) -> str:
    scope = asked.scope
    if scope.section:
        return scope.section.title
    if scope.course:
        return f"{scope.course.title}, {scope.school.name}" if scope.school else scope.course.title
    if scope.school:
        return scope.school.name
    n = len(scope.sections)
    return scope.sections[0].title if n == 1 else ngettext("Your %(n)s class", "All your %(n)s classes", n) % {"n": n}


def say_grade(asked: CoverageAsked) -> str:
    if asked.grade == ALL_GRADES:
        return _("All grades")
    return grade_name(asked.grade) if asked.grade else grades_said(asked.own_grades) or _("All grades")


def menus(asked: CoverageAsked, frameworks: Sequence[Framework], lines: Sequence[CoverageLine]) -> list[dict]:
    """[{name, chosen, items: [{name, url, current}], heads}] of what can be chosen, menus with one thing left out."""
    scope = asked.scope
    found = []
    if len(scope.schools) > 1 and scope.school:
        items = [
            _item(row.name, asked.to(school=row.pk, course="", section=""), row.pk == scope.school.pk)
            for row in scope.schools
        ]
        found.append({"name": _("School"), "chosen": scope.school.name, "items": items})
    whole = _("All classes") if scope.school else _("All your classes")
    if len(scope.courses) > 1:
        items = [_item(_("All courses"), asked.to(course="", section=""), scope.course is None)]
        items += [_item(row.title, asked.to(course=row.pk, section=""), row == scope.course) for row in scope.courses]
        chosen = scope.course.title if scope.course else _("All courses")
        found.append({"name": _("Course"), "chosen": chosen, "items": items})
    if len(scope.sections) > 1:
        items = [_item(whole, asked.to(section=""), scope.section is None)]
        items += [
            _item(row.title, asked.to(section=row.pk, course=""), row == scope.section)
            for row in scope.sections
            if scope.course is None or row.course_id == scope.course.pk
        ]
        found.append({"name": _("Class"), "chosen": scope.section.title if scope.section else whole, "items": items})
    if len(frameworks) > 1:
        found.append({"name": _("Framework"), "chosen": asked.framework.title, "items": _frameworks(asked, frameworks)})
    grades = sorted({plain_grade(grade) for line in lines for grade in line.grades}, key=_by_age)
    if len(grades) > 1:
        items = [_item(_("All grades"), asked.to(grade=ALL_GRADES), asked.grade == ALL_GRADES)]
        if asked.own_grades:
            own = _("Of the students: %(grades)s") % {"grades": grades_said(asked.own_grades)}
            items.insert(0, _item(own, asked.to(grade=""), not asked.grade))
        items += [_item(grade_name(grade), asked.to(grade=grade), grade == asked.grade) for grade in grades]
        found.append({"name": _("Grade"), "chosen": say_grade(asked), "items": items})
    return found


def _frameworks(asked: CoverageAsked, frameworks: Sequence[Framework]) -> list[dict]:
    """Local, state, federal, then those of which nobody has said it."""
    items = []
    for value, label in [*Framework.IssuedBy.choices, ("", _("Local, state or federal: not said"))]:
        of_it = [row for row in frameworks if row.issued_by == value]
        if of_it:
            items.append({"heading": str(label)})
        items += [_item(row.title, asked.to(framework=row.pk, grade=""), row.pk == asked.framework.pk) for row in of_it]
    return items


def _item(name: str, url: str, current: bool) -> dict:
    return {"name": name, "url": url, "current": current}


def _by_age(grade: str) -> tuple[int, str]:
    return (int(grade), "") if grade.isdecimal() else (-1, "" if grade == "PK" else grade)


def figures(lines: Sequence[CoverageLine]) -> list[dict]:
    """Each with n, the standards counted."""
    n = len(lines)
    taught, assessed = sum(line.is_taught for line in lines), sum(line.is_assessed for line in lines)
    return [
        {"name": _("standards"), "value": n},
        {"name": _("taught"), "value": taught},
        {"name": _("assessed"), "value": assessed},
        {"name": _("never assessed"), "value": n - assessed},
        {"name": _("taught, never assessed"), "value": sum(line.is_waiting for line in lines)},
    ]


def say_left_out(lines: Sequence[CoverageLine]) -> dict[str, Any]:
    """Beneath the table: places without a result, of how many, why, and results that are in none of the figures."""
    without = sum((line.without for line in lines), Counter())
    return {
        "places": sum(line.learners for line in lines),
        "without": without.total(),
        "reasons": say_reasons(without, WHY),
        "left": sum(line.left for line in lines),
    }


def say_line_left_out(line: CoverageLine) -> str:
    """Above the list of a standard."""
    return say_students(line.without, WHY)


def tabs(asked: CoverageAsked, lines: Sequence[CoverageLine]) -> list[dict]:
    counts = {
        ALL: len(lines),
        WAITING: sum(line.is_waiting for line in lines),
        UNTAUGHT: sum(not line.is_taught for line in lines),
    }
    names = {ALL: _("All"), WAITING: _("Taught, never assessed"), UNTAUGHT: _("Not taught yet")}
    return [
        {"name": names[show], "n": n, "url": asked.to(show="" if show == ALL else show), "current": show == asked.show}
        for show, n in counts.items()
    ]


def advice(asked: CoverageAsked, lines: Sequence[CoverageLine], *, enter_section: int | None) -> list[dict]:
    """What to do next, the most pressing first: [{text, url, link}]. enter_section: where the account may assess."""
    found = []
    waiting = sorted((line for line in lines if line.is_waiting), key=lambda line: str(line.taught_since))
    if waiting:
        n = len(waiting)
        names = ", ".join(line.label for line in waiting[:MOST_NAMED])
        text = ngettext(
            "%(n)s standard was taught and never assessed: %(names)s.",
            "%(n)s standards were taught and never assessed, longest ago %(names)s.",
            n,
        ) % {"n": n, "names": names}
        item = {"text": text, "url": asked.to(show=WAITING), "link": _("See which")}
        if enter_section is not None:
            query = urlencode([("standards", line.standard_id) for line in waiting[:MOST_NAMED]])
            item = {"text": text, "url": f"{reverse('assessment_new', args=[enter_section])}?{query}"}
            item["link"] = _("Assess them")
        found.append(item)
    planned = [line for line in lines if line.is_planned and not line.is_taught]
    if planned:
        n = len(planned)
        text = ngettext(
            "%(n)s standard is on a list and nothing has begun on it.",
            "%(n)s standards are on a list and nothing has begun on them.",
            n,
        ) % {"n": n}
        found.append({"text": text, "url": asked.to(show=UNTAUGHT), "link": _("See which")})
    nowhere = [line for line in lines if not line.is_planned and not line.is_taught]
    if nowhere:
        n = len(nowhere)
        text = ngettext(
            "%(n)s standard is on no class’s list. Put it on one, or leave it out knowingly.",
            "%(n)s standards are on no class’s list. Put them on one, or leave them out knowingly.",
            n,
        ) % {"n": n}
        found.append({"text": text, "url": asked.to(show=UNTAUGHT), "link": _("See which")})
    few = [line for line in lines if line.is_assessed and line.assessed < line.learners]
    if not found and few:
        line = max(few, key=lambda row: row.learners - row.assessed)
        n = line.learners - line.assessed
        text = ngettext(
            "Everything taught has been assessed. %(n)s student has no result on %(label)s.",
            "Everything taught has been assessed. %(n)s students have no result on %(label)s.",
            n,
        ) % {"n": n, "label": line.label}
        found.append({"text": text, "url": asked.to(at=line.standard_id), "link": _("See who")})
    return found or [{"text": _("Nothing: every standard here was taught, and every student has a result."), "url": ""}]


def domains(asked: CoverageAsked, lines: Sequence[CoverageLine], classes: Collection[int], at: str) -> list[dict]:
    """[{name, rows}] in the order of the framework; of several of one name each says its grades.

    classes: those that work with it.
    """
    found: dict[int, list[CoverageLine]] = {}
    for line in lines:
        found.setdefault(line.domain_id, []).append(line)
    names = Counter(of_it[0].domain for of_it in found.values())
    return [
        {
            "name": _say_domain(of_it, is_one=names[of_it[0].domain] == 1),
            "rows": [draw(asked, line, len(classes), at) for line in of_it],
        }
        for of_it in found.values()
    ]


def _say_domain(lines: Sequence[CoverageLine], *, is_one: bool) -> str:
    name = lines[0].domain or _("Other standards")
    grades = sorted({plain_grade(grade) for line in lines for grade in line.grades}, key=_by_age)
    return name if is_one or not grades else f"{name}, {grades_said(grades)}"


def draw(asked: CoverageAsked, line: CoverageLine, classes: int, at: str = "") -> dict[str, Any]:
    """A standard in words; `state` names it: assessed, waiting, planned or none, or pre for a pre-assessment alone."""
    return {
        "line": line,
        "taught": say_taught(line, classes),
        "assessed": say_assessed(line, classes),
        "url": asked.to(at=line.standard_id) if line.learners else "",
        "left_out": sum(line.without.values()),
        "reasons": say_beside(line.without, WHY),
        "is_open": at == str(line.standard_id),
        "label": _("%(standard)s: %(assessed)s of %(learners)s students assessed. See who is not.")
        % {"standard": line.label, "assessed": line.assessed, "learners": line.learners},
    }


def say_taught(line: CoverageLine, classes: int) -> str:
    """How, in how many of the classes, and since when; or whether it is planned."""
    if not line.is_taught:
        return _("planned") if line.is_planned else _("not yet")
    words = {GROUP: _("group"), PATH: _("path"), WORK: _("assessment")}
    hows = ", ".join(words[how] for how in words if how in line.touches)
    parts = [hows]
    if classes > 1:
        parts.append(_("%(n)s of %(classes)s classes") % {"n": len(line.taught_in), "classes": classes})
    if line.taught_since:
        parts.append(_("since %(day)s") % {"day": days.said_short(line.taught_since)})
    return " · ".join(parts)


def say_assessed(line: CoverageLine, classes: int) -> str:
    if not line.is_assessed:
        return _("pre-assessment without results") if PRE in line.touches else _("never")
    parts = []
    if classes > 1:
        parts.append(_("%(n)s of %(classes)s classes") % {"n": len(line.assessed_in), "classes": classes})
    if line.last_assessed:
        parts.append(_("last %(day)s") % {"day": days.said_short(line.last_assessed)})
    return " · ".join(parts)
