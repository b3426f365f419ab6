"""Make a backup while the site runs."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac
from psycopg2 import sql

from lrm.backups import folder as folders
from lrm.backups import programs
from lrm.backups.errors import BackupError, said_by_disk, told_in_words
from lrm.backups.prints import prints_of, tables
from lrm.privacy import privacy_of
from lrm.records.ways import personal_models

UNFINISHED = ".unfinished"
LOCK_SECONDS = 20


def make_backup(into: Path, tell: Callable[[str], None]) -> Path:
    """A new folder in `into`, readable by its user only; returns its path. Nobody has to stop working.

    The database is that of one moment, the files are copied after it: one that comes later is a file without a row,
    which is swept away after a day. Raises BackupError, and leaves nothing then.
    """
    media = Path(settings.MEDIA_ROOT)
    if into == media.resolve() or media.resolve() in into.parents:
        raise BackupError(f"{into} lies among the files that are backed up. Name a folder outside of {media}.")
    if media.exists() and (found := folders.links(media)):
        raise BackupError(
            f"{media} holds links, and what they lead to would not be in the backup: {folders.some(found)}. Mount it "
            f"there instead, or make a link of the whole folder {media}."
        )
    with told_in_words():
        place, finished = _new_folder(into)
        try:
            named = _dump(place, tell)
            copied = _copy_files(media, place / folders.FILES)
            tell(f"Files: {len(copied)} copied.")
            size = folders.write_sums(place)
            place.rename(finished)
        except BaseException as trouble:
            shutil.rmtree(place, ignore_errors=True)
            if isinstance(trouble, OSError):
                said = said_by_disk(trouble)
                raise BackupError(f"The backup could not be made: {said}. Nothing was left.") from None
            raise
    tell(f"{finished}: {size / 1e6:.1f} MB.")
    if missing := sorted(named - {name.partition(".")[0] for name in copied}):
        tell(
            f"Look at {media}: {len(missing)} files that the database names were not there, and are not in the backup: "
            f"{folders.some(missing)}."
        )
    return finished


def _new_folder(into: Path) -> tuple[Path, Path]:
    """Where it is made, and what it is called in the end: two at once, or a clock turned back, have a number more."""
    into.mkdir(parents=True, exist_ok=True)
    name = f"lrm-backup-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for number in count(1):
        finished = into / (name if number == 1 else f"{name}-{number}")
        place = finished.with_name(finished.name + UNFINISHED)
        with suppress(FileExistsError):
            place.mkdir(mode=0o700)
            if not finished.exists():
                break
            place.rmdir()
    return place, finished


def key_print() -> str:
    return salted_hmac("lrm.backups", "which key", algorithm="sha256").hexdigest()[:16]


def _dump(place: Path, tell: Callable[[str], None]) -> set[str]:
    """Returns the ids of all files that rows name."""
    with connection.cursor() as cursor:
        known = tables(cursor, kinds="pr")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Before the moment of the backup: a table that a migration rewrites after it would be empty in that moment.
        every = sql.SQL(", ").join(map(sql.Identifier, known))
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(every))
        # pg_dump reads the very moment that this transaction sees, so that the prints are of the same rows.
        cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version')")
        snapshot, made_at, version = cursor.fetchone()
        if tables(cursor, kinds="pr") != known:
            raise BackupError("A table was made or dropped as the backup began. Say the same again.")
        target = place / folders.DATABASE
        programs.run(
            "pg_dump",
            *("--format", "custom", "--no-owner", "--no-privileges", "--snapshot", snapshot, "--file", str(target)),
            # Whoever waits for a table waits for this transaction, and pg_dump behind them: one of the three gives way.
            *("--lock-wait-timeout", str(LOCK_SECONDS * 1000)),
            database=connection.settings_dict["NAME"],
        )
        migrations = MigrationRecorder(connection).applied_migrations()
        prints = prints_of(cursor)
        named = _named_files()
    folders.Manifest(
        made_at=made_at.isoformat(),
        postgresql=version,
        key=key_print(),
        migrations=sorted(".".join(each) for each in migrations),
        tables=prints,
    ).write(place)
    rows = sum(count for count, _total in prints.values())
    tell(f"Database: {len(prints)} tables, {rows} rows, {target.stat().st_size / 1e6:.1f} MB.")
    return named


def _named_files() -> set[str]:
    """Ids of stored files (lrm/file_store.py), of every model that names some."""
    found: set[str] = set()
    for model in personal_models():
        if name := privacy_of(model).files:
            stored = model._base_manager.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
            found |= {str(each) for each in stored}
    return found


def _copy_files(source: Path, target: Path) -> set[str]:
    """Their names. What is swept away meanwhile belongs to no row; what got its own name meanwhile is looked for."""
    target.mkdir()
    copied: set[str] = set()
    is_whole = False
    while not is_whole:
        is_whole = True
        for path in folders.contents(source) if source.exists() else ():
            copy = target / path
            if copy.exists():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(source / path, copy)
            except FileNotFoundError:
                copy.unlink(missing_ok=True)
                is_whole = False
            else:
                copied.add(copy.name)
    return copied
