"""What groups work on: one line for all, and what is there for who wants more help or to go further."""

TASKS = {
    "reteach": (
        ("core", "Build it with the strips, then draw it"),
        ("help", "Start with the worked page and cover the last line"),
        ("further", "Write one for the next table"),
    ),
    "practise": (
        ("core", "Six cards, the first two together"),
        ("further", "Make a card that is harder than all six"),
    ),
    "extend": (
        ("core", "The long problem of the week"),
        ("further", "Find a second way and compare"),
    ),
    "mix": (
        ("core", "Solve in pairs, explain to the other pair"),
        ("help", "Use the picture page first"),
    ),
}
