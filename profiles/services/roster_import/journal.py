"""What an import changes is kept while it is done: each row as it was before, and which rows are new."""

from collections.abc import Collection, Iterable

from django.db import connection

from profiles.models import RosterImport
from profiles.services.roster_import.places import PLACES, Place

MADE_TOGETHER, CHANGED_TOGETHER = 5000, 500
"""How many rows of the roster one kept row holds."""


class Journal:
    """Of one import, in one transaction. `remember` a row before it is changed, `add` it once it is made."""

    def __init__(self) -> None:
        self._is_used = False
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS roster_before, roster_made")
            cursor.execute(
                "CREATE TEMP TABLE roster_before (place text, id bigint, before jsonb, PRIMARY KEY (place, id))"
                " ON COMMIT DROP"
            )
            cursor.execute("CREATE TEMP TABLE roster_made (place text, id bigint) ON COMMIT DROP")

    def remember(self, name: str, ids: Collection[int]) -> None:
        """Keep these rows as they are now; the first time counts."""
        place = PLACES[name]
        if ids:
            self._is_used = True
            self._execute(
                f"INSERT INTO roster_before SELECT %s, t.id, {place.image('t')} FROM {place.table} t"
                " WHERE t.id = ANY(%s) ON CONFLICT DO NOTHING",
                [name, list(ids)],
            )

    @property
    def is_empty(self) -> bool:
        return not self._is_used

    def add(self, name: str, ids: Iterable[int]) -> None:
        ids = list(ids)
        self._is_used |= bool(ids)
        if ids:
            self._execute("INSERT INTO roster_made SELECT %s, unnest(%s::bigint[])", [name, ids])

    def keep(self, roster_import: RosterImport) -> None:
        """Store what was noted, with fingerprints of the rows as they are now."""
        for place in PLACES.values():
            self._keep_made(roster_import, place)
            self._keep_changed(roster_import, place)

    def _keep_made(self, roster_import: RosterImport, place: Place) -> None:
        self._execute(
            "INSERT INTO profiles_importedrows (roster_import_id, place, ids, afters)"
            " SELECT %s, %s, array_agg(id ORDER BY id), array_agg(after ORDER BY id) FROM"
            f" (SELECT t.id, {place.fingerprint('t')} AS after, (row_number() OVER (ORDER BY t.id) - 1) / %s AS part"
            f" FROM roster_made m JOIN {place.table} t ON t.id = m.id WHERE m.place = %s) made GROUP BY part",
            [roster_import.pk, place.name, MADE_TOGETHER, place.name],
        )

    def _keep_changed(self, roster_import: RosterImport, place: Place) -> None:
        self._execute(
            "INSERT INTO profiles_importedrows (roster_import_id, place, ids, afters, befores)"
            " SELECT %s, %s, array_agg(id ORDER BY id), array_agg(after ORDER BY id), jsonb_agg(before ORDER BY id)"
            " FROM"
            f" (SELECT t.id, {place.fingerprint('t')} AS after, b.before,"
            " (row_number() OVER (ORDER BY t.id) - 1) / %s AS part"
            f" FROM roster_before b JOIN {place.table} t ON t.id = b.id"
            f" WHERE b.place = %s AND b.before <> {place.image('t')}) changed GROUP BY part",
            [roster_import.pk, place.name, CHANGED_TOGETHER, place.name],
        )

    def _execute(self, statement: str, values: list) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
