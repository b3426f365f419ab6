"""Filling an empty database with the demo school, one noun a file; `build.py` puts them in order."""
