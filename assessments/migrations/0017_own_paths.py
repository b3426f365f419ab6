"""Learners on their own path are kept with the acceptance, as those in groups are.

Those of suggestions that were accepted before are taken from the boards, for as long as the groups of each were on.
"""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

FROM_BOARDS = """
INSERT INTO assessments_ownpath
       (section_id, suggestion_id, learner_id, standard_id, reason, starts_on, ends_on, closed_at, created_at)
SELECT s.section_id, s.id, l.id, t.id, jsonb_build_object('reasons', coalesce(o.member->'reasons', '[]'::jsonb)),
       g.starts_on, g.ends_on, g.closed_at, g.created_at
  FROM assessments_groupsuggestion s
  JOIN (SELECT suggestion_id, min(starts_on) AS starts_on, max(ends_on) AS ends_on, min(created_at) AS created_at,
               CASE WHEN bool_and(closed_at IS NOT NULL) THEN max(closed_at) END AS closed_at
          FROM assessments_group WHERE suggestion_id IS NOT NULL GROUP BY suggestion_id) g ON g.suggestion_id = s.id
 CROSS JOIN LATERAL jsonb_array_elements(s.board->'own') AS o (member)
  JOIN profiles_learner l ON l.id = (o.member->>'learner')::bigint
  LEFT JOIN standards_standard t ON t.id = (o.member->>'standard')::bigint
 WHERE s.state = 'accepted'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0016_beliefs_as_bytes"),
        ("profiles", "0003_let_learners_choose_a_screen_name"),
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnPath",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.JSONField(default=dict)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_paths",
                        to="profiles.learner",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_paths", to="profiles.section"
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standards.standard",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="own_paths",
                        to="assessments.groupsuggestion",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["section", "-starts_on"], name="own_path_section")]},
        ),
        migrations.RunSQL(FROM_BOARDS, migrations.RunSQL.noop),
    ]
