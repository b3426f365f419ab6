"""Calibrations as versions that stay, the days from which each counts, and the nightly candidate of a subject."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models.functions import Now

# A stored state or level names its calibration; were that edited, the name would stand for other numbers. A start that
# has begun stays as it is too; one that is still to come may be taken back.
GUARD = """
CREATE FUNCTION calibrations_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A calibration stays as it is; add another one with a start of its own.';
END $$;
CREATE TRIGGER calibrationversion_stays BEFORE UPDATE ON assessments_calibrationversion
    FOR EACH ROW EXECUTE FUNCTION calibrations_stay();
CREATE TRIGGER calibrationstart_stays BEFORE UPDATE OF subject_id, calibration_id, starts_on
    ON assessments_calibrationstart FOR EACH ROW EXECUTE FUNCTION calibrations_stay();
"""
UNDO = """
DROP TRIGGER calibrationstart_stays ON assessments_calibrationstart;
DROP TRIGGER calibrationversion_stays ON assessments_calibrationversion;
DROP FUNCTION calibrations_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_withdrawn_policies"),
        ("standards", "0002_keep_package_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "CalibrationVersion",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("version", models.CharField(max_length=12)),
                ("standards", ArrayField(models.BigIntegerField())),
                ("offsets", ArrayField(models.FloatField())),
                ("has_items", ArrayField(models.BooleanField())),
                ("items", ArrayField(models.BigIntegerField())),
                ("difficulties", ArrayField(models.FloatField())),
                ("difficulty_variances", ArrayField(models.FloatField())),
                ("item_variance", models.FloatField()),
                ("created_at", models.DateTimeField(db_default=Now())),
                (
                    "subject",
                    models.ForeignKey("standards.subject", on_delete=django.db.models.deletion.CASCADE, related_name="+"),
                ),
            ],
        ),
        migrations.CreateModel(
            "CalibrationStart",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("starts_on", models.DateField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("new", "standards or questions without a calibration"),
                            ("term", "start of a term"),
                            ("chosen", "chosen by a person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey("standards.subject", on_delete=django.db.models.deletion.CASCADE, related_name="+"),
                ),
                (
                    "calibration",
                    models.ForeignKey(
                        "assessments.calibrationversion",
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="starts",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "CalibrationRun",
            [
                (
                    "subject",
                    models.OneToOneField(
                        "standards.subject",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "candidate",
                    models.ForeignKey(
                        "assessments.calibrationversion",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "calibrationversion",
            models.UniqueConstraint(fields=["subject", "version"], name="calibration_version_once"),
        ),
        migrations.AddIndex(
            "calibrationstart", models.Index(fields=["subject", "starts_on"], name="calibration_start")
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
