from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0009_roster_steps"),
    ]

    operations = [
        migrations.AddField("signinattempt", "door", models.CharField(db_default="", max_length=16)),
        migrations.AddField("signinattempt", "key_hash", models.CharField(db_default="", max_length=64)),
        migrations.AddField("signinattempt", "browser_hash", models.CharField(db_default="", max_length=64)),
        migrations.AddField(
            "signinattempt", "earner_hash", models.CharField(blank=True, db_default="", max_length=64)
        ),
        migrations.AddIndex(
            "signinattempt", models.Index(fields=["key_hash", "at"], name="sign_in_attempt_key")
        ),
        migrations.AddIndex(
            "signinattempt", models.Index(fields=["browser_hash", "at"], name="sign_in_attempt_browser")
        ),
        # The column stays, empty, for web processes that still run the version before.
        migrations.AlterField(
            "signinattempt", "class_code", models.CharField(blank=True, db_default="", max_length=6)
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("signinattempt", "class_code")],
        ),
    ]
