"""OneRoster 1.1 and 1.2 CSV packages, read into typed rows and a list of what is wrong; no database here."""
