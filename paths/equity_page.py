"""What the page of equity shows, in words: what to do next, a row for each school or subgroup, a cell a measure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from assessments.impact.gaps import Gap
from assessments.impact.matched import (
    FEW_COMPARED,
    FEW_LEARNERS,
    FEW_SECTIONS,
    FEWEST_COMPARED,
    FEWEST_LEARNERS,
    FEWEST_SECTIONS,
)
from assessments.left_out_words import WORDS, columns, headings, say_reasons
from assessments.models import Group
from assessments.receipt_words import join_methods
from assessments.services.minimums import Minimums
from assessments.services.policies import Policies
from assessments.services.published import say_share
from assessments.suppression import coarse_share
from paths.forms.practice import BY_SUBGROUP, PracticeScope
from paths.outside_words import OUTSIDE, SMALL, SMALL_GRADE, count_outside, join_reasons
from paths.services.equity import DAYS, LEVELS, MEASURES, SHARES, EquityRow, Figure, Levels, compare
from paths.services.practice import BLOCK, CHOICE, OFFERED, OWN, PLACE, Practice, enough_together
from paths.subgroup_words import ALL, say_by, say_where, subgroups

Purpose = Group.Purpose
HEADINGS = {
    Purpose.RETEACH.value: _later("Reteach"),
    Purpose.PRACTISE.value: _later("Practice"),
    Purpose.EXTEND.value: _later("Extend"),
    Purpose.MIX.value: _later("Mix"),
    OWN: _later("Own path"),
    BLOCK: _later("Tutoring block"),
    OFFERED: _later("A choice board"),
    CHOICE: _later("A choice made"),
    PLACE: _later("A place to work"),
    LEVELS: _later("Standards met"),
}
SPANS = (
    (_later("Days this term in a group, each student on average"), len(DAYS)),
    (_later("Share of students with"), len(SHARES)),
    (_later("Levels"), 1),
)
LESS = (LEVELS, Purpose.EXTEND.value, OFFERED, CHOICE, PLACE)
"""Having less of these is worth a question; more days of reteaching are too. In the order of the page's advice."""
NEXT = (Purpose.RETEACH.value, *LESS)
MOST_NEXT = 4
LEVELLESS = 100
"""What is added to a reason of having no level, so that it is none of being in no class."""


@dataclass(frozen=True)
class EquityCell:
    """said: the mean in words, "" where there is none.    gap: the difference and its likely range, in words or ""."""

    measure: str
    heading: str
    said: str
    gap: str
    n: int
    figure: Figure


@dataclass(frozen=True)
class EquityLine:
    """learners: all of them, those who are left out too.    refused: why nothing, or no difference, is said.

    outside: who of it is in no class today, by reason.
    """

    key: str
    name: str
    learners: int
    row: EquityRow
    cells: list[EquityCell]
    refused: str
    outside: Counter[int]
    is_total: bool = False

    @property
    def left_out(self) -> Counter[int]:
        """By reason, of every figure; of that of levels there are `row.without` more."""
        return self.outside + Counter({SMALL_GRADE: self.row.left_out})

    @property
    def n_left_out(self) -> int:
        return self.left_out.total()

    @property
    def reasons(self) -> str:
        said = say_reasons(self.left_out, OUTSIDE | SMALL)
        return join_reasons(said, HEADINGS[LEVELS], say_reasons(self.row.without))


def draw_lines(scope: PracticeScope, practice: Practice, levels: Levels, *, minimums: Minimums) -> list[EquityLine]:
    """Everybody first, then each school or subgroup beside all others, where there is more than one."""
    rows = practice.rows
    others = subgroups(scope, rows)
    if len(others) < 2 and scope.by != BY_SUBGROUP:
        others = []
    groups = [[row.learner_id for row in found] for _key, _name, found in others]
    everybody, *compared = compare(rows, groups, levels, minimums=minimums)
    outside = {key: count_outside(found) for key, _name, found in subgroups(scope, practice.left_out)}
    outside[ALL] = count_outside(practice.left_out)
    lines = [_line(ALL, say_where(scope), len(rows), everybody, outside[ALL])]
    for (key, name, found), row in zip(others, compared, strict=True):
        lines.append(_line(key, name, len(found), row, outside.get(key, Counter())))
    return lines


def _line(key: str, name: str, learners: int, row: EquityRow, outside: Counter[int]) -> EquityLine:
    cells = [_cell(measure, row.figures[measure]) for measure in MEASURES]
    return EquityLine(key, name, learners, row, cells, _say_refused(row), outside, key == ALL)


def say_methods_behind(
    practice: Practice,
    levels: Levels,
    policies: Policies,
    titles: Mapping[int, str],
    *,
    schools: Mapping[int, str],
    minimums: Minimums,
    on: date,
) -> str:
    """How the levels behind the figures came about; "" without any. Nothing of grades with too few is in it.

    titles: of frameworks; schools: names, by id.
    """
    told = enough_together(practice.rows, minimums)
    frameworks = {one for row in told for one in levels.frameworks.get(row.learner_id, ())}
    here = {row.school_id: schools[row.school_id] for row in told}
    named = sorted(frameworks, key=lambda one: titles[one])
    return join_methods((titles[one], policies.mixed(one, on, here)) for one in named)


def _cell(measure: str, figure: Figure) -> EquityCell:
    heading = str(HEADINGS[measure])
    if figure.mean is None:
        return EquityCell(measure, heading, "", "", figure.n, figure)
    return EquityCell(measure, heading, _say_mean(measure, figure), _say_gap(measure, figure), figure.n, figure)


def _say_mean(measure: str, figure: Figure) -> str:
    assert figure.mean is not None
    if measure in DAYS:
        return str(round(figure.mean)) if figure.mean >= 0.5 else _("< 1")
    if measure == LEVELS:
        return _("%(share)s %%") % {"share": round(100 * figure.mean)}
    return say_share(*coarse_share(round(figure.mean * figure.n), figure.n, figure.n))


def is_told(measure: str, figure: Figure) -> bool:
    """Whether the difference is: beside a share that is told as a range it would say more than the share."""
    if figure.gap is None or figure.mean is None:
        return False
    if measure not in SHARES:
        return True
    least, most = coarse_share(round(figure.mean * figure.n), figure.n, figure.n)
    return least == most


def _say_gap(measure: str, figure: Figure) -> str:
    if figure.gap is None or not is_told(measure, figure):
        return ""
    gap, lo, hi = (signed(end) for end in ends(measure, figure.gap))
    return _("%(gap)s (%(lo)s to %(hi)s)") % {"gap": gap, "lo": lo, "hi": hi}


def ends(measure: str, gap: Gap) -> tuple[int, int, int]:
    """The gap and its range: whole days, or whole points of 100."""
    times = 1 if measure in DAYS else 100
    return round(times * gap.gap), round(times * gap.lo), round(times * gap.hi)


def signed(n: int) -> str:
    """With a sign that is one: −3, 0, +4."""
    return f"+{n}" if n > 0 else f"\u2212{-n}" if n else "0"


def _say_refused(row: EquityRow) -> str:
    if row.n < row.least:
        return _("n < %(n)s, so nothing is said.") % {"n": row.least}
    reasons = {
        FEW_LEARNERS: _("No differences: fewer than %(n)s students.") % {"n": FEWEST_LEARNERS},
        FEW_COMPARED: _("No differences: fewer than %(n)s others.") % {"n": FEWEST_COMPARED},
        FEW_SECTIONS: _("No differences: fewer than %(n)s classes here or among the others.") % {"n": FEWEST_SECTIONS},
    }
    return reasons.get(row.figures[MEASURES[0]].refused, "")


def say_all_refused(lines: Sequence[EquityLine]) -> str:
    """The reason that every row but that of everybody has, to be said once; "" where they differ."""
    reasons = {line.refused for line in lines if not line.is_total}
    return reasons.pop() if len(reasons) == 1 else ""


def is_empty(lines: Sequence[EquityLine]) -> bool:
    """Whether there were no groups, no choices and no levels at all."""
    return not lines or not lines[0].learners or not any(cell.figure.mean for cell in lines[0].cells)


def advice(lines: Sequence[EquityLine]) -> list[dict]:
    """What to do next: [{text, url, link}]. Only of differences beyond chance; never about who teaches."""
    others = [line for line in lines if not line.is_total]
    found = [
        _say_next(measure, line, cell.figure.gap)
        for measure in NEXT
        for line in others
        for cell in line.cells
        if cell.measure == measure and cell.figure.gap and _asks(measure, cell.figure)
    ]
    if found:
        return [{"text": text, "url": "", "link": ""} for text in found[:MOST_NEXT]]
    compared = any(cell.figure.gap for line in others for cell in line.cells)
    text = _("Nobody stands apart beyond chance. Look again when the next groups have been accepted.")
    if not compared:
        text = _(
            "There is nobody to compare yet: it takes %(n)s students from %(classes)s classes, and as many classes"
            " among the others. Until then read the averages, and ask whoever knows the students."
        ) % {"n": FEWEST_LEARNERS, "classes": FEWEST_SECTIONS}
    return [{"text": text, "url": "", "link": ""}]


def _asks(measure: str, figure: Figure) -> bool:
    """Whether the whole range, as it is told in round figures, lies on one side of 0: on the side that asks."""
    if figure.gap is None or not is_told(measure, figure):
        return False
    _gap, lo, hi = ends(measure, figure.gap)
    return hi < 0 if measure in LESS else lo > 0


def _say_next(measure: str, line: EquityLine, gap: Gap) -> str:
    by, *likely = (abs(end) for end in ends(measure, gap))
    least, most = sorted(likely)
    days = ngettext("%(n)s day", "%(n)s days", by) % {"n": by}
    points = ngettext("%(n)s point", "%(n)s points", by) % {"n": by}
    said = {"who": line.name, "days": days, "points": points, "lo": least, "hi": most}
    words = {
        Purpose.RETEACH.value: _(
            "%(who)s: %(days)s more in groups to reteach than the others (likely %(lo)s to %(hi)s). Ask which standards"
            " these groups are made by, and plan when they end."
        ),
        LEVELS: _(
            "%(who)s: %(points)s fewer standards met than the others (likely %(lo)s to %(hi)s). Look under Levels in"
            " which domain, and whether the groups there reach them."
        ),
        Purpose.EXTEND.value: _(
            "%(who)s: %(days)s fewer in groups to extend than the others (likely %(lo)s to %(hi)s). Look whether work"
            " that goes further is offered there at all."
        ),
        OFFERED: _(
            "%(who)s: %(points)s fewer have a choice board than of the others (likely %(lo)s to %(hi)s). Share a"
            " template that has one."
        ),
        CHOICE: _(
            "%(who)s: %(points)s fewer have made a choice than of the others (likely %(lo)s to %(hi)s). Ask what they"
            " could choose."
        ),
        PLACE: _(
            "%(who)s: %(points)s fewer have had a place besides the classroom than of the others (likely %(lo)s to"
            " %(hi)s). Look which places are open to them."
        ),
    }
    return words[measure] % said


def csv_rows(scope: PracticeScope, lines: Sequence[EquityLine], *, methods: str, now: str) -> list[list[object]]:
    """A line for each figure, as the page tells it; a difference with the ends of its likely range."""
    reasons = OUTSIDE | SMALL | {LEVELLESS + why: word for why, word in WORDS.items()}
    heading: list[object] = [say_by(scope.by), _("Measure"), _("Unit"), _("Average"), _("n"), _("Difference")]
    heading += [_("Likely from"), _("to"), _("Refused"), *headings(reasons), _("Method"), _("As of")]
    rows = [heading]
    for line in lines:
        for cell in line.cells:
            unit = _("days") if cell.measure in DAYS else _("share")
            gap = cell.figure.gap if is_told(cell.measure, cell.figure) else None
            told: Sequence[object] = ends(cell.measure, gap) if gap else ("", "", "")
            n = cell.n if cell.said else ""
            without = {LEVELLESS + why: n for why, n in line.row.without.items()} if cell.measure == LEVELS else {}
            out = columns(line.left_out + Counter(without), reasons)
            method = methods if cell.measure == LEVELS else ""
            rows.append([line.name, cell.heading, unit, cell.said, n, *told, line.refused, *out, method, now])
    return rows
