"""One place of the rights matrix: a class, its learner, and one of everything that is about them."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from assessments.mastery.tree import new_state
from assessments.models import (
    Assessment,
    AssessmentStandard,
    CalibrationStart,
    CalibrationVersion,
    CarriedPair,
    CarryOver,
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
from lrm.jobs.models import Job
from lrm.sealed import seal
from paths.models import (
    CheckIn,
    Goal,
    GoalStep,
    ImpactQuestion,
    Message,
    MessageReport,
    Opening,
    Path,
    PeerReport,
    Place,
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
    TalkWidening,
    TryPlace,
    TryRequest,
    WeekItem,
)
from profiles.models import (
    Account,
    Badge,
    Device,
    Enrollment,
    Guardianship,
    Integration,
    ProfileEntry,
    PublishedList,
    PublishedMember,
    Roster,
    School,
    ScreenName,
    Section,
    Subgroup,
    SubgroupMember,
    Support,
    Webhook,
    WebhookDelivery,
)
from standards.models import Association, Framework, Standard, Subject
from tests.factories import profiles as make
from tests.factories.paths import (
    make_artifact,
    make_pair,
    make_peer_class,
    make_peer_note,
    make_project,
    make_shared_moment,
)
from tests.lrm.matrix_kept import kept_of
from tests.lrm.matrix_places import person_word, thing_word
from tests.lrm.matrix_rosters import roster_steps_of


def framework_of(district, word: str) -> dict[str, models.Model]:
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
    newer = Framework._base_manager.create(district=district, title=f"{word} framework, newer")
    successor = Standard._base_manager.create(
        framework=newer, subject=subject, uuid=first.uuid, code="1.1", statement=f"{word} statement, newer"
    )
    carry_over = CarryOver._base_manager.create(district=district, origin=framework, into=newer)
    CarriedPair._base_manager.create(carry_over=carry_over, origin=second, destination=successor)
    return {
        "subject": subject,
        "framework": framework,
        "newer": newer,
        "successor": successor,
        "carry_over": carry_over,
        "domain": domain,
        "standard": first,
        "next_standard": second,
        "association": association,
    }


def rows_of_place(name: str, school: School, roster: Roster, standards: dict, *, title: str | None = None) -> dict:
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
    school_policy = MasteryPolicy._base_manager.create(
        district=school.district, school=school, starts_on=today + timedelta(days=60), method="highest"
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
    subgroup = make_subgroup(learner, abroad=thing if name == "abroad" else "")
    picture = TakenIn("image", "image/jpeg", f"{word}.jpg", b"a picture", b"a small one")
    artifact = make_artifact(learner, file=picture, title=f"{word} built a bridge", goal=goal)
    project = make_project(learner, title=f"{word} builds a clock", standards=(standard,))
    project_draft = make_project(learner, title=f"{word} thinks of a kite", state=Project.State.DRAFT)
    project_step = ProjectStep._base_manager.create(project=project, position=1, text=f"{word} asks for wood")
    project_time = ProjectTime._base_manager.create(project=project, on=today, minutes=30, text=f"{word} cut it")
    work_draft = make_artifact(learner, is_draft=True, text=f"{word} begins to write")
    impact_question = ImpactQuestion._base_manager.create(
        district=school.district,
        about=ImpactQuestion.About.GROUPS,
        on=f"{thing} fractions",
        standard_ids=[standard.pk],
        school_ids=[school.pk],
        since=today - timedelta(days=30),
        until=today,
    )
    return {
        **standards,
        **_interfaces(school, thing),
        **_peers(learner, section, standards, word),
        "talk": talk,
        "message": message,
        "widening": TalkWidening._base_manager.create(talk=reported_talk, to=TalkWidening.To.FAMILY, by=author),
        "reported_talk": reported_talk,
        "reported_message": reported_message,
        "report": report,
        "district": school.district,
        "school": school,
        "session": roster.session,
        "roster": roster,
        "section": section,
        "course": section.course,
        "learner": learner,
        **roster_steps_of(roster, enrollment, word),
        "enrollment": enrollment,
        "staff_enrollment": staff_enrollment,
        "staff_account": staff_enrollment.account,
        "badge": Badge._base_manager.create(learner=learner, key=get_random_string(16)),
        "device": make_device(school, abroad=thing if name == "abroad" else ""),
        "guardianship": Guardianship._base_manager.get(account=guardian),
        **kept_of(learner, thing, staff_enrollment.account),
        "assessment": assessment,
        "evidence": evidence,
        "note": note,
        "mastery": mastery,
        "rating": rating,
        "shown_at_home": shown_at_home,
        "policy": to_come,
        "school_policy": school_policy,
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
        "subgroup": subgroup,
        "support": support,
        "suggestion_mark": mark,
        "try_place": try_place,
        "try_request": try_request,
        "impact_question": impact_question,
        "job": Job._base_manager.create(
            district=school.district, kind="impact", params={"question": impact_question.pk}
        ),
        "count_job": Job._base_manager.create(
            district=school.district,
            kind="count_days",
            params={"subject": standards["subject"].pk, "subgroup": None, "days": ["2026-01-09"]},
        ),
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


def _interfaces(school: School, thing: str) -> dict[str, models.Model]:
    """A system that asks the API, with a token, and an address that is told of changes, with a message."""
    account = make.make_account(
        school.district, kind=Account.Kind.INTEGRATION, email=None, given_name=f"{thing} system"
    )
    webhook = Webhook._base_manager.create(
        district=school.district,
        name=f"{thing} warehouse {school.pk} {account.pk}",
        address="https://example.org/told",
        events=["evidence.recorded"],
        secret=seal("whsec_c2VjcmV0"),
    )
    return {
        "integration": Integration._base_manager.create(account=account),
        "system_token": make.make_token(account, name=f"{thing} system")[0],
        "webhook": webhook,
        "delivery": WebhookDelivery._base_manager.create(webhook=webhook, event="ping", data={}),
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
    # Its author may take it back for a quarter of an hour, and a walk lasts longer on a slow machine.
    written = timezone.now() + timedelta(hours=1)
    return talk, Message._base_manager.create(talk=talk, author=learner.account, text=text, at=written)


def make_device(school, *, abroad: str) -> Device:
    """Carts go from school to school, so that their names tell of a district only."""
    name, key = f"{abroad} cart".strip(), get_random_string(32)
    return Device._base_manager.create(district=school.district, name=name, key=key)


def make_subgroup(learner, *, abroad: str) -> Subgroup:
    """Every administrator may narrow the page of the school to it, so that its name tells of a district only."""
    title = f"{abroad} newcomers {learner.pk}".strip()
    subgroup = Subgroup._base_manager.create(district=learner.district, title=title, purpose="A council decided so.")
    SubgroupMember._base_manager.create(subgroup=subgroup, learner=learner)
    published = PublishedList._base_manager.create(
        district=learner.district, title=title, last_on=timezone.localdate(), least=10
    )
    PublishedMember._base_manager.create(list=published, learner=learner)
    return subgroup
