"""What students say when they rate themselves. LOWER: they see less than the level, HIGHER: more, SAME: the same."""

LOWER = (
    "I still need the example next to me.",
    "I was lucky with the last one.",
    "I get it with help, not alone.",
    "I am slow at it.",
)
HIGHER = (
    "I can do it when nobody waits for me.",
    "I did it at home without help.",
    "The last one had a word that I did not know.",
    "I showed my brother how it goes.",
)
SAME = (
    "I can do the ones from the book.",
    "I can say every step.",
    "I check it and it is right most of the time.",
)
