"""A group keeps what was known as it began, when it meets, who changed and closed it, and its tasks.

Nothing that stands is touched. Empty columns of members mean that their group was accepted before this was kept.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0011_subjects_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("group", "time_text", models.CharField(blank=True, db_default="", default="", max_length=100)),
        migrations.AddField(
            "group",
            "closed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("group", "version", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.AddField(
            "group",
            "changed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("groupmember", "expected_micro", models.IntegerField(editable=False, null=True)),
        migrations.AddField("groupmember", "first_mean_micro", models.IntegerField(editable=False, null=True)),
        migrations.AddField("groupmember", "first_band", models.SmallIntegerField(editable=False, null=True)),
        migrations.AddField("groupmember", "start_level", models.SmallIntegerField(editable=False, null=True)),
        migrations.AddField("groupmember", "start_value_micro", models.IntegerField(editable=False, null=True)),
        migrations.AddField("groupmember", "start_policy_id", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField(
            "groupmember",
            "model_version",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=16),
        ),
        migrations.CreateModel(
            name="GroupTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "tier",
                    models.CharField(
                        choices=[("core", "Core"), ("help", "More help"), ("further", "Further")],
                        default="core",
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("url", models.URLField(blank=True, default="", max_length=500)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="assessments.group"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "position"), name="group_task_place_once"),
                ],
            },
        ),
    ]
