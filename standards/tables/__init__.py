"""Frameworks as CSV files of other systems, turned into CASE packages; nothing here knows Django's models."""
