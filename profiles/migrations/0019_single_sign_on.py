import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import lrm.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0018_tell_learners_apart"),
    ]

    operations = [
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
                    ("linked", "found through single sign-on"),
                    ("unlinked", "single sign-on forgotten"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="SingleSignOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=False)),
                ("name", models.CharField(max_length=40)),
                ("issuer", models.CharField(max_length=200)),
                ("client_id", models.CharField(max_length=191)),
                ("sealed_secret", lrm.sealed.SealedField(blank=True, editable=False)),
                ("for_staff", models.BooleanField(default=True)),
                ("for_learners", models.BooleanField(default=False)),
                ("for_guardians", models.BooleanField(default=False)),
                (
                    "match_by",
                    models.CharField(
                        choices=[
                            ("email", "by e-mail address, where the provider says that it is verified"),
                            ("id", "by the ID of the roster, in a claim"),
                        ],
                        default="email",
                        max_length=8,
                    ),
                ),
                ("id_claim", models.CharField(blank=True, max_length=100)),
                ("counts_second_step", models.BooleanField(default=False)),
                ("asks_always", models.BooleanField(default=False)),
                (
                    "district",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="single_sign_on",
                        to="profiles.district",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignInChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "page",
                    models.CharField(
                        choices=[("rules", "sign-in rules"), ("provider", "single sign-on")], max_length=8
                    ),
                ),
                ("changes", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="profiles.district"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["district", "page", "at"], name="sign_in_change_page")],
            },
        ),
    ]
