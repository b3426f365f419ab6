"""Every parameter of a level method stands in its policy, and a policy that has started stays as it is."""

from django.db import migrations, models

# A stored value names its policy; were the policy edited, the value would name parameters that it was not made with.
GUARD = """
CREATE FUNCTION started_policies_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on <= current_date AND (
        OLD.district_id, OLD.framework_id, OLD.starts_on, OLD.method, OLD.newest_weight, OLD.times, OLD.whole,
        OLD.cuts, OLD.mastery_level
    ) IS DISTINCT FROM (
        NEW.district_id, NEW.framework_id, NEW.starts_on, NEW.method, NEW.newest_weight, NEW.times, NEW.whole,
        NEW.cuts, NEW.mastery_level
    ) THEN
        RAISE EXCEPTION 'A mastery policy that has started stays as it is; add one with a later start.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER masterypolicy_stays BEFORE UPDATE ON assessments_masterypolicy
    FOR EACH ROW EXECUTE FUNCTION started_policies_stay();
"""
UNDO = """
DROP TRIGGER masterypolicy_stays ON assessments_masterypolicy;
DROP FUNCTION started_policies_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_evidence_ledger")]

    operations = [
        migrations.AddField("masterypolicy", "times", models.PositiveSmallIntegerField(db_default=3)),
        migrations.AddField("masterypolicy", "whole", models.BooleanField(db_default=False)),
        migrations.AlterField(
            "masterypolicy",
            "method",
            models.CharField(
                choices=[
                    ("decaying", "Newest counts most"),
                    ("weighted", "Newest against the mean of the rest"),
                    ("latest", "Newest only"),
                    ("highest", "Highest"),
                    ("mean", "Mean of all"),
                    ("mode", "Most frequent"),
                    ("n_times", "Mastered several times"),
                    ("power_law", "Power law"),
                ],
                default="decaying",
                max_length=16,
            ),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
