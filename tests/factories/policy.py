"""Lines of the policy, decided today unless said otherwise."""

from datetime import date
from typing import Any

from django.utils import timezone

from profiles.models import Account, District, PolicyRule, School
from profiles.policy_values import Line
from profiles.services.policy_rules import write_rule


def make_rule(
    line: str,
    value: Any,
    *,
    district: District | None = None,
    school: School | None = None,
    starts_on: date | None = None,
    by: Account | None = None,
) -> PolicyRule:
    """For a district, or for one of its schools."""
    whose = district or (school.district if school else None)
    assert whose is not None
    day = starts_on or timezone.localdate()
    return write_rule(district=whose, line=line, school=school, value=value, starts_on=day, why="As agreed", by=by)


def let_in(school: School, *, audio: bool = False, video: bool = False) -> PolicyRule:
    """What learners of a school may hand in beside pictures."""
    return make_rule(Line.UPLOADS, {"audio": audio, "video": video}, school=school)
