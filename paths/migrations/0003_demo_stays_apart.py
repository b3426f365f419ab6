"""A demo district and a real one cannot be in one database: the demo is removed by emptying it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION demo_stays_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two districts that are made at the same moment would not see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('demo_stays_apart', 0));
    IF EXISTS (SELECT 1 FROM profiles_district WHERE is_demo <> NEW.is_demo AND id <> NEW.id) THEN
        RAISE EXCEPTION 'A demo district never shares a database with real data.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'demo_stays_apart';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER demo_stays_apart BEFORE INSERT OR UPDATE OF is_demo ON profiles_district
    FOR EACH ROW EXECUTE FUNCTION demo_stays_apart();
"""

UNDO = """
DROP TRIGGER demo_stays_apart ON profiles_district;
DROP FUNCTION demo_stays_apart();
"""


class Migration(migrations.Migration):
    dependencies = [("paths", "0002_goal_feedback"), ("profiles", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
