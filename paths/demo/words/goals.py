"""Goals as students write them: what, why, done when, and small steps.

A goal on a standard says its "I can" wording (the framework's alternativeLabel) in one of WORDINGS; one without a
standard is one of OWN_GOALS, by domain.
"""

# {can}: what stands after "I can" in a standard's wording.
WORDINGS = (
    "I can {can}.",
    "I want to {can}.",
    "I want to {can}, on my own.",
    "I can {can}, without help.",
    "I will {can}, three times in a row.",
    "I can {can}, also when it is new.",
    "I want to {can} and feel sure.",
)

# Domain code of the framework -> sentences that fit any grade from 3 to 8.
OWN_GOALS = {
    "NS": (
        "I want to know what a number is worth without counting places.",
        "I estimate first and then work it out.",
        "I explain on a number line, not only with a rule.",
        "I check each answer with a second way.",
    ),
    "OP": (
        "I write every line so that I can find my own mistake.",
        "I pick the operation before I start to calculate.",
        "I do ten problems without a helper card.",
        "I say what the left-over means in the story.",
    ),
    "FR": (
        "I make the parts equal before I do anything else.",
        "I can draw every fraction I write.",
        "I solve fraction stories and say why my sum fits.",
        "I compare fractions without guessing.",
    ),
    "RP": (
        "I use ratios to change a recipe for any number of people.",
        "I find the amount for one before I compare.",
        "I can tell if a discount is a good deal.",
        "I draw a table before I use a rule.",
    ),
    "AL": (
        "I check each solution in the first line of the problem.",
        "I explain what my letters stand for.",
        "I turn a story into an equation on my own.",
        "I read a graph like a sentence.",
    ),
    "ME": (
        "I say the unit in every answer.",
        "I estimate a length or time before I measure.",
        "I use measuring to build something real.",
        "I solve problems with two units in them.",
    ),
    "GE": (
        "I prove what I see in a shape.",
        "I draw to scale so that someone else can build it.",
        "I name shapes by what is true about them.",
        "I use a sketch in every geometry problem.",
    ),
    "DA": (
        "I ask a question and answer it with data I collected.",
        "I choose the graph that shows my point fairly.",
        "I say how sure I can be from my data.",
        "I read the axis before I read the line.",
    ),
    "RS": (
        "I read three books that I chose and talk about each.",
        "I use the words of the story to prove what I think.",
        "I notice how a person in a story changes.",
        "I finish a book in another genre than usual.",
    ),
    "RI": (
        "I sum up what I read in three sentences.",
        "I check a fact in a second text.",
        "I read about the marsh until I can teach it.",
        "I mark the words that I don't know and find them out.",
    ),
    "WR": (
        "I plan before I write and keep to my plan.",
        "I write a second draft that is really different.",
        "I end my texts on purpose and don't just stop.",
        "I give two reasons for each thing I claim.",
    ),
    "LA": (
        "I read my sentences aloud and fix what sounds wrong.",
        "I use five new words each week in my own writing.",
        "I check my endings and capitals before I hand in.",
        "I explain sayings from both of my languages.",
    ),
    "SP": (
        "I speak once in every class talk.",
        "I ask a question that takes the talk further.",
        "I present without reading from my paper.",
        "I listen to the end before I answer.",
    ),
}  # fmt: skip

# "any" fits every goal, "M" and "E" every goal of the subject, the others a domain.
WHYS = {
    "any": (
        "Because it comes back next year and I want it to be easy.",
        "Because I understand it in class and want to do it alone.",
        "Because my cousin asked me and I could not explain it.",
        "Because I did it once and want to do it every time.",
        "Because I skip steps and get lost.",
        "Because I want to teach it to my table.",
        "Because I was away when we began it.",
        "Because I want to be sure and not hope.",
        "Because it took me many tries and I am close.",
        "Because the next unit is built on it.",
        "Because I can do it slowly and want to do it calmly.",
        "Because I said last time that I would try it.",
        "Because my brother says it is hard and I want to find out.",
        "Because I want to answer without looking at my neighbor.",
        "Because I lose points for things that I know.",
        "Because I like it and want to get further.",
        "Because I want to show my mother how we do it here.",
        "Because I want to help others when they are stuck.",
        "Because I wait too long before I ask.",
        "Because I want to feel ready for the next grade.",
        "Because my teacher asked a question that I still think about.",
        "Because I will need it for my project.",
        "Because I want to finish what I began.",
        "Because I was proud of my last goal and want one more.",
    ),
    "M": (
        "Because I want to know why the rule works.",
        "Because I like it when the answer checks.",
        "Because I want to join the math club.",
        "Because I get stuck on the story problems.",
        "Because I like puzzles with more than one way.",
        "Because I want to stop counting on my fingers.",
        "Because I understand it when I draw and want to do it without.",
        "Because I need it for my coding project.",
    ),
    "E": (
        "Because it helps in science too.",
        "Because I want to be in the school paper.",
        "Because people ask me what I mean.",
        "Because I like words and collect them.",
        "Because I want to write the guide for new students.",
        "Because I skip the hard parts.",
        "Because I want to make a podcast about the harbor.",
        "Because I want to be heard.",
    ),
    "NS": (
        "Because I want to read the numbers on player cards.",
        "Because prices confuse me when I shop.",
        "Because Grandpa does it in his head.",
    ),
    "OP": (
        "Because I want to help in the shop on Saturdays.",
        "Because I am saving for a bike and want to know when I have it.",
        "Because we plan a trip and I keep the list.",
    ),
    "FR": (
        "Because recipes at home are for four and we are seven.",
        "Because I count beats in music and they come in parts.",
        "Because the parts never match when I do it.",
    ),
    "RP": (
        "Because I want to know which offer is really cheaper.",
        "Because I mix colors and want the same one twice.",
        "Because I want to compare my running times.",
    ),
    "AL": (
        "Because the letters looked scary and now I am curious.",
        "Because I want to write my own game rules in code.",
        "Because I want to see a pattern and prove it.",
    ),
    "ME": (
        "Because we measure for the set of the school play.",
        "Because I want to build a shelf that fits.",
        "Because the tide table is full of it.",
    ),
    "GE": (
        "Because I want to build a ramp that is safe.",
        "Because my dad works with plans and I want to read them.",
        "Because I draw a lot and want it to look right.",
    ),
    "DA": (
        "Because we are making a board game and it needs fair odds.",
        "Because I follow my team and like its numbers.",
        "Because graphs in the news can fool you.",
    ),
    "RS": (
        "Because I want to read the same books as my sister.",
        "Because I want to understand the jokes in books.",
        "Because I want to compare the film and the book.",
    ),
    "RI": (
        "Because I read a lot but forget what it said.",
        "Because I want to find out if things on the internet are true.",
        "Because I want to read the news with my dad.",
    ),
    "WR": (
        "Because my stories are good in my head and short on paper.",
        "Because I get stuck after the first paragraph.",
        "Because I want to write a letter to the mayor.",
    ),
    "LA": (
        "Because I use the same five words all the time.",
        "Because the game rules I wrote confused my friends.",
        "Because I want to write song lyrics that mean something.",
    ),
    "SP": (
        "Because I am shy and have things to say.",
        "Because in debates I forget what I wanted to say.",
        "Because people did not understand my last talk.",
    ),
}  # fmt: skip

# {title} is the short title of the goal's standard.
REACHED = "{title} is Secure"
CRITERIA = {
    "M": (
        "3 problems solved and explained",
        "I taught it to a partner",
        "I solved one in two ways",
        "I made a problem of my own",
        "I did the exit ticket without a helper card",
        "I checked each answer with an estimate",
        "I found and fixed my own mistake",
        "I used it at home once",
        "I can say the steps without looking",
        "A drawing goes with each answer",
    ),
    "E": (
        "A partner could follow it",
        "I showed it in two texts",
        "I gave proof three times",
        "I read it aloud and fixed it",
        "I showed it to my group",
        "I answered one question about it",
        "I changed one thing after feedback",
        "I can say how I did it",
        "I used it in my own writing",
        "I wrote about it in my reading log four times",
    ),
}  # fmt: skip

# Small steps in the student's own words.
STEPS = {
    "M": (
        "Find my mistake on the last ticket",
        "Ask for help with the hard part",
        "Make a card with the steps",
        "Draw each one before I solve it",
        "Do two problems a day for a week",
        "Explain one to my partner",
        "Check each answer with an estimate",
        "Solve one in two ways",
        "Try it without the card",
        "Write a problem for my table",
        "Use it in something real",
        "Teach it to someone at home",
    ),
    "E": (
        "Look at an example that is finished",
        "Ask what the hard part is",
        "Make a plan with four boxes",
        "Do a first try and leave it for a day",
        "Read it aloud to a friend",
        "Mark the part that I am proud of",
        "Ask a partner what is unclear",
        "Change one thing after feedback",
        "Find one more example",
        "Do it again with a new text",
        "Explain it to my group",
        "Put it in the class folder",
    ),
}  # fmt: skip
