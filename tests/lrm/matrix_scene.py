"""One school system for the rights matrix: the places (matrix_places.py), every kind of person, and what they made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.db import connection, models, transaction
from django.utils import timezone

from lrm.scope import unscoped
from paths.models import GoalTemplate
from profiles.models import Account, Enrollment, StaffNote
from tests.factories import profiles as make
from tests.lrm.matrix_adults import block_of, check_in_of, conference_of, decide_about, poll_of, uploads_of, write_paths
from tests.lrm.matrix_place import framework_of, rows_of_place
from tests.lrm.matrix_places import person_word, thing_word


@dataclass(frozen=True)
class Scene:
    """objects: {place: {noun: row}}.    people: {persona: account, None for the stranger}.

    systems: {persona: token with all scopes}, of systems that the district has let in.
    """

    objects: dict[str, dict[str, models.Model]] = field(default_factory=dict)
    people: dict[str, Account | None] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)


def build_scene() -> Scene:
    """Insert everything; the caller holds a transaction and an unscoped block."""
    scene = Scene()
    today = timezone.localdate()
    district, other_district = make.make_district(), make.make_district(name=thing_word("abroad"))
    make.make_provider(district, issuer="http://localhost:1")  # nobody answers there
    school = make.make_school(district, name="Alder Creek Elementary")
    far_school = make.make_school(district, name=thing_word("far"))
    abroad_school = make.make_school(other_district, name=thing_word("abroad"))
    standards, abroad_standards = framework_of(district, "Number"), framework_of(other_district, thing_word("abroad"))
    homeroom = make.make_roster(school, title=thing_word("own"))
    scene.objects.update(
        own=rows_of_place("own", school, homeroom, standards),
        beside=rows_of_place("beside", school, homeroom, standards, title=thing_word("own")),
        near=rows_of_place("near", school, make.make_roster(school, title=thing_word("near")), standards),
        far=rows_of_place("far", far_school, make.make_roster(far_school, title=thing_word("far")), standards),
        abroad=rows_of_place(
            "abroad", abroad_school, make.make_roster(abroad_school, title=thing_word("abroad")), abroad_standards
        ),
    )
    own, beside, near, far = (scene.objects[place] for place in ("own", "beside", "near", "far"))
    learner, roster = own["learner"], own["roster"]
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    scene.people.update(
        stranger=None,
        learner=learner.account,
        guardian=make.make_guardian(learner),
        teacher=make.make_teacher(roster),
        co_teacher=make.make_teacher(section=beside["section"], role=Enrollment.Role.CO_TEACHER),
        aide=make.make_teacher(roster, role=Enrollment.Role.AIDE),
        substitute=make.make_teacher(roster, role=Enrollment.Role.SUBSTITUTE),
        school_admin=make.make_school_admin(school),
        district_admin=make.make_district_admin(district),
        near_teacher=make.make_teacher(near["roster"]),
        far_teacher=make.make_teacher(far["roster"], given_name=thing_word("far")),
        far_admin=make.make_school_admin(far_school, given_name=thing_word("far")),
        far_learner=far["learner"].account,
        abroad_admin=make.make_district_admin(other_district, given_name=thing_word("abroad")),
        ended_teacher=make.make_account(district),
        future_teacher=make.make_account(district),
        ended_guardian=make.make_guardian(learner, ends_on=yesterday),
        unconfirmed_guardian=make.make_guardian(learner, confirmed=False),
        left_learner=make.make_learner(school, account=True, left_on=yesterday).account,
    )
    for place, adult in TUTORS.items():
        scene.objects[place]["block"] = block_of(place, scene.people[adult] if adult else None, scene.objects[place])
    for place, sender in SENDERS.items():
        write_paths(place, scene.people[sender], scene.objects[place])
        scene.objects[place]["token"] = make.make_token(scene.people[sender], name=thing_word(place))[0]
        scene.objects[place]["signed_in"] = make.make_signed_in(scene.people[sender])
        scene.objects[place] |= uploads_of(place, scene.people[sender], scene.objects[place]["section"])
    for place, author in NOTE_AUTHORS.items():
        scene.objects[place]["staff_note"] = StaffNote._base_manager.create(
            uuid=uuid4(),
            learner=scene.objects[place]["learner"],
            author=scene.people[author],
            text=f"{person_word(place)} sits in front.",
        )
        scene.objects[place]["goal_template"] = GoalTemplate._base_manager.create(
            author=scene.people[author], what=f"I can read the {thing_word(place)} clock"
        )
        scene.objects[place] |= poll_of(scene.objects[place], scene.people[author], _agreer(scene, place))
        scene.objects[place] |= check_in_of(scene.objects[place], scene.people[author], _readers(scene, place))
        scene.objects[place] |= conference_of(place, scene.people[author], scene.objects[place]["learner"])
    # The principal decided something about another class in a meeting with the teacher, who does not read that.
    nearby = decide_about(own["shared_check_in"], near["learner"], by=scene.people["school_admin"])
    for there in scene.objects.values():
        there["decision_nearby"] = nearby
    office, abroad_office = scene.people["district_admin"], scene.people["abroad_admin"]
    scene.systems.update(
        system=make.make_system(office, school),
        far_system=make.make_system(office, far_school),
        abroad_system=make.make_system(abroad_office),
    )
    # The substitute's last day is today: rights still hold.
    Enrollment._base_manager.filter(account=scene.people["substitute"]).update(ends_on=today)
    make.enroll(scene.people["ended_teacher"], roster, ends_on=yesterday)
    make.enroll(scene.people["future_teacher"], roster, starts_on=tomorrow)
    return scene


@contextmanager
def a_scene(blocker) -> Iterator[Scene]:
    """Rows of the matrix, in a transaction that is rolled back."""
    with blocker.unblock(), transaction.atomic():
        with unscoped("the scene of the matrix spans districts"):
            built = build_scene()
        # Else each test in this transaction would check the foreign keys of the whole scene once more at its end.
        connection.check_constraints()
        yield built
        transaction.set_rollback(True)


# Who has a token, and has sent a file that waits for a decision: people who may do that where they are, and at some
# places not.
SENDERS = {
    "own": "district_admin",
    "beside": "co_teacher",
    "near": "near_teacher",
    "far": "far_admin",
    "abroad": "abroad_admin",
}


# Who wrote what is for staff only.
NOTE_AUTHORS = {
    "own": "teacher",
    "beside": "co_teacher",
    "near": "near_teacher",
    "far": "far_teacher",
    "abroad": "abroad_admin",
}


# Who agreed that a learner's anonymous answer was opened; abroad there is nobody else.
AGREERS = {
    "own": "school_admin",
    "beside": "school_admin",
    "near": "school_admin",
    "far": "far_admin",
    "abroad": None,
}


def _agreer(scene: Scene, place: str) -> Account:
    admin = scene.people.get(AGREERS[place] or "")
    return admin or make.make_account(scene.objects[place]["school"].district)


def _readers(scene: Scene, place: str) -> list[Account]:
    """Whom a data meeting is shared with: an administrator of the school, and who reads none since they stand in."""
    named = [AGREERS[place], "substitute" if place == "own" else None]
    return [account for name in named if name and (account := scene.people[name])]


# Who leads the tutoring block of a place; abroad it is somebody who is nobody here.
TUTORS = {"own": "teacher", "beside": "co_teacher", "near": "near_teacher", "far": "far_teacher", "abroad": None}
