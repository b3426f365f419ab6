"""A block of names out of a spreadsheet: read, compared with who is here, and put on a roster as one step."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lrm.grades import CODES
from profiles.models import Account, Enrollment, Learner, Roster, RosterAct
from profiles.services.roster_acts import acting

MOST, MOST_LETTERS = 200, 50_000
"""So many lines at once, and so long together; a class has fewer, and a school comes as a file."""
NEW, SKIP = "new", "skip"
HEADINGS = {
    "given_name": {"first name", "first", "given name", "givenname", "forename", "name"},
    "family_name": {"last name", "last", "family name", "familyname", "surname"},
    "key": {"id", "student id", "studentid", "sourcedid", "number", "student number"},
    "grade": {"grade", "grades", "grade level", "year"},
}
WITHOUT_HEADING = ("given_name", "family_name", "key", "grade")


@dataclass
class Line:
    """One line of the block. problem: why it cannot be taken, "" where it can. same: who it may be already.

    choice: NEW, SKIP, or the id of one of `same` as text.
    """

    number: int
    given_name: str = ""
    family_name: str = ""
    key: str = ""
    grade: str = ""
    problem: str = ""
    is_here: bool = False
    same: list[Learner] = field(default_factory=list)
    choice: str = NEW

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


def too_much(text: str) -> str:
    """Why a block is not read at all, "" where it is: a part of it would be lost."""
    if len(text) > MOST_LETTERS:
        said = _("This is too long for a list of names: %(n)s letters, and %(most)s go at once. Nothing was read.")
        return said % {"n": _grouped(len(text)), "most": _grouped(MOST_LETTERS)}
    count = sum(1 for line in _lines(text) if line.strip())
    if count > MOST + 1:  # one may be the heading
        said = _("There are %(n)s lines, and %(most)s go at once. Paste them in parts; nothing was read yet.")
        return said % {"n": _grouped(count), "most": MOST}
    return ""


def read_block(text: str) -> list[Line]:
    """The lines of a pasted block; empty ones are passed over.

    Columns are told by a heading where there is one; else first name, last name, ID, grade. One column holds
    "Last, First" or "First Last".
    """
    filled = [(number, line) for number, line in enumerate(_lines(text), start=1) if line.strip()]
    if not filled:
        return []
    mark = next((mark for mark in ("\t", ";") if any(mark in line for _number, line in filled)), None)
    cells = [(number, _cells(line, mark)) for number, line in filled]
    columns = _columns(cells[0][1])
    if columns:
        cells = cells[1:]
    return [_line(number, found, columns or WITHOUT_HEADING) for number, found in cells]


def compare(lines: Sequence[Line], *, roster: Roster, account: Account, on: date) -> None:
    """Say of each line who it may be already: learners of the roster's school, and those whom the account sees.

    Of other schools it is only said that an ID is taken.
    """
    good = [line for line in lines if not line.problem]
    families = {line.family_name for line in good} | {line.given_name for line in good}
    keys = {line.key for line in good if line.key}
    wanted = Q(key__in=keys)
    for name in families:
        wanted |= Q(family_name__iexact=name)
    near = Q(home_school=roster.school_id) | Q(pk__in=Learner.objects.visible_to(account))
    rows = list(Learner.objects.filter(near).filter(wanted).select_related("home_school").by_name())
    taken = set(Learner.objects.filter(key__in=keys).values_list("key", flat=True))
    here = set(Enrollment.objects.on(on).of_learners().filter(roster=roster).values_list("learner_id", flat=True))
    seen: dict[tuple[str, str, str], int] = {}
    keys_seen: dict[str, int] = {}
    for line in good:
        again = seen.setdefault((*_plain_name(line.given_name, line.family_name), line.key), line.number)
        owner = keys_seen.setdefault(line.key, line.number) if line.key else line.number
        if again != line.number or owner != line.number:
            said = _("the same as line %(number)s") if again != line.number else _("line %(number)s has this ID too")
            line.problem = said % {"number": min(again, owner)}
            line.choice = SKIP
            continue
        _find_same(line, rows, taken, here)


def add(
    lines: Sequence[Line], *, roster: Roster, by: Account, starts_on: date, uuid: UUID, choices: Mapping[int, str]
) -> RosterAct | None:
    """Put everybody on the roster, all or nothing; None where nobody had to be. Raises DoneAlready, NoFreeNumber.

    choices: line number -> NEW, SKIP or the id of one of its `same`; a choice that a line does not have is SKIP.
    """
    with acting(RosterAct.Kind.ADD, by=by, roster_ids=[roster.pk], uuid=uuid) as step:
        for line in lines:
            choice = choices.get(line.number, line.choice)
            learner = next((row for row in line.same if str(row.pk) == choice), None)
            if learner is None and (choice != NEW or line.problem):
                continue
            if learner is None:
                learner = Learner.objects.create(
                    district_id=roster.district_id,
                    home_school_id=roster.school_id,
                    given_name=line.given_name,
                    family_name=line.family_name,
                    grade=line.grade or roster.grade,
                    key=line.key or None,
                )
            elif learner.left_on is not None:
                step.change_learner(learner, left_on=None)
            step.enroll(roster_id=roster.pk, learner_id=learner.pk, starts_on=starts_on)
    return step.act if step.changes else None


def _grouped(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)


def _lines(text: str) -> list[str]:
    return text.replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cells(line: str, mark: str | None) -> list[str]:
    if mark is None:
        return [line.strip()]
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=mark))]
    except csv.Error:  # a cell longer than any name: the line is refused for that
        return [cell.strip() for cell in line.split(mark)]


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns where the first line is a heading, else ()."""
    words = [" ".join(cell.casefold().replace("_", " ").split()) for cell in cells]
    found = tuple(next((name for name, known in HEADINGS.items() if word in known), "") for word in words)
    return found if "family_name" in found or (len(found) == 1 and found[0] == "given_name") else ()


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    line = Line(number)
    for name, cell in zip(columns, cells, strict=False):
        if name:
            setattr(line, name, cell)
    if not line.family_name:
        last, comma, first = line.given_name.partition(",")
        if not comma:
            first, _space, last = line.given_name.rpartition(" ")
        line.given_name, line.family_name = first.strip(), last.strip()
    line.grade = _grade(line.grade)
    line.problem = _problem(line)
    if line.problem:
        line.choice = SKIP
    return line


def _problem(line: Line) -> str:
    if not line.given_name or not line.family_name:
        return _("a first and a last name are needed")
    if max(len(line.given_name), len(line.family_name)) > 100:
        return _("a name has at most 100 letters")
    if len(line.key) > 255:
        return _("an ID has at most 255 letters")
    if any(unicodedata.category(letter) == "Cc" for letter in line.name + line.key + line.grade):
        return _("there are signs in it that nobody can read")
    return ""


def _grade(text: str) -> str:
    """As CEDS codes it where it is one of these, else as it is written, 16 letters at most."""
    word = text.strip().upper().removeprefix("GRADE").strip()
    code = f"{int(word):02d}" if word.isdecimal() and len(word) < 3 else {"K": "KG"}.get(word, word)
    return code if code in CODES else text.strip()[:16]


def _find_same(line: Line, rows: Sequence[Learner], taken: set[str | None], here: set[int | None]) -> None:
    by_key = [row for row in rows if line.key and row.key == line.key]
    name = _plain_name(line.given_name, line.family_name)
    by_name = [
        row
        for row in rows
        if name in (_plain_name(row.given_name, row.family_name), _plain_name(row.preferred_name, row.family_name))
    ]
    line.same = by_key or by_name
    line.is_here = any(row.pk in here for row in line.same)
    if line.same:
        line.choice = str(line.same[0].pk)
    elif line.key in taken:
        line.problem = _("another student of the district has this ID; the office moves them")
        line.choice = SKIP


def _plain_name(given_name: str, family_name: str) -> tuple[str, str]:
    return given_name.casefold().strip(), family_name.casefold().strip()
