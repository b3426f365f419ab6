"""What the demo's first school says on goals and on trying again; on levels it leaves the words to LRM."""

GOALS = (
    "Here each of us has a goal of our own. You pick it, and you say how you will know that you are there.\n"
    "On Fridays we look at our goals together. Some take a week, some take a month."
)
TRYING = (
    "At our school a try is a try, not a verdict. When you have practiced, say so.\n"
    "Your teacher opens a place for you, and your new try takes the place of the old ones."
)
