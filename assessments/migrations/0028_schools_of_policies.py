"""A school may have a method and cut points of its own; they stay as long as every policy that has begun."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION started_policies_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on <= current_date AND (
        OLD.district_id, OLD.framework_id, OLD.starts_on, OLD.method, OLD.newest_weight, OLD.times, OLD.whole,
        OLD.cuts, OLD.mastery_level, OLD.parent_rule, OLD.parent_share, OLD.exact_matches{old}
    ) IS DISTINCT FROM (
        NEW.district_id, NEW.framework_id, NEW.starts_on, NEW.method, NEW.newest_weight, NEW.times, NEW.whole,
        NEW.cuts, NEW.mastery_level, NEW.parent_rule, NEW.parent_share, NEW.exact_matches{new}
    ) THEN
        RAISE EXCEPTION 'A mastery policy that has started stays as it is; add one with a later start.';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0027_kept_counts'),
        ('profiles', '0030_known_home_schools'),
    ]

    operations = [
        migrations.AddField(
            model_name='masterypolicy',
            name='school',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.school'),
        ),
        migrations.AlterField(
            model_name='masterypolicy',
            name='method',
            field=models.CharField(blank=True, choices=[('decaying', 'Newest counts most'), ('weighted', 'Newest against the mean of the rest'), ('latest', 'Newest only'), ('highest', 'Highest'), ('mean', 'Mean of all'), ('mode', 'Most frequent'), ('n_times', 'Mastered several times'), ('power_law', 'Power law'), ('tree', 'Evidence tree')], default='decaying', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='masterypolicy',
            constraint=models.CheckConstraint(condition=models.Q(('school__isnull', False), models.Q(('method', ''), _negated=True), _connector='OR'), name='policy_only_schools_end'),
        ),
        migrations.RunSQL(GUARD.format(old=", OLD.school_id", new=", NEW.school_id"), GUARD.format(old="", new="")),
    ]
