"""Requests as somebody would write them, for the OpenAPI document."""

from drf_spectacular.utils import OpenApiExample

_ANA = {"learner": "s-1042", "standard": "5.NF.1"}

EXAMPLE_ASSESSMENT = OpenApiExample(
    "A quiz of 20 points",
    request_only=True,
    value={
        "title": "Fractions quiz",
        "kind": "summative",
        "given_on": "2026-11-20",
        "standards": [512, 513],
        "points_possible": "20",
    },
)
EXAMPLE_LEVELS = OpenApiExample(
    "A level with a line for the student, a correction, and an excuse",
    request_only=True,
    value={
        "results": [
            _ANA | {"level": 3, "comment": "Draw it first"},
            {"learner": "s-1043", "standard": "5.NF.1", "level": 4, "replaces": 90211},
            {"learner": "s-1044", "standard": "5.NF.1", "is_excused": True},
        ]
    },
)
EXAMPLE_SECTION = OpenApiExample(
    "Points on a test that is made with them",
    request_only=True,
    value={
        "results": [
            _ANA
            | {"points": "7.5", "possible": "10", "assessment": "Test 3", "given_on": "2026-11-20", "kind": "summative"}
        ]
    },
)
