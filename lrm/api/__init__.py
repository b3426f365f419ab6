"""What every part of the REST API is built on: see docs/api.md. It knows no app."""
