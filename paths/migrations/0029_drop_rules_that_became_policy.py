"""Nothing reads them any more: they are lines of the policy."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("paths", "0028_rules_become_policy")]

    operations = [
        migrations.DeleteModel(name="MediaRule"),
        migrations.DeleteModel(name="TalkPolicy"),
    ]
