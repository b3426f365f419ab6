"""Students of the demo teacher's class who are ready to try a standard again."""

from paths.demo.seeding.plan import SUBJECTS, Scene
from paths.demo.words.try_again import PRACTICED
from paths.models import TryRequest


def make_try_requests(scene: Scene) -> None:
    """On the standard on which most of the class stand at the second level by their newest mark."""
    room = next(room for room in scene.rooms if room.plan.is_main)
    subject = next(name for name in SUBJECTS if name in room.newest)
    marks = room.newest[subject]
    column = int((marks == 2).sum(axis=0).argmax())
    rows = [row for row in range(len(room.learners)) if marks[row, column] == 2 and not room.is_demo_student(row)]
    at = scene.at(scene.day_before(1), hour=13)
    TryRequest.objects.bulk_create(
        TryRequest(
            uuid=scene.uuid("try request", row),
            learner=room.learners[row],
            standard_id=scene.standard_ids[room.taught[subject][column].code],
            section=room.sections[subject],
            practiced=words,
            created_at=at,
            updated_at=at,
        )
        for row, words in zip(rows, PRACTICED, strict=False)
    )
