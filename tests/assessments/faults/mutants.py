"""Sites with one safeguard taken out, to show that the storm would notice. Chosen by DJANGO_SETTINGS_MODULE."""

import time

from django.apps import AppConfig
from django.db import transaction

SECONDS_BETWEEN = 2.0


class WithoutSweep(AppConfig):
    """The clock runs, and never sends what was not hurried."""

    name = "tests.assessments.faults"
    label = "without_sweep"

    def ready(self) -> None:
        from lrm.celery import app  # reads the settings that are being loaded

        del app.conf.beat_schedule["sweep"]


class EarlyDeletion(AppConfig):
    """Marks are deleted, for good, before the work that they stand for is done."""

    name = "tests.assessments.faults"
    label = "early_deletion"

    def ready(self) -> None:
        from assessments.services import recompute  # models are there only now

        in_order = recompute._recompute_block

        def delete_first(district, pairs):
            with transaction.atomic():
                marks, _now = recompute._marks(recompute._lock(pairs))
                recompute._delete_marks(marks, pairs)
            time.sleep(SECONDS_BETWEEN)  # so that a kill finds this moment, on a busy machine too
            return in_order(district, pairs)

        recompute._recompute_block = delete_first
