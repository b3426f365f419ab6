"""Group suggestions: made anew for every section whose mastery has changed, kept as one current board a section."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments.grouping import NO_GROUP, Conflict, weigh
from assessments.models import (
    GroupSuggestion,
    MarkFailure,
    SectionStandard,
    StaleMark,
    StaleSection,
    SuggestionFailure,
)
from assessments.services import board_trail
from assessments.services import suggestion_tries as tries
from assessments.services.board_facts import describe, wish_facts
from assessments.services.group_plans import Plan, plan_of, solve
from assessments.services.guarding import worth_a_thought
from assessments.services.outages import raise_outage
from lrm.scope import district_scope, unscoped
from profiles.models import Block, Section

log = structlog.get_logger()
MOST_SECTIONS = 50
LONGEST_WAIT = timedelta(seconds=1.5)
ADULTS = 2

DUE = f"""
  FROM assessments_stalesection m LEFT JOIN assessments_suggestionfailure f ON f.section_id = m.section_id
 WHERE m.due_at <= statement_timestamp() GROUP BY m.section_id, f.times, f.last_at
HAVING {tries.MAY_TRY}"""

TAKE = f"""
SELECT m.section_id, array_agg(m.id), coalesce(f.times, 0),
       max(m.due_at) <= statement_timestamp() - %(quiet)s * interval '1 second' AS is_still
{DUE}
   AND (max(m.due_at) <= statement_timestamp() - %(quiet)s * interval '1 second'
     OR min(m.due_at) <= statement_timestamp() - %(longest)s * interval '1 second')
 ORDER BY is_still DESC, min(m.due_at) LIMIT %(limit)s
"""

_outages: list[int] = []
"""Sections whose try the database broke off, to be taken back once it answers."""


def suggest_due(*, quiet: timedelta = timedelta(0), between: Callable[[], None] = lambda: None) -> int:
    """Make the suggestions of sections that are due; a section that another worker holds is left to it. One whose
    suggestion fails, or kills its process, is tried again in a while, and parked after five tries.

    quiet: a section whose last change is younger than this waits, LONGEST_WAIT at most: while results are typed, each
    would make the suggestion anew and hold up the next. Sections that are still go first, and a block that has taken
    LONGEST_WAIT leaves the others for the next one: under load the suggestions that wait are those that the next key
    would make worthless.
    between: called after each section, for work that must not wait until all suggestions are made.
    """
    while _outages:
        tries.take_back(_outages[-1])
        _outages.pop()
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE, {"quiet": quiet.total_seconds(), "longest": LONGEST_WAIT.total_seconds(), "limit": MOST_SECTIONS}
        )
        due = cursor.fetchall()
    done = 0
    started = time.monotonic()
    for section_id, marks, tried, is_still in due:
        if not is_still and time.monotonic() - started > LONGEST_WAIT.total_seconds():
            break
        if tries.begin(section_id, tried=tried):
            done += _try(section_id, marks)
        between()
    return done


def _try(section_id: int, marks: list[int]) -> bool:
    try:
        made = suggest_marked(section_id, marks)
        if not made:
            tries.take_back(section_id)
        return made
    except Exception as error:
        try:
            raise_outage(error)
            # One section must not hold up the others; its marks stay.
            tries.name_failure(section_id, type(error).__name__)
        except Exception:
            _outages.append(section_id)
            raise
        log.exception("suggestion_failed", section_id=section_id)
        return False


def suggest_marked(section_id: int, marks: list[int]) -> bool:
    """Work off the marks (ids) of a section. False: another worker has it in hand, or has done it meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({tries.LOCK})", {"section": section_id})
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("DELETE FROM assessments_stalesection WHERE id = ANY(%s)", [marks])
        if not cursor.rowcount:
            return False
        with unscoped("sections of one block may be of several districts"):
            section = Section.objects.select_related("roster", "district").filter(pk=section_id).first()
        if section is not None:
            with district_scope(section.district_id):
                refresh_suggestion(section)
        tries.forget(section_id)
    return True


def any_waits() -> bool:
    """Whether some section's suggestion is due still: its class was not quiet, or another worker has it in hand."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT {DUE})")
        return cursor.fetchone()[0]


def wait_for_suggestion(section: Section) -> None:
    """Until this transaction ends nobody else makes a suggestion for the section: there is one current board."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({tries.LOCK})", {"section": section.pk})


def is_due(section: Section) -> bool:
    """Whether results have come that the board does not know yet, and will. Nobody waits for what is parked."""
    learners = section.roster.enrollments.of_learners().on(timezone.localdate()).values("learner_id")
    now = timezone.now()
    parked = SuggestionFailure.objects.filter(section_id=OuterRef("section_id"), times__gte=tries.PARKED_AT)
    parked_pairs = MarkFailure.objects.filter(
        learner_id=OuterRef("learner_id"), subject_id=OuterRef("subject_id"), times__gte=tries.PARKED_AT
    )
    return (
        StaleSection.objects.filter(~Exists(parked), section_id=section.pk, due_at__lte=now).exists()
        or StaleMark.objects.filter(~Exists(parked_pairs), learner_id__in=learners, due_at__lte=now).exists()
    )


def refresh_suggestion(section: Section, *, settings: dict | None = None) -> GroupSuggestion | None:
    """Compute the current board of a section and store it; None where there is nothing to group by.

    settings: for a board where none stands; without them it goes on with those of the last one.

    Versions go on from board to board, so that a version names one state of one board of the section.
    """
    current = GroupSuggestion.objects.select_for_update().filter(section=section, state="current").first()
    last = current or GroupSuggestion.objects.filter(section=section).order_by("-version").first()
    if current is not None:
        settings = dict(current.settings)
    elif settings is None:
        settings = board_trail.kept_settings(settings_of_all(last.settings)) if last else first_settings(section)
    today = timezone.localdate(timezone=ZoneInfo(section.district.time_zone))
    board = make_board(section, settings, on=today, standing=current.board if current else None)
    if board is None:
        return current
    # New results make a new board: what was edited lives on as wishes, so the old steps cannot be undone into it.
    suggestion = current or GroupSuggestion(section=section, settings=settings)
    suggestion.version = last.version + 1 if last else 1
    suggestion.updated_at = timezone.now()
    suggestion.board = board_trail.followed(suggestion, board)
    suggestion.save()
    return suggestion


def make_board(section: Section, settings: dict, *, on: date, standing: dict | None = None) -> dict | None:
    """The board of a section under these settings, not stored; None where there is nothing to group by.

    settings: as plan_of reads them, and adults, and by_hand (counts and standards): nobody is placed but by a wish.
    again (learners, settings): the board is of these learners alone, and the settings are those of the whole class.
    standing: the board so far. A board holds: groups (letter, focus, levels (of the scale of the focus), purpose,
    reasons, adult, turn, readiness (mean, in 1e-6), members), own (members), unplaced (members), absent (learner ids),
    left_out (ids of those whom it is not about), broken (hard wishes that an edit breaks), thoughts (of guarding.py),
    last (the groups before it), counts, fit, alike; or conflict where the wishes cannot all hold, and stood (the groups
    until then).
    A member: learner, standard, level (0: no result), from, new, pinned, reasons; ids everywhere, no names.
    """
    by_hand = settings.get("by_hand") or {}
    plan = plan_of(section, settings | by_hand, on=on, board=standing)
    if plan is None:
        return None
    adults = int(settings.get("adults", ADULTS))
    if by_hand:
        return split_absent(_by_hand(plan, adults), settings)
    try:
        problem, found = solve(plan)
    except Conflict as conflict:
        return {
            "conflict": [wish_facts(wish, plan.needs) for wish in conflict.wishes],
            "learners": conflict.learners,
            "stood": (standing or {}).get("groups", (standing or {}).get("stood", [])),
        }
    board = split_absent(describe(plan.needs, problem, found, adults=adults, last=plan.last.said()), settings)
    # A board of a few is made of those who stayed: that they come again is its purpose.
    if "again" not in settings:
        board["thoughts"] = worth_a_thought(section, plan.needs, problem, found, on=on)
    return board


def first_settings(section: Section) -> dict:
    """Under which the first board of a section is made; those of a block say what was said when it was set up."""
    block = Block.objects.filter(section=section).first()
    if block is None:
        return {}
    adults = block.roster.enrollments.of_staff().on(timezone.localdate()).count()
    standards = SectionStandard.objects.filter(section=section).values_list("standard_id", flat=True)
    return {"hi": block.seats, "adults": adults, "standards": list(standards)}


def settings_of_all(settings: dict) -> dict:
    """The settings of the whole class: those of a board of a few are for that board alone."""
    return dict(settings.get("again", {}).get("settings", settings))


def split_absent(board: dict, settings: dict) -> dict:
    """The board with those whom it is not about told apart from those who are away."""
    if "again" not in settings:
        return board
    about = set(settings["again"]["learners"])
    away = [learner for learner in board["absent"] if learner in about]
    return board | {"absent": away, "left_out": [learner for learner in board["absent"] if learner not in about]}


def _by_hand(plan: Plan, adults: int) -> dict:
    """Only those whom a wish names are placed; the topics stay as they are, also of groups without anybody."""
    problem = plan.problem
    places = np.full(len(problem.p), NO_GROUP)
    for row, group in problem.pinned.items():
        if row not in problem.absent:
            places[row] = group
    found = weigh(problem, places)
    return describe(plan.needs, problem, found, adults=adults, last=plan.last.said(), kept=problem.topics)
