"""The demo teacher's class helps each other: offers, wishes, a pair that goes on, one that is over with its thanks."""

from datetime import timedelta

from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.peers import OFFERS, THANKS, WISHES
from paths.models import Cheer, Goal, PeerClass, PeerMatch, PeerNote, SharedMoment
from profiles.models import ScreenName

FEWEST = 8


def make_peers(scene: Scene) -> int:
    """Returns how many offers and wishes."""
    room = next(room for room in scene.rooms if room.plan.is_main)
    section = room.sections[SUBJECTS[0]]
    standards = [scene.standard_ids[taught.code] for taught in room.taught[SUBJECTS[0]]][:2]
    rows = sorted(range(len(room.learners)), key=lambda row: not room.is_demo_student(row))
    if len(rows) < FEWEST:
        return 0
    asker, helper, *others = rows
    PeerClass.objects.create(section=section, pairs_on=True, changed_by=room.teachers[SUBJECTS[0]])
    said = [(asker, standards[0], "wish", WISHES[0]), (helper, standards[0], "offer", OFFERS[0])]
    said += [(row, standards[-1], "wish", words) for row, words in zip(others[:2], WISHES[1:], strict=True)]
    said += [(row, standards[-1], "offer", words) for row, words in zip(others[2:4], OFFERS[1:], strict=True)]
    notes = [
        PeerNote(
            uuid=scene.uuid("peer note", row, standard),
            learner=room.learners[row],
            section=section,
            standard_id=standard,
            kind=kind,
            text=text,
            created_at=scene.at(scene.day_before(4), 9, number),
        )
        for number, (row, standard, kind, text) in enumerate(said)
    ]
    PeerNote.objects.bulk_create(notes)
    PeerMatch.objects.bulk_create(
        [
            _pair(scene, room, others[0], others[2], standards[0], begun=30),
            _pair(scene, room, helper, asker, standards[0], begun=1),
        ]
    )
    _share(scene, room, [asker, *others[:2]])
    return len(notes)


def _pair(scene: Scene, room: Homeroom, helper: int, asker: int, standard: int, *, begun: int) -> PeerMatch:
    """Both said yes. One that began long ago is over, with thanks."""
    on = scene.day_before(begun)
    is_over = on + timedelta(days=14) < scene.today
    day = on if is_over else scene.today
    over = {
        "ended_at": scene.at(on + timedelta(days=15), 7),
        "ended_because": PeerMatch.Because.OVER,
        "thanks": THANKS,
        "thanked_at": scene.at(on + timedelta(days=14)),
    }
    return PeerMatch(
        uuid=scene.uuid("pair", helper, asker),
        section=room.sections[SUBJECTS[0]],
        standard_id=standard,
        helper=room.learners[helper],
        asker=room.learners[asker],
        day=day,
        time_text="11:15",
        place="by the window",
        ends_on=day + timedelta(days=14),
        made_by=room.teachers[SUBJECTS[0]],
        made_at=scene.at(on, 8),
        helper_says=PeerMatch.Says.YES,
        asker_says=PeerMatch.Says.YES,
        agreed_at=scene.at(on, 12),
        **(over if is_over else {}),
    )


def _share(scene: Scene, room: Homeroom, classmates: list[int]) -> None:
    """One of the class shares a goal that was reached, under a screen name, and some have cheered."""
    reached = Goal.objects.filter(learner__in=room.learners, state=Goal.State.ACHIEVED, achieved_at__isnull=False)
    goal = (
        reached.exclude(learner__in=[room.learners[row] for row in classmates]).order_by("-achieved_at", "pk").first()
    )
    if goal is None or goal.achieved_at is None:
        return
    ScreenName.objects.get_or_create(learner=goal.learner, defaults={"animal": "heron", "place": "lake"})
    moment = SharedMoment.objects.create(
        uuid=scene.uuid("shared", 0),
        learner=goal.learner,
        section=room.sections[SUBJECTS[0]],
        goal=goal,
        shared_at=goal.achieved_at,
    )
    kinds = Cheer.Kind.values
    Cheer.objects.bulk_create(
        Cheer(moment=moment, by=room.learners[row], kind=kinds[place], at=goal.achieved_at)
        for place, row in enumerate(classmates)
    )
