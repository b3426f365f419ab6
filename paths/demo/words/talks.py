"""What is said in the conversations of the demo: (who, words); who is "learner", "teacher" or "family"."""

WITH_FAMILY = (
    (
        "The kit with the number line",
        (
            ("family", "We built the number line with tape on the kitchen floor. It was jumped on for an hour."),
            ("teacher", "That is a good way to do it. Was a half in the middle each time?"),
            ("learner", "Yes, and then I found the fourths by folding. Can I show it on Friday?"),
        ),
    ),
    (
        "Reading at home",
        (
            ("family", "We read two pages each evening now. Which book comes next?"),
            ("teacher", "There is one about bridges on the shelf by the window. It may be the right one."),
        ),
    ),
)
WITH_CLASS = (
    (
        "A question about the last step",
        (
            ("learner", "I do not get the step with the twelfths. Is there a picture of it?"),
            ("teacher", "There is. Draw two bars under each other and cut both into twelve."),
            ("learner", "I drew it. Now I see it. Thank you."),
        ),
    ),
    (
        "My place in the room",
        (
            ("learner", "It is loud by the door. May I sit at the window when I write?"),
            ("teacher", "Yes. Try it this week and tell me if it helps."),
        ),
    ),
    (
        "Showing it to the others",
        (
            ("teacher", "Your drawing last week was clear. Would you show it to your table?"),
            ("learner", "Yes, but with a partner."),
        ),
    ),
)
ABOUT_WORK = (
    (
        ("learner", "I did it a second time, with a ruler. Which of the two is clearer?"),
        ("teacher", "The second one. Write under it how you knew where to cut."),
    ),
    (
        ("teacher", "I like that you left your first try in. What changed your mind?"),
        ("learner", "My partner asked why, and I could not say."),
    ),
)
NOTES = (
    "New glasses; sits in front until they feel right.",
    "Works best in the first half of the morning. The mother says that evenings are short on Tuesdays.",
    "Likes to be asked first and called on later.",
)
AGENDA = (
    "The goal and how far the steps are.",
    "Which step takes longer than planned.",
    "What to begin after this goal.",
)
MEETING_NOTES = (
    "Explains the picture well, wants to write less of it. Tries with two sentences.",
    "The pace fits. Wants to work with a partner on Thursdays.",
    "Says that the newest try went better with more time.",
)
AGREED = (
    "Draw two stories before solving them",
    "Show one step to a partner",
    "Ask for a short check on Friday",
    "Read one page aloud at home each day",
)
POINTS = (
    "I want to show my drawing.",
    "Can I begin the next step?",
    "I would like another place to read.",
)
