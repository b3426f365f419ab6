"""Titles of path steps by domain and kind, with the places where they are done.

Kinds are those of a step: read, watch, listen, make, talk, field, project.
"""

CHOOSE_HEADING = "Your own choice"
SCHOOL_PLACES = (
    ("Media center", "media"),
    ("Hall by the stairs", "hall"),
    ("School garden", "outdoors"),
    ("Home", "home"),
)
TEMPLATE = "Two weeks with numbers around us"
SHARED_TEMPLATE = "Numbers in the neighborhood"
STUDENTS_IDEA = ("Build a scale model of our street", "Then I can measure all day and use it for something.")

STEPS = {
    "NS": {
        "watch": ("Watch how a number grows ten times", "Watch a classmate explain the number line"),
        "read": ("Read the place-value page and mark two surprises", "Read three prices and say them aloud"),
        "make": ("Make a number line for your desk", "Make ten cards and put them in order"),
        "talk": ("Explain your estimate to a partner", "Ask three people how they round"),
        "listen": ("Listen to numbers and write them down",),
        "field": ("Find five big numbers around the school",),
        "project": ("Build a time line of your family with real numbers",),
    },
    "OP": {
        "watch": ("Watch two ways to do one calculation", "Watch the area picture being drawn"),
        "read": ("Read a worked example and cover the last line", "Read the story twice before you calculate"),
        "make": ("Make a problem whose answer is 144", "Make a helper card in your own words"),
        "talk": ("Teach your way to a partner", "Talk about what the left-over means"),
        "listen": ("Listen to a partner's steps and write them",),
        "field": ("Count rows and seats in the hall",),
        "project": ("Plan the snack order for the class",),
    },
    "FR": {
        "watch": ("Watch one loaf shared in three ways", "Watch strips being matched"),
        "read": ("Read two fraction stories and underline the question", "Read the page about equal parts"),
        "make": ("Fold strips for halves, thirds and fourths", "Write a fraction story from your kitchen"),
        "talk": ("Explain to a partner why the parts match", "Talk through your drawing before you solve"),
        "listen": ("Listen to a rhythm and write it in parts",),
        "field": ("Measure cups of sand at the tide table",),
        "project": ("Change a recipe for seven people",),
    },
    "RP": {
        "watch": ("Watch paint being mixed in equal ratios", "Watch how a price is compared"),
        "read": ("Read two labels and compare the price for one", "Read the ratio table and extend it"),
        "make": ("Make a double number line for your recipe", "Make a poster with three discounts"),
        "talk": ("Argue which offer is better", "Explain your table to a partner"),
        "listen": ("Listen to two beats and find their ratio",),
        "field": ("Time ten steps and find your speed",),
        "project": ("Plan a trip with a budget for four",),
    },
    "AL": {
        "watch": ("Watch a balance stay level", "Watch a line grow from a table"),
        "read": ("Read the graph like a sentence", "Read a solved equation and name each move"),
        "make": ("Make a secret-number puzzle", "Make a table, a rule and a graph for one story"),
        "talk": ("Say what each letter stands for", "Find your partner's mistake kindly"),
        "listen": ("Listen to a story and write its equation",),
        "field": ("Measure the ramp and find how steep it is",),
        "project": ("Compare two phone plans for your family",),
    },
    "ME": {
        "watch": ("Watch how a meter is divided", "Watch a box being packed with cubes"),
        "read": ("Read the bus timetable and plan a trip", "Read the scale in three tools"),
        "make": ("Make a paper box that holds 60 cubes", "Make a ruler from a strip"),
        "talk": ("Guess a length with a partner, then check", "Explain why the unit matters"),
        "listen": ("Listen for one minute with closed eyes, then check",),
        "field": ("Measure the garden beds",),
        "project": ("Plan a shelf for the reading corner",),
    },
    "GE": {
        "watch": ("Watch a shape turn and flip", "Watch how an angle opens"),
        "read": ("Read the map grid and find four places", "Read the shape cards and sort them"),
        "make": ("Make a tile pattern with symmetry", "Make a scale drawing of your room"),
        "talk": ("Describe a shape until your partner can draw it", "Explain why it is always true"),
        "listen": ("Listen and draw what is described",),
        "field": ("Photograph right angles around the school",),
        "project": ("Design a play house to scale",),
    },
    "DA": {
        "watch": ("Watch how a graph can mislead", "Watch a coin flipped a hundred times"),
        "read": ("Read a chart in the harbor report", "Read the axis first, then the line"),
        "make": ("Make a survey with one clear question", "Make two graphs of the same data"),
        "talk": ("Argue which average is fair", "Say what the data can't tell"),
        "listen": ("Listen to the weather report and note the numbers",),
        "field": ("Count birds at the salt marsh for ten minutes",),
        "project": ("Find out how students come to school",),
    },
    "RS": {
        "watch": ("Watch a scene without sound and guess the talk", "Watch how an actor reads one line"),
        "read": ("Read two chapters of a book you chose", "Read the scene again and mark proof"),
        "make": ("Draw the story as a map", "Make a card for each character"),
        "talk": ("Talk about a choice you would not make", "Ask a partner what the story is really about"),
        "listen": ("Listen to the chapter and stop where you wonder",),
        "field": ("Find a book in the library that fits a friend",),
        "project": ("Make a one-page comic of the theme",),
    },
    "RI": {
        "watch": ("Watch how a fact is checked", "Watch a short film about the marsh"),
        "read": ("Read the article and sum up each part", "Read a second text on your question"),
        "make": ("Make a fact sheet with three headings", "Make a question list before you read"),
        "talk": ("Explain one text in one minute", "Compare your summary with a partner's"),
        "listen": ("Listen to an interview and note two claims",),
        "field": ("Ask the librarian for a source you did not know",),
        "project": ("Write the guide to our harbor",),
    },
    "WR": {
        "watch": ("Watch a writer cut a paragraph", "Watch how a plan turns into a draft"),
        "read": ("Read a text of a classmate and find its point", "Read three openings and choose one"),
        "make": ("Fill a plan with four boxes", "Write a draft, then only the ending again"),
        "talk": ("Tell your text before you write it", "Ask a reader what is unclear"),
        "listen": ("Listen to your text read by someone else",),
        "field": ("Collect ten details at the dock",),
        "project": ("Write a letter that will really be sent",),
    },
    "LA": {
        "watch": ("Watch a sentence being taken apart", "Watch where the comma goes"),
        "read": ("Read a page and collect five new words", "Read your draft for verbs only"),
        "make": ("Make word cards with parts in two colors", "Make one long sentence from three"),
        "talk": ("Explain a saying from home", "Find the clearest of three words together"),
        "listen": ("Listen for sayings in a song",),
        "field": ("Photograph signs and fix one",),
        "project": ("Make a picture dictionary in two languages",),
    },
    "SP": {
        "watch": ("Watch a short talk and note how it begins", "Watch a debate and count the questions"),
        "read": ("Read your cards once, then put them away", "Read the talk rules and add one"),
        "make": ("Make one chart for your talk", "Record one minute and listen to it"),
        "talk": ("Lead a talk of four", "Practice with a partner who asks why"),
        "listen": ("Listen for five minutes and sum up",),
        "field": ("Interview a grown-up about work",),
        "project": ("Run a class meeting on a real question",),
    },
}  # fmt: skip

# The last step of a path: how the student shows it.
SHOWING = (
    "Show it on the exit ticket",
    "Show it to a partner who has not seen it",
    "Show your work to your teacher",
    "Put it on the wall and explain it",
    "Teach it to your table, 5 minutes",
)

# What students added to their path themselves.
OWN_IDEAS = (
    "Make a game of it for my sister",
    "Ask my uncle how he does it at work",
    "Do it with music",
    "Make one about my team",
    "Film myself explaining it",
    "Try it in my other language",
    "Find one in the newspaper",
    "Make a comic of the hard part",
)

PLACES = {
    "read": ("Media center", "Window table", "Home", "Hallway nook"),
    "watch": ("Media center", "Classroom", "Home"),
    "listen": ("Hallway nook", "Classroom"),
    "make": ("Makers' corner", "Classroom", "Round table"),
    "talk": ("Carpet", "Round table", "Hallway nook"),
    "field": ("Outdoors",),
    "project": ("Makers' corner", "Home"),
    "practise": ("Classroom",),
}

# Minutes that a step of a kind takes: shortest and longest.
MINUTES = {
    "read": (10, 25),
    "watch": (5, 15),
    "listen": (5, 15),
    "make": (15, 40),
    "talk": (5, 15),
    "field": (20, 45),
    "project": (45, 120),
}
