"""A package as it came, put together again; nothing here knows Django's models."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


def package_as_sent(
    *,
    document: Json,
    items: Sequence[Json],
    associations: Sequence[Json],
    definitions: Json,
    rest: Mapping[str, Any],
) -> Json:
    """The CFPackage of these parts. rest: what else stood at the top; a part that is empty stands as it stood there."""
    parts = {
        "CFDocument": document,
        "CFItems": list(items),
        "CFAssociations": list(associations),
        "CFDefinitions": definitions,
    }
    return {**rest, **{name: part for name, part in parts.items() if part or name == "CFDocument"}}
