"""Each class has answered one poll, is asked another, and somebody has suggested something; one may draw too."""

from datetime import timedelta

from paths.demo.seeding.plan import SUBJECTS, Scene
from paths.demo.words.polls import DRAWN, IDEAS, OPEN, OVER
from paths.models import Poll, PollAnswer, PollHand

STEP = 13
ANSWERED = 0.8


def make_polls(scene: Scene) -> int:
    """Returns how many polls and suggestions."""
    polls: list[Poll] = []
    answers: list[PollAnswer] = []
    hands: list[PollHand] = []
    for number, room in enumerate(scene.rooms):
        rng = scene.chance(STEP, number)
        teacher = room.teachers[SUBJECTS[0]]
        common = {"school": room.school, "section": room.sections[SUBJECTS[0]], "created_by": teacher}
        question, options, ending = OVER[number % len(OVER)]
        asked, closed = scene.day_before(20), scene.day_before(9)
        over = Poll(
            **common,
            uuid=scene.uuid("poll", number, 0),
            kind=Poll.Kind.ONE,
            question=question,
            options=list(options),
            is_anonymous=True,
            created_at=scene.at(asked, 9, 5),
            open_until=closed - timedelta(days=1),
            ending=Poll.Ending.DID,
            ending_text=ending,
            ended_by=teacher,
            ended_at=scene.at(closed, 15, 5),
        )
        project, ideas = OPEN
        asks = Poll(
            **common,
            uuid=scene.uuid("poll", number, 1),
            kind=Poll.Kind.SEVERAL,
            question=project,
            options=list(ideas),
            created_at=scene.at(scene.day_before(2), 9, 5),
            open_until=scene.today + timedelta(days=6),
        )
        row = int(rng.integers(len(room.learners)))
        idea = Poll(
            **(common | {"created_by": room.accounts[row]}),
            uuid=scene.uuid("poll", number, 2),
            kind=Poll.Kind.SUGGESTION,
            question=IDEAS[number % len(IDEAS)],
            is_anonymous=bool(number % 2),
            created_at=scene.at(max(scene.day_before(3), room.came_on[row]), 11, 20),
        )
        polls += [over, asks, idea]
        if room.plan.is_main:
            drawn = Poll(
                **common,
                uuid=scene.uuid("poll", number, 3),
                kind=Poll.Kind.DRAWING,
                question=DRAWN,
                is_anonymous=True,
                created_at=scene.at(scene.day_before(3), 9, 5),
                open_until=scene.today + timedelta(days=6),
            )
            polls.append(drawn)
        for place, learner in enumerate(room.learners):
            if rng.random() < ANSWERED and room.came_on[place] < asked:
                answer = PollAnswer(
                    uuid=scene.uuid("poll answer", number, place),
                    poll=over,
                    choices=[int(rng.integers(len(over.options)))],
                    at=asked,
                )
                answers.append(answer)
                hands.append(PollHand(poll=over, learner=learner, answer=answer))
    Poll.objects.bulk_create(polls)
    PollAnswer.objects.bulk_create(answers)
    PollHand.objects.bulk_create(hands)
    return len(polls)
