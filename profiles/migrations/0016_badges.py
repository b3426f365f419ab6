import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import profiles.models.sign_in_policy


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0015_integrations_and_webhooks"),
    ]

    operations = [
        migrations.AddField("signinpolicy", "badges", models.BooleanField(default=True, db_default=True)),
        migrations.AddField("signinpolicy", "badge_from", models.TimeField(blank=True, null=True)),
        migrations.AddField("signinpolicy", "badge_until", models.TimeField(blank=True, null=True)),
        migrations.AddField(
            "signinpolicy",
            "badge_days",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                default=profiles.models.sign_in_policy.every_day,
                db_default=[1, 2, 3, 4, 5, 6, 7],
                size=None,
            ),
        ),
        migrations.AddField(
            "signinpolicy", "badge_registered_only", models.BooleanField(default=False, db_default=False)
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=16, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_on", models.DateField(blank=True, null=True)),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="badges", to="profiles.learner"
                    ),
                ),
                ("made_by", _person()),
                ("revoked_by", _person()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)), fields=("learner",), name="badge_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=32, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to="profiles.district"
                    ),
                ),
                ("registered_by", _person()),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
    ]
