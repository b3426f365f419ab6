"""Goals in every state, with what was said along the way; rows as paths/services/goals.py leaves them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Model

from paths.demo.framework import Taught
from paths.demo.seeding.plan import LETTERS, SUBJECTS, Homeroom, Scene
from paths.demo.words import along
from paths.demo.words import goals as words
from paths.models import CheckIn, Feedback, Goal, GoalRevision, GoalStep, Reflection
from profiles.models import Account, Learner

STEP = 5
REWORDED_SHARE = 0.12
State = Goal.State
Change = GoalRevision.Change
CLOSINGS: dict[str, str] = {
    State.ACHIEVED: Change.REACHED,
    State.MISSED: Change.MISSED,
    State.ARCHIVED: Change.KEPT,
}


@dataclass(frozen=True)
class Aim:
    """What a goal is about: a standard that the class is taught, or None where it is free of standards."""

    subject: str
    domain: str
    standard: Taught | None


@dataclass(frozen=True)
class Course:
    """How a goal went, as days of school.

    closed_on: None while it is live or a draft.    agreed_on: None while no teacher has agreed.
    """

    state: str
    written_on: date
    due_on: date
    agreed_on: date | None = None
    closed_on: date | None = None
    confirmed_on: date | None = None
    is_asked: bool = False


@dataclass
class Drafted:
    """A goal with the room and the row that it belongs to."""

    goal: Goal
    aim: Aim
    course: Course
    room: Homeroom
    row: int

    @property
    def learner(self) -> Learner:
        return self.room.learners[self.row]

    @property
    def account(self) -> Account:
        return self.room.accounts[self.row]

    @property
    def teacher(self) -> Account:
        return self.room.teachers[self.aim.subject]


def make_goals(scene: Scene) -> list[Drafted]:
    """Returns the goals that are live and agreed, for paths to lead to."""
    drafted: list[Drafted] = []
    for number, room in enumerate(scene.rooms):
        rng = scene.chance(STEP, number)
        for row in range(room.plan.learners):
            for n, course in enumerate(_courses(scene, room, row, rng)):
                drafted.append(_draft(scene, number, row, n, course, rng))
    Goal.objects.bulk_create(d.goal for d in drafted)
    Goal.standards.through.objects.bulk_create(
        Goal.standards.through(goal=d.goal, standard_id=scene.standard_ids[d.aim.standard.code])
        for d in drafted
        if d.aim.standard
    )
    said = _Said(scene)
    for d in drafted:
        said.about(d)
    said.save()
    return [d for d in drafted if d.course.state == State.LIVE and d.course.agreed_on and d.aim.standard]


def _courses(scene: Scene, room: Homeroom, row: int, rng) -> list[Course]:
    """A goal that is over, the one of now, sometimes a draft."""
    is_demo = room.is_demo_student(row)
    came = room.came_on[row]
    found = []
    over = _past(scene, rng, is_demo=is_demo)
    if (is_demo or rng.random() < 0.55) and over.written_on > came:
        found.append(over)
    now = _present(scene, rng, is_demo=is_demo)
    if (is_demo or rng.random() < 0.88) and now.written_on > came:
        found.append(now)
    if rng.random() < 0.06:
        found.append(Course(State.DRAFT, scene.day_before(int(rng.integers(1, 6))), scene.today + timedelta(21)))
    return found


def _past(scene: Scene, rng, *, is_demo: bool) -> Course:
    written = scene.day_before(int(rng.integers(62, 80)))
    due = written + timedelta(int(rng.integers(20, 32)))
    agreed = _school_day(written + timedelta(int(rng.integers(1, 4))))
    closed = scene.day_before((scene.today - due).days + int(rng.integers(-3, 6)))
    state = State.ACHIEVED if is_demo else str(rng.choice(("achieved", "missed", "archived"), p=(0.7, 0.16, 0.14)))
    confirmed = closed + timedelta((1, 1, 1, 1, 3)[closed.weekday()]) if state == State.ACHIEVED else None
    return Course(state, written, due, agreed, closed, confirmed)


def _present(scene: Scene, rng, *, is_demo: bool) -> Course:
    """Live and agreed, live and waiting for the teacher's yes, or just reached and waiting for the nod."""
    kind = "agreed" if is_demo else str(rng.choice(("agreed", "new", "asked", "reached"), p=(0.76, 0.13, 0.04, 0.07)))
    if kind in {"new", "asked"}:
        written = scene.day_before(int(rng.integers(1, 5)))
        return Course(State.LIVE, written, written + timedelta(int(rng.integers(18, 30))), is_asked=kind == "asked")
    age = int(rng.integers(10, 34))
    written = scene.day_before(age)
    agreed = max(written, _school_day(min(written + timedelta(int(rng.integers(1, 4))), scene.days[-1])))
    due = scene.today + timedelta(int(rng.integers(2, 24)))
    if kind == "reached":
        return Course(State.ACHIEVED, written, due, agreed, closed_on=scene.day_before(int(rng.integers(1, 4))))
    return Course(State.LIVE, written, due, agreed)


def _draft(scene: Scene, number: int, row: int, n: int, course: Course, rng) -> Drafted:
    room = scene.rooms[number]
    aim = _aim(room, row, course, rng)
    learner = room.learners[row]
    letter = LETTERS[aim.subject]
    lines = [str(line) for line in rng.choice(words.CRITERIA[letter], size=2, replace=False)]
    if aim.standard:
        lines.insert(0, words.REACHED.format(title=aim.standard.title))
    met = lines if course.state == State.ACHIEVED else lines[1 : 1 + int(rng.integers(0, 2))]
    goal = Goal(
        uuid=scene.uuid("goal", number, row, n),
        learner=learner,
        author=room.accounts[row],
        state=course.state,
        what=_sentence(aim, rng),
        why=_why(aim, rng),
        done_when="\n".join(lines),
        met=list(met) if course.state != State.DRAFT else [],
        due_on=course.due_on,
        created_at=scene.at(course.written_on, 11),
        updated_at=scene.at(course.written_on, 11),
    )
    drafted = Drafted(goal, aim, course, room, row)
    if course.agreed_on and aim.standard:
        goal.agreed_by, goal.agreed_at = drafted.teacher, scene.at(course.agreed_on, 15)
        goal.version = 2 if rng.random() < REWORDED_SHARE else 1
    if course.is_asked and aim.standard:
        goal.asked_at = scene.at(scene.days[-1], 15)
    if course.closed_on:
        closed_at = scene.at(course.closed_on, 13)
        goal.updated_at = closed_at
        goal.achieved_at = closed_at if course.state == State.ACHIEVED else None
        goal.archived_at = closed_at if course.state == State.ARCHIVED else None
        goal.missed_because = str(rng.choice(along.OBSTACLES)) if course.state == State.MISSED else ""
    if course.confirmed_on:
        goal.confirmed_by, goal.confirmed_at = drafted.teacher, scene.at(course.confirmed_on, 15)
        goal.updated_at = goal.confirmed_at
    return drafted


def _sentence(aim: Aim, rng) -> str:
    if aim.standard is None:
        return str(rng.choice(words.OWN_GOALS[aim.domain]))
    can = aim.standard.i_can.removeprefix("I can ").removesuffix(".")
    return str(rng.choice(words.WORDINGS)).format(can=can)


def _why(aim: Aim, rng) -> str:
    key = str(rng.choice(("any", LETTERS[aim.subject], aim.domain), p=(0.5, 0.2, 0.3)))
    return str(rng.choice(words.WHYS[key]))


def _aim(room: Homeroom, row: int, course: Course, rng) -> Aim:
    """A standard that the learner has reached, where the goal was; one that is still ahead, where it is live."""
    subjects = SUBJECTS if rng.random() < 0.6 else SUBJECTS[::-1]
    is_free = rng.random() < 0.15 and not room.is_demo_student(row)
    for subject in () if is_free else subjects:
        newest = room.newest[subject][row]
        wanted = newest >= 3 if course.state == State.ACHIEVED else (newest > 0) & (newest <= 2)
        # Whoever is ahead of the class everywhere, or nowhere yet, aims at what there is.
        choices = np.flatnonzero(wanted if wanted.any() or subject == subjects[0] else newest > 0)
        if len(choices):
            # What was taught last is nearest to mind; what is over was taught first.
            standard = room.taught[subject][int(choices[-1] if course.closed_on is None else choices[0])]
            return Aim(subject, standard.domain, standard)
    taught = room.taught[subjects[0]]
    return Aim(subjects[0], taught[int(rng.integers(len(taught)))].domain, None)


def _school_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(max(day.weekday() - 4, 0))


class _Said:
    """Check-ins, steps, feedback, reflections and the history of goals, gathered to be stored at once."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rng = scene.chance(STEP, 10_000)
        self.rows: dict[type[Model], list] = {
            model: [] for model in (GoalStep, CheckIn, Feedback, Reflection, GoalRevision)
        }

    def save(self) -> None:
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=2000)

    def about(self, d: Drafted) -> None:
        self._steps(d)
        if d.course.state == State.DRAFT:
            return
        self._history(d)
        self._check_ins(d)
        self._feedback(d)
        if d.course.state == State.ACHIEVED and d.course.closed_on:
            self._reflection(d, scene_day=d.course.closed_on, is_draft=False)
        elif d.course.agreed_on and self.rng.random() < 0.06:
            self._reflection(d, scene_day=self.scene.days[-1], is_draft=True)

    def _pick(self, lines):
        return lines[int(self.rng.integers(len(lines)))]

    def _steps(self, d: Drafted) -> None:
        titles = words.STEPS[LETTERS[d.aim.subject]]
        wanted = int(self.rng.integers(3, 6))
        chosen = [titles[int(n)] for n in sorted(self.rng.choice(len(titles), size=wanted, replace=False))]
        is_over = d.course.state == State.ACHIEVED
        share = 1.0 if is_over else self._progress(d) * self.rng.uniform(0.5, 1.1)
        done = 0 if d.course.agreed_on is None else min(wanted, int(share * wanted))
        last = d.course.closed_on or self.scene.days[-1]
        for position, text in enumerate(chosen, start=1):
            at = self._between(d.course.written_on, last, position / (wanted + 1)) if position <= done else None
            self.rows[GoalStep].append(GoalStep(goal=d.goal, position=position, text=text, done_at=at))

    def _progress(self, d: Drafted) -> float:
        """Share of its time that is over."""
        whole = (d.course.due_on - d.course.written_on).days or 1
        return min((self.scene.today - d.course.written_on).days / whole, 1.0)

    def _between(self, first: date, last: date, share: float) -> datetime:
        return self.scene.at(_school_day(first + timedelta(round(max((last - first).days, 0) * share))), 11, 10)

    def _history(self, d: Drafted) -> None:
        goal, learner = d.goal, d.account
        notes: list[tuple[datetime, Account, str, dict]] = [(goal.created_at, learner, Change.WRITTEN, {})]
        if goal.version > 1:
            notes.append(
                (goal.created_at + timedelta(minutes=25), learner, Change.WORDS, {"why": _why(d.aim, self.rng)})
            )
        if goal.agreed_at:
            notes.append((goal.agreed_at, d.teacher, Change.AGREED, {}))
        if d.course.closed_on:
            change = CLOSINGS[d.course.state]
            before = {"state": State.LIVE.value} if change == Change.KEPT else {}
            notes.append((self.scene.at(d.course.closed_on, 13), learner, change, before))
        if goal.confirmed_at:
            notes.append((goal.confirmed_at, d.teacher, Change.CONFIRMED, {}))
        self.rows[GoalRevision] += [
            GoalRevision(goal=goal, at=at, by=by, what_changed=change, before=before)
            for at, by, change, before in notes
        ]

    def _check_ins(self, d: Drafted) -> None:
        """Every four to nine days; how sure the learner feels tends upwards."""
        lines = along.CHECK_INS["any"] + along.CHECK_INS[LETTERS[d.aim.subject]]
        day = d.course.written_on + timedelta(int(self.rng.integers(2, 5)))
        last = d.course.closed_on or self.scene.days[-1]
        sure = float(self.rng.uniform(1.0, 2.6))
        while day <= last:
            at = self._between(day, day, 0)
            text, reply = self._pick(lines) if self.rng.random() < 0.8 else ("", "")
            row = CheckIn(
                uuid=self.scene.uuid("check-in", d.goal.uuid, day),
                goal=d.goal,
                at=at,
                by=d.account,
                confidence=int(np.clip(round(sure), 1, 5)),
                text=text,
            )
            if reply and self.rng.random() < 0.4 and day < self.scene.days[-1]:
                row.reply, row.reply_by, row.replied_at = reply, d.teacher, at + timedelta(hours=4)
            self.rows[CheckIn].append(row)
            sure += float(self.rng.normal(0.55, 0.5))
            day += timedelta(int(self.rng.integers(4, 10)))

    def _feedback(self, d: Drafted) -> None:
        for at, lines, share in (
            (d.goal.agreed_at, along.AGREEMENTS, 0.4),
            (d.goal.asked_at, along.QUESTIONS, 1.0),
            (d.goal.confirmed_at, along.CONFIRMATIONS, 0.7),
        ):
            if at and self.rng.random() < share:
                self.rows[Feedback].append(Feedback(goal=d.goal, at=at, by=d.teacher, text=self._pick(lines)))

    def _reflection(self, d: Drafted, *, scene_day: date, is_draft: bool) -> None:
        helped, text, reply = self._pick(along.REFLECTIONS)
        row = Reflection(
            uuid=self.scene.uuid("reflection", d.goal.uuid),
            goal=d.goal,
            at=self.scene.at(scene_day, 12, 50),
            by=d.account,
            is_draft=is_draft,
            helped=list(helped),
            text=text,
        )
        if d.goal.confirmed_at and self.rng.random() < 0.5:
            row.reply, row.reply_by, row.replied_at = reply, d.teacher, d.goal.confirmed_at
        self.rows[Reflection].append(row)
