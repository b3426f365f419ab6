"""Find standards by code or by words; no extension needed, one statement."""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchQueryField
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from standards.models import Standard

CONFIGURATIONS = ("english", "spanish", "simple")
_LONGEST = 200


def search(standards: QuerySet[Standard], query: str) -> QuerySet[Standard]:
    """Standards whose code begins with the query, or that hold all its words (or their beginnings), best first.

    "5.nf" finds 5.NF.1 and CCSS.Math.Content.5.NF.A.1; "adding fractions" finds "Add fractions". An empty query
    finds nothing.
    """
    query = query.strip()[:_LONGEST]
    words = re.findall(r"[^\W_]+", query.lower())
    if not words:
        return standards.none()
    begins_like_it = Q(code_lower__startswith=query.lower())
    lexemes = _tsquery(words)
    return (
        standards.alias(code_lower=Lower("code"))
        .filter(begins_like_it | Q(search=lexemes))
        .annotate(
            closeness=Case(
                When(code_lower=query.lower(), then=Value(0)),
                When(begins_like_it, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            rank=Func(F("search"), lexemes, function="ts_rank", output_field=FloatField()),
        )
        .order_by("closeness", F("rank").desc(nulls_last=True), "framework", "position", "pk")
    )


class _Either(CombinedSearchQuery):
    """Two queries joined with "or". Django's own combination has no type, which ranking needs."""

    output_field = SearchQueryField()


def _tsquery(words: list[str]) -> _Either:
    """Every word as a beginning, in each language that a statement may be written in."""
    raw = " & ".join(f"{word}:*" for word in words)
    english, spanish, simple = (SearchQuery(raw, config=name, search_type="raw") for name in CONFIGURATIONS)
    return _Either(_Either(english, "||", spanish, None), "||", simple, None)
