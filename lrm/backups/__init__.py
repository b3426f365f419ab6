"""A backup of the whole site, and the way back: one folder with the database, the files, and what proves them whole.

    SHA256SUMS      of everything below; `sha256sum --check SHA256SUMS` reads it too
    manifest.json   when, of which migrations, and a print of every table (lrm/backups/prints.py)
    database.dump   PostgreSQL's own custom format, of one moment
    files/          what people handed in, copied after that moment

SECRET_KEY is in none of it: with the backup alone nobody signs a session or opens a sealed secret.
"""
