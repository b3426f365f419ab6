"""The daily publication: a fixed lattice of schools, grades and domains, suppressed once and stored (engine.md 5.3).

Nothing hidden is stored in what is read of it; its `counts` are for the next publication alone. A table differs from
those of the same domain before it by nothing or by enough, figure by figure and in what the shown ones of a line leave
over, so that subtracting one day from another shows no small figure either, also to staff who remember their own.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection, transaction

from assessments import suppression
from assessments.models import Publication
from assessments.services import former_tables
from assessments.services.minimums import minimums_on
from assessments.services.policies import Policies
from assessments.services.published import DISTRICT, NOBODY, SMALL, TOO, table_key
from assessments.suppression_sums import told_by_sums
from profiles.models import District, School

CODES = {suppression.SMALL: SMALL, suppression.TOO: TOO, suppression.ABSENT: NOBODY}
ALL_GRADES = ""

COUNTS = """
SELECT r.scope_id, r.grade, s.framework_id, s.subject_id,
       coalesce(nullif(d.short_title, ''), left(d.statement, 60), ''), s.id, r.level, sum(r.n)::int
  FROM (SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollup
        UNION ALL
        SELECT kind, scope_id, grade, standard_id, level, n FROM assessments_rollupdelta) r
  JOIN standards_standard s ON s.id = r.standard_id
  LEFT JOIN standards_standard d ON d.id = s.domain_id
 WHERE r.kind = 1 AND r.scope_id = ANY(%(schools)s) AND r.level > 0
 GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(r.n) > 0
"""


@dataclass(frozen=True)
class Table:
    """One domain.    results: (schools, grades, 2) at mastery or more, and below.

    learners: (schools, grades), at least so many people are behind the results: the most on any one standard.
    standards: on how many of them a learner can have a result; what one person can change.
    """

    results: np.ndarray
    learners: np.ndarray
    standards: int


def publish(district: District, *, day: date) -> Publication:
    """The publication of a day: made once, later calls return the one that stands."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lrm publish'), %s)", [district.pk])
        standing = Publication.objects.filter(district=district, day=day).first()
        if standing is not None:
            return standing
        before = Publication.objects.filter(district=district, day__lt=day).order_by("-day").first()
        policies = Policies(district.pk)
        schools = list(School.objects.filter(district=district, left_on__isnull=True).values_list("pk", flat=True))
        minimums = minimums_on(district, policies, day)
        # A school or grade that is gone counts nobody, and its figures of before are known: it stays in the lattice.
        stood = before.cells if before else {}
        gone = {int(row) for table in stood.values() for row in table["rows"] if row != DISTRICT} - set(schools)
        known = {grade for table in stood.values() for row in table["rows"].values() for grade in row} - {ALL_GRADES}
        tables, grades = read_tables(schools, sorted(gone), known, policies, day=day)
        lattice = [*schools, *sorted(gone)]
        known_counts = (before.counts or {}) if before else {}
        cells, counts = dict(stood), dict(known_counts)
        for key, table in tables.items():
            known = known_counts.get(key, {})
            cells[key] = suppress(
                table, lattice, grades, stood.get(key), minimums.everywhere, day, own=minimums.own, counted=known
            )
            known = known | {day.isoformat(): counts_of(table, lattice, grades)}
            needed = {each["day"] for each in former_tables.of(cells[key])}
            counts[key] = {at: found for at, found in known.items() if at in needed}
        return Publication.objects.create(
            district=district, day=day, minimum_n=minimums.everywhere, cells=cells, counts=counts
        )


def read_tables(
    schools: Sequence[int], gone: Sequence[int], known: Collection[str], policies: Policies, *, day: date
) -> tuple[dict[str, Table], list[str]]:
    """Every domain with a result, and the grades of the lattice, known ones too. One statement.

    gone: schools that count nobody any more; they come last.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"schools": list(schools)})
        rows = cursor.fetchall()
    grades = sorted({row[1] for row in rows} | set(known))
    school_at = {school: place for place, school in enumerate(schools)}
    grade_at = {grade: place for place, grade in enumerate(grades)}
    results: dict[str, np.ndarray] = {}
    assessed: dict[str, dict[int, np.ndarray]] = {}
    for school, grade, framework, subject, heading, standard, level, n in rows:
        key, at = table_key(framework, subject, heading), (school_at[school], grade_at[grade])
        shape = (len(schools) + len(gone), len(grades))
        below = int(level < policies.on(framework, day).scale.mastery_level)
        results.setdefault(key, np.zeros((*shape, 2), dtype=np.int64))[(*at, below)] += n
        assessed.setdefault(key, {}).setdefault(standard, np.zeros(shape, dtype=np.int64))[at] += n
    tables = {}
    for key, counts in results.items():
        by_standard = np.stack(list(assessed[key].values()))
        tables[key] = Table(counts, by_standard.max(axis=0), int((by_standard > 0).sum(axis=0).max()))
    return tables, grades


def suppress(
    table: Table,
    schools: Sequence[int],
    grades: Sequence[str],
    before: dict | None,
    minimum: int,
    day: date,
    *,
    own: Mapping[int, int] | None = None,
    counted: Mapping[str, dict] | None = None,
) -> dict:
    """{"day": .., "rows": {school or "d": {grade or "": [results, least %, greatest %] or why it is hidden}}, "least":
    {"d": figures of fewer learners are hidden, school: the same where it asks for more}}.

    before: the table of the last publication. It stands, with its own day, while a new one would show less: figures
    that have changed by too few would have to be hidden. Not where it hid less than is asked for by now. What earlier
    ones showed and it did not is held against the new one as well, so that a figure that was hidden for a while is
    compared with the day on which it was last shown.
    own: {school: figures of fewer of its learners are hidden}, where it asks for more than `minimum`.
    counted: {day of a former table: counts_of it}, since the staff of each school remember what theirs hid.
    """
    asked = {DISTRICT: minimum} | {str(school): n for school, n in sorted((own or {}).items()) if n > minimum}
    rows, columns = [*map(str, schools), DISTRICT], [*grades, ALL_GRADES]
    totals, people = suppression.with_totals(table.results), suppression.with_totals(table.learners)
    n = totals.sum(axis=2)
    earlier = former_tables.of(before)
    moves = [n - former_tables.as_array(each, rows, columns) for each in earlier]
    true_moves = [counted_moves(n, (counted or {}).get(each["day"]), rows, columns) for each in earlier]
    least = np.array([[asked.get(row, minimum)] for row in rows])
    barred = np.zeros(n.shape, dtype=bool)
    for moved in moves:
        barred |= suppression.too_few(moved, least)
    while True:
        codes = suppression.protect(
            table.results, table.learners, minimum=least, width=least * table.standards, barred=barred
        )
        fewer = before is not None and _shown(before) > int((codes == suppression.SHOWN).sum())
        if before is not None and fewer and _hides_enough(before, asked):
            return before
        told = itertools.chain(
            (suppression.told_by_change(codes, people, moved, least) for moved in moves),
            (
                told_by_sums(codes, people, moved, least, true_moved)
                for moved, true_moved in zip(moves, true_moves, strict=True)
            ),
        )
        place = next((place for place in told if place is not None), None)
        if place is None:
            break
        barred[place] = True
    found: dict[str, dict] = {}
    for row, column in np.ndindex(*codes.shape):
        figure: list[int] | str = CODES.get(int(codes[row, column]), "")
        if not figure:
            share = suppression.coarse_share(int(totals[row, column, 0]), int(n[row, column]), int(people[row, column]))
            figure = [int(n[row, column]), *share]
        found.setdefault(rows[row], {})[columns[column]] = figure
    made = {"day": day.isoformat(), "rows": found, "least": asked}
    return made | {"former": former_tables.still_needed(earlier, made)}


def counts_of(table: Table, schools: Sequence[int], grades: Sequence[str]) -> dict[str, dict[str, int]]:
    """{school: {grade or "": results}}, hidden ones too: what its staff may know exactly. Zeros are left out."""
    n = suppression.with_totals(table.results).sum(axis=2)
    columns = [*grades, ALL_GRADES]
    return {
        str(school): {column: int(each) for column, each in zip(columns, n[row], strict=True) if each}
        for row, school in enumerate(schools)
    }


def counted_moves(
    n: np.ndarray, then: Mapping[str, dict[str, int]] | None, rows: Sequence[str], columns: Sequence[str]
) -> np.ndarray | None:
    """By how much each school's figure has truly changed since; None where it was not kept."""
    if then is None:
        return None
    return n - np.array([[then.get(row, {}).get(column, 0) for column in columns] for row in rows])


def _hides_enough(table: dict, asked: Mapping[str, int]) -> bool:
    """Whether it was made with what is asked for by now, or more. Older tables do not say."""
    least = table.get("least", {})
    return all(least.get(row, least.get(DISTRICT, 0)) >= n for row, n in asked.items())


def _shown(table: dict) -> int:
    return sum(isinstance(figure, list) for row in table["rows"].values() for figure in row.values())
