"""Supports of the demo's students: (kind, words)."""

from profiles.models import Support

SUPPORTS = (
    (Support.Kind.EXTRA_TIME, "ten minutes more, when it is asked for"),
    (Support.Kind.READ_ALOUD, "stories and word problems, once"),
    (Support.Kind.LANGUAGE, "may answer in Spanish first"),
    (Support.Kind.OTHER, "sits where it is quiet"),
)
