"""Everything that people of the demo school wrote: students, teachers and families, in their own voices."""
