"""As 0023, for the days: one table at a time, so that nobody waits for both."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0024_counts_of_publications")]

    operations = [migrations.AddField("masteryday", "left_out", models.SmallIntegerField(db_default=0, default=0))]
