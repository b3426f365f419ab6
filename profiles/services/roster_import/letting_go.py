"""End what leaves. Rights end with enrollments; what a learner made stays."""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from profiles.models import Account, Enrollment, Learner, School, Section
from profiles.services.roster_import.affected import Affected
from profiles.services.roster_import.journal import Journal
from profiles.services.roster_import.plan import Leaving


def let_go(leaving: list[Leaving], *, today: date, affected: Affected, journal: Journal) -> None:
    pks: dict[str, list[int]] = {}
    for one in leaving:
        pks.setdefault(one.what, []).append(one.pk)
    learners, accounts = pks.get("learners", []), pks.get("accounts", [])
    of_learners = Account.objects.filter(learner__pk__in=learners).values_list("pk", flat=True)
    accounts = [*accounts, *of_learners] if learners else accounts
    gone = Enrollment._base_manager.filter(
        Q(pk__in=pks.get("enrollments", [])) | Q(learner__in=learners) | Q(account__in=accounts)
    ).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    ending = list(gone.values_list("pk", "learner_id", "roster_id")) if leaving else []
    for _pk, learner, roster in ending:
        if learner is not None:
            affected.add(learner, roster=roster)
    for learner in learners:
        affected.add(learner)
    enrollments = [pk for pk, _learner, _roster in ending]
    for name, ids in (
        ("schools", pks.get("schools", [])),
        ("sections", pks.get("sections", [])),
        ("learners", learners),
        ("accounts", accounts),
        ("enrollments", enrollments),
    ):
        journal.remember(name, ids)
    School._base_manager.filter(pk__in=pks.get("schools", [])).update(left_on=today)
    Section._base_manager.filter(pk__in=pks.get("sections", [])).update(archived_at=timezone.now())
    Learner._base_manager.filter(pk__in=learners).update(left_on=today)
    Account.objects.filter(pk__in=accounts).update(is_active=False)
    # The last day counts, so it was yesterday; what has not begun yet ends before it begins and is never in force.
    Enrollment._base_manager.filter(pk__in=enrollments).update(ends_on=today - timedelta(days=1))
