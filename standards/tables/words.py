"""What is wrong with a line of a table of standards, why, and what to do."""

from lrm.problems import Problem, Words, problem
from lrm.problems import noop as _

WORDS: Words = {
    "stray_quote": (_("A quotation mark stands where none may."), _("Double it, or put the whole cell in quotes.")),
    "unclosed_quote": (_("A quotation mark is never closed."), _("Close the cell, or save the file anew.")),
    "long_cell": (_("A cell is far longer than any statement."), _("A quotation mark is probably missing before it.")),
    "ragged": (_("The line has more cells than the heading."), _("Put cells that hold a comma in quotes.")),
    "empty": (_("This has to be filled in."), _("Fill it in, or take the line out.")),
    "twice": (
        _("Line %(first)s has the same."),
        _("Each standard has its own. Take one of the lines out, or rename it."),
    ),
    "no_parent": (
        _("No line of the file is called so."),
        _("Write it as on the line that is meant, or leave it empty for the top."),
    ),
    "parent_later": (_("The line that is meant comes further down."), _("Put groups before what stands in them.")),
    "many_parents": (
        _("Several lines are called so, the first is line %(first)s."),
        _("Write the identifier of the one that is meant."),
    ),
    "own_parent": (_("It would stand below itself."), _("Write the one above it, or leave it empty for the top.")),
    "not_one_of": (_("This is none of: %(known)s."), _("Write one of them.")),
    "not_a_number": (_("This is no number from %(least)s to %(most)s."), _("Write one with digits.")),
    "ratings": (_("Levels come in pairs: points, then words."), _("Write both of each, or neither.")),
}


class TableRefused(ValueError):
    """Nothing was read. problems: what is wrong, by line."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(f"{one.place}: {one.why} {one.fix}".strip() for one in problems[:20]))
        self.problems = problems


def at(code: str, line: int, field: str, value: str = "", **params: object) -> Problem:
    return problem(WORDS, code, line=line, field=field, value=value[:80], params=params)
