"""The counts of which a publication is made: schools x grades by domain, and who of a school is in which subgroups."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import structlog
from django.db import connection

from assessments.services.policies import Policies
from assessments.services.published import table_key
from profiles.models import District, Subgroup
from profiles.services import published_lists
from profiles.services.published_lists import Lists

log = structlog.get_logger()

# Four kinds of rows: results of everybody by standard and level; the same of who is on a list, for each set of lists;
# how many are on such a set with how many results of a domain, by grade; and the same of those who have left. One
# statement, so that the rollups and the levels of the learners are of one moment.
COUNTS = """
WITH headed AS MATERIALIZED (
  SELECT s.id, s.framework_id, s.subject_id,
         coalesce(nullif(d.short_title, ''), left(d.statement, 60), '') AS heading
    FROM standards_standard s LEFT JOIN standards_standard d ON d.id = s.domain_id),
members AS MATERIALIZED (
  SELECT l.id, l.home_school_id AS school, l.grade, l.left_on IS NOT NULL AND l.left_on <= %(today)s AS has_left,
         sum(1::bigint << (array_position(%(lists)s::bigint[], g.list_id) - 1))::bigint AS mask
    FROM profiles_publishedmember g JOIN profiles_learner l ON l.id = g.learner_id
   WHERE g.list_id = ANY(%(lists)s) AND l.home_school_id = ANY(%(schools)s)
   GROUP BY l.id),
placed AS MATERIALIZED (
  SELECT m.id, m.school, m.grade, m.mask, m.has_left, y.standard_id, y.shown_level
    FROM members m JOIN assessments_mastery y ON y.learner_id = m.id AND y.shown_level > 0)
SELECT 'all' AS what, r.scope_id AS school, r.grade, 0 AS mask, h.framework_id, h.subject_id, h.heading,
       r.standard_id, r.level, sum(r.n)::int AS n, 0 AS people
  FROM (SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollup
        UNION ALL
        SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollupdelta) r
  JOIN headed h ON h.id = r.standard_id
 WHERE r.kind = 1 AND r.scope_id = ANY(%(schools)s) AND r.level > 0
 GROUP BY 2, 3, 5, 6, 7, 8, 9 HAVING sum(r.n) > 0
UNION ALL
SELECT 'level', p.school, '', p.mask, h.framework_id, h.subject_id, h.heading, p.standard_id, p.shown_level, p.n, 0
  FROM (SELECT school, mask, standard_id, shown_level, count(*)::int AS n FROM placed WHERE NOT has_left
         GROUP BY 1, 2, 3, 4) p
  JOIN headed h ON h.id = p.standard_id
UNION ALL
SELECT CASE WHEN has_left THEN 'left' ELSE 'grade' END, school, grade, mask, framework_id, subject_id, heading, 0, 0,
       sum(n)::int, count(*)::int
  FROM (SELECT p.id, p.has_left, p.school, p.grade, p.mask, h.framework_id, h.subject_id, h.heading, count(*) AS n
          FROM placed p JOIN headed h ON h.id = p.standard_id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) each
 GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


class Row(NamedTuple):
    """people: learners; of 'grade' and 'left' alone."""

    what: str
    school: int
    grade: str
    mask: int
    framework: int
    subject: int
    heading: str
    standard: int
    level: int
    n: int
    people: int


@dataclass(frozen=True)
class Apart:
    """Who is in which subgroups: a set of them is a mask, bit by bit in the order of the titles; 0 is in none.

    results: (schools, masks, 2) as of Table.    people: (schools, grades, masks) learners with a result.
    former: lists that were published and are not those of today; their bits stand above those of the titles.
    left: as people, of those who are counted no more.
    """

    titles: tuple[str, ...]
    masks: tuple[int, ...]
    results: np.ndarray
    people: np.ndarray
    former: tuple[int, ...] = ()
    left: np.ndarray | None = None

    def parts(self, subgroup: int) -> tuple[np.ndarray, np.ndarray]:
        """(schools, 2, 2) results and (schools, 2) learners of who is in it and of everybody else."""
        inside = np.array([bool(mask >> subgroup & 1) for mask in self.masks])
        both = [inside, ~inside]
        results = np.stack([self.results[:, each].sum(axis=1) for each in both], axis=1)
        return results, np.stack([self.people[:, :, each].sum(axis=(1, 2)) for each in both], axis=1)


@dataclass(frozen=True)
class Table:
    """One domain.    results: (schools, grades, 2) at mastery or more, and below.

    learners: (schools, grades), at least so many people are behind the results: the most on any one standard.
    standards: on how many of them a learner can have a result; what one person can change.
    declared: {title of a subgroup: id}.    apart: who is in them; None where there are none, or where that is just
    being worked in.    lists: of whom they are, and which of former ones is the same.
    """

    results: np.ndarray
    learners: np.ndarray
    standards: int
    declared: Mapping[str, int] = field(default_factory=dict)
    apart: Apart | None = None
    lists: Lists = field(default_factory=Lists)


def listed_subgroups(district: District) -> list[tuple[int, str]]:
    """(id, title) of the declared subgroups whose members have been named, by title. One statement."""
    declared = Subgroup.objects.filter(district=district, ended_at__isnull=True, listed_at__isnull=False)
    return list(declared.order_by("title").values_list("pk", "title"))


def read_lattice(
    schools: Sequence[int],
    gone: Sequence[int],
    known: Collection[str],
    subgroups: Sequence[tuple[int, str]],
    policies: Policies,
    *,
    day: date,
    lists: Lists,
    former: Sequence[int] = (),
) -> tuple[dict[str, Table], list[str]]:
    """Every domain with a result, and the grades of the lattice, known ones too. One statement.

    gone: schools that count nobody any more; they come last.    subgroups: (id, title).    lists: theirs.
    former: other lists, of which something is published.
    """
    declared = {title: pk for pk, title in subgroups}
    if len(subgroups) + len(former) > published_lists.MOST:
        log.warning("subgroups_wait", lists=len(subgroups) + len(former), most=published_lists.MOST, day=str(day))
        subgroups = []  # what is published of them stands
    bits = [*(lists.standing[title] for _pk, title in subgroups), *former] if subgroups else []
    asked: dict[str, Any] = {"schools": list(schools), "lists": bits, "today": day}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, asked)
        rows = [Row(*row) for row in cursor.fetchall()]
    grades = sorted({row.grade for row in rows if row.what == "all"} | set(known))
    school_at = {school: place for place, school in enumerate(schools)}
    grade_at = {grade: place for place, grade in enumerate(grades)}
    masks = sorted({0} | {row.mask for row in rows})
    shape = (len(schools) + len(gone), len(grades))
    results: dict[str, np.ndarray] = {}
    assessed: dict[str, dict[int, np.ndarray]] = defaultdict(dict)
    beside: dict[str, list[Row]] = defaultdict(list)
    marks: dict[int, int] = {}
    for row in rows:
        key = table_key(row.framework, row.subject, row.heading)
        if row.framework not in marks:
            marks[row.framework] = policies.on(row.framework, day).scale.mastery_level
        if row.what != "all":
            beside[key].append(row)
            continue
        at = (school_at[row.school], grade_at[row.grade])
        below = int(row.level < marks[row.framework])
        results.setdefault(key, np.zeros((*shape, 2), dtype=np.int64))[(*at, below)] += row.n
        by_standard = assessed[key].setdefault(row.standard, np.zeros((*shape, 2), dtype=np.int64))
        by_standard[(*at, below)] += row.n
    tables = {}
    for key, counts in results.items():
        by_standard = np.stack(list(assessed[key].values()))
        seen = by_standard.sum(axis=3)
        learners, most = seen.max(axis=0), int((seen > 0).sum(axis=0).max())
        apart = None
        if subgroups:
            of_standard = {pk: each.sum(axis=1) for pk, each in assessed[key].items()}
            found = _Members(school_at, grade_at, masks, of_standard, counts.sum(axis=2), learners)
            apart = found.read(tuple(title for _pk, title in subgroups), tuple(former), beside[key], marks)
        tables[key] = Table(counts, learners, most, declared, apart, lists)
    return tables, grades


@dataclass(frozen=True)
class _Members:
    """of_standard: {standard: (schools, 2) results of everybody}.    results, learners: (schools, grades)."""

    school_at: dict[int, int]
    grade_at: dict[str, int]
    masks: list[int]
    of_standard: dict[int, np.ndarray]
    results: np.ndarray
    learners: np.ndarray

    def read(
        self, titles: tuple[str, ...], former: tuple[int, ...], rows: Sequence[Row], marks: dict[int, int]
    ) -> Apart | None:
        """None where somebody moves between schools just now: workers move the counts of everybody a little later."""
        mask_at = {mask: place for place, mask in enumerate(self.masks)}
        schools, grades, standards = *self.results.shape, list(self.of_standard)
        standard_at = {pk: place for place, pk in enumerate(standards)}
        levels = np.zeros((len(standards), schools, len(self.masks), 2), dtype=np.int64)
        people, gone = (np.zeros((schools, grades, len(self.masks)), dtype=np.int64) for _ in range(2))
        counted = np.zeros((schools, grades), dtype=np.int64)
        for row in rows:
            school, mask = self.school_at[row.school], mask_at[row.mask]
            if row.what == "left":
                gone[school, self.grade_at.get(row.grade, 0), mask] += row.people
            elif row.what == "grade":
                if row.grade not in self.grade_at:
                    return None
                people[school, self.grade_at[row.grade], mask] += row.people
                counted[school, self.grade_at[row.grade]] += row.n
            elif row.standard not in standard_at:
                return None
            else:
                levels[standard_at[row.standard], school, mask, int(row.level < marks[row.framework])] += row.n
        others = np.stack([self.of_standard[pk] for pk in standards]) - levels.sum(axis=2)
        if (others < 0).any() or (counted > self.results).any():
            return None
        levels[:, :, mask_at[0]] = others
        left = np.maximum(self.learners - people.sum(axis=2), 1)
        people[:, :, mask_at[0]] = np.where(self.results > counted, left, 0)
        return Apart(titles, tuple(self.masks), levels.sum(axis=0), people, former, gone)
