"""Meetings of the term: most learners had one with a teacher, with something agreed at its end; one is prepared."""

from datetime import timedelta

from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.talks import AGENDA, AGREED, MEETING_NOTES, POINTS
from paths.models import Conference, NextStep, TalkPoint

STEP = 12
HAD_ONE = 0.6


def make_conferences(scene: Scene) -> int:
    """Returns how many meetings were held."""
    held: list[Conference] = []
    waiting: list[Conference] = []
    agreed: list[NextStep] = []
    points: list[TalkPoint] = []
    for number, room in enumerate(scene.rooms):
        rng = scene.chance(STEP, number)
        teacher = room.teachers[SUBJECTS[0]]
        for row, learner in enumerate(room.learners):
            is_demo, pick = room.is_demo_student(row), int(rng.integers(100))
            day = scene.day_before(int(rng.integers(6, 40)))
            if (is_demo or rng.random() < HAD_ONE) and day > room.came_on[row]:
                meeting = _held(scene, room, number, row, day, pick)
                held.append(meeting)
                at = scene.at(day, 13, 50)
                agreed.append(
                    NextStep(
                        uuid=scene.uuid("agreed", number, row),
                        conference=meeting,
                        text=AGREED[pick % len(AGREED)],
                        who=NextStep.Who.LEARNER,
                        due_on=day + timedelta(days=14),
                        created_at=at,
                        agreed_at=at,
                        done_at=scene.at(scene.day_before(2), 9) if pick % 2 and not is_demo else None,
                    )
                )
            if is_demo:
                waiting.append(Conference(learner=learner, teacher=teacher, planned_on=scene.today + timedelta(days=1)))
                points.append(
                    TalkPoint(
                        learner=learner,
                        by=room.accounts[row],
                        text=POINTS[pick % len(POINTS)],
                        at=scene.at(scene.day_before(1), 10, 5),
                    )
                )
    Conference.objects.bulk_create([*held, *waiting])
    NextStep.objects.bulk_create(agreed)
    TalkPoint.objects.bulk_create(points)
    return len(held)


def _held(scene: Scene, room: Homeroom, number: int, row: int, day, pick: int) -> Conference:
    return Conference(
        uuid=scene.uuid("meeting", number, row),
        learner=room.learners[row],
        teacher=room.teachers[SUBJECTS[0]],
        planned_on=day,
        held_at=scene.at(day, 13, 45),
        notes=MEETING_NOTES[pick % len(MEETING_NOTES)],
        agenda=[{"kind": "goal", "text": AGENDA[pick % len(AGENDA)], "url": ""}],
        created_at=scene.at(day, 8, 10),
    )
