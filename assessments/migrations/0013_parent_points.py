"""Points of the standards below a parent, dated, and a rule of the policy that counts them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION started_points_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.starts_on <= current_date AND (
        OLD.parent_id, OLD.starts_on, OLD.needed, OLD.children, OLD.points, OLD.required
    ) IS DISTINCT FROM (
        NEW.parent_id, NEW.starts_on, NEW.needed, NEW.children, NEW.points, NEW.required
    ) THEN
        RAISE EXCEPTION 'Points that have started stay as they are; add others with a later start.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parentpoints_stay BEFORE UPDATE ON assessments_parentpoints
    FOR EACH ROW EXECUTE FUNCTION started_points_stay();
"""
UNGUARD = """
DROP TRIGGER parentpoints_stay ON assessments_parentpoints;
DROP FUNCTION started_points_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0012_group_starts"),
        ("standards", "0002_keep_package_uploads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "masterypolicy",
            "parent_rule",
            models.CharField(
                blank=True,
                choices=[
                    ("", "nothing"),
                    ("met", "whether enough of the standards below it are met"),
                    ("lowest", "the lowest level below it"),
                    ("mean", "the mean of the levels below it"),
                    ("points", "whether it has the points that it needs"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="ParentPoints",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("needed", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "children",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "required",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BooleanField(), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="standards.standard"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["parent", "-starts_on", "-id"], name="parent_points_newest")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
