"""One school system for the rights matrix: five places, every kind of person, and words that must not travel.

Places, from near to far: `own`; `beside`, a classmate and the other subject of the same homeroom; `near`, another
class of the same school; `far`, another school; `abroad`, another district. Each holds one of everything.
Names of learners hold the word `Wombat<place>`, everything else that is told apart by place `Quokka<place>`.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone

from assessments.mastery.tree import new_state
from assessments.models import (
    Assessment,
    AssessmentStandard,
    CalibrationStart,
    CalibrationVersion,
    Evidence,
    Group,
    GroupMember,
    MarkFailure,
    Mastery,
    MasteryDay,
    MasteryPolicy,
    ModelState,
    ParentPoints,
    ResultNote,
    Rollup,
    SectionStandard,
    SelfRating,
    Wish,
)
from assessments.models.rollup import ScopeKind
from lrm.intake import TakenIn
from paths.models import (
    CheckIn,
    Conference,
    ConferenceStaffNotes,
    Goal,
    GoalStep,
    GoalTemplate,
    Message,
    MessageReport,
    NextStep,
    Opening,
    Path,
    PeerReport,
    Place,
    Poll,
    PollAnswer,
    PollHand,
    Project,
    ProjectStep,
    ProjectTime,
    Reflection,
    Seat,
    ShownAtHome,
    Step,
    StepProposal,
    SuggestionMark,
    Talk,
    TalkPoint,
    TalkWidening,
    TryPlace,
    TryRequest,
    Unmasking,
    WeekItem,
)
from profiles.models import (
    Account,
    Block,
    Enrollment,
    Guardianship,
    ProfileEntry,
    Roster,
    School,
    ScreenName,
    Section,
    StaffNote,
    Support,
    Upload,
)
from standards.models import Association, Framework, PackageUpload, Standard, Subject
from tests.factories import profiles as make
from tests.factories.paths import (
    make_artifact,
    make_pair,
    make_peer_class,
    make_peer_note,
    make_poll_file,
    make_project,
    make_shared_moment,
    make_template,
)
from tests.profiles.oneroster.packages import V1P1, zipped

PLACES = ("own", "beside", "near", "far", "abroad")


def person_word(place: str) -> str:
    return f"Wombat{place}"


def thing_word(place: str) -> str:
    return f"Quokka{place}"


@dataclass(frozen=True)
class Scene:
    """objects: {place: {noun: row}}.    people: {persona: account, None for the stranger}."""

    objects: dict[str, dict[str, models.Model]] = field(default_factory=dict)
    people: dict[str, Account | None] = field(default_factory=dict)


def build_scene() -> Scene:
    """Insert everything; the caller holds a transaction and an unscoped block."""
    scene = Scene()
    today = timezone.localdate()
    district, other_district = make.make_district(), make.make_district(name=thing_word("abroad"))
    school = make.make_school(district, name="Alder Creek Elementary")
    far_school = make.make_school(district, name=thing_word("far"))
    abroad_school = make.make_school(other_district, name=thing_word("abroad"))
    standards, abroad_standards = _framework(district, "Number"), _framework(other_district, thing_word("abroad"))
    homeroom = make.make_roster(school, title=thing_word("own"))
    scene.objects.update(
        own=_place("own", school, homeroom, standards),
        beside=_place("beside", school, homeroom, standards, title=thing_word("own")),
        near=_place("near", school, make.make_roster(school, title=thing_word("near")), standards),
        far=_place("far", far_school, make.make_roster(far_school, title=thing_word("far")), standards),
        abroad=_place(
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
        scene.objects[place]["block"] = _block(place, scene.people[adult] if adult else None, scene.objects[place])
    for place, sender in SENDERS.items():
        _write_paths(place, scene.people[sender], scene.objects[place])
        scene.objects[place]["token"] = make.make_token(scene.people[sender], name=thing_word(place))[0]
        scene.objects[place] |= _uploads(place, scene.people[sender], scene.objects[place]["section"])
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
        scene.objects[place] |= _poll(scene.objects[place], scene.people[author], _agreer(scene, place))
        scene.objects[place] |= _conference(place, scene.people[author], scene.objects[place]["learner"])
    # The substitute's last day is today: rights still hold.
    Enrollment._base_manager.filter(account=scene.people["substitute"]).update(ends_on=today)
    make.enroll(scene.people["ended_teacher"], roster, ends_on=yesterday)
    make.enroll(scene.people["future_teacher"], roster, starts_on=tomorrow)
    return scene


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


def _poll(there: dict[str, models.Model], teacher: Account, admin: Account) -> dict[str, models.Model]:
    """Anonymous, to the class of the place; its learner's answer was opened, a second request waits."""
    section, today = there["section"], timezone.localdate()
    common = {"school": there["school"], "section": section, "created_by": teacher, "open_until": today}
    poll = Poll._base_manager.create(
        **common, kind="one", question=f"{section.title}: which book?", options=["A", "B"], is_anonymous=True
    )
    answer = PollAnswer._base_manager.create(poll=poll, choices=[0], at=today)
    PollHand._base_manager.create(poll=poll, learner=there["learner"], answer=answer)
    drawing = Poll._base_manager.create(**common, kind="drawing", question=f"{section.title}: draw it")
    drawn = PollAnswer._base_manager.create(poll=drawing, at=today)
    PollHand._base_manager.create(poll=drawing, learner=there["learner"], answer=drawn)
    picture = TakenIn("image", "image/jpeg", "drawing.jpg", b"a picture", b"a small one")
    suggestion = Poll._base_manager.create(
        school=there["school"], section=section, kind="suggestion", question=f"{section.title}: more light"
    )
    why = f"{section.title}: worried"
    return {
        "poll": poll,
        "poll_answer": answer,
        "drawn": drawn,
        "poll_file": make_poll_file(drawn, picture),
        "suggestion": suggestion,
        "unmasked": Unmasking._base_manager.create(
            poll=poll, answer=answer, asked_by=teacher, why=why, agreed_by=admin, agreed_at=timezone.now()
        ),
        "unmasking": Unmasking._base_manager.create(poll=suggestion, asked_by=teacher, why=why),
    }


def _conference(place: str, teacher: Account, learner) -> dict[str, models.Model]:
    """Held, with a step that the learner has not agreed to yet, and a point that waits for the next one."""
    word = person_word(place)
    conference = Conference._base_manager.create(
        learner=learner,
        teacher=teacher,
        planned_on=timezone.localdate(),
        held_at=timezone.now(),
        notes=f"{word} wants more time",
        agenda=[{"kind": "goal", "text": f"{word} asks for a kit", "url": ""}],
    )
    return {
        "conference": conference,
        "conference_notes": ConferenceStaffNotes._base_manager.create(conference=conference, text=f"{word} was tired"),
        "next_step": NextStep._base_manager.create(conference=conference, text=f"{word} draws it", who="learner"),
        "talk_point": TalkPoint._base_manager.create(learner=learner, by=learner.account, text=f"{word} and the kit"),
    }


# Who leads the tutoring block of a place; abroad it is somebody who is nobody here.
TUTORS = {"own": "teacher", "beside": "co_teacher", "near": "near_teacher", "far": "far_teacher", "abroad": None}


def _block(place: str, adult: Account | None, there: dict[str, models.Model]) -> Block:
    """With the learner of the place, and titles that whoever reads the place may read."""
    section = there["section"]
    block = make.make_block(section, [adult or make.make_account(section.district)], title=f"{section.title} block")
    make.enroll(there["learner"], block.roster, ends_on=block.ends_on)
    SectionStandard._base_manager.create(section=block.section, standard=there["standard"], position=1)
    return block


def _write_paths(place: str, author: Account, there: dict[str, models.Model]) -> None:
    """A template of the author's own and one of the school's; the learner's path was given by the author."""
    school, standards = there["school"], (there["standard"],)
    there["template"] = make_template(school, author=author, title=thing_word(place), standards=standards)
    there["shared_template"] = make_template(school, title="Clocks", is_shared=True, standards=standards)
    path = there["path"]
    path.act, path.assigned_by, path.template, path.template_version = path.uuid, author, there["shared_template"], 1
    path.save()


def _uploads(place: str, sender: Account, section: Section) -> dict[str, models.Model]:
    """A roster, results for the section, and a package of standards. Only the sender may decide on them."""
    common = {"district_id": sender.district_id, "account": sender, "name": f"{thing_word(place)}.zip"}
    results = b"key,standard,score,date\n"
    package = {
        "CFDocument": {"identifier": str(uuid4()), "title": thing_word(place)},
        "CFItems": [{"identifier": str(uuid4()), "fullStatement": f"{thing_word(place)} counts to ten."}],
        "CFAssociations": [],
    }
    return {
        "upload": Upload._base_manager.create(**common, kind=Upload.Kind.ROSTER, data=zipped(V1P1)),
        "results_upload": Upload._base_manager.create(
            **common,
            kind=Upload.Kind.RESULTS,
            data=results,
            decisions={"section": section.pk, "date_order": "", "default_kind": Assessment.Kind.FORMATIVE},
        ),
        "package": PackageUpload._base_manager.create(**common, data=json.dumps(package).encode()),
    }


def _framework(district, word: str) -> dict[str, models.Model]:
    subject = Subject._base_manager.create(district=district, key="math", title=f"{word} mathematics")
    framework = Framework._base_manager.create(district=district, title=f"{word} framework")
    domain = Standard._base_manager.create(
        framework=framework, subject=subject, code="1", statement=f"{word} domain", is_leaf=False
    )
    first, second = (
        Standard._base_manager.create(
            framework=framework,
            subject=subject,
            parent=domain,
            domain=domain,
            code=f"1.{position}",
            statement=f"{word} statement {position}",
            position=position,
            depth=1,
        )
        for position in (1, 2)
    )
    association = Association._base_manager.create(
        framework=framework, uuid=first.uuid, kind=Association.PRECEDES, origin=first, destination=second
    )
    return {
        "subject": subject,
        "framework": framework,
        "domain": domain,
        "standard": first,
        "next_standard": second,
        "association": association,
    }


def _place(name: str, school: School, roster: Roster, standards: dict, *, title: str | None = None) -> dict:
    """One of everything. Where two places share a homeroom, its title is the one that both may read."""
    word, thing, now, today = person_word(name), title or thing_word(name), timezone.now(), timezone.localdate()
    standard = standards["standard"]
    section = make.make_section(roster, title=f"{thing} section")
    learner = make.make_learner(school, account=True, given_name=word, family_name=f"{word} Ruiz")
    enrollment = make.enroll(learner, roster)
    staff_enrollment = make.enroll(
        make.make_account(school.district, given_name="Sam", family_name="Staff"), roster, role=Enrollment.Role.AIDE
    )
    guardian = make.make_guardian(learner, given_name=word)
    author = learner.account
    assessment = Assessment._base_manager.create(
        section=section, school_year=today.year, title=f"{thing} exit ticket", given_on=today
    )
    AssessmentStandard.objects.create(assessment=assessment, standard=standard, position=1)
    SectionStandard._base_manager.create(section=section, standard=standard, position=1)
    evidence = Evidence._base_manager.create(
        school_year=today.year,
        learner=learner,
        standard=standard,
        assessment=assessment,
        kind=Evidence.Kind.RESULT,
        points=2,
        observed_at=now,
    )
    note = ResultNote._base_manager.create(
        assessment=assessment, learner=learner, standard=standard, text=f"{word} shows the steps."
    )
    mastery = Mastery._base_manager.create(
        learner=learner,
        standard=standard,
        value_micro=2_000_000,
        level=2,
        shown_level=2,
        n=1,
        method="decaying",
        method_version="1",
        last_observed_at=now,
    )
    for ago, level in ((9, 1), (1, 2)):
        MasteryDay._base_manager.create(
            learner=learner,
            standard=standard,
            day=today - timedelta(days=ago),
            value_micro=level * 1_000_000,
            level=level,
            shown_level=level,
            method="decaying",
        )
    shown_at_home = ShownAtHome._base_manager.create(
        learner=learner, standard=standard, on=today, before="Starting", after="Building", words=f"{word} did it"
    )
    rating = SelfRating._base_manager.create(learner=learner, standard=standard, level=3, words=f"{word} says so.")
    MarkFailure.objects.create(
        learner_id=learner.pk, subject_id=standards["subject"].pk, times=MarkFailure.PARKED_AT, error="ValueError"
    )
    ModelState._base_manager.create(
        learner=learner, subject=standards["subject"], version="tree-1", beliefs=new_state().to_bytes()
    )
    to_come = MasteryPolicy._base_manager.create(
        district=school.district, framework=standards["framework"], starts_on=today + timedelta(days=60)
    )
    worth = ParentPoints._base_manager.create(parent=standards["domain"], starts_on=today + timedelta(days=60))
    calibration, _ = CalibrationVersion._base_manager.get_or_create(
        subject=standards["subject"],
        version="c0ffee",
        defaults={"standards": [standard.pk], "offsets": [0.5], "has_items": [False], "items": [], "difficulties": []}
        | {"difficulty_variances": [], "item_variance": 1.0},
    )
    calibration_start = CalibrationStart._base_manager.create(
        subject=standards["subject"], calibration=calibration, starts_on=today + timedelta(days=60), reason="chosen"
    )
    group = Group._base_manager.create(
        section=section,
        letter="A",
        purpose=Group.Purpose.RETEACH,
        focus=standard,
        place=f"{thing} corner",
        starts_on=today,
        ends_on=today + timedelta(days=7),
    )
    GroupMember._base_manager.create(group=group, learner=learner)
    wish = Wish._base_manager.create(section=section, kind=Wish.Kind.PIN, first=learner)
    for kind, scope_id in ((ScopeKind.SCHOOL, school.pk), (ScopeKind.ROSTER, roster.pk)):
        rollup, _ = Rollup.objects.get_or_create(
            kind=kind, scope_id=scope_id, grade=learner.grade, standard_id=standard.pk, level=2, defaults={"n": 0}
        )
        Rollup.objects.filter(pk=rollup.pk).update(n=rollup.n + 1)
    goal = Goal._base_manager.create(
        learner=learner, state=Goal.State.LIVE, what=f"{word} wants to read a clock", author=author
    )
    goal.standards.add(standard)
    draft = Goal._base_manager.create(learner=learner, what=f"{word} has half a thought", author=author)
    goal_step = GoalStep._base_manager.create(goal=goal, position=1, text=f"{word} asks for a clock")
    check_in = CheckIn._base_manager.create(goal=goal, by=author, confidence=3, text=f"{word} is on the way")
    reflection = Reflection._base_manager.create(goal=goal, by=author, text=f"{word} looked at the hands")
    support = Support._base_manager.create(
        learner=learner, kind=Support.Kind.OTHER, text=f"{word} sits in front", starts_on=today
    )
    mark = SuggestionMark._base_manager.create(
        learner=learner, standard=standard, act=SuggestionMark.Act.PINNED, reason=f"{word} asked for it"
    )
    try_place = TryPlace._base_manager.create(section=section, standard=standard, seats=2, place=f"{thing} corner")
    try_request = TryRequest._base_manager.create(
        learner=learner, section=section, standard=standard, practiced=f"{word} read ten clocks"
    )
    work_place, _ = Place._base_manager.get_or_create(school=school, name="Hall")
    starts = now + timedelta(hours=1)
    opening = Opening._base_manager.create(
        place=work_place, section=section, starts_at=starts, ends_at=starts + timedelta(hours=1), seats=2
    )
    for number, holder in enumerate((None, learner), start=1):
        Seat._base_manager.create(
            opening=opening, number=number, during=(opening.starts_at, opening.ends_at), learner=holder
        )
    path = Path._base_manager.create(learner=learner, section=section, title=f"{word} path")
    step = Step._base_manager.create(path=path, position=1, title=f"{word} step", standard=standard)
    last_step = Step._base_manager.create(path=path, position=2, title=f"{word} last step")
    proposal = StepProposal._base_manager.create(
        learner=learner, path=path, title=f"{word} builds a clock", why=f"{word} likes wheels"
    )
    entry = ProfileEntry._base_manager.create(
        learner=learner, kind=ProfileEntry.Kind.INTEREST, text=f"{word} likes kites", author=author
    )
    talk, message = _talk(learner, section, f"{word} asks about clocks")
    reported_talk, reported_message = _talk(learner, section, f"{word} is cross", has_record=True)
    report = MessageReport._base_manager.create(message=reported_message, by=guardian, why=f"{word} was sad")
    picture = TakenIn("image", "image/jpeg", f"{word}.jpg", b"a picture", b"a small one")
    artifact = make_artifact(learner, file=picture, title=f"{word} built a bridge", goal=goal)
    project = make_project(learner, title=f"{word} builds a clock", standards=(standard,))
    project_draft = make_project(learner, title=f"{word} thinks of a kite", state=Project.State.DRAFT)
    project_step = ProjectStep._base_manager.create(project=project, position=1, text=f"{word} asks for wood")
    project_time = ProjectTime._base_manager.create(project=project, on=today, minutes=30, text=f"{word} cut it")
    work_draft = make_artifact(learner, is_draft=True, text=f"{word} begins to write")
    return {
        **standards,
        **_peers(learner, section, standards, word),
        "talk": talk,
        "message": message,
        "widening": TalkWidening._base_manager.create(talk=reported_talk, to=TalkWidening.To.FAMILY, by=author),
        "reported_talk": reported_talk,
        "report": report,
        "district": school.district,
        "school": school,
        "session": roster.session,
        "roster": roster,
        "section": section,
        "course": section.course,
        "learner": learner,
        "enrollment": enrollment,
        "staff_enrollment": staff_enrollment,
        "guardianship": Guardianship._base_manager.get(account=guardian),
        "assessment": assessment,
        "evidence": evidence,
        "note": note,
        "mastery": mastery,
        "rating": rating,
        "shown_at_home": shown_at_home,
        "policy": to_come,
        "points": worth,
        "calibration": calibration,
        "calibration_start": calibration_start,
        "group": group,
        "wish": wish,
        "goal": goal,
        "draft": draft,
        "goal_step": goal_step,
        "check_in": check_in,
        "reflection": reflection,
        "support": support,
        "suggestion_mark": mark,
        "try_place": try_place,
        "try_request": try_request,
        "path": path,
        "step": step,
        "proposal": proposal,
        "work_place": work_place,
        "opening": opening,
        "last_step": last_step,
        "entry": entry,
        "artifact": artifact,
        "week_item": WeekItem._base_manager.create(learner=learner, day=timezone.localdate(), text=f"{word} builds"),
        "work_draft": work_draft,
        "project": project,
        "project_draft": project_draft,
        "project_step": project_step,
        "project_time": project_time,
    }


def _peers(learner, section: Section, standards: dict, word: str) -> dict[str, models.Model]:
    """A wish, a pair with somebody who helps, good news that the learner shares, and what was told about the pair."""
    helper = make.make_learner(section.roster.school, given_name=word, family_name=word)
    make.enroll(helper, section.roster)
    make_peer_class(section)
    ScreenName._base_manager.create(learner=learner, animal="otter", place="lake")
    pair = make_pair(helper, learner, section, standards["standard"], thanks=f"{word} helped", agreed_at=timezone.now())
    return {
        "helper": helper,
        "peer_note": make_peer_note(learner, section, standards["standard"], text=f"{word} asks"),
        "pair": pair,
        "shared_moment": make_shared_moment(learner, section, standard=standards["standard"]),
        "peer_report": PeerReport._base_manager.create(match=pair, why=f"{word} was cross"),
    }


def _talk(learner, section: Section, text: str, **fields) -> tuple[Talk, Message]:
    """With the teachers of the class and the family; the learner has said one thing."""
    talk = Talk._base_manager.create(
        learner=learner, section=section, with_family=True, title=text, created_by=learner.account, **fields
    )
    return talk, Message._base_manager.create(talk=talk, author=learner.account, text=text)
