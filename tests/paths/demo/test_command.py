"""`manage.py demo`: making the school in an empty database, and taking it away again."""

import json
import os
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import connection, models
from django.utils import timezone

from assessments.models import Evidence, Mastery, StaleMark
from assessments.services import rebuilding
from lrm.scope import district_scope, unscoped
from paths.demo.entry import account_for
from paths.demo.removal import KEPT
from paths.demo.seeding.build import build
from paths.models import Goal, Step
from profiles.models import Account, District, Enrollment, Guardianship, Learner, ProfileEntry, Roster, Section
from tests.factories.profiles import make_district
from tests.paths.demo.says import demo

# The demo is made in transactions of its own, and emptied tables do not come back.
pytestmark = pytest.mark.django_db(transaction=True)


def test_demo_says_what_it_does_and_twice_makes_one_school():
    lines = demo("--size", "small").splitlines()
    assert lines[-1].endswith("ready")
    assert any("20 students" in line for line in lines)
    again = demo("--size", "small")
    assert again.startswith("The demo school is here already: Willet Bay Schools.")
    assert District.objects.count() == 1


def test_demo_refuses_a_database_with_real_data():
    make_district(name="Three Rivers")
    with pytest.raises(CommandError, match="This database holds Three Rivers"):
        demo("--size", "small")
    assert Account.objects.count() == 0
    assert list(District.objects.values_list("name", flat=True)) == ["Three Rivers"]


def rows_by_table():
    """Rows of every table that people or workers write to."""
    tables = set(connection.introspection.table_names()) - KEPT
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_remove_leaves_nothing():
    before = rows_by_table()
    demo("--size", "small")
    filled = {table for table, rows in rows_by_table().items() if rows}
    assert {"assessments_evidence", "profiles_learner", "paths_goal", "standards_standard"} <= filled
    assert demo("--remove") == "The demo school is removed.\n"
    assert rows_by_table() == before
    assert sum(before.values()) == 0
    assert demo("--remove") == "There is no demo school in this database.\n"


def test_remove_refuses_real_data():
    make_district(name="Three Rivers")
    with pytest.raises(CommandError, match="holds Three Rivers, which is no demo"):
        demo("--remove")
    assert District.objects.count() == 1


def test_same_seed_gives_the_same_school():
    schools = []
    for seed in (20, 20, 21):
        demo("--size", "small", "--seed", str(seed))
        schools.append(as_written())
        demo("--remove")
    assert schools[0] == schools[1]
    assert schools[0] != schools[2]


def as_written():
    """All that was invented, without ids of this database."""
    with unscoped("a test compares whole databases"):
        return {
            "people": as_text(Account.objects, "uuid", "given_name", "family_name", "email", "key"),
            "learners": as_text(Learner.objects, "uuid", "given_name", "family_name", "number", "grade"),
            "marks": as_text(
                Evidence.objects.filter(assessment__isnull=False),
                *("assessment__uuid", "learner__uuid", "standard__code", "kind", "points", "observed_at"),
            ),
            "goals": as_text(Goal.objects, "uuid", "what", "why", "state", "due_on"),
            "steps": as_text(Step.objects, "uuid", "title", "place", "done_at"),
            "entries": as_text(ProfileEntry.objects, "learner__uuid", "kind", "text", "created_at"),
        }


def as_text(rows, *names):
    return sorted(str(row) for row in rows.values_list(*names))


def test_levels_are_what_the_ledger_says():
    scene = build(size="small")
    assert StaleMark.objects.filter(due_at__lte=timezone.now()).count() == 0
    with district_scope(scene.district.pk):
        assert Mastery.objects.filter(shown_level__isnull=False).count() > 150
        assert rebuilding.check(scene.district).lines == []


def test_accounts_without_a_demo_are_none():
    assert json.loads(demo("--accounts", "--json")) == []
    assert demo("--accounts") == "There is no demo school in this database.\n"
    assert account_for("teacher") is None


def test_demo_can_be_made_in_any_season():
    made = build(size="small", today=timezone.localdate() + timedelta(150))
    with district_scope(made.district.pk):
        assert Evidence.objects.count() > 300


@pytest.mark.laws
@pytest.mark.skipif(not os.environ.get("LRM_LAWS"), reason="the whole school takes a minute: LRM_LAWS=1, or make laws")
def test_full_school_is_all_that_was_promised():
    scene = build(size="full")
    with district_scope(scene.district.pk):
        assert (Learner.objects.count(), Roster.objects.count(), Section.objects.count()) == (500, 20, 40)
        staff = Enrollment.objects.of_staff().values_list("role", "account_id").distinct()
        assert Counter(role for role, _ in staff) == {"teacher": 16, "co_teacher": 4, "aide": 4}
        assert {goal.state for goal in Goal.objects.all()} == set(Goal.State.values)
        assert Goal.objects.awaiting_review().count() > 20
        assert Evidence.objects.count() > 20_000
        assert Guardianship.objects.values("account").annotate(n=models.Count("pk")).filter(n__gt=1).count() > 50
        levels = Counter(Mastery.objects.values_list("shown_level", flat=True))
        assert all(levels[level] > 800 for level in (1, 2, 3, 4))
        assert rebuilding.check(scene.district).lines == []
