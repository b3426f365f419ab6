"""Groups of the weeks behind us: suggested from what was known on a day, accepted, some of them closed, and one of the
demo teacher's over and still to be closed."""

from datetime import date, datetime, timedelta

from assessments.models import Group, GroupMember, GroupSuggestion, GroupTask, OwnPath
from assessments.services import recompute, suggesting
from assessments.services.group_starts import read_starts
from assessments.services.policies import Policies
from paths.demo.seeding.evidence import append_results, look_again
from paths.demo.seeding.plan import SUBJECTS, Homeroom, Scene
from paths.demo.words.groups import TASKS
from profiles.models import Enrollment
from standards.models import Subject

SUBJECT = SUBJECTS[0]
LED_AT = ("Round table", "Table at the back", "Carpet", "Window table")
ON_THEIR_OWN_AT = ("Hallway desks", "Media center", "Makers' corner")
# Rooms that share an adult meet in different parts of the day: five of them, of up to three turns each.
FIRST_MINUTE, PART, TURN, LASTS = 8 * 60 + 30, 75, 25, 20
PARTS, TURNS = 5, 3
# Days ago that groups were accepted, and for how many days they run. The oldest, long enough ago that students have
# results since, are of everybody but the demo teacher, whose are the middle ones.
EARLY, OVER, RUNNING = (40, 12), (23, 10), (9, 14)
LOOKED_AGAIN = (33, 26, 18)


def make_group_history(scene: Scene) -> int:
    """Mathematics groups of every homeroom. Fills the ledger up to each day before asking the solver.

    Returns how many groups were accepted.
    """
    main = [room for room in scene.rooms if room.plan.is_main]
    others = [room for room in scene.rooms if not room.plan.is_main]
    early = _accept_on(scene, others, *EARLY)
    for room in others:
        _look_again(scene, room)
    return early + _accept_on(scene, main, *OVER) + _accept_on(scene, scene.rooms, *RUNNING)


def _look_again(scene: Scene, room: Homeroom) -> None:
    """Three quick checks of what its groups worked on, for all of the class: so it can be told whether they helped."""
    focuses = set(Group.objects.filter(section=room.sections[SUBJECT]).values_list("focus_id", flat=True))
    taught = [scene.standard_ids[standard.code] for standard in room.taught[SUBJECT]]
    standards = [position for position, standard in enumerate(taught) if standard in focuses]
    days = sorted({scene.day_before(ago) for ago in LOOKED_AGAIN})
    if standards and days[0] > scene.day_before(EARLY[0]):
        look_again(scene, room, SUBJECT, standards, days)


def _accept_on(scene: Scene, rooms: list[Homeroom], days_ago: int, days: int) -> int:
    day = scene.day_before(days_ago)
    subject = Subject.objects.get(key=Subject.key_for(SUBJECT))
    for room in rooms:
        append_results(scene, room, SUBJECT, until=day)
    pairs = [(learner.pk, subject.pk) for room in rooms for learner in room.learners]
    for start in range(0, len(pairs), recompute.BLOCK):
        recompute.recompute_pairs(pairs[start : start + recompute.BLOCK])
    return sum(_accept(scene, room, day, day + timedelta(days)) for room in rooms)


def _accept(scene: Scene, room: Homeroom, day: date, ends_on: date) -> int:
    """The board of that day, as the teacher took it without a change."""
    section = room.sections[SUBJECT]
    board = suggesting.make_board(section, {}, on=day)
    if not board or not board.get("groups"):
        return 0
    at = scene.at(day, 15, 30)
    teacher = room.teachers[SUBJECT]
    suggestion = GroupSuggestion.objects.create(
        uuid=scene.uuid("suggestion", room.plan.title, day),
        section=section,
        state=GroupSuggestion.State.ACCEPTED,
        board=board,
        created_at=at - timedelta(hours=5),
        updated_at=at,
        decided_by=teacher,
    )
    adults = [teacher.name, *_helpers(room)]
    is_over = ends_on < scene.today
    focus_of = {member["learner"]: planned["focus"] for planned in board["groups"] for member in planned["members"]}
    policies = Policies(section.district_id)
    starts = read_starts(section.roster_id, focus_of, policies=policies, on=day, at=at)
    groups, members = [], []
    for n, planned in enumerate(board["groups"]):
        group = _group(scene, suggestion, planned, n, adults, scene.rooms.index(room) % PARTS, day, ends_on, at)
        if is_over:
            group.closed_at, group.closed_by = scene.at(ends_on - timedelta(max(ends_on.weekday() - 4, 0)), 15), teacher
        elif room.plan.is_main and n == len(board["groups"]) - 1:
            # Over before the others, and still to be closed by the demo teacher.
            group.ends_on = max(scene.day_before(1), group.starts_on)
        groups.append(group)
        members += [
            GroupMember(group=group, learner_id=pk, reason={"reasons": member["reasons"]}, **starts[pk])
            for member in planned["members"]
            if (pk := member["learner"]) in starts
        ]
    Group.objects.bulk_create(groups)
    if not is_over:
        GroupTask.objects.bulk_create(
            GroupTask(group=group, position=position, tier=tier, text=text)
            for group in groups
            for position, (tier, text) in enumerate(TASKS[group.purpose])
        )
    GroupMember.objects.bulk_create(members)
    OwnPath.objects.bulk_create(
        OwnPath(
            section=section,
            suggestion=suggestion,
            learner_id=member["learner"],
            standard_id=member["standard"],
            reason={"reasons": member["reasons"]},
            starts_on=min(group.starts_on for group in groups),
            ends_on=ends_on,
            closed_at=groups[0].closed_at,
            created_at=at,
        )
        for member in board["own"]
    )
    return len(groups)


def _group(
    scene: Scene,
    suggestion: GroupSuggestion,
    planned: dict,
    n: int,
    adults: list[str],
    part: int,
    day: date,
    ends_on: date,
    at: datetime,
) -> Group:
    adult = planned["adult"]
    places = ON_THEIR_OWN_AT if adult is None else LED_AT
    return Group(
        uuid=scene.uuid("group", suggestion.uuid, planned["letter"]),
        section_id=suggestion.section_id,
        suggestion=suggestion,
        letter=planned["letter"],
        purpose=planned["purpose"],
        focus_id=planned["focus"],
        is_led=adult is not None and planned["turn"] == 0,
        adult="" if adult is None else adults[(adult - 1) % len(adults)],
        place=places[n % len(places)],
        time_text="" if adult is None else _meets(part, planned["turn"]),
        starts_on=day + timedelta(1 if day.weekday() < 4 else 3),
        ends_on=ends_on,
        created_at=at,
        readiness_micro=planned.get("readiness"),
    )


def _meets(part: int, turn: int) -> str:
    """As a teacher writes it: Mon to Thu, 9:45 to 10:05."""
    start = FIRST_MINUTE + part * PART + turn % TURNS * TURN
    clock = lambda minute: f"{(minute // 60 - 1) % 12 + 1}:{minute % 60:02}"
    return f"Mon to Thu, {clock(start)} to {clock(start + LASTS)}"


def _helpers(room: Homeroom) -> list[str]:
    staff = Enrollment.objects.of_staff().filter(
        roster=room.roster, role__in=(Enrollment.Role.CO_TEACHER, Enrollment.Role.AIDE)
    )
    return [enrollment.account.name for enrollment in staff.select_related("account").order_by("role", "pk")]
