"""Histories of many learners in blocks, and what the evidence tree expected of them on a standard at a moment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from assessments.mastery import events, tree_replay
from assessments.mastery.events import NONE, RESULT
from assessments.mastery.tree_reading import read as read_belief
from assessments.services.histories import Histories, read_pairs
from assessments.services.policies import Policies
from lrm.rows import read

BLOCK = 500
Tell = Callable[[int, int], None]
"""How many learners are done, of how many."""

LEARNERS = """
SELECT l.id, l.home_school_id AS school_id FROM profiles_learner l
 WHERE l.district_id = %(district)s AND l.home_school_id = ANY(%(schools)s)
   AND NOT EXISTS (SELECT FROM profiles_objection said WHERE said.learner_id = l.id AND said.ended_at IS NULL)
   AND EXISTS (SELECT FROM assessments_evidence e
                WHERE e.learner_id = l.id AND e.standard_id = ANY(%(standards)s) AND e.kind = 'result')
 ORDER BY l.id
"""
STANDARDS = """
SELECT s.id, s.subject_id, s.framework_id, coalesce(s.domain_id, -1) AS domain_id
  FROM standards_standard s JOIN standards_framework f ON f.id = s.framework_id
 WHERE s.id = ANY(%(standards)s) AND f.district_id = %(district)s
"""
SECTIONS = "SELECT id, section_id FROM assessments_assessment WHERE id = ANY(%(ids)s)"


@dataclass(frozen=True)
class Block:
    """Some learners. pairs: (learner, standard, home school) with enough results that count.

    rows: of each learner and standard of these, the results that count, oldest first, as places in `histories`.
    score: (rows of histories,) in [0, 1].    section: assessment -> section.
    """

    histories: Histories
    pairs: list[tuple[int, int, int]]
    rows: dict[tuple[int, int], np.ndarray]
    score: np.ndarray
    section: dict[int, int]

    def section_of(self, row: int) -> int:
        """Of a result; its learner's own number, negative, where no class gave it."""
        found = self.section.get(int(self.histories.rows.event[row]))
        return -int(self.histories.rows.learner[row]) if found is None else found


@dataclass
class Expected:
    """Collects what is asked of a block: on which standard, of whom, when; `read` answers all of it at once.

    Only what was observed up to the moment is replayed, with the calibration and the scale of that day.
    """

    block: Block
    about: dict[int, "About"]
    policies: Policies
    zone: ZoneInfo
    _asked: list[tuple[int, int, datetime]] = field(default_factory=list)

    def ask(self, learner_id: int, standard_id: int, at: datetime) -> None:
        self._asked.append((learner_id, standard_id, at))

    def read(self) -> np.ndarray:
        """(asked,) scores in [0, 1], in the order in which they were asked for."""
        found = np.empty(len(self._asked))
        alike: dict[tuple, list[int]] = {}
        for place, (learner, standard, at) in enumerate(self._asked):
            day, about = at.astimezone(self.zone).date(), self.about[standard]
            calibration = self.policies.calibration(about.subject_id, day)
            school = self._home(learner, day)
            scale = self.policies.on(about.framework_id, day, school_id=school).scale
            alike.setdefault((about.subject_id, scale, calibration.version), []).append(place)
        for (subject, scale, _version), places in alike.items():
            day = self._asked[places[0]][2].astimezone(self.zone).date()
            found[places] = self._replay(places, subject, scale, self.policies.calibration(subject, day))
        return found

    def _home(self, learner_id: int, day: date) -> int | None:
        homes = self.block.histories.homes
        return None if homes is None else int(homes.at(np.array([learner_id]), day.toordinal())[0]) or None

    def _replay(self, places: list[int], subject: int, scale, calibration) -> np.ndarray:
        histories = self.block.histories
        rows = histories.rows
        anchors = sorted({(self._asked[place][0], _days(self._asked[place][2])) for place in places})
        number = {anchor: n for n, anchor in enumerate(anchors)}
        of_subject = np.flatnonzero(histories.subject == subject)
        learner = rows.learner[of_subject]
        parts = []
        for who, at in anchors:
            begin, end = np.searchsorted(learner, [who, who + 1])
            its = of_subject[begin:end]
            parts.append(its[: np.searchsorted(rows.ts[its], at, side="right")])
        taken = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        # Each moment of a learner goes as a learner of its own.
        at_moments = np.repeat(np.arange(len(anchors)), [len(part) for part in parts])
        replayed = replace(rows.take(taken), learner=at_moments.astype(np.int64))
        state = tree_replay.replay(replayed, scale=scale, **calibration.terms(replayed)._asdict())
        standards = np.array([self._asked[place][1] for place in places], dtype=np.int64)
        moments = [(self._asked[place][0], _days(self._asked[place][2])) for place in places]
        return read_belief(
            state,
            learner=np.array([number[moment] for moment in moments]),
            standard=standards,
            domain=np.array([self.about[standard].domain_id for standard in standards.tolist()]),
            now=np.array([at for _, at in moments]),
            scale=scale,
            offset=calibration.offsets(standards),
        ).estimate


@dataclass(frozen=True)
class About:
    """Of a standard. domain_id: NONE without one."""

    subject_id: int
    framework_id: int
    domain_id: int


def read_about(standard_ids: Iterable[int]) -> dict[int, About]:
    """Of each standard of the district. One statement."""
    rows = read(STANDARDS, standards=sorted(set(standard_ids)))
    return {row.id: About(row.subject_id, row.framework_id, row.domain_id) for row in rows}


def read_blocks(
    about: dict[int, About],
    *,
    school_ids: Sequence[int],
    fewest: int,
    policies: Policies,
    zone: ZoneInfo,
    today: date,
    tell: Tell,
) -> Iterator[Block]:
    """Learners at home in the schools with a result on some of the standards, in blocks.

    fewest: results that a learner and standard need to be a pair. A statement, and two for each block.
    """
    found = read(LEARNERS, standards=sorted(about), schools=list(school_ids))
    school_of = {row.id: row.school_id for row in found}
    learners = list(school_of)
    for start in range(0, len(learners), BLOCK):
        tell(start, len(learners))
        yield _block(learners[start : start + BLOCK], school_of, about, fewest, policies, zone, today)
    tell(len(learners), len(learners))


def _block(
    learners: list[int],
    school_of: dict[int, int],
    about: dict[int, "About"],
    fewest: int,
    policies: Policies,
    zone: ZoneInfo,
    today: date,
) -> Block:
    subjects = sorted({one.subject_id for one in about.values()})
    wanted = [(learner, subject) for learner in learners for subject in subjects]
    histories = read_pairs(wanted, zone, policies.matched_into(), with_homes=bool(policies.schools)).learned()
    rows = histories.rows
    score = np.full(len(rows), np.nan)
    home = np.zeros(len(rows), dtype=np.int64)
    if histories.homes is not None:
        home = histories.homes.only(policies.schools).at(rows.learner, today.toordinal())
    for framework, school in sorted(set(zip(histories.framework.tolist(), home.tolist(), strict=True))):
        its = np.flatnonzero((histories.framework == framework) & (home == school))
        score[its] = rows.take(its).scores(policies.on(framework, today, school_id=school or None).scale)
    counts = (rows.kind == RESULT) & ~np.isnan(score) & (rows.weight > 0)
    counts &= np.isin(rows.standard, sorted(about))
    order = np.flatnonzero(counts)
    order = order[np.lexsort((order, rows.standard[order], rows.learner[order]))]
    learner, standard = rows.learner[order], rows.standard[order]
    edges = np.flatnonzero((np.diff(learner) != 0) | (np.diff(standard) != 0)) + 1
    of_pair = {
        (int(rows.learner[part[0]]), int(rows.standard[part[0]])): part
        for part in np.split(order, edges)
        if len(part) >= fewest
    }
    pairs = [(who, which, school_of[who]) for who, which in of_pair]
    given = np.unique(rows.event[order])
    section = {row.id: row.section_id for row in read(SECTIONS, ids=given[given > 0].tolist())}
    return Block(histories, pairs, of_pair, score, section)


def _days(at: datetime) -> float:
    return float(events.days(np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "us")))


assert NONE == -1  # what STANDARDS says of a standard without a domain
