"""Profile entries in each learner's own words; some of them worded anew since."""

from datetime import timedelta

from paths.demo.seeding.plan import Homeroom, Scene
from paths.demo.words.profile import OLDER, YOUNG
from profiles.models import ProfileEntry

STEP = 4
# How many entries a learner has of each kind, most often.
AMOUNTS = {
    ProfileEntry.Kind.STRENGTH: (1, 2),
    ProfileEntry.Kind.NEED: (0, 1),
    ProfileEntry.Kind.INTEREST: (1, 2),
    ProfileEntry.Kind.MOTIVATION: (0, 1),
    ProfileEntry.Kind.LEARNS_BEST: (1, 1),
    ProfileEntry.Kind.ASPIRATION: (0, 1),
}
REVISED_SHARE = 0.1
EMPTY_SHARE = 0.04


def make_profiles(scene: Scene) -> int:
    """Returns how many entries were written. A few learners have written nothing yet."""
    entries, newer = [], []
    for number, room in enumerate(scene.rooms):
        rng = scene.chance(STEP, number)
        words = OLDER if room.plan.is_departmental else YOUNG
        for row in range(room.plan.learners):
            if rng.random() < EMPTY_SHARE and not room.is_demo_student(row):
                continue
            for kind, (fewest, most) in AMOUNTS.items():
                wanted = int(rng.integers(fewest, most + 1)) + int(room.is_demo_student(row) and fewest == 0)
                lines = [words[kind][int(n)] for n in rng.choice(len(words[kind]), size=wanted + 1, replace=False)]
                for line in lines[:wanted]:
                    entry = _entry(scene, room, row, kind, line, day=int(rng.integers(0, 25)))
                    entries.append(entry)
                    if rng.random() < REVISED_SHARE and not room.traits.joined[row]:
                        newer.append((entry, lines[wanted], int(rng.integers(30, 60))))
    ProfileEntry.objects.bulk_create(entries)
    revisions = [
        ProfileEntry(
            learner=entry.learner,
            kind=entry.kind,
            text=text,
            author=entry.author,
            created_at=scene.at(scene.days[min(day, len(scene.days) - 1)], 13, 15),
            replaces=entry,
        )
        for entry, text, day in newer
    ]
    ProfileEntry.objects.bulk_create(revisions)
    return len(entries) + len(revisions)


def _entry(scene: Scene, room: Homeroom, row: int, kind: str, text: str, *, day: int) -> ProfileEntry:
    came = room.came_on[row]
    written = max(scene.days[min(day, len(scene.days) - 1)], came + timedelta(1))
    return ProfileEntry(
        learner=room.learners[row],
        kind=kind,
        text=text,
        author=room.accounts[row],
        created_at=scene.at(min(written, scene.days[-1]), 9, 30),
    )
