"""What the forms of helping send, and a pair made without them."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from paths.models import PeerMatch
from paths.services.peers import pairs


def words(classroom, **fields) -> dict:
    what = f"{classroom.section.pk}-{classroom.standards[0].pk}"
    return {"uuid": str(uuid4()), "what": what, "kind": "wish", "text": "With the stories", **fields}


def two(classroom, helper, asker, **fields) -> dict:
    day = timezone.localdate()
    people = {"helper": helper.pk, "asker": asker.pk, "standard": classroom.standards[0].pk}
    return {
        "uuid": str(uuid4()),
        **people,
        "day": day,
        "ends_on": day + timedelta(days=7),
        "time_text": "11:15",
    } | fields


def page_of(client, name: str, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def make(classroom, helper, asker, **fields) -> PeerMatch:
    today = timezone.localdate()
    return pairs.make_pair(
        **{
            "section": classroom.section,
            "standard_id": classroom.standards[0].pk,
            "helper_id": helper.pk,
            "asker_id": asker.pk,
            "meeting": pairs.Meeting(today, today),
            "uuid": uuid4(),
            "by": classroom.teacher,
            "now": timezone.now(),
            **fields,
        }
    )
