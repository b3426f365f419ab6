"""Polls and suggestions: who is asked, what is said, what may be shown of it, what came of it."""
