"""What families read about a student, by the policy of the day for the school that the student is at home in."""

from django.utils import timezone

from profiles.models import Account, District, Learner
from profiles.models.policy_rule import PolicyRule
from profiles.services.kept_rules import kept_rules


def reads_own_views(learner: Learner, account: Account) -> bool:
    """Whether whoever sees the student reads how they see themselves. A parent who works at the school is family."""
    access = account.access
    if access.learner_id == learner.pk or learner.pk not in access.ward_ids:
        return True
    return shows_own_views(learner, account.district)


def shows_own_views(learner: Learner, district: District) -> bool:
    """Whether the family reads today how the student sees themselves. Of a closed day too: who reads it reads it now.

    Asked of families alone; the student and staff of the student read it always, and a copy of everything holds it.
    """
    rules = kept_rules(district)
    return rules is None or rules.on(PolicyRule.Line.OWN_VIEWS, timezone.localdate(), learner.home_school_id).value
