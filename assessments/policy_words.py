"""A policy in words: its methods explained, its scale on one line, why one was refused."""

from dataclasses import replace

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.mastery.scale import Scale
from assessments.models import MasteryPolicy
from assessments.receipt_words import say_method
from assessments.services.policies import InForce, SchoolLine, line_of
from assessments.services.policy_preview import Figures
from lrm import days

Method = MasteryPolicy.Method

METHOD_HINTS = {
    Method.DECAYING: lambda: _("What stood before a new result counts the rest, so old results fade step by step."),
    Method.WEIGHTED: lambda: _("The mean of all earlier results counts the rest."),
    Method.LATEST: lambda: _("Earlier results do not count."),
    Method.HIGHEST: lambda: _("A level once reached stays."),
    Method.MEAN: lambda: _("Every result counts the same; a teacher may give an assessment more weight."),
    Method.MODE: lambda: _("Of two that are equally frequent the later one counts."),
    Method.N_TIMES: lambda: _("No level before it was reached so many times; then the mean of those results."),
    Method.POWER_LAW: lambda: _("A curve through all results in their order, read at the newest."),
    Method.TREE: lambda: _(
        "A model of the student’s results in the whole subject. Earlier work on other standards counts into a level "
        "too, and four straight 4s may still read 3. Look at who would change before you choose it."
    ),
}
USES = {
    Method.DECAYING: "newest_weight",
    Method.WEIGHTED: "newest_weight",
    Method.N_TIMES: "times",
}
"""The field that belongs to a method alone."""

REFUSED = {
    "begun": lambda day: (
        _("%(day)s is over. A policy begins today or on a later day; days that are over keep theirs.") % {"day": day}
    ),
    "taken": lambda day: (
        _("Another version begins on %(day)s. Withdraw it first, or choose another day.") % {"day": day}
    ),
    "same": lambda day: _("That is what is in force on %(day)s already. Nothing was saved.") % {"day": day},
    "newer": lambda day: _(
        "Somebody else saved a version while you worked on yours. Nothing of yours was saved. Look at theirs in the "
        "policy first; if you save again, yours takes its place."
    ),
    "above": lambda day: _("The district changed what it says of %(day)s while you worked on this.") % {"day": day},
    "gone": lambda day: _("Somebody else did that first. Nothing was changed."),
    "levels": lambda day: (
        _(
            "On %(day)s the district has another number of levels. A school keeps the district’s, and the level from "
            "which a standard counts as met: figures of the district add its schools up. Nothing was saved."
        )
        % {"day": day}
    ),
}


def say_refusal(code: str, policy: MasteryPolicy) -> str:
    return REFUSED[code](days.said(policy.starts_on))


def say_change_above(policy: MasteryPolicy, change: tuple[InForce, InForce]) -> str:
    """What the district has changed under the form of a school."""
    lines = _differences(*change)
    said = [_("%(name)s: “%(old)s” is now “%(new)s”.") % {"name": name, "old": o, "new": n} for name, o, n in lines]
    kept = _("Nothing was saved; what you typed is still here. Look again before you save.")
    return " ".join([say_refusal("above", policy), *said, kept])


def say_difference(now: InForce, then: InForce) -> list[tuple[str, str]]:
    """(name, what it would be and what it is) of everything that two policies decide otherwise."""
    said = _("%(new)s; now: %(old)s")
    return [(name, said % {"new": new, "old": old}) for name, old, new in _differences(now, then)]


def _differences(before: InForce, after: InForce) -> list[tuple[str, str, str]]:
    pairs = zip(say_rules(before), say_rules(after), strict=True)
    return [(name, old, new) for (name, old), (_name, new) in pairs if old != new]


def say_scale(policy: InForce) -> str:
    """ "1 Starting, 2 Building from 40 %, 3 Secure from 65 %, 4 Extending from 85 %"."""
    said = [f"1 {policy.words[0]}"]
    for level, cut in enumerate(policy.scale.cuts, start=2):
        facts = {"level": level, "word": policy.words[level - 1], "share": say_percent(cut)}
        said.append(_("%(level)s %(word)s from %(share)s %%") % facts)
    return ", ".join(said)


def say_percent(fraction: float) -> str:
    """ "40", "62.5": a fraction as percent, without the sign."""
    share = round(100 * fraction, 2)
    return number_format(int(share) if share == int(share) else share, use_l10n=True)


def say_parent_rule(policy: InForce) -> str:
    """ "whether 80 % of the standards below it are met"."""
    if policy.parent_rule == MasteryPolicy.ParentRule.MET:
        share = say_percent(policy.parent_share)
        return _("whether %(share)s %% of the standards below it are met") % {"share": share}
    return str(MasteryPolicy.ParentRule(policy.parent_rule).label)


def say_rules(policy: InForce) -> list[tuple[str, str]]:
    """(name, value) of everything that a policy decides."""
    met = f"{policy.scale.mastery_level} {policy.words[policy.scale.mastery_level - 1]}"
    whole = policy.parameters.whole
    return [
        (_("Method"), say_method(policy)),
        (_("Level"), _("the whole part of the number") if whole else _("the nearest level, halves up")),
        (_("Scale"), say_scale(policy)),
        (_("Met from"), met),
        (_("Results on exact matches"), _("count too") if policy.exact_matches else _("do not count")),
        (_("A standard above others shows"), say_parent_rule(policy)),
        (_("Figures hidden below"), _("%(n)s students") % {"n": policy.minimum_n}),
    ]


def say_line(version: MasteryPolicy, base: InForce) -> list[tuple[str, str]]:
    """The same of a school's own way. base: what the district or the framework says beside it."""
    line = line_of(version)
    if line is None and version.framework_id is not None:
        return [(_("Method"), _("as in the school’s other frameworks"))]
    if not isinstance(line, SchoolLine):
        return [(_("Method"), _("as the district decides"))]
    own = line.over(base)
    if own is not None:
        return say_rules(own)[:3]
    on_paper = line.over(replace(base, scale=Scale(line.cuts, 2)))
    facts = {"n": len(line.cuts) + 1, "levels": base.scale.levels}
    rests = _("It was written for %(n)s levels, the scale has %(levels)s: students are under the district’s meanwhile.")
    return [(_("Method"), say_method(on_paper or base)), (_("Rests"), rests % facts)]


def say_whose(version: MasteryPolicy) -> str:
    """ "Birch: all frameworks"."""
    framework = version.framework.title if version.framework else _("all frameworks")
    return f"{version.school.name}: {framework}" if version.school else framework


def say_figures(figures: Figures, *, is_end: bool) -> dict[str, str]:
    """title: whose levels would change; more: how many levels, how many are met. is_end: everybody was looked at."""
    facts = {"changed": grouped(figures.changed), "n": grouped(figures.students)}
    if not figures.students:
        title = _("No student has a level yet") if is_end else _("Nobody with a level so far")
        return {
            "title": title,
            "more": _("Without results there is nothing to compare; it will count for those to come."),
        }
    if not is_end:
        text = _("So far it would change levels of %(changed)s of %(n)s students")
    elif not figures.changed:
        text = ngettext(
            "It would change no level of %(n)s student", "It would change no level of %(n)s students", figures.students
        )
    else:
        text = ngettext(
            "It would change levels of %(changed)s of %(n)s student",
            "It would change levels of %(changed)s of %(n)s students",
            figures.students,
        )
    levels = ngettext(
        "%(changes)s level would be another one.", "%(changes)s levels would be another one.", figures.changes
    ) % {"changes": grouped(figures.changes)}
    met = _("Met now: %(before)s, then: %(after)s.") % {
        "before": grouped(figures.met_before),
        "after": grouped(figures.met_after),
    }
    more = f"{levels} {met}"
    if figures.above_before or figures.above_after:
        above = {"before": grouped(figures.above_before), "after": grouped(figures.above_after)}
        more += " " + _("Standards above others met now: %(before)s, then: %(after)s.") % above
    return {"title": text % facts, "more": more}


def grouped(n: int) -> str:
    """A count in groups of thousands."""
    return number_format(n, use_l10n=True, force_grouping=True)
