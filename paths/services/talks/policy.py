"""Whether families read along in conversations by default: a line of the policy."""

from datetime import date

from lrm.grades import CODES
from profiles.models import Learner, PolicyRule
from profiles.services.policy_rules import value_on


def reads_along(learner: Learner, *, on: date) -> bool:
    """Whether the learner's family is in conversations that begin that day, unless somebody takes them out."""
    below = value_on(PolicyRule.Line.FAMILY_READS, on, school_id=learner.home_school_id)
    return includes_family(learner.grade, below)


def includes_family(grade: str, below: str) -> bool:
    """below: families of learners below this grade read along; "" for none. An unknown grade is the youngest."""
    if not below:
        return False
    code = {"K": "KG"}.get(grade.upper(), grade.upper())
    code = f"{int(code):02d}" if code.isdecimal() else code
    return code not in CODES or CODES.index(code) < CODES.index(below)
