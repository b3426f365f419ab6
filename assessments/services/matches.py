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

# Results that a person has carried over, from the standard that they were given on to the one where they count too.
CARRIED = """
SELECT p.origin_id, p.destination_id FROM assessments_carriedpair p
  JOIN assessments_carryover c ON c.id = p.carry_over_id WHERE c.undone_at IS NULL"""

# %(exact)s: whether exact matches count somewhere. What was carried over counts under every policy.
LINKS = f"""{EDGES},
links (a, b, carried) AS MATERIALIZED (
  SELECT a, b, false FROM edges WHERE %(exact)s
   UNION ALL
  SELECT k.*, true FROM ({CARRIED}) k)"""

CROSSING = f"""{EDGES},
ways (a, b) AS MATERIALIZED (SELECT a, b FROM edges UNION {CARRIED}),
crossing (x, y) AS (
  SELECT DISTINCT a.subject_id, b.subject_id
    FROM ways g JOIN standards_standard a ON a.id = g.a JOIN standards_standard b ON b.id = g.b
    JOIN standards_framework f ON f.id = a.framework_id
   WHERE f.district_id = %(district)s
   UNION
  SELECT c.x, b.subject_id FROM crossing c JOIN standards_standard a ON a.subject_id = c.y
    JOIN ways g ON g.a = a.id JOIN standards_standard b ON b.id = g.b)"""
"""Subjects of a district whose results count in another subject."""
