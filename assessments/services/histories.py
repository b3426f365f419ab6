"""Rows of the ledger to the arrays that the pure engines read, without a Python object for a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from assessments.mastery import events
from assessments.mastery.events import History
from assessments.mastery.weights import HEAVIEST, OBSERVATION, RUBRIC, SINGLE_ITEM
from assessments.models import Assessment, Evidence
from lrm.copying import DAY_2000, MICROS_2000, NO_INSTANT, Records, read_records

Kind = Evidence.Kind
_DAY = 86_400_000_000
_QUARTER = 900_000_000
_YEAR_2000 = datetime(2000, 1, 1, tzinfo=UTC)

KINDS = {
    Kind.RESULT: events.RESULT,
    Kind.EXCUSED: events.EXCUSED,
    Kind.NOT_SEEN: events.NOT_SEEN,
    Kind.OVERRIDE_SET: events.OVERRIDE_SET,
    Kind.OVERRIDE_LIFT: events.OVERRIDE_LIFT,
}
OUT_OF_FORCE = -1
"""An emptied cell, and the withdrawal of a level: they only take the record that they supersede out of force."""
KIND_CODE = " ".join(f"WHEN '{kind.value}' THEN {code}" for kind, code in KINDS.items())

# The kind of an assessment is told by two questions, since nothing else about it matters here.
READ = f"""
WITH e AS MATERIALIZED (SELECT * FROM assessments_evidence WHERE {{of}})
SELECT e.learner_id, s.subject_id, e.standard_id, coalesce(s.domain_id, -1), s.framework_id, e.observed_at,
       (CASE e.kind {KIND_CODE} ELSE {OUT_OF_FORCE} END)::smallint,
       coalesce(e.points::float8, 'NaN'), coalesce(e.possible::float8, 'NaN'), coalesce(e.level, 0::smallint),
       coalesce(e.ends_at, 'infinity'), e.id, coalesce(e.supersedes_id, -1), coalesce(a.uuid, e.item), s.uuid, e.item,
       e.attempt, coalesce(a.id, -e.id), coalesce(a.weight::float8, 1),
       coalesce(a.kind = '{Assessment.Kind.OBSERVATION.value}', false),
       coalesce(a.kind = '{Assessment.Kind.REASSESSMENT.value}', false), coalesce(a.counts_earlier, false)
  FROM e
  JOIN standards_standard s ON s.id = e.standard_id
  LEFT JOIN assessments_assessment a ON a.id = e.assessment_id
 WHERE {{where}}
"""
RECORD = np.dtype(
    [
        ("learner", "i8"), ("subject", "i8"), ("standard", "i8"), ("domain", "i8"), ("framework", "i8"),
        ("observed", "i8"), ("kind", "i2"), ("points", "f8"), ("possible", "f8"), ("level", "i2"),
        ("ends", "i8"), ("id", "i8"), ("supersedes", "i8"), ("event_uuid", "V16"), ("standard_uuid", "V16"),
        ("item", "V16"), ("attempt", "i2"), ("event", "i8"), ("weight", "f8"), ("observation", "?"),
        ("reassessment", "?"), ("counts_earlier", "?"),
    ]
)  # fmt: skip
# The learners' rows are found by index first, whatever the statistics say of the rest.
BY_PAIRS = READ.format(
    of="learner_id = ANY(%(learners)s)",
    where="(e.learner_id, s.subject_id) IN (SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]))",
)
BY_LEARNER_STANDARD = READ.format(of="learner_id = %(learner)s AND standard_id = %(standard)s", where="true")


@dataclass(frozen=True)
class Histories:
    """rows: in replay order.    day: (rows,) ordinal of the school day on which it was observed.

    ends_day: (rows,) ordinal of the first school day on which an override no longer holds, 0 without an end.
    subject, framework: (rows,) ids.
    """

    rows: History
    day: np.ndarray
    ends_day: np.ndarray
    subject: np.ndarray
    framework: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def streams(self) -> "Streams":
        """The rows by learner and subject: what the evidence tree replays as one."""
        order = np.lexsort((self.subject, self.rows.learner))
        learner, subject = self.rows.learner[order], self.subject[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (np.diff(learner) != 0) | (np.diff(subject) != 0)
        return Streams(order, np.cumsum(new) - 1, np.flatnonzero(new))

    def up_to(self, day: date) -> "Histories":
        """What was observed up to the end of a school day."""
        kept = np.flatnonzero(self.day <= day.toordinal())
        return Histories(
            self.rows.take(kept), self.day[kept], self.ends_day[kept], self.subject[kept], self.framework[kept]
        )


class Streams(NamedTuple):
    """order: (rows,) rows sorted by learner and subject, in replay order within each; number: (rows,) of the stream of
    each of them, from 0; first: (streams,) the first of each, as a place in `order`."""

    order: np.ndarray
    number: np.ndarray
    first: np.ndarray


def read_pairs(pairs: Iterable[tuple[int, int]], zone: ZoneInfo) -> Histories:
    """Everything in force about these (learner id, subject id) pairs; zone: of the district, for school days."""
    learners, subjects = zip(*pairs, strict=True)
    return _read(BY_PAIRS, {"learners": list(learners), "subjects": list(subjects)}, zone)


def read_one(learner_id: int, standard_id: int, zone: ZoneInfo) -> Histories:
    """Everything in force about one learner on one standard."""
    return _read(BY_LEARNER_STANDARD, {"learner": learner_id, "standard": standard_id}, zone)


def _read(query: str, parameters: dict, zone: ZoneInfo) -> Histories:
    found = _in_force(read_records(query, parameters, RECORD))
    order = events.replay_order(
        learner=found["learner"],
        observed_at=found["observed"],
        kind=found["kind"],
        assessment=found["event_uuid"],
        standard=found["standard_uuid"],
        item=found["item"],
        attempt=found["attempt"],
    )
    found = found[order]
    is_override = found["kind"] >= events.OVERRIDE_SET
    rows = events.history(
        learner=found["learner"],
        standard=found["standard"],
        ts=_days(found["observed"]),
        kind=found["kind"],
        points=found["points"],
        possible=found["possible"],
        weight=np.where(is_override, 0.0, _weights(found)),
        teacher_weight=found["weight"],
        domain=found["domain"],
        event=found["event"],
        is_reassessment=found["reassessment"],
        counts_earlier=found["counts_earlier"],
        override_level=found["level"],
        override_ends=np.where(found["ends"] == NO_INSTANT, np.inf, _days(found["ends"])),
        record=found["id"],
        item=_items(found, is_override),
    )
    ends_day = np.zeros(len(found), dtype=np.int64)
    with_end = found["ends"] != NO_INSTANT
    ends_day[with_end] = school_days(found["ends"][with_end], zone)
    day = school_days(found["observed"], zone)
    return Histories(rows, day, ends_day, found["subject"].copy(), found["framework"].copy())


def _in_force(found: Records) -> Records:
    """Without what is superseded, and without records that only supersede.

    A record and the one that supersedes it are about the same learner and standard, so both are among those read.
    """
    superseded = np.isin(found["id"], found["supersedes"][found["supersedes"] >= 0])
    return found[(found["kind"] != OUT_OF_FORCE) & ~superseded]


def _items(found: Records, is_override: np.ndarray) -> np.ndarray:
    """A number for each question, NONE for a mark on the whole; the same question of another assessment is another.

    Made of the random bits of both identifiers, so that it needs no table and is the same everywhere.
    """
    item, assessment = (np.ascontiguousarray(found[name]).view("<i8").reshape(-1, 2) for name in ("item", "event_uuid"))
    number = (item[:, 0] ^ assessment[:, 1]) & np.iinfo(np.int64).max
    return np.where(is_override | ~item.any(axis=1), events.NONE, number)


def _weights(found: Records) -> np.ndarray:
    """How much a record says (engine.md 2.2): an observation less than a rubric mark; the teacher's weight on top."""
    base = np.where(found["observation"], OBSERVATION, np.where(np.isnan(found["possible"]), RUBRIC, SINGLE_ITEM))
    return np.minimum(base * found["weight"], HEAVIEST)


def _days(instants: np.ndarray) -> np.ndarray:
    """Float days since 1970 of microseconds since 2000."""
    return (instants + MICROS_2000) / _DAY


def school_days(instants: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Ordinals of the days on which these instants (microseconds since 2000) fall in a time zone.

    Clocks change at whole quarters of an hour, so one answer holds for each quarter.
    """
    quarters, which = np.unique(instants // _QUARTER, return_inverse=True)
    ahead = np.array([_ahead(zone, quarter) for quarter in quarters.tolist()], dtype=np.int64)
    return (instants + ahead[which]) // _DAY + DAY_2000


@lru_cache(maxsize=1 << 16)
def _ahead(zone: ZoneInfo, quarter: int) -> int:
    """Microseconds by which local time is ahead of UTC."""
    offset = (_YEAR_2000 + timedelta(minutes=15 * quarter)).astimezone(zone).utcoffset()
    return int(offset / timedelta(microseconds=1)) if offset else 0
