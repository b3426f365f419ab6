"""What a standard above others shows, by the policy of the day."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.models import MasteryPolicy, ParentPoints
from assessments.services.parents import read_parents
from assessments.services.policies import Policies
from lrm.scope import district_scope
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago
from tests.factories.profiles import make_district
from tests.factories.standards import make_framework, make_standard


@pytest.fixture
def family(db):
    """A parent with four standards below it, one of them retired, in the district's scope."""
    framework = make_framework(make_district())
    parent = make_standard(framework, code="5.NF", short_title="Fractions", is_leaf=False)
    children = [make_standard(framework, parent=parent) for _ in range(3)]
    make_standard(framework, parent=parent, retired_at=timezone.now())
    with district_scope(framework.district_id):
        yield parent, children


def use(parent, **fields):
    fields = {"district": parent.framework.district, "starts_on": days_ago(10).date()} | fields
    return MasteryPolicy.objects.create(**fields)


def of(parent, levels, day=None):
    return read_parents(levels, Policies(parent.framework.district_id), day=day or timezone.localdate())


def test_without_a_rule_a_parent_shows_nothing_and_costs_nothing(family):
    parent, children = family
    policies = Policies(parent.framework.district_id)
    with assert_statements(exactly=0):
        assert read_parents({children[0].pk: (3, 3_000_000)}, policies, day=timezone.localdate()) == []


@pytest.mark.parametrize(
    ("rule", "levels", "level", "word", "is_met"),
    [
        ("met", [4, 3, 2], None, "", False),
        ("met", [4, 3, 3], None, "", True),
        ("lowest", [4, 2, None], 2, "Building", False),
        ("lowest", [4, 3, 3], 3, "Secure", True),
        ("mean", [4, 3, None], 4, "Extending", False),
        ("mean", [4, 2, 2], 3, "Secure", True),
    ],
)
def test_parent_shows_what_the_rule_says_with_its_coverage(family, rule, levels, level, word, is_met):
    parent, children = family
    use(parent, parent_rule=rule)
    known = {
        child.pk: (given, given * 1_000_000) for child, given in zip(children, levels, strict=True) if given is not None
    }
    (found,) = of(parent, known)
    assert (found.code, found.title, found.assessed, found.total) == ("5.NF", "Fractions", len(known), 3)
    assert (found.level, found.word, found.is_met) == (level, word, is_met)
    assert found.met_below == sum(given >= 3 for given, _micro in known.values())
    assert found.children == {child.pk for child in children}


def test_share_of_the_policy_decides_what_is_enough(family):
    parent, children = family
    use(parent, parent_rule="met", parent_share="0.66")
    assert of(parent, {child.pk: (3, None) for child in children[:2]})[0].is_met
    assert not of(parent, {children[0].pk: (3, None)})[0].is_met


def test_level_that_a_teacher_set_counts_as_itself_in_the_mean(family):
    parent, children = family
    use(parent, parent_rule="mean")
    (found,) = of(parent, {children[0].pk: (4, None), children[1].pk: (3, 2_900_000)})
    assert found.level == 3  # (4 + 2.9) / 2 = 3.45


def test_rule_counts_from_the_day_of_its_policy_on(family):
    parent, children = family
    use(parent, parent_rule="lowest", starts_on=days_ago(3).date())
    known = {children[0].pk: (3, 3_000_000)}
    assert of(parent, known, day=timezone.localdate() - timedelta(days=4)) == []
    assert of(parent, known, day=timezone.localdate() - timedelta(days=3)) != []


def test_points_rule_counts_points_of_the_day_and_names_what_is_required(family):
    parent, children = family
    first, second, third = children
    use(parent, parent_rule="points")
    worth = {"children": [first.pk, second.pk, third.pk], "points": [2, 2, 1], "required": [False, False, True]}
    ParentPoints.objects.create(parent=parent, starts_on=days_ago(3).date(), needed=4, **worth)
    known = {first.pk: (4, 4_000_000), second.pk: (3, None)}

    (now,) = of(parent, known)
    (before,) = of(parent, known, day=days_ago(4).date())

    assert (now.points, now.needed, now.lacking, now.is_met) == (4, 4, (third.code,), False)
    assert (now.assessed, now.total, now.level) == (2, 3, None)
    assert (before.points, before.needed, before.lacking) == (2, 3, ())
    assert of(parent, known | {third.pk: (3, None)})[0].is_met


def test_points_of_a_standard_that_retired_are_not_needed_any_more(family):
    parent, children = family
    use(parent, parent_rule="points")
    ids = [child.pk for child in children]
    ParentPoints.objects.create(
        parent=parent,
        starts_on=days_ago(3).date(),
        needed=5,
        children=ids,
        points=[3, 1, 1],
        required=[True, True, True],
    )
    children[0].retired_at = timezone.now()
    children[0].save()
    (found,) = of(parent, {ids[1]: (3, None)})
    assert (found.points, found.needed, found.lacking) == (1, 2, (children[2].code,))


def test_rule_of_a_policy_that_has_started_stays(family):
    policy = use(family[0], parent_rule="lowest")
    policy.parent_rule = "mean"
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        policy.save()
