from django.db import migrations, models

# Systems that were made before have been reading all that they need; an administrator has chosen them, and may choose again.
OF_BEFORE = """
UPDATE profiles_apitoken t SET learners_per_day = 200000
  FROM profiles_integration i WHERE i.account_id = t.account_id
"""


class Migration(migrations.Migration):
    dependencies = [("profiles", "0034_own_words_line")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="learners_per_day",
            field=models.PositiveIntegerField(db_default=2000, default=2000),
        ),
        migrations.RunSQL(OF_BEFORE, migrations.RunSQL.noop),
    ]
