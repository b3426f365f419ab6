"""An app with one migration, which changes a table that a test keeps in use."""
