"""Cells of the entry grid: what is typed, what stands, and saving one or all without losing any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services import ledger
from assessments.services.errors import (
    AlreadyReplaced,
    NotAssessed,
    NotEnrolled,
    NotYetObserved,
    ResultsRefused,
    Tip,
)
from assessments.services.ledger import Appended, Entry, Kind
from assessments.services.results import LEVELS, observed_at, record_results
from lrm.rows import read
from profiles.access import TAUGHT
from profiles.models import Account

EXCUSED, NOT_SEEN = "x", "."

WHY = {
    NotEnrolled: lambda: _("Not on this class list on that day, so nothing was saved here."),
    NotAssessed: lambda: _("This assessment does not have that standard anymore. Load the page again."),
    NotYetObserved: lambda: _("The day of this assessment is still to come."),
}


COLUMNS = [field.attname for field in Assessment._meta.concrete_fields]
# Whose sections these are is said by the account's access, as SectionQuerySet.taught_by has it. Every cell that is
# typed asks this, and as a queryset it would take longer than the save.
OPEN = f"""
SELECT {", ".join(f"a.{column}" for column in COLUMNS)}
  FROM assessments_assessment a JOIN profiles_section s ON s.id = a.section_id
 WHERE a.id = %(pk)s AND s.district_id = %(district)s
   AND {TAUGHT}
"""


def open_assessment(account: Account, pk: int) -> Assessment | None:
    """The assessment where the account teaches its section today, else None. One statement."""
    rows = read(OPEN, pk=pk, **account.access.taught)
    return Assessment.from_db("default", COLUMNS, rows[0]) if rows else None


class CellRefused(ValueError):
    """What was typed is no score here; the message says what is."""


@dataclass(frozen=True)
class Typed:
    """One cell as it was typed: text, and the record that the writer saw there (None: empty)."""

    learner_id: int
    standard_id: int
    text: str
    replaces: int | None = None
    attempt: int = 1


@dataclass(frozen=True)
class Outcome:
    """What became of a typed cell.

    state: saved (id of the record in force; also where it stood already), conflict (theirs), refused (why).
    """

    typed: Typed
    state: str
    id: int | None = None
    theirs: Tip | None = None
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """What a cell of the grid shows: the newest attempt on it."""

    id: int
    text: str
    attempt: int
    kind: str
    at: datetime


def read_cells(assessment: Assessment, learner_ids: Sequence[int]) -> dict[tuple[int, int], Standing]:
    """(learner, standard) -> what stands there; cells that are empty are absent, cleared ones have text ""."""
    found: dict[tuple[int, int], Standing] = {}
    for (learner, standard, _item, attempt), (tip, _at) in ledger.tips(assessment, learner_ids).items():
        standing = found.get((learner, standard))
        if standing is None or standing.attempt < attempt:
            found[learner, standard] = Standing(tip.id, text_of(tip), attempt, tip.kind, tip.recorded_at)
    return found


def text_of(tip: Tip) -> str:
    """A record as it is typed: 3, 7.5, x, . or nothing."""
    if tip.kind == Kind.EXCUSED:
        return EXCUSED
    if tip.kind == Kind.NOT_SEEN:
        return NOT_SEEN
    return "" if tip.kind == Kind.CLEARED else text_of_points(tip.points)


def text_of_points(points: Decimal | None) -> str:
    """3, 7.5, or nothing for None."""
    return "" if points is None else f"{points.normalize():f}"


def parse(text: str, assessment: Assessment) -> tuple[str, Decimal | None]:
    """Kind and points of what was typed. Raises CellRefused."""
    text = text.strip().lower().replace(",", ".") if text.strip() != "." else NOT_SEEN
    if text in {"", EXCUSED, NOT_SEEN}:
        return {"": Kind.CLEARED, EXCUSED: Kind.EXCUSED, NOT_SEEN: Kind.NOT_SEEN}[text], None
    top = assessment.points_possible
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal("NaN")
    low, high = (Decimal(1), Decimal(LEVELS)) if top is None else (Decimal(0), top)
    exponent = points.as_tuple().exponent  # a letter for what is no finite number
    if not isinstance(exponent, int) or not low <= points <= high or exponent < -2:
        say = {"text": text[:20], "low": f"{low:f}", "high": f"{high.normalize():f}"}
        raise CellRefused(_("“%(text)s” is no score here. Type %(low)s to %(high)s, x or a full stop.") % say)
    return Kind.RESULT, points


def save_cells(*, assessment: Assessment, typed: Sequence[Typed], by: Account, source: str) -> list[Outcome]:
    """Save what can be saved and say of every cell what became of it, in the order typed.

    A cell in conflict or refused keeps the others from nothing.
    """
    outcomes: dict[int, Outcome] = {}
    waiting: dict[int, Entry] = {}
    for place, cell in enumerate(typed):
        try:
            kind, points = parse(cell.text, assessment)
        except CellRefused as refused:
            outcomes[place] = Outcome(cell, "refused", why=str(refused))
            continue
        waiting[place] = Entry(
            cell.learner_id,
            cell.standard_id,
            kind,
            points,
            observed_at(assessment.given_on),
            replaces=cell.replaces,
            attempt=cell.attempt,
        )
    appended: list[Appended] = []
    while waiting:
        try:
            appended = record_results(assessment=assessment, entries=list(waiting.values()), by=by, source=source)
            break
        except AlreadyReplaced as refused:
            for entry, tip in refused.conflicts:
                place = _place(waiting, entry)
                outcomes[place] = Outcome(typed[place], "conflict", theirs=tip)
                del waiting[place]
        except ResultsRefused as refused:
            for entry in refused.entries or list(waiting.values()):
                place = _place(waiting, entry)
                outcomes[place] = Outcome(typed[place], "refused", why=_why(refused))
                del waiting[place]
    ids = {row.entry.cell: row.id for row in appended}
    for place, entry in waiting.items():
        # Not appended means that it stood there already: sending twice equals once.
        outcomes[place] = Outcome(typed[place], "saved", id=ids.get(entry.cell))
    unknown = {outcome.typed.learner_id for outcome in outcomes.values() if outcome.state == "saved" and not outcome.id}
    if unknown:
        standing = ledger.tips(assessment, unknown)
        for place, outcome in outcomes.items():
            if outcome.state == "saved" and not outcome.id:
                outcomes[place] = stood_already(outcome, waiting[place], standing.get(waiting[place].cell, (None,))[0])
    return [outcomes[place] for place in range(len(typed))]


def stood_already(outcome: Outcome, entry: Entry, tip: Tip | None) -> Outcome:
    """What became of a cell that stood as it was typed.    tip: what stands there now, None where it is empty.

    Somebody may have replaced it since it was read: then their record is told, and never given out as this writer's,
    who would replace it unseen.
    """
    if tip is not None and not ledger.same(entry, tip):
        return Outcome(outcome.typed, "conflict", theirs=tip)
    return replace(outcome, id=tip.id if tip else None)


def _why(refused: ResultsRefused) -> str:
    return WHY.get(type(refused), lambda: _("This could not be saved. Load the page again and look."))()


def _place(waiting: dict[int, Entry], entry: Entry) -> int:
    return next(place for place, other in waiting.items() if other is entry or other.cell == entry.cell)
