"""What is done with everything that is kept about a learner: rows of each place of the rights matrix."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone

from profiles.models import Account, AdultCopy, AuditEntry, Erasure, Learner, LearnerCopy, PolicyRule, RetentionPolicy
from profiles.models.retention import shipped_days


def kept_of(learner: Learner, thing: str, adult: Account) -> dict[str, models.Model]:
    """A copy that was made and handed out, whose file is not on the disk; an erasure that waits; days to come."""
    now = timezone.now()
    return {
        "audit_entry": AuditEntry._base_manager.get(learner=learner, place="learner", act="made"),
        "copy": LearnerCopy._base_manager.create(
            learner=learner, stored=uuid4(), size=1, made_at=now, handed_out_at=now
        ),
        "adult_copy": AdultCopy._base_manager.create(account=adult, stored=uuid4(), size=1, made_at=now),
        "retention_policy": RetentionPolicy._base_manager.create(
            district_id=learner.district_id,
            days=shipped_days(),
            starts_on=timezone.localdate() + timedelta(days=9),
        ),
        "policy_rule": PolicyRule._base_manager.create(
            district_id=learner.district_id,
            school=learner.home_school,
            line=PolicyRule.Line.UPLOADS,
            value={"audio": True, "video": False},
            why=f"{thing} asked",
            starts_on=timezone.localdate() + timedelta(days=9),
        ),
        "erasure": Erasure._base_manager.create(
            district_id=learner.district_id,
            learner=learner,
            learner_uuid=learner.uuid,
            why="They moved away.",
            alone_from=timezone.localdate(),
        ),
    }
