"""Numbers out of addresses and forms, which may hold anything."""

DIGITS = 18
"""All numbers of so many digits fit the database's bigint."""


def whole_number(text: str) -> int | None:
    """The whole number, 0 or more, that the text is in plain digits; None for every other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None
