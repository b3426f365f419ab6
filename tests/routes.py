"""Every route that the resolver knows, as the tests walk them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """name: the full view name, "" where nobody gave one.    address: the pattern, for messages."""

    name: str
    address: str
    view: Callable


def routes() -> list[Route]:
    return list(_below(get_resolver().url_patterns, "", ""))


def _below(patterns, namespace: str, address: str) -> Iterator[Route]:
    for pattern in patterns:
        here = address + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}" if pattern.name else "", here, pattern.callback)
