"""What the access log needs before it becomes the first part of a table by months: nothing here stops anybody's work.

The table that is there will hold every line before a day, the first of the month after next. That is checked here, and
the key of the new table is made here, both while people go on writing; 0033, which wants the table to itself, then reads
no row. Each step by itself, and each may be done again.
"""

from django.db import migrations

# The day has at least a month to come, since lines of that day and later are refused until 0033 has run.
LAST_DAY = """
DO $$
DECLARE until timestamptz := (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC';
BEGIN
    ALTER TABLE profiles_accesslog DROP CONSTRAINT IF EXISTS access_log_before;
    EXECUTE format('ALTER TABLE profiles_accesslog ADD CONSTRAINT access_log_before CHECK (at < %L) NOT VALID', until);
END $$
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("profiles", "0031_keeping_of_schools")]

    operations = [
        migrations.RunSQL(LAST_DAY, "ALTER TABLE profiles_accesslog DROP CONSTRAINT IF EXISTS access_log_before"),
        migrations.RunSQL("ALTER TABLE profiles_accesslog VALIDATE CONSTRAINT access_log_before", ""),
        # It waits for whatever runs, a backup too, and nobody waits for it: without the limit of `migrate`.
        migrations.RunSQL("SELECT set_config('lrm.lock_timeout', current_setting('lock_timeout'), false)", ""),
        migrations.RunSQL("SET lock_timeout = 0", ""),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS access_log_before_key", ""),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY access_log_before_key ON profiles_accesslog (id, at)",
            "DROP INDEX IF EXISTS access_log_before_key",
        ),
        migrations.RunSQL("SELECT set_config('lock_timeout', current_setting('lrm.lock_timeout'), false)", ""),
    ]
