"""The daily publication: a fixed lattice of schools, grades and domains, and of schools, subgroups and domains,
suppressed once and stored (engine.md 5.3).

Nothing hidden is stored in what is read of it; its `counts` are for the next publication alone. A table differs from
those of the same domain before it by nothing or by enough, figure by figure and in what the shown ones of a line leave
over, so that subtracting one day from another shows no small figure either, also to staff who remember their own. Whom
it reckons with beside the public: the staff of each school, and whoever works at several (`readers`).
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from django.db import connection, transaction

from assessments import suppression
from assessments.models import Publication
from assessments.services import former_tables, subgroup_tables
from assessments.services.lattice import Table, listed_subgroups, read_lattice
from assessments.services.minimums import minimums_on
from assessments.services.policies import Policies
from assessments.services.published import DISTRICT
from assessments.services.readers import know_several
from assessments.services.stored_tables import Figure, figure_of, hides_enough, hides_in, rows_known, shown_in
from assessments.services.subgroup_tables import former_lists, keep, shown_lists, suppress_subgroups
from assessments.suppression_readers import are_new
from assessments.suppression_subgroups import Beside
from assessments.suppression_sums import told_by_sums
from profiles.models import District, School
from profiles.services import published_lists

ALL_GRADES = ""


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
        subgroups = listed_subgroups(district)
        lists = published_lists.take(district, subgroups, least=minimums.everywhere, day=day)
        former = former_lists(stood.values(), lists)
        tables, grades = read_lattice(
            schools, sorted(gone), known, subgroups, policies, day=day, lists=lists, former=former
        )
        lattice = [*schools, *sorted(gone)]
        several = know_several(lattice, day)
        known_counts = (before.counts or {}) if before else {}
        declared = {title: pk for pk, title in subgroups}
        cells, counts = {key: keep(table, declared) for key, table in stood.items()}, dict(known_counts)
        for key, table in tables.items():
            known = known_counts.get(key, {})
            cells[key] = suppress(
                table,
                lattice,
                grades,
                stood.get(key),
                minimums.everywhere,
                day,
                own=minimums.own,
                counted=known,
                several=several,
            )
            known = known | {day.isoformat(): counts_of(table, lattice, grades, several)}
            needed = {each["day"] for every in _with_subgroups(cells[key]) for each in former_tables.of(every)}
            counts[key] = {at: found for at, found in known.items() if at in needed}
        in_print, shown = shown_lists(cells.values(), ["subgroups"]), shown_lists(cells.values())
        published_lists.settle(district, lists, in_print=in_print, shown=shown, day=day)
        return Publication.objects.create(
            district=district, day=day, minimum_n=minimums.everywhere, cells=cells, counts=counts
        )


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
    several: Collection[frozenset[int]] = (),
) -> dict:
    """{"day": .., "rows": {school or "d": {grade or "": [results, least %, greatest %] or why it is hidden}}, "least":
    {"d": figures of fewer learners are hidden, school: the same where it asks for more}, "former": see former_tables,
    "subgroups" and "ended": see subgroup_tables}. Subgroups are new on no other day than the rest of the table.

    before: the table of the last publication. It stands, with its own day, while a new one would show less: figures
    that have changed by too few would have to be hidden. Not where it hid less than is asked for by now, nor where
    somebody works at several schools who did not on its day. What earlier ones showed and it did not is held against
    the new one as well, so that a figure that was hidden for a while is compared with the day on which it was last
    shown.
    own: {school: figures of fewer of its learners are hidden}, where it asks for more than `minimum`.
    counted: {day of a former table: counts_of it}, since the staff of each school remember what theirs hid.
    several: sets of schools that one person knows.
    """
    asked = {DISTRICT: minimum} | {str(school): n for school, n in sorted((own or {}).items()) if n > minimum}
    rows, columns = [*map(str, schools), DISTRICT], [*grades, ALL_GRADES]
    totals, people = suppression.with_totals(table.results), suppression.with_totals(table.learners)
    n = totals.sum(axis=2)
    readers = rows_known(several, rows)
    earlier = former_tables.of(before)
    moves = [n - former_tables.as_array(each, rows, columns) for each in earlier]
    true_moves = [counted_moves(n, (counted or {}).get(each["day"]), rows, columns) for each in earlier]
    least = np.array([[asked.get(row, minimum)] for row in rows])
    barred = np.zeros(n.shape, dtype=bool)
    for moved in moves:
        barred |= suppression.too_few(moved, least)
    may_stand = before is not None and hides_enough(before, asked)
    if before is not None and may_stand:
        then = rows_known((counted or {}).get(before["day"], {}).get("several", ()), rows)
        may_stand = not are_new(readers, then, lambda row: hides_in(before, rows[row]))
    while True:
        codes = suppression.protect(
            table.results,
            table.learners,
            minimum=least,
            width=least * table.standards,
            barred=barred,
            several=readers,
        )
        if before is not None and may_stand and shown_in(before) > int((codes == suppression.SHOWN).sum()):
            return keep(before, table.declared)
        told = itertools.chain(
            (suppression.told_by_change(codes, people, moved, least) for moved in moves),
            (
                told_by_sums(codes, people, moved, least, true_moved, readers)
                for moved, true_moved in zip(moves, true_moves, strict=True)
            ),
        )
        place = next((place for place in told if place is not None), None)
        if place is None:
            break
        barred[place] = True
    found: dict[str, dict[str, Figure]] = {}
    for row, column in np.ndindex(*codes.shape):
        found.setdefault(rows[row], {})[columns[column]] = figure_of(
            int(codes[row, column]), int(totals[row, column, 0]), int(n[row, column]), int(people[row, column])
        )
    made: dict[str, Any] = {"day": day.isoformat(), "rows": found, "least": asked}
    made["former"] = former_tables.still_needed(earlier, made)
    beside = Beside(table.results, table.learners, codes)
    return made | suppress_subgroups(table, beside, rows, before, asked, least[:, 0], day, counted or {}, readers)


def _with_subgroups(table: dict) -> list[dict]:
    return [table, *table.get("subgroups", {}).values(), *table.get("ended", {}).values()]


def counts_of(
    table: Table, schools: Sequence[int], grades: Sequence[str], several: Collection[frozenset[int]] = ()
) -> dict[str, Any]:
    """{school: {grade or "": results}, "lists": as of `subgroup_tables.counts_of`, "several": sets of schools that
    one person knows, both where there are any}, hidden ones too: what the staff of schools may know exactly. Zeros are
    left out."""
    n = suppression.with_totals(table.results).sum(axis=2)
    columns = [*grades, ALL_GRADES]
    found: dict[str, Any] = {
        str(school): {column: int(each) for column, each in zip(columns, n[row], strict=True) if each}
        for row, school in enumerate(schools)
    }
    if table.apart:
        found["lists" if table.lists.standing else "subgroups"] = subgroup_tables.counts_of(table, table.apart, schools)
    return found | ({"several": [sorted(each) for each in several]} if several else {})


def counted_moves(
    n: np.ndarray, then: Mapping[str, dict[str, int]] | None, rows: Sequence[str], columns: Sequence[str]
) -> np.ndarray | None:
    """By how much each school's figure has truly changed since; None where it was not kept."""
    if then is None:
        return None
    return n - np.array([[then.get(row, {}).get(column, 0) for column in columns] for row in rows])
