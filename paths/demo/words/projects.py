"""Projects of the demo: what a student proposes, does and says at the end."""

RUNNING = {
    "kind": "project",
    "title": "A tide clock for the hall",
    "what": "I want to build a clock that shows high and low water. Everyone who walks by can read it.",
    "why": "My grandfather fishes and always asks me when the water is high.",
    "plan": ("Read the tide table for a week", "Draw the face", "Build it from wood and card", "Test it for five days"),
    "times": (
        (45, "I copied the table and found the steps between the days."),
        (60, "I drew two faces and asked three people which one they could read."),
        (30, "I cut the first hand. It was too long."),
    ),
}
PROPOSED = {
    "kind": "internship",
    "title": "Two afternoons at the bike shop",
    "what": "I want to see how they measure and fix wheels, and write down which numbers they use.",
    "why": "I like bikes and I want to know what fractions are good for.",
    "place": "Harbor Bikes",
    "mentor": "Sam from the workshop",
    "plan": ("Ask if I may come", "Go there twice", "Tell the class about it"),
}
STUDY = {
    "kind": "study",
    "title": "Numbers of the Maya",
    "what": "I want to read how the Maya counted and write a page that a fourth grader can use.",
    "why": "They had a sign for zero long before us.",
    "plan": ("Find two books", "Try ten numbers", "Write the page"),
}
