"""Which of a form's values somebody has written, as against ids, days, choices and names of buttons."""

import re
from collections.abc import Iterable

NOT_WORDS = re.compile(
    r"[\W\d_]*"  # numbers, days, times and marks
    r"|\d{4}-\d\d-\d\d[T ][\d:.+Z-]*"
    r"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|[\w=-]+:[\w=:-]{20,}"  # signed by the server
    r"|[a-z0-9]+([_-][a-z0-9]+)+"
    r"|/\S*"
)
CHOICE = re.compile(r"[a-z0-9]+")
OF_BUTTONS = {"do", "act", "next", "back", "move", "answer", "kind"}


def words_in(fields: Iterable[tuple[str, str]]) -> list[str]:
    """The values that look written by a person, in the order of the form.

    A single small word may be a choice ("drawing") or an answer ("pizza"): it is shown where there is nothing else.
    """
    texts = [text.strip() for name, text in fields if name not in OF_BUTTONS]
    texts = [text for text in texts if not NOT_WORDS.fullmatch(text)]
    return [text for text in texts if not CHOICE.fullmatch(text)] or texts
