from django.db import migrations, models

# What ended before there was a message about it is not told now.
ENDED_BEFORE = "UPDATE assessments_group SET end_told_at = now() WHERE closed_at IS NULL AND ends_on < current_date"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0018_carry_results_over")]

    operations = [
        migrations.AddField("group", "end_told_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(ENDED_BEFORE, migrations.RunSQL.noop),
    ]
