"""Rows of the ledger to the arrays that the pure engines read, without a Python object for a row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from assessments.mastery import events
from assessments.mastery.events import History
from assessments.mastery.weights import HEAVIEST, OBSERVATION, RUBRIC, SINGLE_ITEM
from assessments.models import Assessment, Evidence
from assessments.services.homes import Homes, read_homes
from assessments.services.matches import LINKS
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
COLUMNS = f"""
SELECT e.learner_id, s.subject_id, s.id, coalesce(s.domain_id, -1), s.framework_id, e.observed_at,
       (CASE e.kind {KIND_CODE} ELSE {OUT_OF_FORCE} END)::smallint,
       coalesce(e.points::float8, 'NaN'), coalesce(e.possible::float8, 'NaN'), coalesce(e.level, 0::smallint),
       coalesce(e.ends_at, 'infinity'), e.id, coalesce(e.supersedes_id, -1), coalesce(a.uuid, e.item), s.uuid, e.item,
       e.attempt, coalesce(a.id, -e.id), coalesce(a.weight::float8, 1),
       coalesce(a.kind = '{Assessment.Kind.OBSERVATION.value}', false),
       coalesce(a.kind = '{Assessment.Kind.REASSESSMENT.value}', false), coalesce(a.counts_earlier, false)
"""
READ = f"""
WITH e AS MATERIALIZED (SELECT * FROM assessments_evidence WHERE {{of}})
{COLUMNS}
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
# IS TRUE: asked of each row. As a join it would make the planner expect a few rows and look up each one's assessment.
OF_PAIRS = (
    "((e.learner_id, s.subject_id) IN (SELECT * FROM unnest(%(learners)s::bigint[], %(subjects)s::bigint[]))) IS TRUE"
)
# The learners' rows are found by index first, whatever the statistics say of the rest.
BY_PAIRS = READ.format(of="learner_id = ANY(%(learners)s)", where=OF_PAIRS)
BY_LEARNER_STANDARD = READ.format(of="learner_id = %(learner)s AND standard_id = %(standard)s", where="true")

# With the evidence on exact matches beside it, and what was carried over from other standards. A teacher's own level
# stays with the standard that it was set on. A way that leads over an exact match counts as one.
READ_MATCHED = f"""
WITH RECURSIVE e AS MATERIALIZED (SELECT * FROM assessments_evidence WHERE learner_id = ANY(%(learners)s)),
{LINKS},
ways (source, target, carried) AS (
  SELECT DISTINCT e.standard_id, g.b, g.carried FROM e JOIN links g ON g.a = e.standard_id
   UNION
  SELECT r.source, g.b, r.carried AND g.carried FROM ways r JOIN links g ON g.a = r.target),
reach AS (SELECT source, target, bool_or(carried) AS carried FROM ways GROUP BY source, target)
{COLUMNS}, -1::bigint, false
  FROM e
  JOIN standards_standard s ON s.id = e.standard_id
  LEFT JOIN assessments_assessment a ON a.id = e.assessment_id
 WHERE {{where}}
 UNION ALL
{COLUMNS}, r.source, r.carried
  FROM e
  JOIN reach r ON r.source = e.standard_id AND r.target <> r.source
  JOIN standards_standard s ON s.id = r.target
  LEFT JOIN assessments_assessment a ON a.id = e.assessment_id
 WHERE {{where}} AND e.kind NOT IN ('set', 'lift', 'withdraw')
   AND (r.carried OR %(into)s::bigint[] IS NULL OR s.framework_id = ANY(%(into)s))
"""
MATCHED_RECORD = np.dtype([*((name, RECORD[name]) for name in RECORD.names or ()), ("source", "i8"), ("carried", "?")])
MATCHED_BY_PAIRS = READ_MATCHED.format(where=OF_PAIRS)
MATCHED_BY_STANDARD = READ_MATCHED.format(where="s.id = %(standard)s")


class Into(NamedTuple):
    """Results on other standards count: what was carried over, and where `exact`, exact matches too.

    frameworks: by id, for whose standards exact matches count; None for all of them.
    """

    frameworks: tuple[int, ...] | None
    exact: bool = True


@dataclass(frozen=True)
class Histories:
    """rows: in replay order.    day: (rows,) ordinal of the school day on which it was observed.

    ends_day: (rows,) ordinal of the first school day on which an override no longer holds, 0 without an end.
    subject, framework: (rows,) ids.
    matched: (rows,) of a result that counts because of an exact match, or because it was carried over, the id of the
        standard that it was given on; NONE for all others. None where there is no such result.
    carried: (rows,) whether it was carried over, so that it counts under every policy. None where matched is.
    homes: who was at home where on which day; None where no school works out levels in its own way.
    """

    rows: History
    day: np.ndarray
    ends_day: np.ndarray
    subject: np.ndarray
    framework: np.ndarray
    matched: np.ndarray | None = None
    carried: np.ndarray | None = None
    homes: Homes | None = None

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
        return self.take(np.flatnonzero(self.day <= day.toordinal()))

    def learned(self) -> "Histories":
        """What the evidence tree's state is made of: each result once, where it was given or was carried to."""
        return self.take(self._once(self._into(exact=False)))

    def track(self, framework: int, *, exact: bool) -> np.ndarray:
        """Which rows the evidence tree replays for a framework: a result that reaches one of its standards from another
        one stands there, and not on its own standard, so that each is learned from once. exact: whether exact matches
        count."""
        return self._once(self._into(exact=exact) & (self.framework == framework))

    def has_matches(self, *, exact: bool) -> bool:
        """Whether some row counts here that was given on another standard."""
        return bool(self._into(exact=exact).any())

    def _into(self, *, exact: bool) -> np.ndarray:
        """(rows,) whether it was given on another standard and counts here."""
        if self.matched is None:
            return np.zeros(len(self), dtype=bool)
        elsewhere = self.matched != events.NONE
        if exact:
            return elsewhere
        return np.zeros(len(self), dtype=bool) if self.carried is None else elsewhere & self.carried

    def _once(self, into: np.ndarray) -> np.ndarray:
        """The places of these rows, and of every row on its own standard that is not among them elsewhere."""
        if self.matched is None:
            return np.arange(len(self))
        moved = np.isin(self.rows.record, self.rows.record[into])
        return np.flatnonzero(into | ((self.matched == events.NONE) & ~moved))

    def take(self, kept: np.ndarray) -> "Histories":
        """These rows, by their places."""
        matched = None if self.matched is None else self.matched[kept]
        carried = None if self.carried is None else self.carried[kept]
        if matched is not None and (matched == events.NONE).all():
            matched = carried = None
        return Histories(
            self.rows.take(kept),
            self.day[kept],
            self.ends_day[kept],
            self.subject[kept],
            self.framework[kept],
            matched,
            carried,
            self.homes,
        )


class Streams(NamedTuple):
    """order: (rows,) rows sorted by learner and subject, in replay order within each; number: (rows,) of the stream of
    each of them, from 0; first: (streams,) the first of each, as a place in `order`."""

    order: np.ndarray
    number: np.ndarray
    first: np.ndarray


def read_pairs(
    pairs: Iterable[tuple[int, int]], zone: ZoneInfo, into: Into | None = None, *, with_homes: bool = False
) -> Histories:
    """Everything in force about these (learner id, subject id) pairs; zone: of the district, for school days.

    into: where results on other standards count too; None is nowhere.
    with_homes: home schools by day too, where some school has a line of its own (`Policies.schools`): a statement more.
    """
    learners, subjects = zip(*pairs, strict=True)
    asked = {"learners": list(learners), "subjects": list(subjects)}
    if into is None:
        found = _histories(_in_force(read_records(BY_PAIRS, asked, RECORD)), zone)
    else:
        found = _read_matched(MATCHED_BY_PAIRS, asked, into, zone)
    return replace(found, homes=read_homes(learners)) if with_homes else found


def read_one(learner_id: int, standard_id: int, zone: ZoneInfo, into: Into | None = None) -> Histories:
    """Everything in force about one learner on one standard; into: as for `read_pairs`."""
    asked = {"learner": learner_id, "standard": standard_id}
    if into is None:
        return _histories(_in_force(read_records(BY_LEARNER_STANDARD, asked, RECORD)), zone)
    return _read_matched(MATCHED_BY_STANDARD, asked | {"learners": [learner_id]}, into, zone)


def _read_matched(query: str, asked: dict, into: Into, zone: ZoneInfo) -> Histories:
    frameworks = None if into.frameworks is None else list(into.frameworks)
    found = _in_force(read_records(query, asked | {"into": frameworks, "exact": into.exact}, MATCHED_RECORD))
    found = found[(found["source"] < 0) | (found["kind"] == events.RESULT)]
    return _histories(_once(found), zone)


def _once(found: Records) -> Records:
    """Each assessment reaches a standard once: as its own standard's, else as carried over, else from a match."""
    way = np.where(found["source"] < 0, 0, np.where(found["carried"], 1, 2))
    order = np.lexsort((found["source"], way, found["event"], found["standard"], found["learner"]))
    found = found[order]
    new = np.ones(len(found), dtype=bool)
    for place, name in enumerate(("learner", "standard", "event")):
        differs = found[name][1:] != found[name][:-1]
        new[1:] = differs if place == 0 else new[1:] | differs
    first = found["source"][np.flatnonzero(new)]
    return found[found["source"] == first[np.cumsum(new) - 1]] if len(found) else found


def _histories(found: Records, zone: ZoneInfo) -> Histories:
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
    matched = carried = None
    if "source" in (found.dtype.names or ()) and (found["source"] >= 0).any():
        matched, carried = found["source"].copy(), found["carried"].copy()
    return Histories(rows, day, ends_day, found["subject"].copy(), found["framework"].copy(), matched, carried)


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
