"""What each level looks like, in four sentences: by standard for grade 5, by domain for the rest.

Each tuple runs from level 1 to level 4. `sentences(code)` is the one way in.
"""

_BY_STANDARD = {
    "M5.NS.1": (
        "Reads the digits one by one, as if there were no point.",
        "Names tenths and hundredths; thousandths change places.",
        "Reads, writes and builds decimals and says what each digit is worth.",
        "Also writes one decimal in several ways and explains why they are equal.",
    ),
    "M5.NS.2": (
        "Takes the longer decimal for the greater one.",
        "Orders decimals of the same length; mixed lengths need a chart.",
        "Orders and rounds decimals and says which place decided.",
        "Also chooses how far to round for a purpose and defends it.",
    ),
    "M5.OP.1": (
        "Lines up the last digits, so that places get mixed.",
        "Lines up the places; the answer is not checked by size.",
        "Adds and subtracts to hundredths and checks with an estimate.",
        "Also finds a shorter way in the head and says when it helps.",
    ),
    "M5.OP.2": (
        "Multiplies single digits and leaves out the zeros.",
        "Finds the partial products; one of them slips a place.",
        "Multiplies with a written method and explains each line.",
        "Also breaks numbers apart in a new way and compares the work.",
    ),
    "M5.FR.1": (
        "Changes only one number of the fraction.",
        "Finds equal fractions with strips, not yet the shared part.",
        "Rewrites both fractions with the same size of parts.",
        "Also finds the largest part that fits both and says why.",
    ),
    "M5.FR.2": (
        "Adds numerators and denominators straight across.",
        "Makes the parts equal, then loses track in mixed numbers.",
        "Adds and subtracts unlike fractions, mixed numbers too.",
        "Also checks by estimating, or solves it a second way.",
    ),
    "M5.FR.3": (
        "Takes the numbers from the story and adds them.",
        "Draws the story; the operation does not match the drawing yet.",
        "Chooses the operation, solves, and answers in the story's words.",
        "Also writes a story for a given operation and tests it on a partner.",
    ),
    "M5.FR.4": (
        "Shades two parts without seeing where they overlap.",
        "Draws the area; counts the parts with help.",
        "Multiplies and shows the product as an area.",
        "Also tells before multiplying whether the product grows or shrinks.",
    ),
    "M5.FR.5": (
        "Divides as if both numbers were whole.",
        "Draws the sharing; does not yet name the new part.",
        "Divides unit fractions and whole numbers with a fitting picture.",
        "Also connects the division to a multiplication and explains both.",
    ),
    "M5.ME.1": (
        "Changes the unit's name and keeps the number.",
        "Multiplies or divides, not always the right one.",
        "Changes units inside a problem with several steps.",
        "Also chooses the unit that makes the problem simple.",
    ),
    "M5.ME.2": (
        "Counts the cubes that can be seen.",
        "Counts one layer and needs help for all layers.",
        "Finds the volume by packing and by multiplying.",
        "Also splits a larger solid in two ways and compares.",
    ),
    "M5.GE.1": (
        "Swaps the two numbers of a point.",
        "Plots points; reading a situation from them needs help.",
        "Plots points and says what they tell about the situation.",
        "Also finds the rule that the points follow and the next one.",
    ),
    "E5.RS.1": (
        "Says an opinion without words from the text.",
        "Quotes, and the quote fits only in part.",
        "Quotes words that support what is said and suggested.",
        "Also weighs two quotes and says which is stronger.",
    ),
    "E5.RS.2": (
        "Describes one character.",
        "Describes both, one after the other.",
        "Compares the two with details from the text.",
        "Also explains how the difference moves the story.",
    ),
    "E5.RI.1": (
        "Names the topic.",
        "Names one main idea with a detail.",
        "Finds two or more main ideas, each with its details.",
        "Also says how the ideas lean on each other.",
    ),
    "E5.RI.2": (
        "Uses one of the two texts.",
        "Takes facts from both and keeps them apart.",
        "Puts both texts together to answer one question.",
        "Also notes where they disagree and what to trust.",
    ),
    "E5.WR.1": (
        "States an opinion.",
        "Gives reasons in a list.",
        "Groups reasons in paragraphs and returns to the point.",
        "Also answers what a reader may object.",
    ),
    "E5.WR.2": (
        "Writes facts in the order they were found.",
        "Groups facts; the links between groups are open.",
        "Explains with facts, definitions and linking words.",
        "Also chooses an order that makes a hard part easy.",
    ),
    "E5.LA.1": (
        "Changes tense from line to line.",
        "Keeps the tense in a sentence, not in the text.",
        "Keeps tenses steady and shows the order of events.",
        "Also shifts tense on purpose for an effect.",
    ),
    "E5.LA.2": (
        "Reads the words literally.",
        "Knows it is a figure of speech; meaning comes with help.",
        "Explains the figure in its place.",
        "Also invents one and says what it adds.",
    ),
    "E5.SP.1": (
        "Speaks when asked.",
        "Takes a role; leaves the topic now and then.",
        "Keeps the role and the topic and sums up the talk.",
        "Also draws quiet members in and links their ideas.",
    ),
    "E5.SP.2": (
        "Reads from the paper.",
        "Presents; the picture and the words do not meet yet.",
        "Presents with a picture or chart that helps listeners.",
        "Also answers questions with more from the findings.",
    ),
}  # fmt: skip

_BY_DOMAIN = {
    "NS": (
        "Works with digits, not yet with their worth.",
        "Uses the idea with a chart or a number line.",
        "Uses the idea without help and says why it holds.",
        "Also uses it in a new place and checks a second way.",
    ),
    "OP": (
        "Begins a method and stops part of the way.",
        "Follows the method with a model; steps slip.",
        "Solves, explains each step and checks with an estimate.",
        "Also chooses between methods and says when each helps.",
    ),
    "FR": (
        "Sees the two numbers of a fraction as separate.",
        "Solves with strips or drawings.",
        "Solves and shows how the parts fit the whole.",
        "Also solves a second way, or makes a story that fits.",
    ),
    "RP": (
        "Adds where the amounts grow by multiplying.",
        "Extends a given table.",
        "Finds the rate or percent and explains its meaning.",
        "Also compares two situations and defends a choice.",
    ),
    "AL": (
        "Reads letters as labels.",
        "Solves by trying numbers.",
        "Sets up and solves, and checks in the situation.",
        "Also tells for which numbers it is always true.",
    ),
    "ME": (
        "Gives a number without its unit.",
        "Measures or calculates one step.",
        "Solves with the right unit and checks the size.",
        "Also plans a measurement of its own.",
    ),
    "GE": (
        "Goes by the look of the shape.",
        "Names some of its properties.",
        "Uses properties to solve and explain.",
        "Also argues why it is so for every such shape.",
    ),
    "DA": (
        "Reads single values.",
        "Draws the graph; the question stays open.",
        "Answers the question with the data.",
        "Also says what the data cannot tell.",
    ),
    "RS": (
        "Tells parts of the story.",
        "Gives an idea with a detail that fits in part.",
        "Supports the idea with details from the text.",
        "Also sees a second reading and weighs it.",
    ),
    "RI": (
        "Names the topic and a fact.",
        "Finds the idea with a helping question.",
        "Finds the ideas and the details that carry them.",
        "Also judges how well the text makes its point.",
    ),
    "WR": (
        "Writes down ideas in the order they come.",
        "Follows a plan in parts.",
        "Writes a clear text that keeps to its point.",
        "Also shapes it for a reader and for an effect.",
    ),
    "LA": (
        "Uses the form now and then.",
        "Uses the form in exercises.",
        "Uses the form in own writing and speech.",
        "Also plays with the form and says what it does.",
    ),
    "SP": (
        "Takes part when asked.",
        "Takes part; the order or the topic gets lost.",
        "Speaks and listens so that the talk moves on.",
        "Also brings the ideas of others together.",
    ),
}  # fmt: skip


def sentences(code):
    """The four sentences for a standard of the demo frameworks, level 1 first.

    code: such as "M5.FR.2". A standard without sentences of its own has its domain's. Raises KeyError: unknown domain.
    """
    return _BY_STANDARD.get(code) or _BY_DOMAIN[code.split(".")[1]]
