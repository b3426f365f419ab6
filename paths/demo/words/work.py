"""Work that students of the demo handed in: what it is called, what they say about it, what a teacher answers."""

TEXTS = (
    ("How I found it", "I drew the story first. Then I saw which part was the whole.", "Your drawing does the work."),
    ("My recipe, doubled", "I made pancakes for six. I had to double three halves.", "What would you do for nine?"),
    ("Two ways", "I solved it with a line and with a table. Both gave the same.", "Which one was quicker for you?"),
    (
        "What I got wrong",
        "I turned the wrong fraction. Now I say it aloud before I write.",
        "Saying it aloud is a tool.",
    ),
    ("A letter to my cousin", "I wrote to my cousin how to check a sum. She tried it.", "Did her check come out?"),
    (
        "My own story problem",
        "Four friends share two ropes. The ropes are not the same length.",
        "May the class solve it?",
    ),
    ("Notes from the tide table", "High water moves by about 50 minutes each day. I measured five days.", "Good data."),
)
PICTURES = (
    ("Fraction strips", "I folded halves, thirds and fourths and laid them side by side.", "The gap shows it well."),
    ("My number line", "It has big steps and small steps. The red dot is my guess.", "How far off was the guess?"),
    ("Poster for the hall", "It says how to round. I used three colors.", "Hang it by the door."),
    ("Bar chart of our lunches", "I asked 24 people. Rice won.", "What would the fifth grade say?"),
)
LINKS = (("My drawing on the web", "https://example.org/drawings/tide-table", "It moves when you press play."),)
