"""Where students see themselves: mostly near their results, sometimes not, some with words; and names on the screen."""

from assessments.models import SelfRating
from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.ratings import HIGHER, LOWER, SAME
from profiles.models import ScreenName
from profiles.services.screen_names import ANIMALS, PLACES

STEP = 7
RATED_SHARE = 0.2
RATED_SHARE_OF_DEMO_STUDENT = 0.8
WORDS_SHARE = 0.3
EARLIER_SHARE = 0.25
SCREEN_SHARE = 0.2
DIFFERENCES = (-2, -1, 0, 1)
CHANCES = (0.05, 0.3, 0.5, 0.15)
TOP = 4


def make_ratings(scene: Scene) -> int:
    """Returns how many ratings were written."""
    ratings: list[SelfRating] = []
    names: list[ScreenName] = []
    for number, room in enumerate(scene.rooms):
        rng = scene.chance(STEP, number)
        for subject in SUBJECTS:
            for row in range(len(room.learners)):
                ratings += _of_learner(scene, room, subject, row, rng)
        words = [(animal, place) for animal in ANIMALS for place in PLACES]
        for row, pick in enumerate(rng.choice(len(words), size=len(room.learners), replace=False)):
            if rng.random() < SCREEN_SHARE:
                animal, place = words[int(pick)]
                names.append(ScreenName(learner=room.learners[row], animal=animal, place=place))
    SelfRating.objects.bulk_create(ratings)
    ScreenName.objects.bulk_create(names)
    return len(ratings)


def _of_learner(scene: Scene, room: Homeroom, subject: str, row: int, rng) -> list[SelfRating]:
    share = RATED_SHARE_OF_DEMO_STUDENT if room.is_demo_student(row) else RATED_SHARE
    newest, found = room.newest[subject][row], []
    for k in range(len(newest)):
        if not newest[k] or rng.random() >= share:
            continue
        difference = int(rng.choice(DIFFERENCES, p=CHANCES))
        level = min(max(int(newest[k]) + difference, 1), TOP)
        lines = LOWER if level < newest[k] else HIGHER if level > newest[k] else SAME
        said = lines[int(rng.integers(len(lines)))] if rng.random() < WORDS_SHARE else ""
        standard = scene.standard_ids[room.taught[subject][k].code]
        day = max(scene.day_before(int(rng.integers(1, 12))), room.came_on[row])
        if rng.random() < EARLIER_SHARE and level > 1:
            before = max(scene.day_before(int(rng.integers(14, 30))), room.came_on[row])
            found.append(
                SelfRating(
                    learner=room.learners[row], standard_id=standard, level=level - 1, rated_at=scene.at(before, 10, 15)
                )
            )
        found.append(
            SelfRating(
                learner=room.learners[row],
                standard_id=standard,
                level=level,
                words=said,
                rated_at=scene.at(day, 14, 20),
            )
        )
    return found
