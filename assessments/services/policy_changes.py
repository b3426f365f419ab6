"""Writing a new version of a district's policy, and withdrawing one that has not begun."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments import hurry
from assessments.models import CalibrationStart, MasteryPolicy
from assessments.models.policy import AS_DISTRICT, ENDS, OF_SCHOOLS
from assessments.services import outbox
from assessments.services.matches import CROSSING
from assessments.services.policies import InForce, Policies
from profiles.models import Account, District, School
from profiles.services.policy_rules import known_at
from standards.models import Standard

DECIDES = (
    "method", "newest_weight", "times", "whole", "cuts", "level_words", "mastery_level", "minimum_n", "parent_rule",
    "parent_share", "exact_matches",
)  # fmt: skip
"""What a version says; two that say the same are the same. Of a school's line OF_SCHOOLS alone."""

# A worker that read the policies before this one may just be making a learner's first state; its mark stands till then.
STATES = """(SELECT learner_id, subject_id FROM assessments_modelstate
         UNION SELECT learner_id, subject_id FROM assessments_stalemark)"""

# Levels follow a policy wherever the learner has state in a subject of the frameworks that it is for. A school's line
# is for those who are at home there; it begins today at the earliest, so no day of who has left is another one by it.
MARK = f"""
INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)
SELECT m.learner_id, m.subject_id, %(lane)s, coalesce(%(due_at)s, statement_timestamp())
  FROM {STATES} m JOIN profiles_learner l ON l.id = m.learner_id
 WHERE l.district_id = %(district)s AND (%(school)s::bigint IS NULL OR l.home_school_id = %(school)s)
   AND (%(framework)s::bigint IS NULL
        OR m.subject_id IN (SELECT subject_id FROM standards_standard WHERE framework_id = %(framework)s))
   AND NOT (%(again)s::boolean AND EXISTS (
       SELECT FROM assessments_stalemark w
        WHERE w.learner_id = m.learner_id AND w.subject_id = m.subject_id AND w.due_at = %(due_at)s))
"""


CAME_LATELY = """SELECT FROM profiles_homeschool h WHERE h.learner_id = l.id AND h.school_id = %(school)s
    AND (h.starts_on >= current_date - 1 OR h.starts_on IS NULL AND l.created_at > now() - interval '1 day')"""


def next_version(district: District, framework_id: int | None, on: date) -> MasteryPolicy:
    """What is in force on that day as an unsaved version of its own, to be changed; the shipped defaults without one.

    What a page does not ask for is so carried over. One statement.
    """
    standing = MasteryPolicy.objects.filter(
        Q(framework=framework_id) | Q(framework=None), district=district, school=None
    )
    base = standing.in_force(on).first()
    if base is None:
        base = MasteryPolicy(newest_weight=Decimal("0.65"), times=3, whole=False)
    base.pk, base._state.adding = None, True
    base.district, base.framework_id, base.created_by = district, framework_id, None
    return base


def next_line(school: School, framework_id: int | None, on: date) -> MasteryPolicy:
    """The same for a school: what holds there for the framework that day, on the scale of the day, with the names of
    the levels, which no line of a school keeps. One statement."""
    found = Policies(school.district_id).decided(framework_id, on, school.pk)
    return MasteryPolicy(
        district=school.district,
        school=school,
        framework_id=framework_id,
        method=found.method.name,
        newest_weight=Decimal(f"{found.parameters.newest_weight:.2f}"),
        times=found.parameters.times,
        whole=found.parameters.whole,
        cuts=list(found.scale.cuts),
        level_words=[str(word) for word in found.words],
        mastery_level=found.scale.mastery_level,
    )


# Results that count by an exact match reach subjects in which the learner has no state yet.
MARK_MATCHED = f"""
WITH RECURSIVE {CROSSING}
INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)
SELECT DISTINCT m.learner_id, c.y, %(lane)s, coalesce(%(due_at)s, statement_timestamp())
  FROM {STATES} m JOIN profiles_learner l ON l.id = m.learner_id JOIN crossing c ON c.x = m.subject_id
 WHERE l.district_id = %(district)s AND c.x <> c.y
   AND (%(framework)s::bigint IS NULL
        OR c.y IN (SELECT subject_id FROM standards_standard WHERE framework_id = %(framework)s))
   AND NOT (%(again)s::boolean AND EXISTS (
       SELECT FROM assessments_stalemark w
        WHERE w.learner_id = m.learner_id AND w.subject_id = c.y AND w.due_at = %(due_at)s))
"""


class PolicyRefused(ValueError):
    """Nothing was stored. code: "begun", "taken", "same", "newer", "gone" or, of a school, "above" or "levels"."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def begin_policy(policy: MasteryPolicy, *, by: Account, drawn_at: datetime | None = None) -> int:
    """Store a new version, and mark everything that it changes for the morning on which it begins.

    Days before it keep their policy. Returns how many (learner, subject) pairs are marked.
    drawn_at: when the form was made; None where nobody read one.
    Raises PolicyRefused: it would begin on a day that is over ("begun"), another version for the same framework
    begins on that day ("taken"; today a newer one takes its place), it says what is in force already ("same"),
    what it would take the place of was stored after drawn_at, so that its author has not seen it ("newer"), of a school
    what its district says of that day was changed after drawn_at ("above"), or a school would have another number of
    levels than its district has that day ("levels").
    """
    district = District.objects.select_for_update().get(pk=policy.district_id)
    today = _today(district)
    if policy.starts_on < today:
        raise PolicyRefused("begun")
    if drawn_at is not None and change_above(policy, drawn_at) is not None:
        raise PolicyRefused("above")
    if policy.school_id is not None and policy.method not in (ENDS, AS_DISTRICT):
        base = Policies(district.pk).decided(policy.framework_id, policy.starts_on)
        if len(policy.cuts) != len(base.scale.cuts):
            raise PolicyRefused("levels")
    versions = _alike(policy)
    if policy.starts_on > today and versions.filter(starts_on=policy.starts_on).exists():
        raise PolicyRefused("taken")
    before = versions.filter(starts_on__lte=policy.starts_on).order_by("-starts_on", "-pk").first()
    if _says_nothing_new(policy, before):
        raise PolicyRefused("same")
    if drawn_at is not None and before is not None and before.created_at > drawn_at:
        raise PolicyRefused("newer")
    policy.created_by = by
    policy.save(force_insert=True)
    _call_off_terms(policy, today)
    return _mark(policy, district, today)


@transaction.atomic
def withdraw_policy(policy: MasteryPolicy, *, by: Account) -> None:
    """Take a version back that has not begun.

    On its eve, what it would have changed is marked once more: the morning may come before this is committed.
    Raises PolicyRefused: it has begun ("begun"), or somebody withdrew it first ("gone").
    """
    district = District.objects.select_for_update().get(pk=policy.district_id)
    policy.refresh_from_db()
    if policy.withdrawn_at is not None:
        raise PolicyRefused("gone")
    today = _today(district)
    if policy.starts_on <= today:
        raise PolicyRefused("begun")
    policy.withdrawn_at, policy.withdrawn_by = timezone.now(), by
    policy.save(update_fields=["withdrawn_at", "withdrawn_by"])
    if policy.starts_on == today + timedelta(days=1):
        _mark(policy, district, today)


@transaction.atomic
def restore_policy(policy: MasteryPolicy) -> None:
    """Undo a withdrawal. Of the marks for its morning only those are made anew that do not wait any more.

    Raises PolicyRefused: its day is over ("begun"), it was not withdrawn ("gone"), or another version begins on
    that day by now ("taken").
    """
    district = District.objects.select_for_update().get(pk=policy.district_id)
    policy.refresh_from_db()
    today = _today(district)
    if policy.withdrawn_at is None:
        raise PolicyRefused("gone")
    if policy.starts_on <= today:
        raise PolicyRefused("begun")
    if _alike(policy).filter(starts_on=policy.starts_on).exists():
        raise PolicyRefused("taken")
    policy.withdrawn_at = policy.withdrawn_by = None
    policy.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _call_off_terms(policy, today)
    _mark(policy, district, today, again=True)


def policies_known(district_id: int, at: datetime) -> Policies:
    """With what the district had written by that moment, and no school's."""
    rows = MasteryPolicy.objects.filter(district=district_id, school=None)
    return Policies(district_id).with_versions(known_at(rows, at))


def change_above(policy: MasteryPolicy, drawn_at: datetime) -> tuple[InForce, InForce] | None:
    """Of a school's line: what the district said of its first day when the form was made, and what it says by now.

    None where that is the same, and of a version of the district's. Three statements.
    """
    if policy.school_id is None:
        return None
    read = (policies_known(policy.district_id, drawn_at), Policies(policy.district_id))
    then, now = (each.decided(policy.framework_id, policy.starts_on) for each in read)
    return (then, now) if replace(then, policy_id=None) != replace(now, policy_id=None) else None


def _alike(policy: MasteryPolicy) -> QuerySet[MasteryPolicy]:
    """Versions for the same school and framework that were not withdrawn."""
    return MasteryPolicy.objects.filter(
        district=policy.district_id, school=policy.school_id, framework=policy.framework_id, withdrawn_at=None
    )


def _says_nothing_new(policy: MasteryPolicy, before: MasteryPolicy | None) -> bool:
    if policy.school_id is None:
        return before is not None and all(getattr(before, name) == getattr(policy, name) for name in DECIDES)
    if policy.method == ENDS:
        return before is None or before.method == ENDS
    if policy.method == AS_DISTRICT and (before is None or before.method == ENDS):
        return not _has_line_for_all(policy)
    if before is None or policy.method != before.method:
        return False
    return policy.method == AS_DISTRICT or all(getattr(before, name) == getattr(policy, name) for name in OF_SCHOOLS)


def _has_line_for_all(policy: MasteryPolicy) -> bool:
    """Whether the school has one for all frameworks when this begins, or later."""
    rows = MasteryPolicy.objects.filter(school=policy.school_id, framework=None, withdrawn_at=None)
    standing = rows.filter(starts_on__lte=policy.starts_on).order_by("-starts_on", "-pk").first()
    if standing is not None and standing.method != ENDS:
        return True
    return rows.filter(starts_on__gt=policy.starts_on).exclude(method=ENDS).exists()


def _call_off_terms(policy: MasteryPolicy, today: date) -> None:
    """Where levels follow the tree, a person starts a calibration: those that wait for their term do not begin."""
    if policy.method != MasteryPolicy.Method.TREE:
        return
    starts = CalibrationStart.objects.filter(
        subject__district=policy.district_id, starts_on__gt=today, reason=CalibrationStart.Reason.TERM
    )
    if policy.framework_id:
        of_it = Standard.objects.filter(framework=policy.framework_id)
        starts = starts.filter(subject__in=of_it.order_by().values("subject"))
    starts.delete()


def _mark(policy: MasteryPolicy, district: District, today: date, *, again: bool = False) -> int:
    due_at = None
    if policy.starts_on > today:
        due_at = datetime.combine(policy.starts_on, time(), ZoneInfo(district.time_zone)) + timedelta(seconds=1)
    what = {
        "lane": int(outbox.Lane.BULK),
        "due_at": due_at,
        "district": district.pk,
        "framework": policy.framework_id,
        "school": policy.school_id,
        "again": again,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK, what)
        marked = cursor.rowcount
        if policy.exact_matches and policy.school_id is None:
            cursor.execute(MARK_MATCHED, what)
            marked += cursor.rowcount
    if policy.school_id is not None:
        # Who comes to the school in a transaction that is not through yet is not seen from here; a worker that is
        # quicker than this one's end computes them by what was in force before.
        transaction.on_commit(lambda: _mark_late(what), robust=True)
    transaction.on_commit(hurry.hurry, robust=True)
    return marked


def _mark_late(what: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{MARK} AND EXISTS ({CAME_LATELY})", what)


def _today(district: District) -> date:
    return timezone.localdate(timezone=ZoneInfo(district.time_zone))
