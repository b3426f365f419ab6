"""Why there is no level: excused, not seen, practice only, or none by the method; counted in what is left out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0022_suggestion_failures")]

    operations = [migrations.AddField("mastery", "left_out", models.SmallIntegerField(db_default=0, default=0))]
