"""What a site should show, from the rows of its ledger alone: plain fractions, and no line shared with the engine.

It knows what the scenes of the fault tests use and no more: marks 1 to 4 on the scale, corrections, and the shipped
policy (engine.md 2.10): d[1] = x[1], d[n] = .65 x[n] + .35 d[n-1], rounded half up to a millionth; the level is the
nearest one, half up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

NEWEST = Fraction(13, 20)
MILLION = 1_000_000

LEDGER = """
SELECT id, learner_id, standard_id, kind, points, observed_at, supersedes_id FROM assessments_evidence
"""
LEVELS = "SELECT learner_id, standard_id, value_micro, shown_level, n FROM assessments_mastery"
PLACES = """
SELECT l.id, ARRAY[ARRAY[0, e.roster_id], ARRAY[1, l.home_school_id], ARRAY[2, l.district_id]], l.grade
  FROM profiles_learner l JOIN profiles_enrollment e ON e.learner_id = l.id
"""
COUNTS = """
SELECT kind, scope_id, grade, standard_id, level, sum(n) FROM (
  SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollup
  UNION ALL SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollupdelta) both_parts
 GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
"""


@dataclass(frozen=True)
class Level:
    """value: in millionths of a level.    n: results that count."""

    value: int
    level: int
    n: int


Pair = tuple[int, int]


def levels_of(ledger: Iterable[tuple]) -> dict[Pair, Level]:
    """(learner, standard) -> what is to be shown.  ledger: rows of LEDGER, in any order."""
    rows = list(ledger)
    replaced = {row[6] for row in rows}
    marks: dict[Pair, list[tuple]] = defaultdict(list)
    for pk, learner, standard, kind, points, observed_at, _supersedes in rows:
        if pk not in replaced and kind == "result":
            marks[learner, standard].append((observed_at, Fraction(points)))
    return {pair: _level([points for _at, points in sorted(found)]) for pair, found in marks.items()}


def _level(points: list[Fraction]) -> Level:
    value = points[0]
    for mark in points[1:]:
        value = NEWEST * mark + (1 - NEWEST) * value
    micro = floor(value * MILLION + Fraction(1, 2))
    return Level(micro, floor(Fraction(micro, MILLION) + Fraction(1, 2)), len(points))


def counts_of(levels: dict[Pair, Level], places: Iterable[tuple]) -> Counter[tuple]:
    """(kind, scope, grade, standard, level) -> learners.  places: rows of PLACES."""
    where = {learner: [(kind, scope, grade) for kind, scope in scopes] for learner, scopes, grade in places}
    return Counter(
        (*place, standard, found.level) for (learner, standard), found in levels.items() for place in where[learner]
    )


def differences(cursor) -> list[str]:
    """Where the site that this cursor reads shows or counts something else than its ledger says; [] is right."""
    cursor.execute(LEDGER)
    wanted = levels_of(cursor.fetchall())
    cursor.execute(LEVELS)
    shown = {(learner, standard): Level(*rest) for learner, standard, *rest in cursor.fetchall()}
    found = [
        f"(learner, standard) {pair}: {shown.get(pair)}, not {wanted.get(pair)}"
        for pair in sorted(wanted.keys() | shown.keys())
        if shown.get(pair) != wanted.get(pair)
    ]
    cursor.execute(PLACES)
    right = counts_of(wanted, cursor.fetchall())
    cursor.execute(COUNTS)
    counted = Counter({tuple(key): n for *key, n in cursor.fetchall()})
    return found + [
        f"counted at {key}: {counted[key]}, not {right[key]}"
        for key in sorted(right.keys() | counted.keys())
        if counted[key] != right[key]
    ]
