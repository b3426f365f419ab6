"""In each class a talk about a piece of work; that of the demo's student was opened to the family."""

from datetime import timedelta

from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.talks import ABOUT_WORK
from paths.models import Artifact, Message, Talk, TalkSeen, TalkWidening

GAP = timedelta(minutes=50)


def make_work_talks(scene: Scene) -> int:
    """Returns how many."""
    newest = Artifact.objects.filter(is_draft=False, withdrawn_at=None).order_by("learner_id", "-created_at", "-pk")
    piece_of = {piece.learner_id: piece for piece in newest.distinct("learner_id")}
    talks: list[Talk] = []
    said: list[Message] = []
    opened: list[Talk] = []
    for number, room in enumerate(scene.rooms):
        row = _row(room, piece_of)
        if row is None:
            continue
        piece, learner, teacher = piece_of[room.learners[row].pk], room.accounts[row], room.teachers[SUBJECTS[0]]
        begun = piece.created_at + GAP
        talk = Talk(
            uuid=scene.uuid("work talk", number),
            learner=room.learners[row],
            section=room.sections[SUBJECTS[0]],
            with_family=room.is_demo_student(row),
            title=piece.heading[:120],
            artifact=piece,
            created_by=learner,
            created_at=begun,
        )
        talks.append(talk)
        for n, (who, text) in enumerate(ABOUT_WORK[number % len(ABOUT_WORK)]):
            at = begun + n * GAP
            author = learner if who == "learner" else teacher
            said.append(Message(uuid=scene.uuid("work said", number, n), talk=talk, author=author, text=text, at=at))
            talk.last_at, talk.version = at, n + 2
        if talk.with_family:
            opened.append(talk)
    Talk.objects.bulk_create(talks)
    Message.objects.bulk_create(said)
    last = {message.talk_id: message for message in said}
    TalkSeen.objects.bulk_create(
        TalkSeen(talk=talk, account=account, last_message=last[talk.pk].pk)
        for talk in talks
        for account in {talk.created_by, last[talk.pk].author}
        if account
    )
    TalkWidening.objects.bulk_create(
        TalkWidening(
            talk=talk,
            to=TalkWidening.To.FAMILY,
            by=talk.created_by,
            asked_at=talk.last_at + timedelta(minutes=5),
            at=talk.last_at + timedelta(minutes=5),
            after_message=last[talk.pk].pk,
        )
        for talk in opened
    )
    return len(talks)


def _row(room: Homeroom, piece_of: dict[int, Artifact]) -> int | None:
    """The demo student before others; None where nobody of the class has handed in anything."""
    rows = [row for row in range(len(room.learners)) if room.learners[row].pk in piece_of]
    return min(rows, key=lambda row: (not room.is_demo_student(row), row), default=None)
