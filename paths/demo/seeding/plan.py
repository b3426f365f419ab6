"""How big the demo school is, and what its seeding steps hand on to one another."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from assessments.models import Assessment
from paths.demo.framework import Taught
from paths.demo.learner_model import Event, Traits
from paths.demo.names import HOMEROOMS
from paths.demo.term import Term
from profiles.models import Account, District, Learner, Roster, School, Section

NAMESPACE = UUID("1b0b6a52-6f0e-5a3c-9f38-3f1a4f0b7c55")
SUBJECTS = ("Mathematics", "English")
SHORT_SUBJECTS = {"Mathematics": "Math", "English": "English"}
LETTERS = {"Mathematics": "M", "English": "E"}


@dataclass(frozen=True)
class Room:
    """A homeroom to be: school is a position in names.SCHOOLS. is_main: the demo teacher's."""

    school: int
    grade: int
    name: str
    learners: int
    is_main: bool = False

    @property
    def title(self) -> str:
        return f"{self.grade} {self.name}"

    @property
    def grade_code(self) -> str:
        return f"{self.grade:02d}"

    @property
    def is_departmental(self) -> bool:
        """From grade 6 on, mathematics and English have a teacher each."""
        return self.grade >= 6


def _full() -> tuple[Room, ...]:
    """Two schools, twenty homerooms, 500 learners; 28 of them in the demo teacher's room."""
    grades = (tuple(grade for grade in range(3, 9) for _ in range(2)), (3, 4, 5, 5, 6, 7, 8, 8))
    # 19 rooms hold 472: 24 or 25, some two or three more and others as many fewer.
    sizes = iter((25, 24, 27, 23, 25, 26, 24, 22, 28, 25, 25, 27, 23, 24, 25, 26, 25, 22, 26))
    rooms = []
    for school, names in enumerate(HOMEROOMS):
        for grade, name in zip(grades[school], names, strict=True):
            is_main = name == "Heron"
            rooms.append(Room(school, grade, name, 28 if is_main else next(sizes), is_main))
    return tuple(rooms)


SIZES = {
    "full": _full(),
    "small": (Room(0, 5, "Heron", 12, is_main=True), Room(0, 6, "Avocet", 8)),
}


@dataclass
class Homeroom:
    """One homeroom as it comes to be. Arrays have a row a learner and a column a standard in `taught[subject]`.

    came_on: day on which each learner joined.    accounts: of the learners.
    newest: subject -> newest mark, 0 for none.
    given: subject -> assessments with their marks, oldest first.    appended: those whose marks are in the ledger.
    """

    plan: Room
    school: School
    roster: Roster
    sections: dict[str, Section]
    traits: Traits
    taught: dict[str, tuple[Taught, ...]]
    came_on: list[date]
    learners: list[Learner] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    teachers: dict[str, Account] = field(default_factory=dict)
    newest: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    given: dict[str, list[tuple[Assessment, Event]]] = field(default_factory=dict)
    appended: dict[str, set[int]] = field(default_factory=dict)

    def is_demo_student(self, row: int) -> bool:
        """Whether the learner is the one behind the button "student"."""
        return self.accounts[row].key is not None


@dataclass
class Scene:
    """What every step needs: one seed, one day, one district.

    days: school days on which evidence exists, oldest first; the last is before `today`, so that no result lies
    in the hours to come.    standard_ids: code -> id of the imported standard.
    """

    seed: int
    today: date
    term: Term
    days: list[date]
    district: District
    rooms: list[Homeroom] = field(default_factory=list)
    standard_ids: dict[str, int] = field(default_factory=dict)

    def chance(self, step: int, room: int = 0) -> np.random.Generator:
        """A stream of its own for each step and room: more of one thing changes nothing else."""
        return np.random.default_rng([self.seed, step, room])

    def uuid(self, *parts: object) -> UUID:
        return uuid5(NAMESPACE, "/".join(map(str, (self.seed, *parts))))

    def at(self, day: date, hour: int = 10, minute: int = 40) -> datetime:
        """That time of day at the school."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(self.district.time_zone))

    def day_before(self, days: int) -> date:
        """The school day nearest to so many days ago, not after it; the first of the term at the earliest."""
        wanted = self.today - timedelta(days)
        return max((day for day in self.days if day <= wanted), default=self.days[0])
