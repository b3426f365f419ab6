"""Lines of the policy that pages ask all the time: kept in each process until somebody writes a rule."""

from functools import lru_cache

from lrm.scope import district_scope
from profiles.models import District
from profiles.models.policy_rule import PolicyRule
from profiles.services.policy_rules import Rules

Line = PolicyRule.Line
KEPT = (Line.WORDS, Line.LANGUAGE, Line.LEVEL_WORDS, Line.MINIMUM_N, Line.OWN_VIEWS, Line.OWN_WORDS, Line.API_READS)


def kept_rules(district: District) -> Rules | None:
    """None where nobody has ever decided anything: then nothing is read."""
    return _read(district.pk, district.rules_version) if district.rules_version else None


@lru_cache(maxsize=64)
def _read(district_id: int, _version: int) -> Rules:
    with district_scope(district_id):
        return Rules(PolicyRule.objects.filter(line__in=KEPT, withdrawn_at=None))
