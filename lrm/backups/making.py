"""Make a backup while the site runs."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from lrm.backups import folder as folders
from lrm.backups import programs
from lrm.backups.errors import BackupError
from lrm.backups.prints import prints_of

UNFINISHED = ".unfinished"


def make_backup(into: Path, tell: Callable[[str], None]) -> Path:
    """A new folder in `into`, readable by its user only; returns its path. Nobody has to stop working.

    The database is that of one moment, the files are copied after it: one that comes later is a file without a row,
    which is swept away after a day. Raises BackupError, and leaves nothing then.
    """
    name = f"lrm-backup-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    place, finished = into / (name + UNFINISHED), into / name
    try:
        into.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700)
        _dump(place, tell)
        count = _copy_files(Path(settings.MEDIA_ROOT), place / folders.FILES)
        tell(f"Files: {count} copied.")
        size = folders.write_sums(place)
        place.rename(finished)
    except FileExistsError:
        raise BackupError(f"Another backup is being made in {into} at this moment.") from None
    except OSError as trouble:
        shutil.rmtree(place, ignore_errors=True)
        raise BackupError(f"The backup could not be written to {into}: {trouble.strerror}. Nothing was left.") from None
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    tell(f"{finished}: {size / 1e6:.1f} MB.")
    return finished


def key_print() -> str:
    return salted_hmac("lrm.backups", "which key", algorithm="sha256").hexdigest()[:16]


def _dump(place: Path, tell: Callable[[str], None]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # pg_dump reads the very moment that this transaction sees, so that the prints are of the same rows.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version')")
        snapshot, made_at, version = cursor.fetchone()
        target = place / folders.DATABASE
        programs.run(
            "pg_dump",
            *("--format", "custom", "--no-owner", "--no-privileges", "--snapshot", snapshot, "--file", str(target)),
            database=connection.settings_dict["NAME"],
        )
        migrations = MigrationRecorder(connection).applied_migrations()
        tables = prints_of(cursor)
    folders.Manifest(
        made_at=made_at.isoformat(),
        postgresql=version,
        key=key_print(),
        migrations=sorted(".".join(each) for each in migrations),
        tables=tables,
    ).write(place)
    rows = sum(count for count, _total in tables.values())
    tell(f"Database: {len(tables)} tables, {rows} rows, {target.stat().st_size / 1e6:.1f} MB.")


def _copy_files(source: Path, target: Path) -> int:
    """How many. What is swept away while they are copied belongs to no row, and is left out."""
    target.mkdir()
    count = 0
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if path.is_symlink() or not path.is_file():
            continue
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, copy)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
            continue
        count += 1
    return count
