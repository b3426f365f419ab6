"""After a large import the planner has to hear of it, and only the owner of tables may tell: the site is not."""

from django.db import migrations

# Runs as the owner, whoever calls it. search_path is its own, so that nobody can put a table of another schema in its
# way.
ANALYZE = """
CREATE FUNCTION analyze_standards() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE standards_standard, standards_association;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("standards", "0005_uploads_taken_over_by_workers")]

    operations = [migrations.RunSQL(ANALYZE, "DROP FUNCTION analyze_standards()")]
