"""What a teacher says to many goals at once is one act; goals can be kept for later in the queue."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("paths", "0006_evidence_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("goalrevision", "act", models.UUIDField(editable=False, null=True)),
        migrations.AddIndex(
            "goalrevision",
            models.Index(condition=models.Q(("act__isnull", False)), fields=["act"], name="goal_revision_act"),
        ),
        migrations.CreateModel(
            name="ReviewLater",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("act", models.UUIDField(default=uuid.uuid4)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="paths.goal"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "goal"), name="review_later_once")],
            },
        ),
    ]
