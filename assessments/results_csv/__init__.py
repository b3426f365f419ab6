"""Results as a CSV file: read into typed rows and a list of what is wrong; no database here."""
