"""Which subjects a result on some standards reaches, as a function, so that each save does without planning it anew."""

from django.db import migrations

# Where a policy lets exact matches count, results reach the subjects of the matches too, through others as well.
MAKE = """
CREATE FUNCTION subjects_told(standards bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM assessments_masterypolicy p
                 JOIN standards_framework f ON f.district_id = p.district_id
                 JOIN standards_standard s ON s.framework_id = f.id
                WHERE p.exact_matches AND p.withdrawn_at IS NULL AND s.id = standards[1]) THEN
        RETURN QUERY
        WITH RECURSIVE told (id) AS (
            SELECT unnest(standards)
             UNION
            SELECT x.id FROM told t CROSS JOIN LATERAL (
                   SELECT destination_id AS id FROM standards_association
                    WHERE kind = 'exactMatchOf' AND origin_id = t.id AND retired_at IS NULL
                    UNION ALL
                   SELECT origin_id FROM standards_association
                    WHERE kind = 'exactMatchOf' AND destination_id = t.id AND retired_at IS NULL) x)
        SELECT DISTINCT s.subject_id FROM standards_standard s JOIN told ON told.id = s.id;
    ELSE
        RETURN QUERY SELECT DISTINCT s.subject_id FROM standards_standard s WHERE s.id = ANY (standards);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_exact_matches"), ("standards", "0002_keep_package_uploads")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION subjects_told(bigint[])")]
