"""What a check-in shows, in words: a row for each student, what happened since, decisions, and their addresses."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.left_out_words import say_reasons
from assessments.receipt_words import join_methods
from lrm import days
from lrm.grades import grade_name
from paths.models import DataCheckIn, DataDecision
from paths.services.check_in_reading import CheckInRead, Decided, Row
from paths.services.check_in_since import Since
from profiles.models import Account, School

ALL, DECIDED, UNDECIDED, NO_GOAL, NO_RESULT, WAITS = "all", "decided", "undecided", "no_goal", "no_result", "waits"
RECENT = timedelta(days=28)
EVERYBODY = "all"
"""What stands in the place of a student's id where a decision is about all."""

COLUMNS: dict[str, Promise] = {
    "met": gettext_lazy("Standards met"),
    "since": gettext_lazy("Since the meeting"),
    "newest": gettext_lazy("Newest result"),
    "goals": gettext_lazy("Goals"),
    "checked": gettext_lazy("Last word on a goal"),
    "supports": gettext_lazy("Supports"),
    "waits": gettext_lazy("Waits for somebody"),
    "talked": gettext_lazy("Last talk together"),
}
USUAL = ["met", "since", "newest", "goals", "supports", "waits"]
"""Columns of a new check-in."""
SORTS = ("name", "met", "newest", "waits", "decisions")


@dataclass(frozen=True)
class Looked:
    """How the grid is looked at: which rows, in which order. Both are of the address, and not saved."""

    check_in: DataCheckIn
    show: str = ALL
    sort: str = "name"

    @property
    def query(self) -> str:
        """With its "?"; "" where both are as they come."""
        return self._query({})

    def query_at(self, at: object) -> str:
        """The same with who stands open beside the grid."""
        return self._query({"at": at})

    def to(self, route: str = "data_check_in", **changes: object) -> str:
        """The address, changed in places; an empty value leaves a choice out."""
        return reverse(route, args=[self.check_in.uuid]) + self._query(changes)

    def _query(self, changes: Mapping[str, object]) -> str:
        looked: dict[str, object] = {"show": self.show if self.show != ALL else ""}
        looked["sort"] = self.sort if self.sort != "name" else ""
        chosen = {name: value for name, value in (looked | dict(changes)).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def read_looked(check_in: DataCheckIn, query: Mapping[str, str]) -> Looked:
    """From ?show, ?sort; what is not known is as it comes."""
    show, sort = query.get("show", ""), query.get("sort", "")
    return Looked(check_in, show if show in SHOWS else ALL, sort if sort in SORTS else "name")


SHOWS: dict[str, tuple[Promise, Callable[[Row, date], bool]]] = {
    ALL: (gettext_lazy("All"), lambda row, today: True),
    DECIDED: (gettext_lazy("Something decided"), lambda row, today: bool(row.decisions)),
    UNDECIDED: (gettext_lazy("Nothing decided"), lambda row, today: not row.decisions),
    NO_GOAL: (gettext_lazy("No goal now"), lambda row, today: not row.facts.goals),
    NO_RESULT: (
        gettext_lazy("No result for four weeks"),
        lambda row, today: row.facts.newest is None or days.day_of(row.facts.newest) < today - RECENT,
    ),
    WAITS: (gettext_lazy("Waits for somebody"), lambda row, today: bool(row.facts.waits)),
}


def tabs(looked: Looked, rows: Sequence[Row], today: date) -> list[dict]:
    found = []
    for show, (name, keeps) in SHOWS.items():
        n = sum(keeps(row, today) for row in rows)
        url = looked.to(show="" if show == ALL else show)
        found.append({"name": name, "n": n, "url": url, "current": show == looked.show})
    return found


def shown(looked: Looked, rows: Sequence[Row], today: date) -> list[Row]:
    keeps = SHOWS[looked.show][1]
    kept = [row for row in rows if keeps(row, today)]
    keys: dict[str, Callable[[Row], Any]] = {
        "met": lambda row: row.facts.met / row.facts.seen if row.facts.seen else 2,
        "newest": lambda row: row.facts.newest.timestamp() if row.facts.newest else 0,
        "waits": lambda row: -row.facts.waits,
        "decisions": lambda row: -row.open,
    }
    return sorted(kept, key=keys[looked.sort]) if looked.sort in keys else kept


def headings(looked: Looked, columns: Iterable[str]) -> list[dict]:
    """[{key, name, url, sorted}] of the chosen columns; url: where the table sorts by it, "" where it does not."""
    return [heading(looked, key, str(COLUMNS[key])) for key in columns if key in COLUMNS]


def heading(looked: Looked, key: str, name: str) -> dict:
    url = looked.to(sort="" if key == "name" else key) if key in SORTS else ""
    descending = key in ("waits", "decisions")
    order = ("descending" if descending else "ascending") if looked.sort == key else ""
    return {"key": key, "name": name, "url": url, "sorted": order}


def cells(row: Row, columns: Iterable[str]) -> list[dict]:
    """[{key, name, text, hint}] of the chosen columns; text "" where there is nothing."""
    return [{"key": key, "name": COLUMNS[key], "text": CELLS[key](row)} for key in columns if key in COLUMNS]


def draw_rows(looked: Looked, rows: Sequence[Row], columns: Sequence[str], *, at: str, today: date) -> list[dict]:
    """Those that are looked at, in their order. at: the student who stands open."""
    return [
        {
            "row": row,
            "learner": row.facts.learner,
            "under": say_row(row),
            "cells": cells(row, columns),
            "decided": say_count(row),
            "url": looked.to(at=row.facts.learner.pk),
            "is_open": at == str(row.facts.learner.pk),
        }
        for row in shown(looked, rows, today)
    ]


def say_count(row: Row) -> str:
    """ "2 open", "1 done", "" without any."""
    still, n = row.open, len(row.decisions)
    if still:
        return _("%(n)s open") % {"n": still}
    return _("%(n)s done") % {"n": n} if n else ""


def say_decision(decision: DataDecision) -> str:
    """In a file: what, who, until when, whether it is done."""
    said = [decision.text, decision.owner.name if decision.owner else ""]
    if decision.due_on:
        said.append(_("until %(day)s") % {"day": decision.due_on.isoformat()})
    said.append(_("done") if decision.done_at else _("open"))
    return ", ".join(part for part in said if part)


def _met(row: Row) -> str:
    facts = row.facts
    said = _("%(n)s of %(of)s") % {"n": facts.met, "of": facts.seen} if facts.seen else _("not yet assessed")
    if row.then and row.then != (facts.met, facts.seen):
        said = _("%(now)s, was %(n)s of %(of)s") % {"now": said, "n": row.then[0], "of": row.then[1]}
    return said


def _goals(row: Row) -> str:
    facts = row.facts
    if not facts.goals:
        return ""
    if facts.due:
        return _("%(n)s, next %(day)s") % {"n": facts.goals, "day": days.said_short(facts.due)}
    return str(facts.goals)


def _waits(row: Row) -> str:
    facts = row.facts
    said = []
    if n := facts.to_review:
        said.append(ngettext("%(n)s goal to review", "%(n)s goals to review", n) % {"n": n})
    if n := facts.tries:
        said.append(ngettext("wants to try %(n)s standard again", "wants to try %(n)s standards again", n) % {"n": n})
    if n := facts.stuck:
        said.append(ngettext("%(n)s path could use a look", "%(n)s paths could use a look", n) % {"n": n})
    return " · ".join(said)


CELLS: dict[str, Callable[[Row], str]] = {
    "met": _met,
    "since": lambda row: say_since(row.since, short=True),
    "newest": lambda row: days.said_short(row.facts.newest),
    "goals": _goals,
    "checked": lambda row: days.said_short(row.facts.checked),
    "supports": lambda row: row.facts.supports,
    "waits": _waits,
    "talked": lambda row: days.said_short(row.facts.met_at),
}


def say_since(since: Since, *, short: bool = False) -> str:
    """What happened, in a line; "" for nothing. short: levels and results alone."""
    levels = [
        (since.up, ngettext("%(n)s standard up", "%(n)s standards up", since.up)),
        (since.down, ngettext("%(n)s down", "%(n)s down", since.down)),
        (since.first, ngettext("%(n)s first assessed", "%(n)s first assessed", since.first)),
        (since.results, ngettext("%(n)s result", "%(n)s results", since.results)),
    ]
    others = [
        (since.written, ngettext("%(n)s goal written", "%(n)s goals written", since.written)),
        (since.reviewed, ngettext("%(n)s goal review", "%(n)s goal reviews", since.reviewed)),
        (since.reached, ngettext("%(n)s goal reached", "%(n)s goals reached", since.reached)),
        (since.checked, ngettext("%(n)s word on a goal", "%(n)s words on goals", since.checked)),
        (since.supports, ngettext("%(n)s support began", "%(n)s supports began", since.supports)),
        (since.groups, ngettext("in %(n)s group", "in %(n)s groups", since.groups)),
        (since.talks, ngettext("%(n)s talk together", "%(n)s talks together", since.talks)),
    ]
    counted = levels if short else levels + others
    return " · ".join(words % {"n": n} for n, words in counted if n)


@dataclass(frozen=True)
class DecisionLine:
    """url: opens it beside the grid.    since: what happened, "" for nothing yet.    may_change: by the reader."""

    decided: Decided
    who: str
    about: str
    url: str
    since: str
    may_change: bool

    @property
    def decision(self) -> DataDecision:
        return self.decided.decision

    @property
    def is_open(self) -> bool:
        return self.decided.is_open


def draw_decision(looked: Looked, decided: Decided, account: Account) -> DecisionLine:
    decision = decided.decision
    mine = {decision.by_id, decision.owner_id, looked.check_in.owner_id}
    return DecisionLine(
        decided=decided,
        who=decision.owner.name if decision.owner else _("somebody who has left"),
        about=decision.learner.name if decision.learner else _("Everybody here"),
        url=looked.to(at=at_of(decision)),
        since=say_since(decided.since) if decided.since else "",
        may_change=account.pk in mine,
    )


def at_of(decision: DataDecision) -> str:
    """Under which ?at= a decision stands."""
    return str(decision.learner_id or EVERYBODY)


def say_row(row: Row) -> str:
    """Grade and classes, beneath a student's name."""
    return " · ".join(part for part in (grade_name(row.facts.learner.grade), row.facts.classes) if part)


def say_moves(moves: Iterable[Any], word: Callable[[int, int | None], str]) -> list[dict]:
    """[{label, title, before, now, went}] of the panel. word: of a framework and a level."""
    return [
        {
            "label": row.code or row.title or row.statement,
            "before": word(row.framework_id, row.before) or _("no result"),
            "now": word(row.framework_id, row.now),
            "went": "up" if row.before is None or row.now > row.before else "down",
        }
        for row in moves
    ]


def say_then(found: CheckInRead) -> list[str]:
    """Sentences about the day of the meeting; [] where nothing of it is stored."""
    if found.then is None or found.is_wide:
        return []
    then, rows = found.then, {row.facts.learner.pk for row in found.rows}
    n, new = len(then.members), len(rows - then.members.keys())
    lines = [ngettext("%(n)s student was in it then.", "%(n)s students were in it then.", n) % {"n": n}]
    if then.seen:
        met = _("Standards met then, all students together: %(met)s of %(seen)s.")
        lines.append(met % {"seen": then.seen, "met": then.met})
    if then.gone:
        names = ", ".join(learner.name for learner in then.gone)
        lines.append(_("Not in it any more, and in no figure above: %(names)s.") % {"names": names})
    if new:
        lines.append(ngettext("%(n)s has come since.", "%(n)s have come since.", new) % {"n": new})
    return lines


def say_left_out(found: CheckInRead) -> dict[str, Any]:
    """Of "standards met": standards with a record and no level, why, and students without any level."""
    without = sum((row.facts.without for row in found.rows), Counter())
    nobody = sum(not row.facts.seen for row in found.rows)
    return {"n": without.total(), "reasons": say_reasons(without), "students": nobody}


def say_methods(found: CheckInRead, today: date) -> str:
    """How the levels behind "standards met" came about; "" without any."""
    ids = {framework for row in found.rows for framework in row.facts.frameworks}
    named = sorted((found.frameworks[framework], framework) for framework in ids)
    here = {row.facts.learner.home_school_id for row in found.rows}
    names: dict[int, str] = dict.fromkeys(here, "")
    if found.policies.schools & here:
        names |= dict(School.objects.filter(pk__in=here).order_by("name").values_list("pk", "name"))
    return join_methods((title, found.policies.mixed(framework, today, names)) for title, framework in named)


def figures(found: CheckInRead) -> list[dict]:
    """Above the grid: each is a count of what stands below."""
    moved = sum((row.since for row in found.rows), Since())
    still = sum(each.is_open for each in found.decided)
    return [
        {"name": ngettext("student", "students", len(found.rows)), "value": len(found.rows)},
        {"name": _("decisions open"), "value": still},
        {"name": _("decisions done"), "value": len(found.decided) - still},
        {"name": _("results since"), "value": moved.results},
        {"name": _("standards up since"), "value": moved.up},
        {"name": _("standards down since"), "value": moved.down},
    ]
