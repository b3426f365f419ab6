"""Cases of parent standards: our own kind "parent", and the rules of Moodle's suites."""

from typing import Any

from assessments.mastery.parents import ChildPoints, PointsRule, RolledUp, lowest, mean, points, proportion_met
from assessments.mastery.rounding import MICRO, NO_VALUE
from assessments.mastery.scale import DEFAULT_SCALE, NO_LEVEL

MASTERED, NOT_MASTERED = DEFAULT_SCALE.mastery_level, DEFAULT_SCALE.mastery_level - 1


def parent(case: dict[str, Any]) -> dict[str, Any]:
    """ "rule": proportion, lowest, mean or points; "levels" and for mean "values" of the children, null for none."""
    levels = [[NO_LEVEL if level is None else level for level in case["levels"]]]
    return _said(_rolled_up(case, levels))


def _rolled_up(case: dict[str, Any], levels: list[list[int]]) -> RolledUp:
    rule = case["rule"]
    if rule == "proportion":
        return proportion_met(levels, scale=DEFAULT_SCALE, needed=case.get("needed", 1.0))
    if rule == "lowest":
        return lowest(levels, scale=DEFAULT_SCALE, at_least=case.get("at_least", 1))
    if rule == "mean":
        values = [[0 if value is None else round(value * MICRO) for value in case["values"]]]
        return mean(levels, values, scale=DEFAULT_SCALE, at_least=case.get("at_least", 1))
    if rule == "points":
        children = list(range(len(levels[0])))
        worth = tuple(ChildPoints(i, *child) for i, child in enumerate(case["children"]))
        return points(levels, PointsRule(case["required_points"], worth), children=children, scale=DEFAULT_SCALE)
    raise KeyError(rule)


def _said(found: RolledUp) -> dict[str, Any]:
    value, level = int(found.value_micro[0]), int(found.level[0])
    return {
        "value": None if value == NO_VALUE else value / MICRO,
        "level": None if level == NO_LEVEL else level,
        "met": bool(found.met[0]),
        "assessed": int(found.assessed[0]),
        "total": found.total,
    }


def rule_all(case: dict[str, Any]) -> bool:
    given = case["input"]
    children = given["tree"].get(given["node"], [])
    levels = [[MASTERED if child in given["proficient"] else NO_LEVEL for child in children]]
    return bool(proportion_met(levels, scale=DEFAULT_SCALE).met[0]) if children else False


def rule_points_config_valid(case: dict[str, Any]) -> bool:
    given = case["input"]
    try:
        _rule(given).check(parent=given["node"], children=given["children_of_node"])
    except (ValueError, KeyError):
        return False
    return True


def rule_points_match(case: dict[str, Any]) -> bool:
    given = case["input"]
    rule = _rule(given)
    children = [*given["proficient"], *given["not_proficient"], *given["no_record"]]
    children += [child.standard for child in rule.children if child.standard not in children]
    level = dict.fromkeys(given["not_proficient"], NOT_MASTERED) | dict.fromkeys(given["proficient"], MASTERED)
    levels = [[level.get(child, NO_LEVEL) for child in children]]
    return bool(points(levels, rule, children=children, scale=DEFAULT_SCALE).met[0])


def _rule(given: dict[str, Any]) -> PointsRule:
    """Raises KeyError where a child says no points, or not whether it is required."""
    children = tuple(ChildPoints(one["id"], one["points"], one["required"]) for one in given["competencies"] or ())
    return PointsRule(given.get("required_points", 0), children)
