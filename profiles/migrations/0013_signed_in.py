import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0012_second_step"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("browser", models.CharField(blank=True, max_length=32)),
                ("system", models.CharField(blank=True, max_length=32)),
                ("network", models.CharField(blank=True, max_length=32)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signed_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invited", "invited"),
                    ("resent", "invitation sent again"),
                    ("revoked", "invitation taken back"),
                    ("accepted", "came in for the first time"),
                    ("ended", "account ended"),
                    ("reopened", "account opened again"),
                    ("role_given", "may administer"),
                    ("role_ended", "administers no longer"),
                    ("signed_out", "signed out everywhere"),
                    ("step_reset", "second step taken away, to set up a new one"),
                ],
                max_length=16,
            ),
        ),
    ]
