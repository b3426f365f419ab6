"""paths/migrations/0028: what schools let in and when families read along goes over into lines of the policy."""

import importlib
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from paths.services.hand_in_limits import kinds_allowed
from paths.services.talks.policy import reads_along
from profiles.models import District, PolicyRule
from profiles.policy_values import Line
from tests.factories.policy import let_in
from tests.factories.profiles import make_district_admin, make_school

LATE = datetime(2026, 9, 2, 3, 30, tzinfo=UTC)
"""Still September 1 in New York."""

migration = importlib.import_module("paths.migrations.0028_rules_become_policy")


@pytest.fixture(scope="module")
def before():
    """The models as the migration meets them. Their tables still stand, empty (paths/migrations/0029)."""
    loader = MigrationLoader(None)
    return loader.project_state([("paths", "0027_impact_questions"), ("profiles", "0021_policy_rules")]).apps


def copy(before) -> None:
    with connection.schema_editor() as editor:
        migration.copy(before, editor)


def media_rule(before, school, **fields):
    return before.get_model("paths", "MediaRule")._base_manager.create(school_id=school.pk, **fields)


def talk_policy(before, district, below: str, starts_on: date, **fields):
    rows = before.get_model("paths", "TalkPolicy")._base_manager
    return rows.create(district_id=district.pk, family_below=below, starts_on=starts_on, **fields)


def left(before) -> int:
    return sum(before.get_model("paths", name)._base_manager.count() for name in ("MediaRule", "TalkPolicy"))


def test_older_rules_are_copied_with_their_day_and_who_wrote_them(classroom, before):
    district, school = classroom.district, classroom.school
    District.objects.filter(pk=district.pk).update(time_zone="America/New_York")
    admin, version = make_district_admin(district), District.objects.get(pk=district.pk).rules_version
    talk_policy(before, district, "04", date(2025, 8, 1), created_by_id=admin.pk)
    talk_policy(before, district, "09", date(2026, 8, 1), created_by_id=admin.pk)
    rule = media_rule(before, school, allows_audio=True, allows_video=False, changed_by_id=admin.pk)
    type(rule)._base_manager.filter(pk=rule.pk).update(changed_at=LATE)

    copy(before)

    found = PolicyRule.objects.order_by("line", "starts_on").values_list(
        "line", "school_id", "value", "starts_on", "created_by_id"
    )
    assert list(found) == [
        (Line.FAMILY_READS, None, "04", date(2025, 8, 1), admin.pk),
        (Line.FAMILY_READS, None, "09", date(2026, 8, 1), admin.pk),
        (Line.UPLOADS, school.pk, {"audio": True, "video": False}, date(2026, 9, 1), admin.pk),
    ]
    assert left(before) == 0
    assert District.objects.get(pk=district.pk).rules_version == version + 1
    # And they are read from there.
    assert kinds_allowed(school.pk) > kinds_allowed(make_school(district).pk)
    classroom.learner.grade = "07"
    days = (date(2025, 7, 31), date(2025, 8, 1), date(2026, 8, 1))
    assert [reads_along(classroom.learner, on=day) for day in days] == [
        reads_along(classroom.learner, on=date(2020, 1, 1)),
        False,
        True,
    ]


def test_second_run_copies_nothing_twice_and_leaves_what_was_decided_since(classroom, before):
    district, school, other = classroom.district, classroom.school, make_school(classroom.district)
    media_rule(before, school, allows_audio=True)
    copy(before)
    let_in(school, video=True)
    decided = list(PolicyRule.objects.order_by("pk").values_list("pk", "value"))
    # A server of before that still ran wrote these in the meantime.
    media_rule(before, school, allows_audio=False)
    media_rule(before, other, allows_audio=True)
    talk_policy(before, district, "04", date(2025, 8, 1))

    copy(before)

    rows = PolicyRule.objects.order_by("pk").values_list("pk", "value")
    assert list(rows)[:2] == decided
    assert {(rule.line, rule.school_id) for rule in PolicyRule.objects.order_by("pk")[2:]} == {
        (Line.FAMILY_READS, None),
        (Line.UPLOADS, other.pk),
    }
    assert left(before) == 0


def test_without_older_rules_nothing_is_written(classroom, before):
    copy(before)
    assert (PolicyRule.objects.count(), District.objects.get(pk=classroom.district.pk).rules_version) == (0, 0)
