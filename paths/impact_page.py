"""What the pages of impact show of a question: its answer in words and figures, by who reads it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paths import impact_words as words
from paths.impact_words import Refusal, say_question
from paths.models import ImpactQuestion
from profiles.models import Account, School

__all__ = ["Answer", "Reader", "draw_answer", "draw_line", "read_reader", "say_question", "say_where", "usual_start"]

About = ImpactQuestion.About
WIDTH, MIDDLE, REACH = 320, 160, 140
"""Of the drawing of an interval: its middle is 0, and `REACH` units are as many points as it is scaled to."""
HEIGHT, CENTRE, STEP_REACH = 96, 44, 32


@dataclass(frozen=True)
class Reader:
    """may_list: whether the account may open the list of all learners behind the answer; else small figures are hidden.

    school_ids: of the question's schools, those whose learners the account may list.
    """

    may_list: bool
    school_ids: frozenset[int]


@dataclass(frozen=True)
class Fact:
    """points: the value as a number of points, where it is one."""

    name: str
    value: str
    points: int | None = None

    @property
    def cells(self) -> list[object]:
        """A line of a file: points as a number, since a spreadsheet would take their sign for a formula."""
        return [self.name, self.value] if self.points is None else [self.name, self.points, _("points")]


@dataclass(frozen=True)
class Answer:
    """sentence: the answer in one line, "" where there is none.    drawn: how its likely range was found.

    refusal: why not, and what to collect.

    hidden: no figure, since too few people would stand behind it for this reader.
    advice: what to do next.    growth: observed, expected and difference as facts; naive_gain: what before with after
    alone would say, beside them, and naive: why that is not it.    counts: who is behind it.    left_out: who is not,
    and why.
    interval: drawing; steps: drawing of the months of a roll-out, and `months` the same as facts.
    trend: whether schools of a roll-out went the same way before it.
    """

    sentence: str = ""
    sureness: str = ""
    drawn: str = ""
    is_preliminary: bool = False
    refusal: Refusal | None = None
    hidden: str = ""
    advice: str = ""
    growth: tuple[Fact, ...] = ()
    naive_gain: Fact | None = None
    naive: str = ""
    counts: tuple[Fact, ...] = ()
    left_out: tuple[Fact, ...] = ()
    interval: dict[str, Any] | None = None
    steps: dict[str, Any] | None = None
    trend: str = ""
    months: tuple[Fact, ...] = ()

    @property
    def in_short(self) -> str:
        """For a list of questions."""
        if self.sentence:
            return self.sentence
        return self.hidden or (_("Not enough yet. ") + self.refusal.why if self.refusal else "")

    def rows(self) -> list[Fact]:
        """All of it, a line each, for a file."""
        found = [Fact(_("Answer"), self.in_short)]
        if self.sureness:
            found.append(Fact(_("How sure"), self.sureness))
        if self.is_preliminary:
            found.append(Fact(_("Preliminary"), _("yes")))
        if self.drawn:
            found.append(Fact(_("Method"), self.drawn))
        if self.trend:
            found.append(Fact(_("Before the start"), self.trend))
        if self.advice:
            found.append(Fact(_("What to do next"), self.advice))
        naive = [self.naive_gain] if self.naive_gain else []
        found += [*self.growth, *naive, *self.counts, *self.left_out, *self.months]
        return found + [Fact(_("Collect"), line) for line in (self.refusal.collect if self.refusal else ())]


def read_reader(account: Account, question: ImpactQuestion) -> Reader:
    asked, access = frozenset(question.school_ids), account.access
    own = asked if access.is_district_admin else asked & frozenset(access.school_ids)
    return Reader(own == asked, own)


def usual_start(today: date) -> date:
    """The first of August: since the school year began, as a rule."""
    first = date(today.year, 8, 1)
    return first if first <= today else date(today.year - 1, 8, 1)


def say_where(question: ImpactQuestion) -> str:
    """The names of up to three schools, else how many. One statement."""
    schools = School.objects.filter(district_id=question.district_id)
    names = list(schools.filter(pk__in=question.school_ids).values_list("name", flat=True))
    n = len(question.school_ids)
    return ", ".join(names) if n <= 3 else ngettext("%(n)s school", "%(n)s schools", n) % {"n": n}


def draw_line(question: ImpactQuestion, reader: Reader) -> dict[str, Any]:
    """A question in a list."""
    said = ""
    if question.is_answered:
        said = draw_answer(question, reader).in_short
    elif question.job is not None and question.job.error:
        said = question.job.error
    return {"question": question, "title": say_question(question), "said": said or _("Being worked out.")}


def draw_answer(question: ImpactQuestion, reader: Reader) -> Answer:
    found = question.answer
    if not reader.may_list and (hidden := _hidden(found, reader)):
        return Answer(hidden=hidden)
    is_roll_out = question.about == About.ROLL_OUT
    left_out = _left_out(found, is_roll_out=is_roll_out) if reader.may_list else ()
    counts = _counted_months(found) if is_roll_out else _counts(question, found, reader)
    months = _months(found) if is_roll_out else ()
    steps = _steps(found["steps"]) if is_roll_out else None
    trend = words.say_trend(found["steps"], found["effect"]) if is_roll_out else ""
    if found["refused"]:
        refusal = words.say_refusal(question, found)
        if not reader.may_list:  # its figures may be small
            refusal = Refusal(_("There is too little to compare yet."), refusal.collect)
        return Answer(refusal=refusal, counts=counts, left_out=left_out, steps=steps, months=months, trend=trend)
    effect = found if is_roll_out else found["effect"]
    middle, lo, hi = effect["effect"], effect["lo"], effect["hi"]
    return Answer(
        sentence=words.say_effect(question, middle, lo, hi),
        sureness=words.say_sureness(lo, hi),
        drawn=words.say_drawn(question, "" if is_roll_out else effect["drawn_by"]),
        is_preliminary=found["is_preliminary"] if is_roll_out else effect["drawn_by"] == "learner",
        advice=words.say_next(question, lo, hi, found.get("without_later", 0) if reader.may_list else 0),
        growth=() if is_roll_out else _growth(question, effect),
        naive_gain=None if is_roll_out else _naive_gain(effect),
        naive="" if is_roll_out else _naive(question),
        counts=counts,
        left_out=left_out,
        interval=_interval(middle, lo, hi),
        steps=steps,
        months=months,
        trend=trend,
    )


def _hidden(found: dict[str, Any], reader: Reader) -> str:
    """Why a reader who may not list everybody reads no figure; "" where enough others are behind it.

    A figure of all schools and one of the own school give the others away, so those must be none or enough too.
    """
    minimum = found["minimum_n"]
    for place in (0, 1):
        everybody = sum(people[place] for people in found.get("by_school", {}).values())
        own = sum(found["by_school"].get(str(school), [0, 0])[place] for school in reader.school_ids)
        if not _is_enough(everybody, minimum) or not _is_enough(everybody - own, minimum):
            return _("Fewer than %(n)s students of other schools are behind it, so it is not shown here.") % {
                "n": minimum
            }
    return ""


def _is_enough(n: int, minimum: int) -> bool:
    return n == 0 or n >= minimum


def _counts(question: ImpactQuestion, found: dict[str, Any], reader: Reader) -> tuple[Fact, ...]:
    who, without = words.who_had(question), words.who_had_not(question)
    if not reader.may_list:
        had, had_not = (sum(people[place] for people in found["by_school"].values()) for place in (0, 1))
        sides = ((who, had), (_("Students %(without)s") % {"without": without}, had_not))
        return tuple(Fact(name, _say_about(n, found["minimum_n"])) for name, n in sides)
    classes = ngettext("%(n)s class", "%(n)s classes", found["sections"]) % {"n": found["sections"]}
    return (
        Fact(who, _say_people(found["learners"], found["matched"])),
        Fact(
            _("Similar students %(without)s") % {"without": without},
            _say_people(found["compared_learners"], found["compared"]),
        ),
        Fact(_("From"), classes),
    )


def _say_about(n: int, minimum: int) -> str:
    """To the nearest multiple of the smallest n: the same question of another day, or of one kind of what all kinds
    are asked about, would tell by its exact count of the few by whom both differ."""
    return _("about %(n)s") % {"n": minimum * round(n / minimum)}


def _say_people(people: int, units: int) -> str:
    """Students, and how often they count: once for each standard."""
    said = ngettext("%(n)s student", "%(n)s students", people) % {"n": people}
    if units == people:
        return said
    return _("%(said)s, %(units)s times a standard") % {"said": said, "units": units}


def _left_out(found: dict[str, Any], *, is_roll_out: bool) -> tuple[Fact, ...]:
    """Answers from before these were counted for roll-outs say nothing of them."""
    if is_roll_out:
        facts = [
            (_("Left out: months of a student on a standard with one or two results"), found.get("few", 0)),
            (_("Left out: three results, in the month in which the school began"), found.get("split", 0)),
        ]
        return tuple(Fact(name, str(n)) for name, n in facts if n)
    facts = [
        (_("Left out: began, with fewer than three results since"), found["without_later"]),
        (_("Left out: began without a result before"), found["without_before"]),
        (_("Left out: began, and nobody similar went without"), found["unmatched"]),
        (_("Left out: had it, or something of its kind, at another time"), found["elsewhere"]),
    ]
    return tuple(Fact(name, str(n)) for name, n in facts if n)


def _growth(question: ImpactQuestion, effect: dict[str, Any]) -> tuple[Fact, ...]:
    """What they rose by, what similar students let expect, and the difference; whole points that add up."""
    total, difference = words.rounded(effect["observed"]), words.rounded(effect["effect"])
    return (
        _in_points(_("Their scores rose by"), total),
        _in_points(
            _("Expected %(without)s, from similar students") % {"without": words.who_had_not(question)},
            total - difference,
        ),
        _in_points(_("Difference"), difference),
    )


def _naive_gain(effect: dict[str, Any]) -> Fact:
    return _in_points(_("Before and after alone, with nobody to compare"), words.rounded(effect["naive"]))


def _naive(question: ImpactQuestion) -> str:
    return _(
        "Before and after alone is not what it did: who is picked after low results has higher ones next time anyway,"
        " since low results are partly chance, and everybody is taught meanwhile. Similar students %(without)s show how"
        " much of it comes anyway. It is of all who began, the lines above it of those who could be compared."
    ) % {"without": words.who_had_not(question)}


def _counted_months(found: dict[str, Any]) -> tuple[Fact, ...]:
    return (
        Fact(_("Students"), str(found["learners"])),
        Fact(_("Students on a standard in a month"), str(found["units"])),
        Fact(_("Schools"), str(found["schools"])),
        Fact(_("Schools that began in these months"), str(found["begun"])),
    )


def _months(found: dict[str, Any]) -> tuple[Fact, ...]:
    return tuple(_in_points(_say_month(step["months"]), words.rounded(step["above"])) for step in found["steps"])


def _say_month(months: int) -> str:
    if months < 0:
        return ngettext("%(n)s month before", "%(n)s months before", -months) % {"n": -months}
    return _("first whole month") if not months else _("month %(n)s") % {"n": months + 1}


def _in_points(name: str, points: int) -> Fact:
    return Fact(name, ngettext("%(n)s point", "%(n)s points", abs(points)) % {"n": words.signed(points)}, points)


def _interval(middle: float, lo: float, hi: float) -> dict[str, Any]:
    """Along a line with 0 in its middle, scaled to whole fives of points."""
    reach = max(10, 5 * -(-max(abs(lo), abs(hi), abs(middle)) // 5))
    x = lambda points: round(MIDDLE + REACH * points / reach, 1)
    return {
        "width": WIDTH,
        "middle": MIDDLE,
        "x_lo": x(lo),
        "x_hi": x(hi),
        "x_effect": x(middle),
        "x_left": MIDDLE - REACH,
        "x_right": MIDDLE + REACH,
        "lo": words.signed(lo),
        "hi": words.signed(hi),
        "effect": words.signed(middle),
        "left": words.signed(-reach),
        "right": words.signed(reach),
    }


def _steps(steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Dots by months since the start, and the line between the last month before and the first after it."""
    if not steps:
        return None
    reach = max(5, *(abs(step["above"]) for step in steps))
    gap = (WIDTH - 40) / max(len(steps) - 1, 1)
    dots = [
        {
            "x": round(20 + gap * place, 1),
            "y": round(CENTRE - STEP_REACH * step["above"] / reach, 1),
            "is_before": step["months"] < 0,
            "name": str(step["months"]) if step["months"] < 0 else f"+{step['months']}",
        }
        for place, step in enumerate(steps)
    ]
    before = [dot["x"] for dot in dots if dot["is_before"]]
    start = round(before[-1] + gap / 2, 1) if before and len(before) < len(dots) else None
    line = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
    return {"width": WIDTH, "height": HEIGHT, "centre": CENTRE, "dots": dots, "line": line, "start": start}
