"""How many learners have evidence on a standard: what an import should know before it retires one."""

from collections.abc import Sequence

from django.db.models import Count

from assessments.models import Mastery


def learners_by_standard(standard_ids: Sequence[int]) -> dict[int, int]:
    """Answer to lrm.changes.standards_in_use: numbers only, no learner is read."""
    rows = Mastery.objects.filter(standard__in=list(standard_ids)).values("standard_id").order_by()
    return dict(rows.annotate(count=Count("learner_id")).values_list("standard_id", "count"))
