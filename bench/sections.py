"""Sections of 20 to 35 real learners as grouping problems, drawn from the response data beside the repository.

Five answers in a row on one skill make one quiz; a learner answers ten questions a school day. Beliefs come
from the evidence tree, shown levels from the recursive average, both as the product computes them. The data
name no prerequisites: neighbours in difficulty become some, by a seeded draw.
"""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assessments.grouping import Problem, adjusted_mastery, topic_values
from assessments.mastery.decaying import decaying_average
from assessments.mastery.events import NONE
from assessments.mastery.scale import DEFAULT_SCALE, fraction_to_points
from assessments.mastery.tree import add_result, new_state
from assessments.mastery.tree_reading import read
from assessments.mastery.tree_replay import TreeState

RESPONSES = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "responses"
SETS = ("assistments2009_named_skills.csv.gz", "assistments2015_sequences_train_valid.csv.gz")
MOST_LEARNERS = 3000


@dataclass(frozen=True)
class Quiz:
    skill: int
    score: float
    items: int
    day: float


@dataclass(frozen=True)
class Section:
    """quizzes: of each learner, oldest first. skills: the chosen ones. prerequisites: pairs of columns."""

    quizzes: tuple[tuple[Quiz, ...], ...]
    skills: tuple[int, ...]
    prerequisites: tuple[tuple[int, int], ...]
    k: int


def available():
    return [name for name in SETS if (RESPONSES / name).exists()]


def draw_sections(name, *, count, seed):
    """`count` sections of the data set `name`: learners who met at least a third of 4 to 8 common skills."""
    rng = np.random.default_rng(seed)
    learners = [_quizzes(answers) for answers in _answers(name)]
    met = defaultdict(set)
    tried, right = defaultdict(int), defaultdict(float)
    for who, quizzes in enumerate(learners):
        for quiz in quizzes:
            met[quiz.skill].add(who)
            tried[quiz.skill] += quiz.items
            right[quiz.skill] += quiz.score * quiz.items
    common = sorted(met, key=lambda skill: (-len(met[skill]), skill))[:30]
    found = []
    while len(found) < count:
        m, size = int(rng.integers(4, 9)), int(rng.integers(20, 36))
        chosen = sorted(rng.choice(common, m, replace=False), key=lambda s: -right[s] / tried[s])
        able = [u for u in range(len(learners)) if sum(u in met[s] for s in chosen) >= max(2, m // 3)]
        if len(able) < size:
            continue
        rows = rng.choice(able, size, replace=False)
        pairs = tuple((q, s) for s in range(1, m) for q in range(max(0, s - 2), s) if rng.random() < 0.5)
        k = int(rng.integers(-(-size // 6), min(8, size // 3) + 1))
        found.append(Section(tuple(learners[u] for u in rows), tuple(map(int, chosen)), pairs, k))
    return found


def problem_of(section, *, keep=lambda quizzes: quizzes, **wishes):
    """The grouping Problem of a section; `keep` says which quizzes of a learner have happened so far."""
    so_far = [keep(quizzes) for quizzes in section.quizzes]
    p, level = _beliefs(so_far, section.skills), _levels(so_far, section.skills)
    p = adjusted_mastery(p, level, DEFAULT_SCALE.mastery_level)
    value = topic_values(p, section.prerequisites, topics=len(section.skills))
    return Problem(p=p, value=value, **{"k": section.k, "lo": 3, "hi": 6, **wishes})


def _beliefs(learners, skills):
    states = {}
    for who, quizzes in enumerate(learners):
        states[who] = state = new_state()
        for quiz in quizzes:
            weight = quiz.items / (1 + 0.25 * (quiz.items - 1))
            add_result(state, standard=quiz.skill, domain=NONE, score=quiz.score, weight=weight, ts=quiz.day)
    who, which = np.indices((len(learners), len(skills)))
    now = max((quiz.day for quizzes in learners for quiz in quizzes), default=0.0)
    reading = read(
        TreeState.from_bytes({who: state.to_bytes() for who, state in states.items()}),
        learner=who.ravel(),
        standard=np.array(skills)[which.ravel()],
        domain=NONE,
        now=now,
        scale=DEFAULT_SCALE,
    )
    return reading.p_mastered.reshape(who.shape)


def _levels(learners, skills):
    level = np.zeros((len(learners), len(skills)), int)
    for who, quizzes in enumerate(learners):
        for column, skill in enumerate(skills):
            scores = [quiz.score for quiz in quizzes if quiz.skill == skill]
            if scores:
                points = fraction_to_points(scores, DEFAULT_SCALE)
                level[who, column] = int(decaying_average(points, newest_weight=0.65) + 0.5)
    return level


def _quizzes(answers):
    quizzes, block = [], []
    for at, (skill, correct) in enumerate(answers):
        block.append(correct)
        last = at + 1 == len(answers) or answers[at + 1][0] != skill
        if last or len(block) == 5:
            quizzes.append(Quiz(skill, sum(block) / len(block), len(block), at // 10))
            block = []
    return tuple(quizzes)


def _answers(name):
    """Per learner, (skill, correct) in order; the first MOST_LEARNERS of the file who answered anything."""
    by_learner = defaultdict(list)
    with gzip.open(RESPONSES / name, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            if "learner" in row:
                by_learner[row["learner"]].append((int(row["skill_id"]), float(row["correct"])))
            else:
                pairs = zip(row["concepts"].split(","), row["responses"].split(","), strict=True)
                by_learner[row["uid"]] += [(int(s), float(c)) for s, c in pairs if int(s) >= 0]
            if len(by_learner) > MOST_LEARNERS:
                break
    return [answers for answers in by_learner.values() if answers]
