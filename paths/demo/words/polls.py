"""Polls of the demo: question, answers to choose from, what came of it."""

OVER = (
    (
        "Which place do you like best for reading?",
        ("By the window", "On the carpet", "At my desk"),
        "Two more lamps and a cushion came to the window.",
    ),
    (
        "How long should the quiet time be?",
        ("Ten minutes", "Fifteen minutes", "Twenty minutes"),
        "Quiet time is fifteen minutes from Monday on.",
    ),
)
OPEN = ("What should our next project be about?", ("Bridges", "Gardens", "Weather", "Maps"))
DRAWN = "Draw the place where you read best."
IDEAS = (
    "Can the number lines stay on the wall?",
    "A box for questions would help me.",
    "Could we start with the story on Fridays?",
)
