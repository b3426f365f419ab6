"""Standards that forms about a learner offer first: those of the classes, as the wall has them."""

from django.db.models import QuerySet
from django.utils import timezone

from assessments.models import SectionStandard
from profiles.models import Account, Enrollment, Learner, Section
from standards.models import Standard


def standards_for_learner(learner: Learner) -> list[Standard]:
    """What the learner's sections teach, in the order of the walls, each once."""
    rosters = Enrollment.objects.on(timezone.localdate()).of_learners().filter(learner=learner).values("roster")
    return _offered(SectionStandard.objects.filter(section__roster__in=rosters))


def standards_for_section(section_id: int) -> list[Standard]:
    return _offered(SectionStandard.objects.filter(section=section_id))


def standards_for_account(account: Account) -> list[Standard]:
    """What the sections of the account teach; of an administrator, all sections of the schools."""
    return _offered(SectionStandard.objects.filter(section__in=Section.objects.visible_to(account)))


def _offered(rows: QuerySet[SectionStandard]) -> list[Standard]:
    rows = rows.filter(standard__retired_at__isnull=True).select_related("standard", "standard__subject")
    rows = rows.order_by("standard__subject__title", "position", "pk")
    return list({row.standard_id: row.standard for row in rows}.values())
