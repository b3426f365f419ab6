"""Whether results on exact matches count is for the policy to say, and stays as long as its policy does."""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION started_policies_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on <= current_date AND (
        OLD.district_id, OLD.framework_id, OLD.starts_on, OLD.method, OLD.newest_weight, OLD.times, OLD.whole,
        OLD.cuts, OLD.mastery_level, OLD.parent_rule, OLD.parent_share{old}
    ) IS DISTINCT FROM (
        NEW.district_id, NEW.framework_id, NEW.starts_on, NEW.method, NEW.newest_weight, NEW.times, NEW.whole,
        NEW.cuts, NEW.mastery_level, NEW.parent_rule, NEW.parent_share{new}
    ) THEN
        RAISE EXCEPTION 'A mastery policy that has started stays as it is; add one with a later start.';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_parent_rule")]

    operations = [
        migrations.AddField("masterypolicy", "exact_matches", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(
            GUARD.format(old=", OLD.exact_matches", new=", NEW.exact_matches"), GUARD.format(old="", new="")
        ),
    ]
