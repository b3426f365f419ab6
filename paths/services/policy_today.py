"""The whole policy of a day on one page: each line, what it says, where that comes from, what is planned."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import MasteryPolicy
from assessments.policy_words import say_line, say_rules
from assessments.services.policies import DEFAULTS, InForce, Policies, in_force_of
from paths.services.school_lines import at_school, of_district
from profiles.models import Account, PolicyRule, RetentionPolicy, School
from profiles.models.policy_rule import OF_LEVELS, ONLY_OF_SCHOOLS
from profiles.policy_values import USES, Line, say_value, shipped
from profiles.services import keeping
from profiles.services.policy_rules import Rules
from standards.models import Framework

READ = {"created_by", "school"}
Versions = dict[int, MasteryPolicy]
"""Of the district's policy of levels, by id."""


@dataclass(frozen=True)
class Said:
    """since, by, why: of the decision; empty where it is what LRM comes with. of: the level that decided."""

    value: str
    of: str
    since: date | None = None
    by: str = ""
    why: str = ""


@dataclass(frozen=True)
class PolicyLine:
    """others: what schools or frameworks have of their own (name, Said); planned: (who for, Said), by day."""

    title: str
    holds: str
    url: str
    said: Said
    parts: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, Said]] = field(default_factory=list)
    planned: list[tuple[str, Said]] = field(default_factory=list)


def read_policy(account: Account, *, on: date, school: School | None, framework: Framework | None) -> list[PolicyLine]:
    """Every line as of that day for a school and a framework, or the district's own. Six statements."""
    visible = PolicyRule.objects.visible_to(account).filter(withdrawn_at=None).select_related(*READ)
    rows = list(visible)
    rules = Rules(rows, language=account.district.language)
    policies, versions = Policies(account.district_id), _versions(account)
    lines = {line: _line(rules, rows, line, on, school, account) for line in Line if line not in ONLY_OF_SCHOOLS}
    at = (school, framework)
    lines |= {line: _school_line(rules, rows, line, on, at, policies, versions) for line in OF_LEVELS}
    return [
        _levels(on, school, framework, policies, versions),
        *(lines[line] for line in dict.fromkeys((*OF_LEVELS, *Line)) if line in lines),
        _retention(account, on, rules, rows, school),
    ]


def _school_line(
    rules: Rules,
    rows: Iterable[PolicyRule],
    line: Line,
    on: date,
    at: tuple[School | None, Framework | None],
    policies: Policies,
    versions: Versions,
) -> PolicyLine:
    """A line that only schools write: without a rule of the school the district's policy of levels says it."""
    school, framework = at
    above = _above(line, on, framework, policies, versions)
    standing = rules.own(line, on, school.pk if school else None)
    usual = of_district(policies, line, on)
    value = at_school(policies, rules, line, on, school.pk if school else None)
    others, planned = _of_others(rules, rows, line, on, school)
    if line == Line.LEVEL_WORDS and not policies.renames(above, len(above.words), on):
        # A framework that names its levels itself keeps these names at every school.
        usual = value = [str(name) for name in above.words]
        others, planned = [], []
    if standing is not None and value != usual:
        said = _said(standing)
    else:
        row = versions.get(above.policy_id or 0)
        said = Said(say_value(line, usual), _("the district"))
        if row is not None:
            by = row.created_by.name if row.created_by else ""
            said = replace(said, of=_whose(row), since=row.starts_on, by=by, why=row.why)
    return PolicyLine(
        str(line.label), str(USES[line]), reverse("policy_line", args=[line.value]), said, [], others, planned
    )


def _above(line: Line, on: date, framework: Framework | None, policies: Policies, versions: Versions) -> InForce:
    """The policy of levels that says it for schools: of names that of the framework, of small figures that of whoever
    asks for most, since one publication holds the figures of every framework."""
    if line == Line.LEVEL_WORDS:
        return policies.decided(framework.pk if framework else None, on)
    frameworks = dict.fromkeys((None, *(row.framework_id for row in versions.values() if row.school_id is None)))
    return max((policies.decided(each, on) for each in frameworks), key=lambda one: one.minimum_n)


def _of_others(
    rules: Rules, rows: Iterable[PolicyRule], line: Line, on: date, school: School | None
) -> tuple[list[tuple[str, Said]], list[tuple[str, Said]]]:
    """(name, what it has decided otherwise) of schools, where none is asked for; and what is planned."""
    names = {row.school_id: row.school.name for row in rows if row.school}
    own = [] if school else [(names[pk], rules.own(line, on, pk)) for pk in rules.own_schools(line, on)]
    planned = sorted((row for row in rows if row.line == line and row.starts_on > on), key=lambda row: row.starts_on)
    return (
        sorted(((name, _said(rule)) for name, rule in own if rule is not None), key=lambda one: one[0]),
        [(_of(row), _said(row)) for row in planned if not school or row.school_id in (None, school.pk)],
    )


def _line(
    rules: Rules, rows: Iterable[PolicyRule], line: Line, on: date, school: School | None, account: Account
) -> PolicyLine:
    standing = rules.on(line, on, school.pk if school else None)
    others, planned = _of_others(rules, rows, line, on, school)
    if standing.rule is None:
        said = Said(say_value(line, shipped(line, language=account.district.language)), _("as LRM comes"))
    else:
        said = _said(standing.rule)
    return PolicyLine(
        title=str(line.label),
        holds=str(USES[line]),
        url=reverse("policy_line", args=[line.value]),
        said=said,
        others=others,
        planned=planned,
    )


def _said(rule: PolicyRule) -> Said:
    value = _("ends what was decided here") if rule.value is None else say_value(rule.line, rule.value)
    by = rule.created_by.name if rule.created_by else ""
    return Said(value, _of(rule), rule.starts_on, by, rule.why)


def _of(rule: PolicyRule) -> str:
    return rule.school.name if rule.school else _("the district")


def _versions(account: Account) -> Versions:
    rows = MasteryPolicy.objects.readable_by(account).filter(withdrawn_at=None)
    known = rows.select_related("framework", "school", "created_by")
    return {row.pk: row for row in known.order_by("starts_on", "pk")}


def _levels(
    on: date, school: School | None, framework: Framework | None, policies: Policies, versions: Versions
) -> PolicyLine:
    standing = policies.decided(framework.pk if framework else None, on, school.pk if school else None)
    parts = say_rules(standing)
    row = versions.get(standing.policy_id) if standing.policy_id else None
    others = []
    if framework is None:
        for one in {row.framework_id: row.framework for row in versions.values() if row.framework}.values():
            found = versions.get(policies.decided(one.pk, on).policy_id or 0)
            if found is not None and found.framework_id == one.pk:
                others.append((one.title, _of_levels(found, policies, on)))
    if school is None:
        for pk in sorted({version.school_id for version in versions.values() if version.school_id is not None}):
            found = versions.get(policies.decided(framework.pk if framework else None, on, pk).policy_id or 0)
            if found is not None and found.school is not None:
                others.append((found.school.name, _of_levels(found, policies, on)))
    to_come = [
        (_whose(version), _of_levels(version, policies, version.starts_on))
        for version in versions.values()
        if version.starts_on > on
        and (framework is None or version.framework_id in (None, framework.pk))
        and (school is None or version.school_id in (None, school.pk))
    ]
    said = _of_levels(row, policies, on) if row else Said(_short(say_rules(DEFAULTS)), _("as LRM comes"))
    return PolicyLine(
        title=_("Scale, method and thresholds"),
        holds=_("How results become levels, what levels are called, and below how many students figures are hidden."),
        url=reverse("policy"),
        said=said,
        parts=parts,
        others=others,
        planned=to_come,
    )


def _of_levels(row: MasteryPolicy, policies: Policies, on: date) -> Said:
    if row.school_id is None:
        rules = say_rules(in_force_of(row))
    else:
        rules = say_line(row, policies.decided(row.framework_id, on))
    by = row.created_by.name if row.created_by else ""
    return Said(_short(rules), _whose(row), row.starts_on, by, row.why)


def _whose(row: MasteryPolicy) -> str:
    if row.school is not None:
        return row.school.name
    return row.framework.title if row.framework else _("the district")


def _short(rules: list[tuple[str, str]]) -> str:
    """The method and the scale."""
    return "; ".join(value for _name, value in (rules[0], *rules[2:3]))


def _retention(
    account: Account, on: date, rules: Rules, of_schools: Iterable[PolicyRule], school: School | None
) -> PolicyLine:
    """Days of the district, and of schools that keep some kinds for fewer."""
    rows = list(
        RetentionPolicy.objects.filter(district=account.district_id, withdrawn_at=None)
        .select_related("created_by")
        .order_by("starts_on", "pk")
    )
    begun = [row for row in rows if row.starts_on <= on]
    kinds = keeping.kinds(account.district, on=on, school_id=school.pk if school else None)
    said = _of_days(begun[-1]) if begun else Said(_("Days after leaving, by kind"), _("as LRM comes"))
    own = rules.own(Line.KEEPING, on, school.pk) if school else None
    if own is not None:
        said = _said(own)
    others, planned = _of_others(rules, of_schools, Line.KEEPING, on, school)
    to_come = [(_("the district"), _of_days(row)) for row in rows if row.starts_on > on]
    return PolicyLine(
        title=_("How long records stay"),
        holds=_("Counted from the day on which a student left. A school may keep some of it for a shorter time."),
        url=reverse("retention") if account.access.is_district_admin else reverse("policy_line", args=[Line.KEEPING]),
        said=said,
        parts=[(str(kind.words), _("%(n)s days") % {"n": kind.days}) for kind in kinds if kind.days],
        others=others,
        planned=sorted([*to_come, *planned], key=lambda one: one[1].since or on),
    )


def _of_days(row: RetentionPolicy) -> Said:
    by = row.created_by.name if row.created_by else ""
    return Said(_("Days after leaving, by kind"), _("the district"), row.starts_on, by, row.why)
