"""Objecting to what a machine works out about a learner, and taking the objection back."""

from django.db import transaction
from django.utils import timezone

from lrm.changes import objections_changed
from profiles.models import Account, Learner, Objection


@transaction.atomic
def object_to(learner: Learner, *, by: Account, words: str) -> Objection:
    """From now on suggestions know nothing about the learner. Twice is once."""
    Learner.objects.select_for_update(of=("self",)).get(pk=learner.pk)
    found = Objection.objects.standing().filter(learner=learner).first()
    if found is None:
        found = Objection.objects.create(learner=learner, raised_by=by, words=words)
        objections_changed.tell(learner.pk)
    return found


@transaction.atomic
def take_back(learner: Learner, *, by: Account) -> bool:
    """False: there was none."""
    rows = Objection.objects.standing().filter(learner=learner)
    if not rows.update(ended_at=timezone.now(), ended_by=by):
        return False
    objections_changed.tell(learner.pk)
    return True
