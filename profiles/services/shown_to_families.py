"""What families read about a student, by the policy of the day for the school that the student is at home in.

Asked of families alone: the student and staff of the student read it always, and a copy of everything holds it. Of a
closed day too: who reads it reads it now.
"""

from django.utils import timezone

from profiles.models import Account, District, Learner
from profiles.models.policy_rule import PolicyRule
from profiles.services.kept_rules import kept_rules


def reads_own_views(learner: Learner, account: Account) -> bool:
    """Whether whoever sees the student reads how they see themselves. A parent who works at the school is family."""
    return not _is_family(learner, account) or shows_own_views(learner, account.district)


def shows_own_views(learner: Learner, district: District) -> bool:
    """Whether the family reads today how the student sees themselves."""
    return _shows(PolicyRule.Line.OWN_VIEWS, learner, district)


def reads_own_words(learner: Learner, account: Account) -> bool:
    """The same of the profile in the student's own words, and of what teachers have added to it."""
    return not _is_family(learner, account) or shows_own_words(learner, account.district)


def shows_own_words(learner: Learner, district: District) -> bool:
    """Whether the family reads the profile today."""
    return _shows(PolicyRule.Line.OWN_WORDS, learner, district)


def _is_family(learner: Learner, account: Account) -> bool:
    access = account.access
    return access.learner_id != learner.pk and learner.pk in access.ward_ids


def _shows(line: PolicyRule.Line, learner: Learner, district: District) -> bool:
    rules = kept_rules(district)
    return rules is None or rules.on(line, timezone.localdate(), learner.home_school_id).value
