"""Why a line of a results file stops, and what to do about it."""

from functools import partial

from lrm.problems import Words, problem
from lrm.problems import noop as _

_HERE = _("Correct the line and choose the file again.")
_ONE = _("Write the points under “score” or the level under “level”.")
WORDS: Words = {
    "not_text": (_("The file is not text."), _("Save it as CSV, not as a workbook.")),
    "empty": (_("The file has no lines."), _("Choose the file with the results.")),
    "too_long": (_("The file has more than %(limit)s lines."), _("Split it and import the parts one after another.")),
    "column_missing": (_("There is no such column in the heading."), _("Name it in the first line.")),
    "column_twice": (_("Two columns mean the same: %(names)s."), _("Leave one of them out.")),
    "no_score_column": (
        _("There is neither a “score” nor a “level” column."),
        _("Name one of them in the first line."),
    ),
    "own_columns": (_("These columns were not read."), _("Nothing needs to be done.")),
    "stray_quote": (_("A quotation mark stands in the middle of a cell, so the cells cannot be told apart."), _HERE),
    "unclosed_quote": (_("A quotation mark opens here and never closes."), _HERE),
    "long_cell": (_("A cell is longer than it can be."), _HERE),
    "cells": (_("The line has %(found)s cells where the heading has %(expected)s."), _HERE),
    "missing": (_("The value is needed and empty."), _HERE),
    "too_wide": (_("The text has more than %(limit)s characters."), _HERE),
    "decimal": (_("This is a number, like 3 or 2.5."), _HERE),
    "negative": (_("Points are not below zero."), _HERE),
    "over": (_("There are only %(possible)s points to have."), _HERE),
    "not_possible": (_("The points to have are more than zero."), _HERE),
    "level": (_("A level is a whole number from 1 on."), _HERE),
    "score_and_level": (_("The line has both points and a level."), _ONE),
    "neither": (
        _("The line has neither points nor a level. A zero counts; an empty cell is not a zero."),
        _("Write the result, or “yes” under “excused”."),
    ),
    "excused_and_scored": (_("The line is excused and has a result."), _("Leave one of them out.")),
    "possible_missing": (_("Points need the points to have beside them."), _("Write them under “possible”.")),
    "boolean": (_("This is yes or no."), _HERE),
    "kind": (_("One of these is meant: pre, formative, observation, summative, reassessment."), _HERE),
    "attempt": (_("A try is a whole number from 1 to 999."), _HERE),
    "not_a_date": (_("A date is written 2026-11-22, a moment 2026-11-22T08:30."), _HERE),
    "slashed_date": (
        _("Which comes first, the day or the month?"),
        _("Say so for the whole file, or write 2026-11-22."),
    ),
    "no_such_month": (_("There is no month %(number)s. Day and month look swapped."), _HERE),
    "no_such_day": (_("That month has no day %(number)s."), _HERE),
    "in_future": (_("This day has not come yet."), _HERE),
    "twice": (
        _("Line %(first)s has the same student, standard, assessment and day."),
        _("Leave one out, or number the tries under “attempt” or the questions under “item”."),
    ),
    "kinds_differ": (_("Line %(first)s gives the same assessment another kind: %(kind)s."), _HERE),
    "scales_differ": (
        _("Line %(first)s gives the same assessment another scale: %(scale)s."),
        _("One assessment has one scale; give one of the two another title."),
    ),
    # Against the section
    "scale_stands": (
        _("This assessment is here already, and its scale is %(scale)s."),
        _("Give the assessment another title, or correct the scale."),
    ),
    "nobody": (_("No student of this class has this id or address."), _("Check the id, or add the student first.")),
    "not_then": (_("%(who)s was not in this class on that day."), _("Check the date, or the class list.")),
    "no_standard": (_("No standard has this code."), _("Check the code, or import its framework first.")),
    "not_assessed": (_("The assessment does not have this standard."), _("Add the standard to the assessment first.")),
    "many_standards": (
        _("%(count)s standards have this code: %(frameworks)s."),
        _("Write the identifier (UUID) of the one that is meant."),
    ),
    "level_over": (_("Levels here go up to %(top)s."), _HERE),
    "recorded_differently": (
        _("Another result is recorded for this already: %(recorded)s."),
        _("Correct it in the entry grid."),
    ),
}
row_problem = partial(problem, WORDS)
