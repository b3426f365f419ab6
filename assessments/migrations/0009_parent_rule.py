"""What a standard above others shows is for the policy to say, and stays as long as its policy does."""

from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION started_policies_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on <= current_date AND (
        OLD.district_id, OLD.framework_id, OLD.starts_on, OLD.method, OLD.newest_weight, OLD.times, OLD.whole,
        OLD.cuts, OLD.mastery_level{old}
    ) IS DISTINCT FROM (
        NEW.district_id, NEW.framework_id, NEW.starts_on, NEW.method, NEW.newest_weight, NEW.times, NEW.whole,
        NEW.cuts, NEW.mastery_level{new}
    ) THEN
        RAISE EXCEPTION 'A mastery policy that has started stays as it is; add one with a later start.';
    END IF;
    RETURN NEW;
END $$;
"""
WITH_RULE = GUARD.format(old=", OLD.parent_rule, OLD.parent_share", new=", NEW.parent_rule, NEW.parent_share")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_let_learners_rate_themselves")]

    operations = [
        migrations.AddField(
            "masterypolicy",
            "parent_rule",
            models.CharField(
                blank=True,
                choices=[
                    ("", "nothing"),
                    ("met", "whether enough of the standards below it are met"),
                    ("lowest", "the lowest level below it"),
                    ("mean", "the mean of the levels below it"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "masterypolicy",
            "parent_share",
            models.DecimalField(db_default=1, decimal_places=2, default=1, max_digits=3),
        ),
        migrations.RunSQL(WITH_RULE, GUARD.format(old="", new="")),
    ]
