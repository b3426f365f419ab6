"""A question about impact and its answer in words: never that something caused something, never a ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.impact import matched, roll_out
from assessments.models import Group
from paths.models import ImpactQuestion
from profiles.models import Support

About = ImpactQuestion.About
_GROUPS = {
    "": gettext_lazy("Did small groups on %(on)s help?"),
    Group.Purpose.RETEACH: gettext_lazy("Did small groups to reteach %(on)s help?"),
    Group.Purpose.PRACTISE: gettext_lazy("Did small groups to practice %(on)s help?"),
    Group.Purpose.EXTEND: gettext_lazy("Did small groups that went further on %(on)s help?"),
    Group.Purpose.MIX: gettext_lazy("Did mixed small groups on %(on)s help?"),
}
_SUPPORTS = {
    "": gettext_lazy("Did supports help on %(on)s?"),
    Support.Kind.EXTRA_TIME: gettext_lazy("Did extra time help on %(on)s?"),
    Support.Kind.READ_ALOUD: gettext_lazy("Did reading aloud help on %(on)s?"),
    Support.Kind.LANGUAGE: gettext_lazy("Did language support help on %(on)s?"),
    Support.Kind.OTHER: gettext_lazy("Did other supports help on %(on)s?"),
}
_WHO = {
    About.GROUPS: gettext_lazy("Students in groups"),
    About.BLOCKS: gettext_lazy("Students in tutoring blocks"),
    About.PATHS: gettext_lazy("Students with a path"),
    About.SUPPORTS: gettext_lazy("Students with the support"),
    About.ROLL_OUT: gettext_lazy("Students of schools that had begun"),
}
_WITHOUT = {
    About.GROUPS: gettext_lazy("without a group"),
    About.BLOCKS: gettext_lazy("without a tutoring block"),
    About.PATHS: gettext_lazy("without a path"),
    About.SUPPORTS: gettext_lazy("without the support"),
    About.ROLL_OUT: gettext_lazy("of schools that had not"),
}


@dataclass(frozen=True)
class Refusal:
    """why: what is there and what is not.    collect: what to do until it can be answered."""

    why: str
    collect: tuple[str, ...]


def say_question(question: ImpactQuestion) -> str:
    words: Any
    if question.about == About.GROUPS:
        words = _GROUPS.get(question.kind, _GROUPS[""])
    elif question.about == About.SUPPORTS:
        words = _SUPPORTS.get(question.kind, _SUPPORTS[""])
    elif question.about == About.BLOCKS:
        words = gettext_lazy("Did tutoring blocks on %(on)s help?")
    elif question.about == About.PATHS:
        words = gettext_lazy("Did paths on %(on)s help?")
    else:
        words = gettext_lazy("Did “%(name)s” help on %(on)s?")
    return str(words) % {"on": question.on, "name": question.name}


def who_had(question: ImpactQuestion) -> str:
    return str(_WHO[About(question.about)])


def who_had_not(question: ImpactQuestion) -> str:
    return str(_WITHOUT[About(question.about)])


def say_effect(question: ImpactQuestion, effect: float, lo: float, hi: float) -> str:
    """ "Students in groups scored 3 points above similar students (likely −1 to +7)." """
    n = rounded(effect)
    facts = {"who": who_had(question), "n": abs(n), "lo": signed(lo), "hi": signed(hi)}
    if question.about == About.ROLL_OUT:
        if not n:
            return (
                _("%(who)s scored as expected from the others, month by month (likely %(lo)s to %(hi)s points).")
                % facts
            )
        above = ngettext(
            "%(who)s scored %(n)s point above what the others let expect (likely %(lo)s to %(hi)s).",
            "%(who)s scored %(n)s points above what the others let expect (likely %(lo)s to %(hi)s).",
            abs(n),
        )
        below = ngettext(
            "%(who)s scored %(n)s point below what the others let expect (likely %(lo)s to %(hi)s).",
            "%(who)s scored %(n)s points below what the others let expect (likely %(lo)s to %(hi)s).",
            abs(n),
        )
        return (above if n > 0 else below) % facts
    if not n:
        return _("%(who)s scored as similar students did (likely %(lo)s to %(hi)s points).") % facts
    above = ngettext(
        "%(who)s scored %(n)s point above similar students (likely %(lo)s to %(hi)s).",
        "%(who)s scored %(n)s points above similar students (likely %(lo)s to %(hi)s).",
        abs(n),
    )
    below = ngettext(
        "%(who)s scored %(n)s point below similar students (likely %(lo)s to %(hi)s).",
        "%(who)s scored %(n)s points below similar students (likely %(lo)s to %(hi)s).",
        abs(n),
    )
    return (above if n > 0 else below) % facts


def say_sureness(lo: float, hi: float) -> str:
    """What the likely range says, rounded as it is shown."""
    if rounded(lo) > 0:
        return _("All of the likely range is above 0.")
    if rounded(hi) < 0:
        return _("All of the likely range is below 0.")
    return _("The likely range holds 0: from these results nobody can tell whether it helped.")


def say_next(question: ImpactQuestion, lo: float, hi: float, without_later: int) -> str:
    """What to do with an answer. without_later: how often somebody who had it has too few results since; 0 where the
    reader is not told.
    """
    if rounded(lo) > 0:
        return _("Keep it, begin it where it has not begun, and ask again next term whether it holds there too.")
    if rounded(hi) < 0:
        return _("Ask the teachers what those students did instead, change one thing, and ask again next term.")
    if question.about == About.ROLL_OUT or not without_later:
        return _("Ask again when more results are in, or about more classes: the likely range gets narrower.")
    return ngettext(
        "%(n)s time somebody began and has fewer than three results since. Have them assessed, and ask again: the"
        " likely range gets narrower.",
        "%(n)s times somebody began and has fewer than three results since. Have them assessed, and ask again: the"
        " likely range gets narrower.",
        without_later,
    ) % {"n": without_later}


def say_drawn(question: ImpactQuestion, drawn_by: str) -> str:
    """How the likely range was found. drawn_by: of a matched comparison."""
    if question.about == About.ROLL_OUT:
        return _("range of 95 %, by leaving out one school after the other.")
    if drawn_by == matched.LEARNER:
        return _("range of 95 %, by drawing the students a thousand times.")
    return _("range of 95 %, by drawing the classes a thousand times.")


def say_trend(steps: Sequence[dict[str, Any]], effect: float | None) -> str:
    """Whether schools went the same way before they began, by their months before it; "" without any step."""
    if not steps:
        return ""
    before = [abs(rounded(step["above"])) for step in steps if step["months"] < 0]
    if len(before) < 2:  # the last of them is 0 by what it means
        return _(
            "Only one month before the start is known, so nobody sees whether schools went the same way until then."
        )
    most = max(before)
    said = ngettext(
        "In the months before they were at most %(n)s point from 0.",
        "In the months before they were at most %(n)s points from 0.",
        most,
    ) % {"n": most}
    if effect is None or not most:
        return said
    if 2 * most >= abs(rounded(effect)):
        return said + " " + _("That is half of the figure above or more: schools went different ways before it.")
    return said + " " + _("That is less than half of the figure above.")


def say_refusal(question: ImpactQuestion, answer: dict[str, Any]) -> Refusal:
    if question.about == About.ROLL_OUT:
        return _refused_roll_out(answer)
    results = _(
        "Give three results on the standard after it begins, to those who have it and to those who do not: an exit"
        " ticket, a quick check and a task are enough."
    )
    before = _("Give one result on the standard before it begins, so that similar students can be found.")
    sections = _("Ask about more classes: all schools, a whole domain, or a longer time.")
    others = _("Ask all of the class the same, also those without it: they are who it is compared with.")
    facts = {
        "n": answer["learners"],
        "least": matched.FEWEST_LEARNERS,
        "others": answer["compared_learners"],
        "least_others": matched.FEWEST_COMPARED,
        "classes": answer["sections"],
        "least_classes": matched.FEWEST_SECTIONS,
    }
    refused = answer["refused"]
    if refused == matched.NO_UNITS:
        return Refusal(
            _("Nobody who began with it in these weeks has a result before and three results since."), (before, results)
        )
    if refused == matched.FEW_LEARNERS:
        return Refusal(
            _("%(n)s students can be compared with similar ones; at least %(least)s are needed.") % facts,
            (results, before, sections),
        )
    if refused == matched.FEW_COMPARED:
        return Refusal(
            _("There are %(others)s similar students without it; at least %(least_others)s are needed.") % facts,
            (others, sections),
        )
    return Refusal(
        _("The students are from %(classes)s classes; at least %(least_classes)s are needed, since classes differ.")
        % facts,
        (sections,),
    )


def _refused_roll_out(answer: dict[str, Any]) -> Refusal:
    facts = {
        "schools": answer["schools"],
        "least_schools": roll_out.FEWEST_SCHOOLS,
        "n": answer["learners"],
        "least": roll_out.FEWEST_LEARNERS,
        "months": answer["months_before"],
        "least_months": roll_out.FEWEST_MONTHS_BEFORE,
    }
    refused = answer["refused"]
    results = _("Give three results on a standard within a month, in schools that have begun and in the others.")
    if refused == roll_out.FEW_SCHOOLS:
        return Refusal(
            _("%(schools)s schools have such months; at least %(least_schools)s are needed, since schools differ.")
            % facts,
            (results, _("Wait until more schools have begun, or ask about a larger part of the district.")),
        )
    if refused == roll_out.FEW_LEARNERS:
        return Refusal(
            _("%(n)s students have three results in a month; at least %(least)s are needed.") % facts, (results,)
        )
    if refused == roll_out.FEW_BEFORE:
        return Refusal(
            _("Of schools that began, %(months)s months before are known at most; %(least_months)s are needed.")
            % facts,
            (
                _("Ask from an earlier month on."),
                _("Next time, let schools collect results for two months before they begin."),
            ),
        )
    return Refusal(
        _("Schools began together, or one alone, so that nothing is left to compare in the same months."),
        (_("Let schools begin on different dates, or keep some without it for a while."),),
    )


def rounded(points: float) -> int:
    """Whole points, half away from zero."""
    return int(abs(points) + 0.5) * (1 if points >= 0 else -1)


def signed(points: float) -> str:
    n = rounded(points)
    return f"+{n}" if n > 0 else f"−{-n}" if n < 0 else "0"
