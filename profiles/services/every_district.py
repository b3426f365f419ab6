"""What the clock does for each district, by the district's own clock."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from lrm.attempts import attempts
from lrm.scope import district_scope
from profiles.models import District


def in_every_district(event: str, *steps: Callable[[District, datetime], object]) -> None:
    """Take the steps in the scope of each district. One that fails stops neither the others nor other districts.

    event: under which its trouble stands in the log.    steps: called with the district and its time of now.
    Raises NotAllDone, once all others are through, where some failed.
    """
    with attempts(event) as attempt:
        for district in District.objects.order_by("pk"):
            for step in steps:
                with attempt(district=district.pk), district_scope(district.pk):
                    step(district, datetime.now(ZoneInfo(district.time_zone)))
