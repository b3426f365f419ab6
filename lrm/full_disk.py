"""A disk without room: told in words, wherever it is met."""

import errno

from psycopg2.errors import DiskFull


def is_full_disk(trouble: BaseException | None) -> bool:
    """Whether this came of a full disk: of the database, or of the folder of files."""
    while trouble is not None:
        if isinstance(trouble, DiskFull) or (
            isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        ):
            return True
        trouble = trouble.__cause__
    return False
