"""Bring a backup back, or try whether it could be: both end with the same proof, table by table and file by file."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import Error, ProgrammingError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from lrm.backups import folder as folders
from lrm.backups import programs
from lrm.backups.errors import BackupError, said_by_disk, told_in_words
from lrm.backups.folder import Manifest
from lrm.backups.making import UNFINISHED, key_print
from lrm.backups.prints import differences, prints_of, tables
from lrm.roles import grant_runtime_role

Tell = Callable[[str], None]


def restore(folder: Path, tell: Tell) -> None:
    """Into the empty database and the empty folder of files of this site. Raises BackupError; then both are as before.

    Nobody else's work is taken away: neither files that were there, nor tables that somebody makes meanwhile.
    """
    media, files = Path(settings.MEDIA_ROOT), folder / folders.FILES
    with told_in_words(), _alone():
        manifest = _read(folder, tell)
        with connection.cursor() as cursor:
            if there := tables(cursor, kinds="pr"):
                raise BackupError(
                    f"The database {connection.settings_dict['NAME']} is not empty: it has {len(there)} tables. "
                    "Restoring never replaces anything: name an empty database in DATABASE_URL and DATABASE_OWNER_URL "
                    "(for private servers: a new folder in LRM_VAR)."
                )
        if strange := _strange(media, files):
            raise BackupError(
                f"{media} is not empty: it has {folders.some(strange)}. Restoring never replaces anything: move it "
                "away first."
            )
        # The database comes last, in one transaction: a restore that is killed has not restored, and is begun again.
        with _taken_back(media) as brought:
            _bring_files(files, media, brought, tell)
            _load(folder, connection.settings_dict["NAME"])
            connection.close()
            with _emptied_again(manifest):
                _compare(manifest, tell)
                grant_runtime_role()
        _say_of_key(manifest, tell)


def try_out(folder: Path, tell: Tell) -> None:
    """Restore into a database that is made for it and dropped again; the site stays as it is. Raises BackupError."""
    ours = connection.settings_dict["NAME"]
    with told_in_words():
        manifest = _read(folder, tell)
        with _database(f"lrm_restore_{token_hex(4)}") as scratch:
            _load(folder, scratch)
            connection.close()
            connection.settings_dict["NAME"] = scratch
            try:
                _compare(manifest, tell)
            finally:
                connection.close()
                connection.settings_dict["NAME"] = ours
        _say_of_key(manifest, tell)


@contextmanager
def _alone() -> Iterator[None]:
    """Two restores into one database would each take the other's tables for their own."""
    own = psycopg2.connect(**connection.get_connection_params())
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('lrm.backups.restore'))")
            if cursor.fetchone() != (True,):
                raise BackupError("Somebody else is restoring into this database at this moment. Nothing was done.")
        own.rollback()  # the lock stays with the session; an open transaction would stay idle as long
        yield
    finally:
        own.close()


def _read(folder: Path, tell: Tell) -> Manifest:
    manifest = folders.read_manifest(folder)
    folders.check_sums(folder)
    migrations = MigrationLoader(None).disk_migrations
    known = {".".join(each) for each in migrations}
    known |= {".".join(each) for migration in migrations.values() for each in migration.replaces}
    labels = {config.label for config in apps.get_app_configs()}
    if strange := [name for name in manifest.migrations if name not in known and name.split(".")[0] in labels]:
        raise BackupError(
            f"The backup is of a newer LRM: it has {folders.some(strange)}, which this one does not know. "
            "Restore it with the version that made it, or a newer one."
        )
    tell(f"Backup of {manifest.made_at}: every file is as it was written.")
    return manifest


def _load(folder: Path, database: str) -> None:
    programs.run(
        "pg_restore",
        *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-comments"),
        *("--dbname", database, str(folder / folders.DATABASE)),
        database=database,
    )


def _compare(manifest: Manifest, tell: Tell) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        found = prints_of(cursor)
    if wrong := differences(manifest.tables, found):
        raise BackupError(f"What was restored is not what was backed up: {folders.some(wrong)}.")
    rows = sum(count for count, _total in found.values())
    tell(f"Database: {len(found)} tables, {rows} rows, all as they were.")


def _strange(media: Path, source: Path) -> list[str]:
    """Files in the folder that a restore of this backup, killed before its end, has not left there; and links."""
    if not media.exists():
        return []
    there = [path for path in folders.contents(media) if not path.endswith(UNFINISHED)]
    return folders.links(media) + [path for path in there if not _is_same(source / path, media / path)]


def _is_same(source: Path, copy: Path) -> bool:
    return source.is_file() and folders.sum_of(source) == folders.sum_of(copy)


def _bring_files(source: Path, media: Path, brought: list[Path], tell: Tell) -> None:
    """brought: gets the path of each file before it is written."""
    count = 0
    for path in folders.contents(source):
        copy = media / path
        count += 1
        if copy.exists():
            if not _is_same(source / path, copy):
                raise BackupError(f"Somebody has just written {copy}. Stop the site, and restore again.")
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_name(copy.name + UNFINISHED)
        brought += [part, copy]
        shutil.copyfile(source / path, part)
        if not _is_same(source / path, part):
            raise BackupError(f"{copy} was not written as it is in the backup. Look at the disk, and restore again.")
        part.replace(copy)
    tell(f"Files: {count}, all as they were.")


@contextmanager
def _taken_back(media: Path) -> Iterator[list[Path]]:
    """Takes the files that were brought away again where anything goes wrong, and folders that are empty then."""
    brought: list[Path] = []
    try:
        yield brought
    except BaseException as trouble:
        with suppress(OSError):
            for path in brought:
                path.unlink(missing_ok=True)
        for path in (*sorted((path for path in media.rglob("*") if path.is_dir()), reverse=True), media):
            with suppress(OSError):  # not empty, or where a volume is mounted
                path.rmdir()
        if isinstance(trouble, OSError):
            raise BackupError(f"The files could not be written: {said_by_disk(trouble)}. Nothing was left.") from None
        raise


@contextmanager
def _emptied_again(manifest: Manifest) -> Iterator[None]:
    """Takes what was loaded out of the database again where it turns out to be something else."""
    try:
        yield
    except BaseException as trouble:
        connection.close()
        try:
            _empty_database(list(manifest.tables))
        except Error as silent:
            raise BackupError(
                f"{str(trouble).strip()} And the database {connection.settings_dict['NAME']} could not be emptied "
                f"again ({str(silent).strip()}): drop it, and restore into a new one."
            ) from None
        raise


def _empty_database(brought: list[str]) -> None:
    """Of what a restore puts there; extensions stay, and tables that the backup does not have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT coalesce(pg_partition_root(oid), oid)::regclass::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname = ANY(%s)",
            [brought],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"DROP TABLE IF EXISTS {table} CASCADE"
            )  # as PostgreSQL writes it, quoted where it has to be
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")  # likewise


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A new one of that name, for as long."""
    identifier = sql.Identifier(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    except ProgrammingError as trouble:
        raise BackupError(
            f"No database could be made to try it in: {str(trouble).strip()}. Allow it with ALTER ROLE "
            f"{connection.settings_dict['USER']} CREATEDB, or restore into an empty database of its own."
        ) from None
    try:
        yield name
    finally:
        try:
            with connection.cursor() as cursor:
                # Waits for sessions that end, and ends an autovacuum; "WITH (FORCE)" may not, and so refuses.
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(identifier))
        except Error as silent:
            raise BackupError(
                f"The database could not be asked any more ({str(silent).strip()}). Say DROP DATABASE {name} once it "
                "is there again, and try the backup anew."
            ) from None


def _say_of_key(manifest: Manifest, tell: Tell) -> None:
    if manifest.key != key_print():
        tell(
            "This site has another SECRET_KEY than the one that was backed up. Give it that one, or name it in "
            "SECRET_KEY_FALLBACKS and say manage.py reseal: else webhooks and second steps have to be set up anew."
        )
