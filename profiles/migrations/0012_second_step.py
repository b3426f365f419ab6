import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0011_invite_staff"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "second_step_for",
                    models.CharField(
                        choices=[("admins", "administrators"), ("staff", "all staff")], default="admins", max_length=8
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=7, validators=[django.core.validators.MaxValueValidator(60)]
                    ),
                ),
                (
                    "district",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_policy",
                        to="profiles.district",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecondStepAsk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_step_ask",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
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
                    ("step_reset", "second step taken away, to set up a new one"),
                ],
                max_length=16,
            ),
        ),
    ]
