"""The places of the rights matrix, and words that must not travel between them.

From near to far: `own`; `beside`, a classmate and the other subject of the same homeroom; `near`, another
class of the same school; `far`, another school; `abroad`, another district. Each holds one of everything.
Names of learners hold the word `Wombat<place>`, everything else that is told apart by place `Quokka<place>`.
"""

PLACES = ("own", "beside", "near", "far", "abroad")


def person_word(place: str) -> str:
    return f"Wombat{place}"


def thing_word(place: str) -> str:
    return f"Quokka{place}"
