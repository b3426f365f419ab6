"""A few conversations, some of them with words that nobody has read yet, and notes for staff only."""

from datetime import datetime, timedelta

from paths.demo.seeding.goals import Drafted
from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.talks import NOTES, WITH_CLASS, WITH_FAMILY
from paths.models import Message, Talk, TalkSeen
from profiles.models import Account, Guardianship, StaffNote

STEP = 11
TALKS_OF_A_ROOM = 3
NOTED = 3
GAP = timedelta(hours=3, minutes=20)


def make_talks(scene: Scene, goals: list[Drafted]) -> int:
    """Returns how many conversations. goals: live ones, which some conversations are about."""
    goal_of = {drafted.learner.pk: drafted.goal for drafted in goals}
    rows = [_rows(scene, number, room) for number, room in enumerate(scene.rooms)]
    family = _families([room.learners[row].pk for number, room in enumerate(scene.rooms) for row in rows[number]])
    talks: list[Talk] = []
    said: list[Message] = []
    read: list[tuple[Talk, Account]] = []
    for number, room in enumerate(scene.rooms):
        for place, row in enumerate(rows[number]):
            learner = room.learners[row]
            with_family = place == 0 and learner.pk in family
            words = (WITH_FAMILY if with_family else WITH_CLASS)[number % 2 if with_family else place % len(WITH_CLASS)]
            title, lines = words
            people = {"learner": room.accounts[row], "teacher": room.teachers[SUBJECTS[0]]}
            people["family"] = family.get(learner.pk, people["learner"])
            days = scene.day_before(2 + place)
            begun = scene.at(max(days, room.came_on[row]), 8, 30)
            talk = Talk(
                uuid=scene.uuid("talk", number, row),
                learner=learner,
                section=room.sections[SUBJECTS[0]],
                with_family=with_family,
                title=title,
                goal=goal_of.get(learner.pk) if place == 0 else None,
                created_by=people[lines[0][0]],
                created_at=begun,
            )
            talks.append(talk)
            for n, (who, text) in enumerate(lines):
                at = begun + n * GAP
                said.append(
                    Message(uuid=scene.uuid("said", number, row, n), talk=talk, author=people[who], text=text, at=at)
                )
                talk.last_at, talk.version = at, n + 2
            if place:
                read.append((talk, people["teacher"]))
    Talk.objects.bulk_create(talks)
    Message.objects.bulk_create(said)
    newest = {message.talk_id: message.pk for message in said}
    TalkSeen.objects.bulk_create(
        TalkSeen(talk=talk, account=account, last_message=newest[talk.pk]) for talk, account in read
    )
    _write_notes(scene)
    return len(talks)


def _rows(scene: Scene, number: int, room: Homeroom) -> list[int]:
    """The demo student before others."""
    rng = scene.chance(STEP, number)
    picked = [int(row) for row in rng.choice(len(room.learners), size=TALKS_OF_A_ROOM, replace=False)]
    own = [row for row in range(len(room.learners)) if room.is_demo_student(row)]
    return list(dict.fromkeys([*own, *picked]))[:TALKS_OF_A_ROOM]


def _families(learner_ids: list[int]) -> dict[int, Account]:
    rows = Guardianship.objects.filter(learner__in=learner_ids, confirmed_at__isnull=False).select_related("account")
    return {row.learner_id: row.account for row in rows.order_by("-pk")}


def _write_notes(scene: Scene) -> None:
    notes = []
    for number, room in enumerate(scene.rooms):
        for n, row in enumerate(_rows(scene, number, room)[:NOTED]):
            at: datetime = scene.at(max(scene.day_before(9 + n), room.came_on[row]), 15, 40)
            notes.append(
                StaffNote(
                    uuid=scene.uuid("note", number, row),
                    learner=room.learners[row],
                    author=room.teachers[SUBJECTS[0]],
                    text=NOTES[(number + n) % len(NOTES)],
                    created_at=at,
                )
            )
    StaffNote.objects.bulk_create(notes)
