"""What the page of practice shows, in words: what to do next, a row for each school or subgroup, a cell a measure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from assessments.left_out_words import columns, headings, say_reasons, say_students
from assessments.models import Group
from assessments.services.minimums import Minimums
from assessments.services.published import say_share
from assessments.suppression import coarse_share
from paths.forms.practice import BY_SUBGROUP, PracticeScope
from paths.outside_words import OUTSIDE, SMALL, SMALL_GRADE, count_outside, join_reasons, say_small
from paths.services.practice import (
    ANSWERED,
    CHECK_IN,
    CHOICE,
    CONFERENCE,
    GOAL,
    OFFERED,
    PLACE,
    Practice,
    PracticeRow,
    Reached,
    enough_together,
    reached,
)
from paths.subgroup_words import ALL, say_by, say_where, subgroups

EXTEND = Group.Purpose.EXTEND.value
LISTED = (GOAL, CHECK_IN, CHOICE, CONFERENCE, ANSWERED, OFFERED, PLACE)
"""Administrators may list whom these have not reached; kinds of groups are listed to a class's own teachers alone."""
MEASURES = (*LISTED, EXTEND)
HEADINGS = {
    GOAL: _later("A goal that is live"),
    CHECK_IN: _later("A check-in in 14 days"),
    CHOICE: _later("A choice made"),
    CONFERENCE: _later("A conference"),
    ANSWERED: _later("Requests to try again answered"),
    OFFERED: _later("A choice board"),
    PLACE: _later("A place to work"),
    EXTEND: _later("A group to extend"),
}
LISTS = {
    GOAL: _later("No goal is live"),
    CHECK_IN: _later("No check-in in 14 days"),
    CHOICE: _later("No choice made this term"),
    CONFERENCE: _later("No conference this term"),
    ANSWERED: _later("A request to try again waits"),
    OFFERED: _later("No choice board this term"),
    PLACE: _later("No place besides the classroom this term"),
}
NEXT = (ANSWERED, GOAL, CHECK_IN, CONFERENCE, CHOICE, OFFERED)
"""In the order in which something is to be done about them: who waits for an answer comes first."""
MOST_NEXT = 3


@dataclass(frozen=True)
class PracticeCell:
    """said: the share in words.    found: behind it; None where it is told as to those who may not list anybody.

    n: people, or requests; None where it is hidden.    url: opens who is missing, "" where nobody is listed.
    """

    measure: str
    said: str
    n: int | None
    found: Reached | None
    label: str = ""
    url: str = ""
    is_open: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class PracticeLine:
    """outside: who of it is in no class today, by reason.    small: who is left out of EXTEND, by a small grade."""

    key: str
    name: str
    learners: int
    cells: list[PracticeCell]
    outside: Counter[int]
    small: int
    is_total: bool = False

    @property
    def left_out(self) -> int:
        return self.outside.total()

    @property
    def reasons(self) -> str:
        """Why they are left out; and of the figure that leaves out more, how many."""
        return join_reasons(say_reasons(self.outside, OUTSIDE), HEADINGS[EXTEND], say_small(self.small))

    def cell(self, measure: str) -> PracticeCell | None:
        return next((cell for cell in self.cells if cell.measure == measure), None)


def say_exactly(found: Reached) -> str:
    return _("%(share)s %%") % {"share": round(100 * found.reached / found.n)} if found.n else "–"


def draw_lines(scope: PracticeScope, practice: Practice, at: str, *, minimums: Minimums) -> list[PracticeLine]:
    """The total first, then the others where there is more than one. minimums: smallest n of what is not listed."""
    others = subgroups(scope, practice.rows)
    if len(others) < 2 and scope.by != BY_SUBGROUP:
        others = []
    outside = {key: count_outside(rows) for key, _name, rows in subgroups(scope, practice.left_out)}
    outside[ALL] = count_outside(practice.left_out)
    groups = [(ALL, say_where(scope), practice.rows), *others]
    return [_line(scope, one, practice.rows, at, minimums, outside.get(one[0], Counter())) for one in groups]


def _line(
    scope: PracticeScope,
    group: tuple[str, str, list[PracticeRow]],
    everybody: Sequence[PracticeRow],
    at: str,
    minimums: Minimums,
    outside: Counter[int],
) -> PracticeLine:
    key, name, rows = group
    cells = [_cell(scope, key, name, measure, reached(rows, measure), at) for measure in LISTED]
    ids = {row.learner_id for row in rows}
    told = [row for row in enough_together(everybody, minimums, apart=ids) if row.learner_id in ids]
    least = minimums.largest({row.school_id for row in rows})
    extend = _unlisted(EXTEND, reached(told, EXTEND), len(rows), least)
    return PracticeLine(key, name, len(rows), [*cells, extend], outside, len(rows) - len(told), key == ALL)


def _unlisted(measure: str, found: Reached, learners: int, minimum: int) -> PracticeCell:
    """As who may not list anybody reads it."""
    if found.n:
        return PracticeCell(measure, say_share(*coarse_share(found.reached, found.n, found.n)), found.n, None)
    is_hidden = learners > 0
    return PracticeCell(measure, _("n < %(n)s") % {"n": minimum} if is_hidden else "–", None, None, is_hidden=is_hidden)


def _cell(scope: PracticeScope, key: str, name: str, measure: str, found: Reached, at: str) -> PracticeCell:
    here = f"{key}.{measure}"
    label = _("%(name)s, %(measure)s: %(n)s of %(of)s. See who is missing.") % {
        "name": name,
        "measure": HEADINGS[measure],
        "n": found.reached,
        "of": found.n,
    }
    url = scope.to("practice", at=here) if found.missing else ""
    return PracticeCell(measure, say_exactly(found), found.n, found, label, url, at == here)


def say_outside(line: PracticeLine) -> str:
    """Above the list of a figure: who is in neither part of it."""
    return say_students(line.outside, OUTSIDE)


def advice(scope: PracticeScope, total: PracticeLine) -> list[dict]:
    """What to do next: [{text, url, link}]; about practice, never about who teaches."""
    found = []
    for measure in NEXT:
        cell = total.cell(measure)
        n = len(cell.found.missing) if cell and cell.found else 0
        if cell and n:
            found.append({"text": _say_missing(measure, n, total.learners), "url": cell.url, "link": _("See who")})
    if not found:
        text = _("Nothing is missing: every student has a goal, a check-in, a choice and a conference.")
        return [{"text": text, "url": "", "link": ""}]
    return found[:MOST_NEXT]


def _say_missing(measure: str, n: int, learners: int) -> str:
    of = {"n": n, "of": learners}
    if measure == ANSWERED:
        waiting = ngettext("%(n)s student waits", "%(n)s students wait", n) % of
        return _("%(waiting)s for an answer to a request to try again. Ask the teachers to open places this week.") % {
            "waiting": waiting
        }
    words = {
        GOAL: _("%(n)s of %(of)s students have no live goal. Plan half an hour for goals in their classes."),
        CHECK_IN: _("%(n)s of %(of)s students have not checked in for 14 days. Make it the first minute of a lesson."),
        CONFERENCE: _("%(n)s of %(of)s students have had no conference this term. Free time in the schedule for them."),
        CHOICE: _("%(n)s of %(of)s students have made no choice this term. Look whether they were offered any."),
        OFFERED: _("%(n)s of %(of)s students have no choice board on a path. Share a template that has one."),
    }
    return words[measure] % of


def csv_rows(scope: PracticeScope, lines: Sequence[PracticeLine], *, now: str) -> list[list[object]]:
    """A line for each figure; what is hidden on the page is hidden here, in the same words."""
    heading: list[object] = [
        say_by(scope.by),
        _("Measure"),
        _("Share"),
        _("Reached"),
        _("n"),
        *headings(OUTSIDE | SMALL),
        _("As of"),
    ]
    rows = [heading]
    for line in lines:
        for cell in line.cells:
            small = line.small if cell.measure == EXTEND else 0
            out = columns(line.outside + Counter({SMALL_GRADE: small}), OUTSIDE | SMALL)
            counts = [cell.found.reached if cell.found else "", "" if cell.n is None else cell.n]
            rows.append([line.name, str(HEADINGS[cell.measure]), cell.said, *counts, *out, now])
    return rows
