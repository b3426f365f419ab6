"""What a person looks at before anything changes, as plain values that can be kept with the file."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lrm.problems import Problem
from profiles.oneroster.package import Roster, Row
from profiles.services.roster_import.applying import summary_of
from profiles.services.roster_import.digest import digest_of
from profiles.services.roster_import.plan import CHANGED, NEW, SAME, Brake, RosterPlan

SHOWN_PROBLEMS = 50
SHOWN_CHANGES = 100
BY_NAME = frozenset({"column_order", "metadata_place", "metadata_name"})
WHOLE_FILE = frozenset({"unknown_file", "file_unexpected", "file_missing", "not_text", "no_heading"})
NOT_REPAIRABLE = frozenset({"cells", "stray_quote", "unclosed_quote", "long_cell", "column_missing", "column_twice"})
HEADINGS = (
    *("verdict", "file", "line", "who", "field", "value", "new value"),
    *("why", "what to do", "likely meant", "line as sent"),
)
_SAMPLES = 3


def preview_of(plan: RosterPlan) -> dict[str, Any]:
    """Strings, numbers, lists and dicts only, in the language of the moment. Holds names: it goes with the file."""
    blocking = plan.roster.blocking
    return {
        "digest": digest_of(plan),
        "version": plan.roster.version,
        "is_delta": bool(plan.roster.deltas),
        "line_count": plan.roster.line_count,
        "counts": summary_of(plan),
        "need_you": plan.need_you,
        "is_unchanged": plan.is_unchanged,
        "problems": [_place(problem) for problem in blocking[:SHOWN_PROBLEMS]],
        "problems_more": max(0, len(blocking) - SHOWN_PROBLEMS),
        "asks_order": any(problem.code == "slashed_date" for problem in blocking),
        "asks_by_name": any(problem.code in BY_NAME for problem in blocking),
        "notes": [_said(problem) for problem in plan.roster.problems if not problem.blocking][:SHOWN_PROBLEMS],
        "changes": [
            {
                "file": one.file,
                "line": one.line,
                "who": one.who,
                "label": str(one.label),
                "before": one.before,
                "after": one.after,
            }
            for one in plan.changes[:SHOWN_CHANGES]
        ],
        "changes_more": max(0, len(plan.changes) - SHOWN_CHANGES),
        "leaving": [{"what": one.what, "name": one.name} for one in plan.leaving[:SHOWN_CHANGES]],
        "leaving_more": max(0, len(plan.leaving) - SHOWN_CHANGES),
        "learner_ids": _learners_shown(plan),
        "brake": _brake(plan.brake or plan.largest_share),
        "brake_is_on": plan.brake is not None,
        "forms": forms_of(plan.roster),
    }


def forms_of(roster: Roster) -> list[dict[str, Any]]:
    """How files were read, those alike together: encoding, delimiter, how many, and words that show it where unsure."""
    alike = Counter(roster.forms.values())
    return [
        {
            "encoding": encoding,
            "delimiter": delimiter,
            "files": sorted(f"{name}.csv" for name, form in roster.forms.items() if form == (encoding, delimiter)),
            "samples": _samples(roster, (encoding, delimiter)) if encoding == "cp1252" else [],
        }
        for encoding, delimiter in sorted(alike)
    ]


def _samples(roster: Roster, form: tuple[str, str]) -> list[str]:
    """A few words with letters that another encoding would have made something else of."""
    found: list[str] = []
    for name, own in roster.forms.items():
        for row in roster[name] if own == form else ():
            for value in row.values.values():
                if isinstance(value, str) and not value.isascii() and value not in found:
                    found.append(value[:60])
                    if len(found) == _SAMPLES:
                        return found
    return found


def _said(problem: Problem) -> dict[str, Any]:
    return {
        "place": problem.place,
        "file": problem.file,
        "line": problem.line,
        "field": problem.field,
        "value": problem.value,
        "who": problem.who,
        "why": problem.why,
        "fix": problem.fix,
        "suggestion": problem.suggestion,
    }


def _place(problem: Problem) -> dict[str, Any]:
    """A problem with what can be done about it on the page."""
    has_cell = bool(problem.line and problem.line > 1 and problem.field)
    return _said(problem) | {
        "can_use": has_cell and problem.code not in NOT_REPAIRABLE,
        "can_leave_line": bool(problem.line and problem.line > 1 and problem.file != "manifest.csv"),
        "leaves_file": _whole_file(problem),
    }


def _whole_file(problem: Problem) -> str:
    """The file that could be left out as a whole to settle this, or ""."""
    if problem.code not in WHOLE_FILE:
        return ""
    return problem.who if problem.code == "file_missing" else problem.file


def _brake(brake: Brake | None) -> dict[str, Any] | None:
    if brake is None:
        return None
    return {
        "what": brake.what,
        "leaving": brake.leaving,
        "known": brake.known,
        "percent": brake.percent,
        "limit_percent": brake.limit_percent,
    }


def _learners_shown(plan: RosterPlan) -> list[int]:
    """Learners of the district whose data the page shows."""
    stored = plan.stored["learners"]
    shown = {stored[wish.key].pk for wish in plan.writes.get("learners", []) if wish.key in stored}
    return sorted(shown | {one.pk for one in plan.leaving if one.what == "learners"})


def report_rows(plan: RosterPlan) -> Iterator[list[Any]]:
    """Everything: what waits, what changes from what to what, what leaves, and every line that is new or the same."""
    for problem in plan.roster.blocking:
        cells = plan.roster.refused.get((problem.file, problem.line or 0), {})
        as_sent = "; ".join(f"{name}={cell}" for name, cell in cells.items() if cell)
        yield [
            *("refused", problem.file, problem.line or "", problem.who, problem.field, problem.value, ""),
            *(problem.why, problem.fix, problem.suggestion, as_sent),
        ]
    told = set()
    for change in plan.changes:
        told.add((change.file, change.line))
        yield [CHANGED, change.file, change.line, change.who, change.label, change.before, change.after, "", "", "", ""]
    for one in plan.leaving:
        yield ["leaving", "", "", one.name, one.what, one.key, "", "", "", "", ""]
    for rows in plan.roster.rows.values():
        for row in rows:
            verdict = plan.verdicts.of(row.file, row.line)
            if verdict in (NEW, SAME) or (verdict == CHANGED and (row.file, row.line) not in told):
                yield [verdict, row.file, row.line, _who(plan, row), "", "", "", "", "", "", ""]
    for problem in plan.roster.problems:
        if not problem.blocking:
            yield [
                *("note", problem.file, problem.line or "", problem.who, problem.field, problem.value, ""),
                *(problem.why, problem.fix, "", ""),
            ]


def _who(plan: RosterPlan, row: Row) -> str:
    person = row["userSourcedId"]
    if not person:
        return row.name
    return plan.person(person, is_learner=person in plan.wanted["learners"] or person in plan.stored["learners"])
