"""How hard a text is to read, as a school grade of the United States."""

import re

WORD = re.compile(r"[^\W_][\w'’-]*")
END = re.compile(r"[.?!:;\n]+")


def reading_grade(text: str) -> float:
    """The Automated Readability Index: 4.71 characters a word + .5 words a sentence - 21.43.

    Source: Smith and Senter, Automated Readability Index, AMRL-TR-66-220 (1967). A line of its own, such as a label, is
    a sentence. Raises ValueError: no word in it.
    """
    words = WORD.findall(text)
    if not words:
        raise ValueError("There is no word in this text.")
    sentences = [part for part in END.split(text) if WORD.search(part)]
    characters = sum(len(re.sub(r"\W", "", word)) for word in words)
    return 4.71 * characters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
