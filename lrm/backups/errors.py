class BackupError(Exception):
    """A backup was not made, or not restored; nothing partial was left. The message says why and what to do."""
