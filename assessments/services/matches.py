"""Exact matches between standards, as statements read them: what is the same as what, in every direction."""

from standards.models import Association

# A match holds both ways, and through others: who is the same as the same is the same.
EDGES = f"""
edges (a, b) AS MATERIALIZED (
  SELECT origin_id, destination_id FROM standards_association
   WHERE kind = '{Association.EXACT_MATCH_OF}' AND origin_id IS NOT NULL AND destination_id IS NOT NULL
     AND retired_at IS NULL
   UNION
  SELECT destination_id, origin_id FROM standards_association
   WHERE kind = '{Association.EXACT_MATCH_OF}' AND origin_id IS NOT NULL AND destination_id IS NOT NULL
     AND retired_at IS NULL)"""

CROSSING = f"""{EDGES},
crossing (x, y) AS (
  SELECT DISTINCT a.subject_id, b.subject_id
    FROM edges g JOIN standards_standard a ON a.id = g.a JOIN standards_standard b ON b.id = g.b
    JOIN standards_framework f ON f.id = a.framework_id
   WHERE f.district_id = %(district)s
   UNION
  SELECT c.x, b.subject_id FROM crossing c JOIN standards_standard a ON a.subject_id = c.y
    JOIN edges g ON g.a = a.id JOIN standards_standard b ON b.id = g.b)"""
"""Subjects of a district whose results count in another subject."""
