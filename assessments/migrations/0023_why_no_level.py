"""Why there is no level: excused, not seen, practice only, or none by the method; counted in what is left out.

What stands without a level is worked out again an hour from now, when workers of the version before are gone. One table
at a time.
"""

from django.db import migrations, models

WORK_OUT = """
INSERT INTO assessments_stalemark (learner_id, subject_id, lane, due_at)
SELECT DISTINCT m.learner_id, s.subject_id, 1, now() + interval '1 hour'
  FROM assessments_mastery m JOIN standards_standard s ON s.id = m.standard_id
 WHERE m.shown_level IS NULL
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("assessments", "0022_suggestion_failures")]

    operations = [
        migrations.AddField("mastery", "left_out", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("masteryday", "left_out", models.SmallIntegerField(db_default=0, default=0)),
        migrations.RunSQL(WORK_OUT, migrations.RunSQL.noop),
    ]
