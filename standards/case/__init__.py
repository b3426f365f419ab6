"""1EdTech CASE 1.0 and 1.1 packages, read into plain objects; nothing here knows Django's models."""
