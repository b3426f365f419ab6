"""Writing the district's rule about families in conversations."""

from datetime import date, datetime

from paths.models import TalkPolicy
from profiles.models import Account


def write_talk_policy(*, family_below: str, starts_on: date, by: Account, now: datetime) -> TalkPolicy:
    """In force from that day; a rule of the same day is replaced. Conversations that have begun do not change."""
    row, _is_new = TalkPolicy.objects.update_or_create(
        district_id=by.district_id,
        starts_on=starts_on,
        defaults={"family_below": family_below, "created_by": by, "created_at": now},
    )
    return row
