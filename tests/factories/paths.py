"""Goals, paths, profile entries and projected levels, valid by default."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from assessments.models import Mastery, MasteryDay
from lrm.file_store import WORK
from lrm.intake import TakenIn
from paths.models import (
    Artifact,
    CheckIn,
    Conference,
    Goal,
    GoalStep,
    Message,
    MessageReport,
    Opening,
    Path,
    PathTemplate,
    PeerClass,
    PeerMatch,
    PeerNote,
    Place,
    Poll,
    PollAnswer,
    PollFile,
    PollHand,
    Project,
    Reflection,
    Seat,
    SharedMoment,
    Step,
    Talk,
    TemplateStep,
    TryRequest,
)
from profiles.models import Account, Learner, ProfileEntry, School, Section, StaffNote
from standards.models import Standard

_number = count(1001)


def make_goal(learner: Learner, *, standards: tuple[Standard, ...] = (), steps: tuple[str, ...] = (), **fields) -> Goal:
    """A live goal, written by the learner; steps are texts, none of them ticked."""
    goal = Goal._base_manager.create(
        **{
            "learner": learner,
            "author": learner.account,
            "state": Goal.State.LIVE,
            "what": f"I can read clock number {next(_number)}.",
            **fields,
        }
    )
    goal.standards.set(standards)
    for position, text in enumerate(steps, start=1):
        GoalStep._base_manager.create(goal=goal, position=position, text=text)
    return goal


def make_check_in(goal: Goal, **fields) -> CheckIn:
    return CheckIn._base_manager.create(**{"goal": goal, "by": goal.author, "confidence": 3, **fields})


def make_reflection(goal: Goal, **fields) -> Reflection:
    values = {"goal": goal, "by": goal.author, "text": "Drawing it helped.", "helped": ["drawing"], **fields}
    return Reflection._base_manager.create(**values)


def make_path(learner: Learner, *, steps: tuple[str, ...] = ("First", "Second", "Third"), **fields) -> Path:
    """A path with these steps in order; none of them is done."""
    path = Path._base_manager.create(**{"learner": learner, "title": f"Path {next(_number)}", **fields})
    for position, title in enumerate(steps, start=1):
        Step._base_manager.create(path=path, position=position, title=title)
    return path


def make_board(learner: Learner, *, options: tuple[str, ...] = ("A", "B", "C"), pick: int = 1, **fields) -> Path:
    """A path of one choice board; nothing is chosen."""
    parts = [{"kind": "choice", "title": "", "pick": pick}]
    return make_path(learner, steps=options, parts=parts, **fields)


def make_template(
    school: School, *, steps: tuple[str, ...] = ("Watch", "Try"), standards: tuple[Standard, ...] = (), **fields
) -> PathTemplate:
    """Steps on these standards in turn, the n-th of them due on day n."""
    template = PathTemplate._base_manager.create(**{"school": school, "title": f"Template {next(_number)}", **fields})
    for position, title in enumerate(steps, start=1):
        standard = standards[(position - 1) % len(standards)] if standards else None
        TemplateStep._base_manager.create(
            template=template, position=position, title=title, standard=standard, days_after=position
        )
    return template


def make_opening(place: Place, *, seats: int = 2, **fields) -> Opening:
    """Open now, for an hour, to everybody at the school; all seats are free."""
    now = timezone.now()
    opening = Opening._base_manager.create(
        **{"place": place, "starts_at": now, "ends_at": now + timedelta(hours=1), "seats": seats, **fields}
    )
    for number in range(1, seats + 1):
        Seat._base_manager.create(opening=opening, number=number, during=(opening.starts_at, opening.ends_at))
    return opening


def make_entry(learner: Learner, *, author: Account | None = None, **fields) -> ProfileEntry:
    return ProfileEntry._base_manager.create(
        **{
            "learner": learner,
            "author": author or learner.account,
            "kind": ProfileEntry.Kind.STRENGTH,
            "text": f"I can do thing {next(_number)}.",
            "created_at": timezone.now(),
            **fields,
        }
    )


def make_mastery(
    learner: Learner, standard: Standard, level: int, *, days: Sequence[tuple[int, float]] = ()
) -> Mastery:
    """A level as the worker would have stored it, for pages that only read. days: (days ago, value), oldest first."""
    for ago, value in days:
        MasteryDay._base_manager.create(
            learner=learner,
            standard=standard,
            day=timezone.localdate() - timedelta(days=ago),
            value_micro=round(value * 1_000_000),
            level=int(value + 0.5),
            shown_level=int(value + 0.5),
            method="decaying",
        )
    return Mastery._base_manager.create(
        learner=learner,
        standard=standard,
        value_micro=level * 1_000_000,
        level=level,
        shown_level=level,
        n=max(len(days), 1),
        method="decaying",
        method_version="1",
        last_observed_at=timezone.now() - timedelta(days=days[-1][0] if days else 0),
    )


def make_artifact(learner: Learner, *, file: TakenIn | None = None, **fields) -> Artifact:
    """A piece that was handed in: words, unless a file is given, which is stored too."""
    values = {"learner": learner, "by": learner.account, "kind": Artifact.Kind.TEXT, **fields}
    if file is None:
        values.setdefault("text", f"I wrote piece number {next(_number)}.")
    else:
        stored = WORK.put(file.data, preview=file.preview)
        WORK.settle(stored)
        values |= {"kind": file.kind, "stored": stored, "name": file.name, "media_type": file.media_type}
        values |= {"size": len(file.data), "has_preview": bool(file.preview)}
    return Artifact._base_manager.create(**values)


def make_try_request(learner: Learner, standard: Standard, section: Section, **fields) -> TryRequest:
    """Open, and waiting for the teachers of the section."""
    values = {"practiced": f"I drew picture {next(_number)}.", **fields}
    return TryRequest._base_manager.create(learner=learner, standard=standard, section=section, **values)


def make_talk(learner: Learner, section: Section | None = None, *, by: Account | None = None, **fields) -> Talk:
    """A conversation of the learner with the teachers of the section, without a word in it."""
    values = {"title": f"Talk {next(_number)}", "created_by": by or learner.account, **fields}
    return Talk._base_manager.create(learner=learner, section=section, **values)


def make_message(talk: Talk, *, by: Account | None = None, **fields) -> Message:
    """Said by the learner unless somebody else is named."""
    values = {"author": by or talk.learner.account, "text": f"I said thing {next(_number)}.", **fields}
    message = Message._base_manager.create(uuid=uuid4(), talk=talk, **values)
    Talk._base_manager.filter(pk=talk.pk).update(last_at=message.at)
    return message


def make_report(message: Message, by: Account, **fields) -> MessageReport:
    report = MessageReport._base_manager.create(message=message, by=by, **fields)
    Talk._base_manager.filter(pk=message.talk_id).update(has_record=True)
    return report


def make_staff_note(learner: Learner, author: Account, **fields) -> StaffNote:
    values = {"uuid": uuid4(), "text": f"Glasses since day {next(_number)}.", **fields}
    return StaffNote._base_manager.create(learner=learner, author=author, **values)


def make_conference(learner: Learner, teacher: Account, **fields) -> Conference:
    """Prepared for today; held_at makes it one that is over."""
    values = {"planned_on": timezone.localdate(), **fields}
    return Conference._base_manager.create(learner=learner, teacher=teacher, **values)


def make_project(learner: Learner, *, standards: tuple[Standard, ...] = (), **fields) -> Project:
    """Proposed, unless `state` says otherwise; one that runs was agreed."""
    values = {"learner": learner, "author": learner.account, "state": Project.State.PROPOSED, **fields}
    values.setdefault("title", f"Bridge number {next(_number)}")
    values.setdefault("what", "I build a bridge from paper.")
    project = Project._base_manager.create(**values)
    project.standards.set(standards)
    return project


def make_poll(section: Section, by: Account, *, over: bool = False, **fields) -> Poll:
    """Open until tomorrow, to choose one of two; over=True: its last day was yesterday."""
    values = {
        "kind": Poll.Kind.ONE,
        "school_id": section.roster.school_id,
        "question": f"Which book, {next(_number)}?",
        "options": ["The red one", "The blue one"],
        "open_until": timezone.localdate() + timedelta(days=-1 if over else 1),
        **fields,
    }
    return Poll._base_manager.create(section=section, created_by=by, **values)


def make_poll_answer(poll: Poll, learner: Learner, *choices: int, text: str = "") -> PollAnswer:
    answer = PollAnswer._base_manager.create(poll=poll, choices=list(choices), text=text, at=timezone.localdate())
    PollHand._base_manager.create(poll=poll, learner=learner, answer=answer)
    return answer


def make_poll_file(answer: PollAnswer, file: TakenIn) -> PollFile:
    stored = WORK.put(file.data, preview=file.preview)
    WORK.settle(stored)
    values = {"kind": file.kind, "media_type": file.media_type, "size": len(file.data)}
    return PollFile._base_manager.create(answer=answer, stored=stored, has_preview=bool(file.preview), **values)


def make_peer_class(section: Section, *, pairs_on: bool = True, cheers_on: bool = True) -> PeerClass:
    return PeerClass._base_manager.create(section=section, pairs_on=pairs_on, cheers_on=cheers_on)


def make_peer_note(learner: Learner, section: Section, standard: Standard, kind: str = "wish", **fields) -> PeerNote:
    return PeerNote._base_manager.create(learner=learner, section=section, standard=standard, kind=kind, **fields)


def make_pair(helper: Learner, asker: Learner, section: Section, standard: Standard, **fields) -> PeerMatch:
    """Today, for a week; both are asked, unless agreed_at says that they have begun."""
    today = timezone.localdate()
    values = {"day": today, "ends_on": today + timedelta(days=7), "time_text": "11:15", **fields}
    if values.get("agreed_at"):
        values |= {"helper_says": "yes", "asker_says": "yes"}
    return PeerMatch._base_manager.create(helper=helper, asker=asker, section=section, standard=standard, **values)


def make_shared_moment(learner: Learner, section: Section, **fields) -> SharedMoment:
    """Of a goal that the learner has reached, unless a standard is named."""
    if "standard" not in fields:
        fields.setdefault("goal", make_goal(learner, state=Goal.State.ACHIEVED, achieved_at=timezone.now()))
    return SharedMoment._base_manager.create(learner=learner, section=section, **fields)
