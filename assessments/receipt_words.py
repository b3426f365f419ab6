"""A receipt's numbers as people read them: staff every digit, learners and families two decimals that add up."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.mastery.lowered import CURVE, EXPECTED_LESS, REST_AVERAGED
from assessments.mastery.receipt import Receipt, Term
from assessments.mastery.rounding import round_micro, to_micro
from assessments.mastery.sureness import NEWER_RESULTS_DISAGREE, SURE, Sureness
from assessments.services.policies import InForce
from assessments.services.receipts import LevelAccount, Named
from lrm import days
from lrm.drawing import height_of

MICRO = Decimal(1_000_000)

LEFT_OUT = {
    "excused": lambda: _("excused, not counted"),
    "not_seen": lambda: _("not seen, not counted"),
    "earlier_try": lambda: _("earlier try, not counted"),
    "no_weight": lambda: _("practice only, not counted"),
    "not_used_by_method": lambda: _("not used by this method"),
    "in_override": lambda: _("before a teacher set the level, which stands for it"),
}
METHODS = {
    "decaying": lambda share, times: _("Newest counts most, %(share)s %%") % {"share": share},
    "weighted": lambda share, times: (
        _("Newest counts %(share)s %%, the mean of the rest the other part") % {"share": share}
    ),
    "latest": lambda share, times: _("Newest only"),
    "highest": lambda share, times: _("Highest"),
    "mean": lambda share, times: _("Mean of all"),
    "mode": lambda share, times: _("Most frequent, of equals the later"),
    "n_times": lambda share, times: (
        ngettext(
            "Mean of what reached mastery, once it was reached %(times)s time",
            "Mean of what reached mastery, once it was reached %(times)s times",
            times,
        )
        % {"times": times}
    ),
    "power_law": lambda share, times: _("Power law: one curve through all results, read at the newest"),
    "tree": lambda share, times: _(
        "Evidence tree: what is expected next, from these results and other work in the subject up to the newest"
    ),
}
LOWERED = {
    REST_AVERAGED: lambda: _(
        "The newest result, %(points)s, is above the %(before)s before it, and the level still fell to %(after)s: "
        "the %(earlier)s before it no longer counts as the newest (%(share)s %%), but as one of all the earlier ones."
    ),
    CURVE: lambda: _(
        "The newest result, %(points)s, is above the %(before)s before it, and the level still fell to %(after)s: "
        "the curve goes through all results in their order, and with this one it falls further."
    ),
    EXPECTED_LESS: lambda: _(
        "The newest result, %(points)s, is above the %(before)s before it, and the level still fell to %(after)s: "
        "other work in the subject, or the time since the result before it, had lowered what is expected."
    ),
}
TERMS = {
    "usual": lambda own: _("What students here usually show"),
    "other_work": lambda own: _("Your other work in this subject") if own else _("Other work in this subject"),
    "override": lambda own: _("What a teacher set before these results"),
    "practice": lambda own: _("Practice by trying"),
}
VERDICTS = {
    "work_agrees": lambda: _("Other work and these results agree."),
    "set_by_teacher": lambda: _("A teacher has set this level."),
    "newer_results_disagree": lambda: _("Newer results disagree with the level that was set."),
    "no_result": lambda: _("There is no result yet."),
    "one_result": lambda: _("There is one result only."),
    "old_evidence": lambda: _("The newest result is some time ago."),
    "other_work_lower": lambda: _("Other work points lower."),
    "other_work_higher": lambda: _("Other work points higher."),
    "not_settled": lambda: _("The results have not settled yet."),
}


def plain(value: Decimal | None) -> str:
    """A decimal without trailing zeros, in the reader's format: 3.447875, 2.6, 4."""
    if value is None:
        return ""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    decimals = len(text.partition(".")[2])
    return number_format(Decimal(text), decimals, use_l10n=True)


def _two(micro: int) -> str:
    """Two decimals, half up; Django's own formatting would cut them off."""
    return number_format(Decimal(round_micro(micro, 2)) / 100, 2)


def say_lines(account: LevelAccount, *, exact: bool, own: bool = False) -> dict:
    """value, together and lines (day, title, level, mark, share, whole, fraction, note), all as text.

    terms: parts that are no result, newest first (words, whole, fraction); own: the reader is the learner.
    """
    receipt = account.receipt
    if receipt is None:
        return {"value": "", "value_short": "", "counted": [], "terms": [], "left_out": [], "method": ""}
    unit = Decimal(10) ** receipt.short_places
    short = None if receipt.value_short is None else Decimal(receipt.value_short) / unit
    value = None if receipt.value_micro is None else Decimal(receipt.value_micro) / MICRO
    shown = value if exact else short
    places = None if exact else receipt.short_places

    def part_of(line: Named | Term) -> dict:
        if line.part_micro is None:
            return _split(None, places)
        return _split(Decimal(line.part_micro) / MICRO if exact else Decimal(line.part_short or 0) / unit, places)

    counted = [_named(line) | {"share": _percent(line.share), **part_of(line)} for line in account.lines]
    terms = [{"words": TERMS[term.kind](own), **part_of(term)} for term in reversed(receipt.terms)]
    share = _percent(account.policy.parameters.newest_weight).removesuffix(" %")
    times = account.policy.parameters.times
    return {
        "value": plain(value),
        "value_short": "" if short is None else number_format(short, receipt.short_places),
        "together": _split(shown, places),
        "in_shares": receipt.power_sums is None and not terms,
        "terms": terms,
        "sums": _say_sums(receipt) if exact else "",
        "lowered": _say_lowered(receipt, share),
        "waiting": _say_waiting(receipt, times),
        "counted": counted,
        "left_out": [_named(out) | {"why": LEFT_OUT[out.reason]()} for out in account.left_out],
        "bounds": _say_bounds(receipt, account.policy),
        "method": say_method_of(account),
        "n": len(counted),
    }


def say_method_of(account: LevelAccount) -> str:
    """With the school whose own way it is."""
    said = say_method(account.policy)
    facts = {"method": said, "school": account.school}
    return _("%(method)s, as %(school)s has decided") % facts if account.school else said


def say_method(policy: InForce) -> str:
    """The method in force, with its parameters: "Newest counts most, 65 %".

    Of figures of several schools those of their own too: "Newest counts most, 65 %; Highest (Maple)".
    """
    if not policy.mix:
        return _say_one(policy)
    names: dict[str, list[str]] = {}
    for own in policy.mix:
        names.setdefault(_say_one(own.policy), []).append(own.name)
    said = [_say_one(policy)] if policy.is_used else []
    return "; ".join([*said, *(f"{method} ({_say_some(of)})" for method, of in names.items())])


NAMED = 3
"""Schools that are named; of more it is said how many."""


def _say_some(names: list[str]) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return ngettext("%(n)s school", "%(n)s schools", len(names)) % {"n": len(names)}


def _say_one(policy: InForce) -> str:
    share = _percent(policy.parameters.newest_weight).removesuffix(" %")
    return METHODS[policy.method.name](share, policy.parameters.times)


def join_methods(named: Iterable[tuple[str, InForce]]) -> str:
    """The method of all of them; where they differ with those whose it is: "Newest counts most, 65 % (Fractions)"."""
    found: dict[str, list[str]] = {}
    for name, policy in named:
        found.setdefault(say_method(policy), []).append(name)
    if len(found) == 1:
        return next(iter(found))
    return "; ".join(f"{method} ({', '.join(of)})" for method, of in found.items())


def _say_bounds(receipt: Receipt, policy: InForce) -> str:
    """The level that the value stands at, and from where to where it reaches; "" without one."""
    level = receipt.computed_level
    if level is None:
        return ""
    low, high = (None if b is None else plain(Decimal(b) / MICRO) for b in receipt.bounds_micro)
    facts = {"level": level, "word": policy.words[level - 1], "low": low, "high": high}
    if low and high:
        reach = _("%(level)s %(word)s (%(low)s up to %(high)s)") % facts
    else:
        reach = (_("%(level)s %(word)s (from %(low)s)") if low else _("%(level)s %(word)s (up to %(high)s)")) % facts
    whole = policy.parameters.whole
    return (_("By the whole part: %(reach)s.") if whole else _("Nearest level: %(reach)s.")) % {"reach": reach}


def _say_lowered(receipt: Receipt, share: str) -> str:
    """Why the level fell after a result above it; "" where it did not."""
    found = receipt.lowered
    if found is None:
        return ""
    return LOWERED[found.why]() % {
        "points": plain(Decimal(repr(found.points))),
        "earlier": plain(Decimal(repr(found.earlier_points))),
        "before": _two(found.before_micro),
        "after": _two(found.after_micro),
        "share": share,
    }


def _say_waiting(receipt: Receipt, times: int) -> str:
    """How often mastery was reached, where a level waits for it; else ""."""
    if receipt.times_reached is None or receipt.value_micro is not None or not receipt.points:
        return ""
    return _("Mastery was reached %(reached)s of %(times)s times. A level shows from then on.") % {
        "reached": receipt.times_reached,
        "times": times,
    }


def _say_sums(receipt: Receipt) -> str:
    """The five sums of the power law, from which its value follows; "" for other methods."""
    sums = receipt.power_sums
    if sums is None or not sums.n:
        return ""
    decimals = {
        name: number_format(Decimal(to_micro(value)) / MICRO, 6)
        for name, value in sums._asdict().items()
        if name != "n"
    }
    return _(
        "n = %(n)s, Σ ln j = %(ln_j)s, Σ ln² j = %(ln_j_squared)s, Σ ln x = %(ln_x)s, Σ ln j · ln x = %(ln_j_ln_x)s; "
        "j counts the results, x are their points."
    ) % {"n": sums.n, **decimals}


def _named(line: Named) -> dict:
    mark = ""
    if line.possible is not None and line.mark is not None:
        mark = _("%(mark)s of %(possible)s") % {"mark": plain(line.mark), "possible": plain(line.possible)}
    level = None if line.mark is None or line.possible is not None else int(line.mark + Decimal("0.5"))
    matched = ""
    if line.matched is not None:
        facts = {"standard": line.matched.label, "framework": line.matched.framework.title}
        said = _("inferred from %(standard)s of %(framework)s")
        matched = (said if line.is_inferred else _("on %(standard)s of %(framework)s, an exact match")) % facts
    return {"at": line.at, "title": line.title, "level": level, "mark": mark, "note": line.note, "matched": matched}


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{plain(round(Decimal(repr(share)) * 100, 6))} %"


def _split(value: Decimal | None, places: int | None) -> dict:
    """whole and fraction, so that parts stand aligned at the point."""
    if value is None:
        return {"whole": "", "fraction": ""}
    text = plain(value) if places is None else number_format(value, places)
    point = number_format(Decimal("0.1"), 1)[1]
    whole, found, fraction = text.replace("-", "−").partition(point)
    return {"whole": whole, "fraction": found + fraction}


def say_outlook(account: LevelAccount, *, own: bool, name: str) -> str:
    """What it would take, in one or two sentences; "" where there is nothing to count from."""
    outlook, words = account.outlook, account.policy.words
    if outlook is None or account.override is not None or account.receipt is None:
        return ""
    level = account.receipt.computed_level
    value = lambda t: _two(t.value_micro)
    keeps = [t for t in outlook.tries if t.mark in outlook.keeps]
    kept = ""
    if keeps and level is not None:
        marks = _join([str(t.mark) for t in reversed(keeps)])
        values = ", ".join(value(t) for t in reversed(keeps))
        facts = {"marks": marks, "level": level, "word": words[level - 1], "values": values, "name": name}
        if own:
            kept = _("A %(marks)s keeps you at %(level)s %(word)s (%(values)s).") % facts
        else:
            kept = _("A %(marks)s keeps %(name)s at %(level)s %(word)s (%(values)s).") % facts
    if outlook.target is None:
        return kept
    facts = {"target": outlook.target, "word": words[outlook.target - 1], "n": outlook.top_marks_needed}
    if outlook.reach is not None:
        reached, its_level = next(
            (t, t.level) for t in outlook.tries if t.mark == outlook.reach and t.level is not None
        )
        facts |= {
            "mark": outlook.reach,
            "value": value(reached),
            "level": its_level,
            "word": words[its_level - 1],
        }
        return " ".join([_("A %(mark)s next makes %(value)s, %(level)s %(word)s.") % facts, kept]).strip()
    if outlook.top_marks_needed is None:
        return kept
    return " ".join(
        [_("One try cannot reach %(target)s %(word)s yet; %(n)s tries at the top can.") % facts, kept]
    ).strip()


def _join(words: list[str]) -> str:
    return (
        words[0]
        if len(words) == 1
        else _("%(first)s or a %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
    )


WIDTH, HEIGHT, MARGIN = 320, 84, 10
WORDS_FROM = 244
"""The line ends here; the words of the levels stand to the right of it."""


def draw_course(account: LevelAccount) -> dict | None:
    """The line of the value after each result on the fixed scale, with its facts; None for fewer than two.

    days: first and last day, for the foot of the drawing.
    """
    course = [(at, micro) for at, micro in account.course if micro is not None]
    if len(course) < 2:
        return None
    top = account.policy.scale.levels
    first, last = course[0][0], course[-1][0]
    span = (last - first).total_seconds() or 1.0
    dots = []
    for at, micro in course:
        x = MARGIN + (WORDS_FROM - 2 * MARGIN) * ((at - first).total_seconds() / span)
        y = height_of(micro / 1_000_000, low=1, high=top, height=HEIGHT, margin=MARGIN)
        dots.append({"x": f"{x:.1f}", "y": f"{y:.1f}", "at": at, "value": _two(micro)})
    guides = [
        {
            "y": f"{height_of(level, low=1, high=top, height=HEIGHT, margin=MARGIN):.1f}",
            "word_y": f"{height_of(level, low=1, high=top, height=HEIGHT, margin=MARGIN) + 4:.1f}",
            "word": account.policy.words[level - 1],
        }
        for level in range(1, top + 1)
    ]
    return {
        "width": WIDTH,
        "line_width": WORDS_FROM,
        "height": HEIGHT + 16,
        "foot": HEIGHT + 13,
        "days": [first, last] if days.day_of(first) != days.day_of(last) else [],
        "points": " ".join(f"{dot['x']},{dot['y']}" for dot in dots),
        "dots": dots,
        "guides": guides,
    }


SCALE_FROM, SCALE_WIDTH = 8, 102
"""The numbers stand to the right of their dots, inside a drawing 150 wide."""


def draw_sureness(found: Sureness) -> dict:
    """Three steps on one scale, the likely range, the verdict and its reason, for the how-sure panel."""
    steps = [_step(micro) for micro in (found.usually_micro, found.with_other_work_micro, found.with_results_micro)]
    for before, step in pairwise(steps):
        if step["x"] < before["x"]:  # the line comes from the right, so the number stands to the left
            step |= {"label_x": step["x"] - 9, "anchor": "end"}
    return {
        "steps": steps,
        "low": _step(found.lo_micro),
        "high": _step(found.hi_micro),
        "results": found.results,
        "is_sure": found.verdict == SURE,
        "reason": VERDICTS[found.reason](),
        "newer_disagree": found.reason == NEWER_RESULTS_DISAGREE,
    }


def _step(micro: int) -> dict:
    x = round(SCALE_FROM + SCALE_WIDTH * micro / 1_000_000)
    return {"share": round(micro / 10_000), "x": x, "label_x": x + 9, "anchor": "start"}
