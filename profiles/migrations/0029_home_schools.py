"""A dated home school, written by the database itself: whichever way a learner comes to another school, the day is kept."""

import django.db.models.deletion
from django.db import migrations, models

# Runs as the owner of the tables, whoever writes. The day is that of the district's calendar, by the database's clock,
# as with the marks of workers. What was written on the same day is replaced, and so is what a clock that was ahead has
# written. Whoever was entered that very day has no other day at the former school.
KEEP = """
CREATE FUNCTION keep_home_school() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    zone text;
    today date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO profiles_homeschool (learner_id, school_id) SELECT id, home_school_id FROM new_rows;
        RETURN NULL;
    END IF;
    SELECT time_zone INTO zone FROM profiles_district WHERE id = NEW.district_id;
    today := (statement_timestamp() AT TIME ZONE zone)::date;
    INSERT INTO profiles_homeschool (learner_id, school_id) VALUES (NEW.id, OLD.home_school_id) ON CONFLICT DO NOTHING;
    DELETE FROM profiles_homeschool WHERE learner_id = NEW.id AND starts_on >= today;
    IF (NEW.created_at AT TIME ZONE zone)::date >= today THEN
        UPDATE profiles_homeschool SET school_id = NEW.home_school_id WHERE learner_id = NEW.id AND starts_on IS NULL;
    END IF;
    INSERT INTO profiles_homeschool (learner_id, school_id, starts_on)
    SELECT NEW.id, NEW.home_school_id, today
     WHERE NEW.home_school_id IS DISTINCT FROM (
           SELECT school_id FROM profiles_homeschool WHERE learner_id = NEW.id
            ORDER BY starts_on DESC NULLS LAST LIMIT 1);
    RETURN NULL;
END $$;
CREATE TRIGGER home_school_insert AFTER INSERT ON profiles_learner REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_home_school();
CREATE TRIGGER home_school_update AFTER UPDATE OF home_school_id ON profiles_learner
    FOR EACH ROW WHEN (OLD.home_school_id IS DISTINCT FROM NEW.home_school_id) EXECUTE FUNCTION keep_home_school();
"""
UNDO = """
DROP TRIGGER home_school_insert ON profiles_learner;
DROP TRIGGER home_school_update ON profiles_learner;
DROP FUNCTION keep_home_school();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0028_adult_copies'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeSchool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(null=True)),
                ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='home_schools', to='profiles.learner')),
                ('school', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='profiles.school')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('learner', 'starts_on'), name='home_school_once_a_day', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]
