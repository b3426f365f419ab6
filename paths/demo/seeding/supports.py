"""A few students of each class have supports that were agreed with the family."""

from datetime import timedelta

from paths.demo.seeding.plan import SUBJECTS, Scene
from paths.demo.words.supports import SUPPORTS
from profiles.models import Guardianship, Support

STEP = 23
SUPPORTED = 3


def make_supports(scene: Scene) -> int:
    """Returns how many. The last one of a class is not agreed yet; the first began with an older one that has ended."""
    rows: list[Support] = []
    family = {
        row.learner_id: row.account.name
        for row in Guardianship.objects.filter(confirmed_at__isnull=False).select_related("account").order_by("-pk")
    }
    for number, room in enumerate(scene.rooms):
        picked = scene.chance(STEP, number).choice(len(room.learners), size=SUPPORTED, replace=False)
        for place, row in enumerate(int(each) for each in picked):
            learner = room.learners[row]
            kind, text = SUPPORTS[(number + place) % len(SUPPORTS)]
            starts_on = max(scene.day_before(30 - 5 * place), room.came_on[row])
            said_yes = family.get(learner.pk, "") if place < SUPPORTED - 1 else ""
            entered = {"entered_by": room.teachers[SUBJECTS[0]], "created_at": scene.at(starts_on, 8, 20)}
            rows.append(
                Support(
                    uuid=scene.uuid("support", number, row),
                    learner=learner,
                    kind=kind,
                    text=text,
                    starts_on=starts_on,
                    agreed_with=said_yes,
                    agreed_on=starts_on if said_yes else None,
                    **entered,
                )
            )
            ended_on = starts_on - timedelta(days=1)
            if place == 0 and ended_on > room.came_on[row]:
                rows.append(
                    Support(
                        uuid=scene.uuid("support before", number, row),
                        learner=learner,
                        kind=Support.Kind.OTHER,
                        text="checks in before lunch",
                        starts_on=room.came_on[row],
                        ends_on=ended_on,
                        agreed_with=said_yes,
                        agreed_on=room.came_on[row] if said_yes else None,
                        ended_by=room.teachers[SUBJECTS[0]],
                        entered_by=room.teachers[SUBJECTS[0]],
                        created_at=scene.at(room.came_on[row], 8, 20),
                    )
                )
    Support.objects.bulk_create(rows)
    return len(rows)
