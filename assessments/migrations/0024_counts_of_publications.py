"""What the next publication is held against, so that staff who remember their own hidden figures learn nothing by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0023_why_no_level")]

    operations = [migrations.AddField("publication", "counts", models.JSONField(null=True))]
