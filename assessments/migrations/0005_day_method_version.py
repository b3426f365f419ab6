"""A day of the history names the version of its method too; every method that has stored one so far is version 1."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_tree_policy")]

    operations = [
        migrations.AddField("masteryday", "method_version", models.CharField(db_default="1", max_length=16)),
    ]
