"""In which order changes were made: a change that is older than what is here already is passed over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from lrm.problems import Problem
from profiles.models import District, RosterStamp
from profiles.oneroster.fields import IMPORTED
from profiles.oneroster.package import Roster, Row
from profiles.oneroster.words import roster_problem
from profiles.services.roster_import.journal import Journal

WHOLE_FILE = ""
"""The key under which a complete file keeps its newest moment: whatever was changed before that is in it."""
_AHEAD = timedelta(days=1)
"""Clocks differ; a moment further in the future than this is no moment."""


def pass_over_older(roster: Roster, *, district: District) -> None:
    """Take lines of delta files out whose row is here in a newer state, and say so."""
    for name in sorted(roster.deltas & set(IMPORTED)):
        rows = [row for row in roster[name] if row["dateLastModified"]]
        if not rows:
            continue
        keys = {row.sourced_id for row in rows}
        stamps = RosterStamp.objects.filter(district=district, file=name, key__in=keys | {WHOLE_FILE})
        newest = dict(stamps.values_list("key", "modified_at"))
        of_file = newest.get(WHOLE_FILE)
        passed = set()
        for row in rows:
            known = max((at for at in (of_file, newest.get(row.sourced_id)) if at), default=None)
            if known is not None and row["dateLastModified"] < known:
                passed.add(row.line)
                roster.problems.append(_older(row, known))
        roster.rows[name] = [row for row in roster[name] if row.line not in passed]


def _older(row: Row, known: datetime) -> Problem:
    return roster_problem(
        "older",
        file=row.file,
        line=row.line,
        field="dateLastModified",
        value=row["dateLastModified"].isoformat(),
        who=row.name,
        blocking=False,
        params={"when": date_format(timezone.localtime(known), "DATETIME_FORMAT")},
    )


def keep_stamps(roster: Roster, *, district: District, journal: Journal | None) -> None:
    """Note the moments of what was taken over: of each line of a delta, and the newest of each complete file.

    An undo puts moments back too, so that the same package can be taken over again.
    """
    stamps = []
    latest = timezone.now() + _AHEAD
    for name in IMPORTED:
        if name in roster.deltas:
            stamps += [(name, row.sourced_id, at) for row in roster[name] if (at := _moment(row, latest))]
        elif name in roster.present:
            newest = max(_moments(roster[name], latest), default=None)
            stamps += [(name, WHOLE_FILE, newest)] if newest else []
    if not stamps:
        return
    here = RosterStamp.objects.filter(district=district, file__in={name for name, _key, _at in stamps})
    known = {(name, key): pk for pk, name, key in here.values_list("pk", "file", "key")}
    if journal is not None:
        journal.remember("stamps", [pk for name, key, _at in stamps if (pk := known.get((name, key)))])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_rosterstamp (district_id, file, key, modified_at)"
            " SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::timestamptz[])"
            " ON CONFLICT (district_id, file, key) DO UPDATE SET modified_at = excluded.modified_at"
            " WHERE profiles_rosterstamp.modified_at < excluded.modified_at RETURNING id",
            [district.pk, *(list(column) for column in zip(*stamps, strict=True))],
        )
        written = [pk for (pk,) in cursor.fetchall()]
    if journal is not None:
        journal.add("stamps", set(written) - set(known.values()))


def _moments(rows: Iterable[Row], latest: datetime) -> Iterable[datetime]:
    return (at for row in rows if (at := _moment(row, latest)))


def _moment(row: Row, latest: datetime) -> datetime | None:
    at = row["dateLastModified"]
    return at if at and at <= latest else None
