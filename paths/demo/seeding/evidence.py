"""A term of assessments and results, appended to the ledger by the service that the entry grid uses."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from assessments.models import Assessment, AssessmentStandard, Evidence, OverrideReason, ResultNote, SectionStandard
from assessments.services import ledger, outbox
from paths.demo.learner_model import EXCUSED, NOTHING, Event, term_of_marks
from paths.demo.seeding.plan import LETTERS, SUBJECTS, Homeroom, Scene
from paths.demo.words.assessments import FEEDBACK, OVERRIDE_REASONS, TITLES
from paths.demo.words.rubrics import sentences

STEP = 3
NOTE_SHARE = 0.07
OVERRIDE_SHARE = 0.006


def plan_term(scene: Scene, number: int) -> None:
    """Decide everything that is assessed in one homeroom, and store the assessments, still without results."""
    room = scene.rooms[number]
    rng = scene.chance(STEP, number)
    for subject in SUBJECTS:
        events = term_of_marks(room.traits, room.taught[subject], scene.days, _weeks(scene), rng)
        room.newest[subject] = newest_marks(events, (room.plan.learners, len(room.taught[subject])))
        room.given[subject] = list(zip(_make_assessments(scene, number, subject, events, rng), events, strict=True))


def append_results(scene: Scene, room: Homeroom, subject: str, *, until: date) -> int:
    """Append what was observed up to that day and is not in the ledger yet; returns how many records.

    Levels are not written here: they are for workers to compute.
    """
    done = room.appended.setdefault(subject, set())
    sittings = [
        (assessment, _entries(scene, room, subject, event))
        for assessment, event in room.given[subject]
        if event.day <= until and assessment.pk not in done
    ]
    done.update(assessment.pk for assessment, _ in sittings)
    return len(ledger.append(sittings, by=room.teachers[subject], source=Evidence.Source.DEMO)) if sittings else 0


def look_again(scene: Scene, room: Homeroom, subject: str, standards: Sequence[int], days: Sequence[date]) -> None:
    """Plan a quick check of some standards on each of these days, for all of the class who have been seen on them.

    standards: positions in what the class is taught. What is shown is near what was shown before, a little more each
    time, in a group or not.
    """
    rng = scene.chance(STEP + 200, scene.rooms.index(room))
    seen = [event for _assessment, event in room.given[subject] if event.day < days[0]]
    base = _mean_marks(seen, (room.plan.learners, len(room.taught[subject])))[:, list(standards)]
    events = []
    for number, day in enumerate(days):
        shown = base + 0.15 * (number + 1) + rng.normal(0.0, 0.6, base.shape)
        marks = np.where(np.isnan(base), NOTHING, np.clip(np.floor(np.nan_to_num(shown) + 0.5), 1, 4)).astype(np.int64)
        marks[np.array(room.came_on) > day] = NOTHING
        events.append(Event("formative", day, tuple(standards), marks))
    made = _make_given(scene, room, subject, events, rng, scene.rooms.index(room), "again")
    room.given[subject] = sorted(
        [*room.given[subject], *zip(made, events, strict=True)], key=lambda pair: (pair[1].day, pair[1].kind)
    )
    room.newest[subject] = newest_marks(
        [event for _assessment, event in room.given[subject]], room.newest[subject].shape
    )


def _mean_marks(events: Sequence[Event], shape: tuple[int, int]) -> np.ndarray:
    """(learners, standards) the mean of all marks, NaN for none."""
    total, n = np.zeros(shape), np.zeros(shape)
    for event in events:
        for column, k in enumerate(event.standards):
            mark = event.marks[:, column]
            total[:, k] += np.maximum(mark, 0)
            n[:, k] += mark > 0
    return np.divide(total, n, out=np.full(shape, np.nan), where=n > 0)


def finish_term(scene: Scene, number: int) -> int:
    """The rest of the results, feedback, levels set by teachers, and the marks for the workers; returns how many."""
    room = scene.rooms[number]
    rng = scene.chance(STEP + 100, number)
    appended = 0
    for subject in SUBJECTS:
        appended += append_results(scene, room, subject, until=scene.days[-1])
        _make_notes(scene, room, subject, rng)
        appended += _make_overrides(scene, room, subject, rng)
        _mark_stale(scene, room, subject)
    return appended


def make_open_assessment(scene: Scene) -> Assessment:
    """One that is given today in the demo teacher's class and waits to be entered."""
    room = next(room for room in scene.rooms if room.plan.is_main)
    newest = room.newest["Mathematics"]
    # Two standards in the middle of being learned: about half of those with a result are at 3 or 4.
    seen = (newest > 0).sum(axis=0)
    share = (newest >= 3).sum(axis=0) / np.maximum(seen, 1)
    half = np.argsort(np.where(seen > room.plan.learners * 0.8, abs(share - 0.5), 9), kind="stable")[:2]
    columns = sorted(int(k) for k in half)
    title = "Exit ticket: {}".format(" and ".join(room.taught["Mathematics"][k].title.lower() for k in columns))
    assessment = Assessment.objects.create(
        section=room.sections["Mathematics"],
        uuid=scene.uuid("assessment", "today"),
        school_year=scene.term.school_year,
        title=title,
        kind=Assessment.Kind.FORMATIVE,
        given_on=scene.today,
        created_by=room.teachers["Mathematics"],
    )
    AssessmentStandard.objects.bulk_create(_columns(scene, room, "Mathematics", assessment, columns))
    return assessment


def newest_marks(events: Sequence[Event], shape: tuple[int, int]) -> np.ndarray:
    """(learners, standards) the newest mark, 0 for none. events: oldest first."""
    newest = np.zeros(shape, dtype=np.int64)
    for event in events:
        for column, k in enumerate(event.standards):
            mark = event.marks[:, column]
            newest[:, k] = np.where(mark > 0, mark, newest[:, k])
    return newest


def _weeks(scene: Scene) -> float:
    return ((scene.term.ends_on - scene.term.starts_on).days + 3) / 7


def _make_assessments(scene: Scene, number: int, subject: str, events, rng) -> list[Assessment]:
    room = scene.rooms[number]
    made = _make_given(scene, room, subject, events, rng, number)
    SectionStandard.objects.bulk_create(
        SectionStandard(
            section=room.sections[subject], standard_id=scene.standard_ids[standard.code], position=position
        )
        for position, standard in enumerate(room.taught[subject])
    )
    return made


def _make_given(scene: Scene, room: Homeroom, subject: str, events, rng, *key: object) -> list[Assessment]:
    """Assessments with their columns. key: tells these from others of the subject."""
    made, columns = [], []
    for n, event in enumerate(events):
        assessment = Assessment(
            uuid=scene.uuid("assessment", *key, subject, n),
            section=room.sections[subject],
            school_year=scene.term.school_year,
            title=_title(room, subject, event, rng),
            kind=event.kind,
            given_on=event.day,
            created_by=room.teachers[subject],
            created_at=scene.at(event.day, 7, 50),
        )
        made.append(assessment)
        columns += _columns(scene, room, subject, assessment, event.standards)
    Assessment.objects.bulk_create(made)
    AssessmentStandard.objects.bulk_create(columns)
    return made


def _columns(scene: Scene, room: Homeroom, subject: str, assessment: Assessment, standards) -> list[AssessmentStandard]:
    return [
        AssessmentStandard(
            assessment=assessment,
            standard_id=scene.standard_ids[room.taught[subject][k].code],
            position=position,
            rubric=list(sentences(room.taught[subject][k].code)),
        )
        for position, k in enumerate(standards)
    ]


def _title(room: Homeroom, subject: str, event: Event, rng) -> str:
    first = room.taught[subject][event.standards[0]]
    patterns = TITLES[event.kind]
    pattern = patterns[int(rng.integers(len(patterns)))]
    return pattern.format(title=first.title, domain=first.domain_title)


def _entries(scene: Scene, room: Homeroom, subject: str, event: Event) -> list[ledger.Entry]:
    at = scene.at(event.day)
    found = []
    for row, column in np.argwhere(event.marks != NOTHING):
        mark = int(event.marks[row, column])
        kind = ledger.Kind.RESULT if mark > 0 else ledger.Kind.EXCUSED if mark == EXCUSED else ledger.Kind.NOT_SEEN
        found.append(
            ledger.Entry(
                learner_id=room.learners[row].pk,
                standard_id=scene.standard_ids[room.taught[subject][event.standards[column]].code],
                kind=kind,
                points=Decimal(mark) if mark > 0 else None,
                observed_at=at,
            )
        )
    return found


def _make_notes(scene: Scene, room: Homeroom, subject: str, rng) -> None:
    """A line of feedback on some results, more often on newer ones."""
    lines = FEEDBACK[LETTERS[subject]]
    notes = []
    for assessment, event in room.given[subject]:
        recent = 2.0 if event.day > scene.today - timedelta(21) else 0.6
        for row, column in np.argwhere((event.marks > 0) & (rng.random(event.marks.shape) < NOTE_SHARE * recent)):
            mark = int(event.marks[row, column])
            choice = lines["building" if mark <= 2 else "secure" if mark == 3 else "extending"]
            notes.append(
                ResultNote(
                    assessment=assessment,
                    learner=room.learners[row],
                    standard_id=scene.standard_ids[room.taught[subject][event.standards[column]].code],
                    text=choice[int(rng.integers(len(choice)))],
                    author=room.teachers[subject],
                    created_at=scene.at(event.day, 15, 20),
                )
            )
    ResultNote.objects.bulk_create(notes)


def _make_overrides(scene: Scene, room: Homeroom, subject: str, rng) -> int:
    """Levels that teachers set, one away from the newest result, with a reason. Some weeks old, so not by set_level."""
    newest = room.newest[subject]
    chosen = np.argwhere((newest > 0) & (rng.random(newest.shape) < OVERRIDE_SHARE))
    if room.plan.is_main and subject == "Mathematics" and not len(chosen):
        chosen = np.argwhere(newest == 2)[:1]
    sets, reasons = [], []
    for row, k in chosen:
        level = int(newest[row, k]) + (1 if newest[row, k] < 3 else -1)
        day = scene.day_before(int(rng.integers(2, 20)))
        sets.append(
            Evidence(
                school_year=scene.term.school_year,
                learner=room.learners[row],
                standard_id=scene.standard_ids[room.taught[subject][k].code],
                item=scene.uuid("override", room.plan.title, subject, int(row), int(k)),
                kind=Evidence.Kind.OVERRIDE_SET,
                level=level,
                observed_at=scene.at(day, 14, 5),
                recorded_by=room.teachers[subject],
                source=Evidence.Source.DEMO,
            )
        )
        reasons.append(OVERRIDE_REASONS[int(rng.integers(len(OVERRIDE_REASONS)))])
    Evidence.objects.bulk_create(sets)
    OverrideReason.objects.bulk_create(
        OverrideReason(evidence_id=record.pk, text=text) for record, text in zip(sets, reasons, strict=True)
    )
    return len(sets)


def _mark_stale(scene: Scene, room: Homeroom, subject: str) -> None:
    outbox.mark_stale(
        [learner.pk for learner in room.learners],
        [scene.standard_ids[standard.code] for standard in room.taught[subject]],
        lane=outbox.Lane.BULK,
    )
