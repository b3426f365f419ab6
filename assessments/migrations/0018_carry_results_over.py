"""Results may count on the standards of a newer framework too, where a person has said so; each save marks those subjects."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SUBJECTS_TOLD = """
CREATE OR REPLACE FUNCTION subjects_told(standards bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    matches boolean := EXISTS (SELECT FROM assessments_masterypolicy p
                 JOIN standards_framework f ON f.district_id = p.district_id
                 JOIN standards_standard s ON s.framework_id = f.id
                WHERE p.exact_matches AND p.withdrawn_at IS NULL AND s.id = standards[1]);
BEGIN
    IF matches {or_carried} THEN
        RETURN QUERY
        WITH RECURSIVE told (id) AS (
            SELECT unnest(standards)
             UNION
            SELECT x.id FROM told t CROSS JOIN LATERAL (
                   SELECT destination_id AS id FROM standards_association
                    WHERE matches AND kind = 'exactMatchOf' AND origin_id = t.id AND retired_at IS NULL
                    UNION ALL
                   SELECT origin_id FROM standards_association
                    WHERE matches AND kind = 'exactMatchOf' AND destination_id = t.id AND retired_at IS NULL
                    {carried}) x)
        SELECT DISTINCT s.subject_id FROM standards_standard s JOIN told ON told.id = s.id;
    ELSE
        RETURN QUERY SELECT DISTINCT s.subject_id FROM standards_standard s WHERE s.id = ANY (standards);
    END IF;
END $$;
"""
OR_CARRIED = """OR EXISTS (SELECT FROM assessments_carryover c
                 JOIN standards_framework f ON f.district_id = c.district_id
                 JOIN standards_standard s ON s.framework_id = f.id
                WHERE c.undone_at IS NULL AND s.id = standards[1])"""
CARRIED = """UNION ALL
                   SELECT p.destination_id FROM assessments_carriedpair p
                     JOIN assessments_carryover c ON c.id = p.carry_over_id
                    WHERE c.undone_at IS NULL AND p.origin_id = t.id"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0017_own_paths"),
        ("profiles", "0001_initial"),
        ("standards", "0003_public_frameworks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CarryOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("retired", models.BooleanField(db_default=False, default=False)),
                (
                    "confirmed_by",
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
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="standards.framework"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="standards.framework"
                    ),
                ),
                (
                    "undone_by",
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
                "ordering": ["-confirmed_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(undone_at__isnull=True), fields=["district"], name="carry_over_in_force"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CarriedPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=255)),
                (
                    "carry_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="assessments.carryover",
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="standards.standard"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="standards.standard"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("carry_over", "origin", "destination"), name="carried_pair_once")
                ],
            },
        ),
        migrations.RunSQL(
            SUBJECTS_TOLD.format(or_carried=OR_CARRIED, carried=CARRIED),
            SUBJECTS_TOLD.format(or_carried="", carried=""),
        ),
    ]
