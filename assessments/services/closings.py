"""Groups that are over: what became of their members, worked out when asked; closing by hand, and taking that back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments.grouping.closing import LOWER, OUTCOMES, STAYED, Closing, close
from assessments.mastery.scale import Scale
from assessments.models import Group
from assessments.services.group_starts import LAST_RESULTS, mean_score
from assessments.services.matches import EDGES
from assessments.services.own_paths import read_past_own
from assessments.services.policies import Policies
from assessments.services.telling import tell_of_groups
from lrm.rows import read
from profiles.models import Account, Section
from profiles.models.webhook import Event

WATCHED_DAYS = 28
"""Results up to so many days after the last day of a group count for it: what comes later is other teaching."""
MICRO = 1_000_000

# Since the start: seen on a later day than the first, or on that day by an assessment that was made after acceptance.
# So neither the ticket that led to the group counts, nor a line of it that is typed in afterwards.
# A start that was not kept is read from the history: the level at the end of the day of acceptance.
# Of whoever objects to what a machine works out, nothing was to be expected.
MEMBERS = """
WITH RECURSIVE watched AS (
  SELECT g.id, g.focus_id, g.created_at, g.section_id, s.roster_id,
         greatest(g.starts_on, (g.created_at AT TIME ZONE %(zone)s)::date) AS first_day,
         (g.created_at AT TIME ZONE %(zone)s)::date AS accepted_on,
         least(%(today)s, least(g.ends_on, (g.closed_at AT TIME ZONE %(zone)s)::date) + %(days)s::int) AS last_day
    FROM assessments_group g JOIN profiles_section s ON s.id = g.section_id
   WHERE g.id = ANY(%(groups)s)),
{twins}
SELECT w.id AS group_id, m.learner_id,
       coalesce(nullif(l.preferred_name, ''), l.given_name) AS first_name, l.family_name, l.home_school_id,
       m.first_mean_micro,
       CASE WHEN NOT EXISTS (SELECT FROM profiles_objection o WHERE o.learner_id = m.learner_id AND o.ended_at IS NULL)
            THEN m.expected_micro END AS expected_micro,
       CASE WHEN m.expected_micro IS NOT NULL OR m.start_level IS NOT NULL THEN m.start_level
            ELSE (SELECT d.shown_level FROM assessments_masteryday d
                   WHERE d.learner_id = m.learner_id AND d.standard_id = w.focus_id AND d.day <= w.accepted_on
                   ORDER BY d.day DESC LIMIT 1) END AS level_then,
       CASE WHEN w.last_day >= %(today)s
            THEN (SELECT x.shown_level FROM assessments_mastery x
                   WHERE x.learner_id = m.learner_id AND x.standard_id = w.focus_id)
            ELSE (SELECT d.shown_level FROM assessments_masteryday d
                   WHERE d.learner_id = m.learner_id AND d.standard_id = w.focus_id AND d.day <= w.last_day
                   ORDER BY d.day DESC LIMIT 1) END AS level_now,
       since.results, coalesce(since.is_set, false) AS is_set,
       EXISTS (SELECT FROM assessments_groupmember o JOIN assessments_group b ON b.id = o.group_id
                WHERE o.learner_id = m.learner_id AND b.section_id = w.section_id AND b.id <> w.id
                  AND b.closed_at IS NULL AND b.ends_on > %(today)s)
       OR EXISTS (SELECT FROM assessments_ownpath o
                   WHERE o.learner_id = m.learner_id AND o.section_id = w.section_id
                     AND o.closed_at IS NULL AND o.ends_on > %(today)s) AS is_busy
  FROM watched w
  JOIN assessments_groupmember m ON m.group_id = w.id
  JOIN profiles_learner l ON l.id = m.learner_id
 CROSS JOIN LATERAL (
       SELECT json_agg(json_build_array(e.points::float8, e.possible::float8) ORDER BY e.observed_at, e.id)
                  FILTER (WHERE e.kind = 'result' AND e.points IS NOT NULL) AS results,
              bool_or(e.kind = 'set') AS is_set
         FROM assessments_evidence e LEFT JOIN assessments_assessment a ON a.id = e.assessment_id
        WHERE e.learner_id = m.learner_id
          AND e.standard_id = ANY(ARRAY(SELECT t.standard FROM twins t WHERE t.focus = w.focus_id))
          AND (e.kind = 'result' OR e.kind = 'set' AND e.standard_id = w.focus_id)
          AND (e.observed_at AT TIME ZONE %(zone)s)::date BETWEEN w.first_day AND w.last_day
          AND ((e.observed_at AT TIME ZONE %(zone)s)::date > w.first_day
               OR coalesce(a.created_at, e.observed_at) > w.created_at)
          AND NOT EXISTS (SELECT FROM assessments_evidence x
                           WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)) since
 WHERE EXISTS (SELECT FROM profiles_enrollment n
                WHERE n.roster_id = w.roster_id AND n.learner_id = m.learner_id AND n.role = 'learner'
                  AND n.starts_on <= %(today)s AND (n.ends_on IS NULL OR n.ends_on >= %(today)s))
 ORDER BY first_name, l.family_name, m.learner_id
"""

ALONE = "twins (focus, standard) AS (SELECT DISTINCT focus_id, focus_id FROM watched)"
# Where a policy counts results on exact matches, they are newer results too.
MATCHED = f"""{EDGES},
twins (focus, standard) AS (
  SELECT DISTINCT focus_id, focus_id FROM watched
   UNION
  SELECT t.focus, g.b FROM twins t JOIN edges g ON g.a = t.standard JOIN standards_standard s ON s.id = t.focus
   WHERE %(into)s::bigint[] IS NULL OR s.framework_id = ANY(%(into)s))"""

# Groups of one board began together.
ROUNDS = """
SELECT array_agg(id ORDER BY letter, id) AS ids FROM assessments_group
 WHERE section_id = %(section)s AND (closed_at IS NOT NULL OR ends_on <= %(today)s)
 GROUP BY suggestion_id, CASE WHEN suggestion_id IS NULL THEN starts_on END
 ORDER BY max(created_at) DESC, max(id) DESC OFFSET %(skip)s LIMIT %(most)s
"""


class NotTakenBack(ValueError):
    """Groups that were closed cannot go on: newer ones have taken their place, or somebody else was first."""


@dataclass(frozen=True)
class Member:
    """A member who is in the class today. level_then, level_now: shown levels on the focus, 0 for none.

    is_busy: is in a group of the class, or on their own path, and that goes on after today.
    """

    learner_id: int
    first_name: str
    name: str
    level_then: int
    level_now: int
    outcome: str
    is_busy: bool


@dataclass(frozen=True)
class Over:
    """A group that is over, with its members by name and its closing."""

    group: Group
    members: list[Member]
    closing: Closing

    @property
    def again(self) -> list[Member]:
        """Those at the level of the start, or lower, by a newer result, whom no other group has taken up since."""
        return [member for member in self.members if member.outcome in (STAYED, LOWER) and not member.is_busy]


@dataclass(frozen=True)
class Round:
    """Groups that began together, by letter, and the closing of all of them.

    own: names of those who were on their own path beside them, as far as they are in the class today.
    """

    groups: list[Over]
    closing: Closing
    own: list[str]

    @property
    def starts_on(self) -> date:
        return min(over.group.starts_on for over in self.groups)

    @property
    def ended_on(self) -> date:
        return max(ended_on(over.group) for over in self.groups)

    @property
    def to_close(self) -> list[Group]:
        return [over.group for over in self.groups if over.group.closed_at is None]

    @property
    def again(self) -> list[Over]:
        """Its groups with somebody to group again."""
        return [over for over in self.groups if over.again]


def ended_on(group: Group) -> date:
    """The last day: the one that was planned, or the one on which it was closed."""
    return group.ends_on if group.closed_at is None else min(group.ends_on, timezone.localdate(group.closed_at))


def read_rounds(section: Section, *, today: date, page: int = 1, per_page: int = 4) -> tuple[list[Round], bool]:
    """Ended groups of a section, newest round first, and whether there are older ones. Five statements.

    page: 1 for the newest. Raises ValueError: a page below 1.
    """
    if page < 1:
        raise ValueError("Pages are counted from 1.")
    found = read(ROUNDS, section=section.pk, today=today, skip=(page - 1) * per_page, most=per_page + 1)
    shown = [row.ids for row in found[:per_page]]
    groups = Group.objects.select_related("focus").in_bulk([pk for ids in shown for pk in ids])
    policies = Policies(section.district_id)
    rows = _read_members(groups.values(), policies, today=today)
    own = read_past_own(section, {group.suggestion_id for group in groups.values()}, on=today)
    rounds = [_round([groups[pk] for pk in ids if pk in groups], rows, own, policies, today) for ids in shown]
    return rounds, len(found) > per_page


def ended_groups(section: Section, *, on: date) -> QuerySet[Group]:
    """Groups of the section that are closed, or on their last day or past it."""
    return Group.objects.filter(Q(closed_at__isnull=False) | Q(ends_on__lte=on), section=section)


def read_over(groups: Sequence[Group], policies: Policies, *, today: date) -> dict[int, Over]:
    """{group id: Over}. One statement. groups: with their focus at hand."""
    rows = _read_members(groups, policies, today=today)
    return {group.pk: _over(group, rows.get(group.pk, []), policies, today) for group in groups}


def _read_members(groups: Iterable[Group], policies: Policies, *, today: date) -> dict[int, list]:
    found: dict[int, list] = {}
    ids = [group.pk for group in groups]
    if not ids:
        return found
    matches = policies.matched_into()
    statement = MEMBERS.format(twins=ALONE if matches is None else MATCHED)
    into = list(matches.frameworks) if matches and matches.frameworks is not None else None
    zone = timezone.get_current_timezone_name()
    for row in read(statement, groups=ids, today=today, zone=zone, days=WATCHED_DAYS, into=into):
        found.setdefault(row.group_id, []).append(row)
    return found


def _round(
    groups: list[Group], rows: dict[int, list], own: dict[int, list[str]], policies: Policies, today: date
) -> Round:
    over = [_over(group, rows.get(group.pk, []), policies, today) for group in groups]
    every = [(row, _scale(group, row, policies, today)) for group in groups for row in rows.get(group.pk, [])]
    began = {group.suggestion_id for group in groups if group.suggestion_id is not None}
    return Round(over, _closing(every), [name for suggestion in began for name in own.get(suggestion, [])])


def _over(group: Group, rows: list, policies: Policies, today: date) -> Over:
    closing = _closing([(row, _scale(group, row, policies, today)) for row in rows])
    members = [
        Member(
            row.learner_id,
            row.first_name,
            f"{row.first_name} {row.family_name}".strip(),
            row.level_then or 0,
            row.level_now or 0,
            outcome,
            row.is_busy,
        )
        for row, outcome in zip(rows, closing.outcomes, strict=True)
    ]
    return Over(group, members, closing)


def _scale(group: Group, row: Any, policies: Policies, today: date) -> Scale:
    """On which the results of a member are read."""
    return policies.on(group.focus.framework_id, today, school_id=row.home_school_id).scale


def _closing(rows: list[tuple[Any, Scale]]) -> Closing:
    missing = float("nan")
    score = lambda micro: missing if micro is None else micro / MICRO
    later = [mean_score((row.results or [])[:LAST_RESULTS], scale) for row, scale in rows]
    return close(
        level_before=[row.level_then or 0 for row, _ in rows],
        level_now=[row.level_now or 0 for row, _ in rows],
        is_newer=[bool(row.results) or row.is_set for row, _ in rows],
        before=[score(row.first_mean_micro) for row, _ in rows],
        expected=[score(row.expected_micro) for row, _ in rows],
        since=[missing if mean is None else mean for mean in later],
    )


@transaction.atomic
def close_groups(*, section: Section, group_ids: Iterable[int], by: Account) -> list[int]:
    """End groups by hand, today. Returns the ids of those that this act closed; others are closed already, or not here.

    The planned last day stays as it was, so that the act can be taken back whole.
    """
    open_ones = Group.objects.select_for_update().filter(
        section=section, pk__in=list(group_ids), closed_at__isnull=True
    )
    told_before = dict(open_ones.order_by("pk").values_list("pk", "end_told_at"))
    Group.objects.filter(pk__in=told_before).update(closed_at=timezone.now(), closed_by=by, version=F("version") + 1)
    if news := [pk for pk, told_at in told_before.items() if told_at is None]:
        tell_of_groups(Event.GROUP_CLOSED, section, news)
    return list(told_before)


@transaction.atomic
def reopen_groups(*, section: Section, group_ids: Iterable[int]) -> list[Group]:
    """Take a closing by hand back. Raises NotTakenBack: newer groups are on, or it has been taken back already."""
    closed = list(
        Group.objects.select_for_update().filter(
            section=section, pk__in=list(group_ids), closed_at__isnull=False, closed_by__isnull=False
        )
    )
    if not closed:
        raise NotTakenBack("nothing")
    since = min(_closed_at(group) for group in closed)
    if Group.objects.filter(section=section, created_at__gt=since).exists():
        raise NotTakenBack("newer")
    Group.objects.filter(pk__in=[group.pk for group in closed]).update(
        closed_at=None, closed_by=None, end_told_at=None, version=F("version") + 1
    )
    tell_of_groups(Event.GROUP_CHANGED, section, [group.pk for group in closed])
    return closed


def _closed_at(group: Group) -> datetime:
    return group.closed_at or timezone.now()


def outcome_order(member: Member) -> int:
    """Moved up first, not tried again last."""
    return OUTCOMES.index(member.outcome)
