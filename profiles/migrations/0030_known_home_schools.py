"""What is known of home schools so far: today's, since the beginning. Each step by itself, so that no table waits."""

from django.db import migrations

FORGET = """
CREATE OR REPLACE FUNCTION forget_home_school() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE profiles_homeschool SET school_id = NULL WHERE school_id IN (SELECT id FROM old_rows);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER home_school_gone AFTER DELETE ON profiles_school REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION forget_home_school();
"""
KNOWN = """
INSERT INTO profiles_homeschool (learner_id, school_id)
SELECT id, home_school_id FROM profiles_learner ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('profiles', '0029_home_schools'),
    ]

    operations = [
        migrations.RunSQL(FORGET, "DROP TRIGGER home_school_gone ON profiles_school; DROP FUNCTION forget_home_school();"),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
