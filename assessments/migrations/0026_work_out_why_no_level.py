"""What stands without a level is worked out again an hour from now, when workers of the version before are gone."""

from django.db import migrations

WORK_OUT = """
INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)
SELECT DISTINCT m.learner_id, s.subject_id, 1, now() + interval '1 hour'
  FROM assessments_mastery m JOIN standards_standard s ON s.id = m.standard_id
 WHERE m.shown_level IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0025_why_no_level_on_days")]

    operations = [migrations.RunSQL(WORK_OUT, migrations.RunSQL.noop)]
