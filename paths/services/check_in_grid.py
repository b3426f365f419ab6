"""The learners of a check-in, and what is known about each: levels, goals, supports, what waits for somebody.

Who stands in it is asked of the reader's rights, each time: filters only narrow what the account may open.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from assessments.school_filters import SchoolFilters
from assessments.services.policies import Policies
from lrm.numbers import whole_number
from lrm.rows import read
from profiles.models import Account, Enrollment, Learner
from profiles.models.learner import LearnerQuerySet
from profiles.models.support import said

MOST = 300
"""Learners that one grid shows; beyond, it is to be narrowed."""

# Standards that the grid counts, with the level from which each is met.
WANTED = """
wanted AS MATERIALIZED (
  SELECT t.id, k.mark, k.framework_id FROM standards_standard t
    JOIN unnest(%(frameworks)s::bigint[], %(marks)s::int[]) AS k (framework_id, mark) ON k.framework_id = t.framework_id
   WHERE (%(subject)s = 0 OR t.subject_id = %(subject)s) AND (%(domain)s = 0 OR t.domain_id = %(domain)s))
"""
FACTS = f"""
WITH {WANTED},
levels AS MATERIALIZED (
  SELECT m.learner_id, count(m.shown_level) AS seen, count(*) FILTER (WHERE m.shown_level >= w.mark) AS met,
         max(m.last_observed_at) FILTER (WHERE m.shown_level IS NOT NULL) AS newest,
         array_agg(m.left_out) FILTER (WHERE m.left_out > 0) AS without,
         array_agg(DISTINCT w.framework_id) FILTER (WHERE m.shown_level IS NOT NULL) AS frameworks
    FROM assessments_mastery m JOIN wanted w ON w.id = m.standard_id
   WHERE m.learner_id = ANY(%(learners)s) AND (m.shown_level IS NOT NULL OR m.left_out > 0)
   GROUP BY m.learner_id),
goals AS MATERIALIZED (
  SELECT g.learner_id, count(*) FILTER (WHERE g.state = 'live') AS live,
         min(g.due_on) FILTER (WHERE g.state = 'live') AS due,
         count(*) FILTER (WHERE (g.state = 'live' AND g.agreed_at IS NULL AND g.asked_at IS NULL AND EXISTS (
                                 SELECT FROM paths_goal_standards s WHERE s.goal_id = g.id))
                             OR (g.state = 'achieved' AND g.confirmed_at IS NULL)) AS to_review,
         max((SELECT max(c.at) FROM paths_checkin c WHERE c.goal_id = g.id)) AS checked
    FROM paths_goal g WHERE g.learner_id = ANY(%(learners)s) AND g.state <> 'draft'
   GROUP BY g.learner_id)
SELECT l.id AS learner_id, coalesce(v.seen, 0)::int AS seen, coalesce(v.met, 0)::int AS met, v.newest,
       coalesce(v.without, '{{}}') AS without, coalesce(v.frameworks, '{{}}') AS frameworks,
       coalesce(g.live, 0)::int AS goals, g.due, coalesce(g.to_review, 0)::int AS to_review, g.checked,
       (SELECT json_agg(json_build_object('kind', s.kind, 'text', s.text) ORDER BY s.starts_on, s.id)
          FROM profiles_support s
         WHERE s.learner_id = l.id AND s.starts_on <= %(today)s AND (s.ends_on IS NULL OR s.ends_on >= %(today)s)
       ) AS supports,
       (SELECT count(*)::int FROM paths_path p
         WHERE p.learner_id = l.id AND p.archived_at IS NULL AND p.look_on <= %(today)s) AS stuck,
       (SELECT count(*)::int FROM paths_tryrequest r WHERE r.learner_id = l.id AND r.state = 'asked') AS tries,
       (SELECT max(c.held_at) FROM paths_conference c WHERE c.learner_id = l.id) AS met_at,
       (SELECT string_agg(DISTINCT r.title, ', ' ORDER BY r.title)
          FROM profiles_enrollment n JOIN profiles_roster r ON r.id = n.roster_id
         WHERE n.learner_id = l.id AND n.role = 'learner' AND n.starts_on <= %(today)s
           AND (n.ends_on IS NULL OR n.ends_on >= %(today)s)
           AND (%(every_roster)s OR r.id = ANY(%(rosters)s) OR r.school_id = ANY(%(schools)s))
           AND NOT EXISTS (SELECT FROM profiles_block b WHERE b.roster_id = r.id)) AS classes
  FROM profiles_learner l
  LEFT JOIN levels v ON v.learner_id = l.id
  LEFT JOIN goals g ON g.learner_id = l.id
 WHERE l.id = ANY(%(learners)s) AND l.district_id = %(district)s
"""


@dataclass(frozen=True)
class Scope:
    """Which standards count, as statements take it. subject, domain: ids, 0 for all."""

    subject: int
    domain: int
    frameworks: list[int]
    marks: list[int]

    @classmethod
    def of(cls, filters: SchoolFilters, policies: Policies, framework_ids: Iterable[int], *, today: date) -> "Scope":
        ids = sorted(framework_ids)
        return cls(
            subject=whole_number(filters.subject) or 0,
            domain=whole_number(filters.branch.partition("-")[2]) or 0,
            frameworks=ids,
            marks=[policies.on(framework, today).scale.mastery_level for framework in ids],
        )

    def values(self) -> dict:
        return {
            "subject": self.subject,
            "domain": self.domain,
            "frameworks": self.frameworks,
            "marks": self.marks,
        }


@dataclass(frozen=True)
class Facts:
    """seen: standards of the scope with a level; met: of them, at mastery or above.    newest: of its results.

    supports: in words, "" without any.    goals: live ones, due: the next day of one; to_review: wait for a teacher.
    checked: when a goal was last checked in on.    stuck: paths on the same step for long.    tries: wishes to try
    again.    met_at: the last meeting.    classes: titles that the reader may read.
    without: standards of the scope with a record and no level, by a reason of mastery.left_out.    frameworks: ids of
    those whose levels they are.
    """

    learner: Learner
    seen: int = 0
    met: int = 0
    newest: datetime | None = None
    goals: int = 0
    due: date | None = None
    to_review: int = 0
    checked: datetime | None = None
    supports: str = ""
    stuck: int = 0
    tries: int = 0
    met_at: datetime | None = None
    classes: str = ""
    without: Counter[int] = field(default_factory=Counter)
    frameworks: Sequence[int] = ()

    @property
    def waits(self) -> int:
        """What waits for a grown-up."""
        return self.to_review + self.stuck + self.tries


@dataclass(frozen=True)
class Grid:
    """is_wide: more than MOST learners; then there are none, and the filters have to be narrowed."""

    facts: list[Facts] = field(default_factory=list)
    is_wide: bool = False

    @property
    def learner_ids(self) -> list[int]:
        return [row.learner.pk for row in self.facts]


def learners_of(account: Account, filters: SchoolFilters, *, today: date) -> LearnerQuerySet:
    """Of the learners about whom the account reads notes, those that filters name. An id of nothing finds nobody."""
    rows = Learner.objects.noted_by(account).filter(left_on__isnull=True)
    if filters.school:
        rows = rows.filter(home_school_id=whole_number(filters.school) or 0)
    if filters.grade:
        rows = rows.filter(grade=filters.grade)
    enrolled = Enrollment.objects.on(today).of_learners().filter(learner_id=OuterRef("pk"))
    if filters.section:
        rows = rows.filter(Exists(enrolled.filter(roster__sections=whole_number(filters.section) or 0)))
    if filters.teacher:
        taught = Enrollment.objects.on(today).of_staff().filter(account_id=whole_number(filters.teacher) or 0)
        rows = rows.filter(Exists(enrolled.filter(roster__in=taught.values("roster"))))
    return rows


def read_grid(account: Account, filters: SchoolFilters, scope: Scope, *, today: date) -> Grid:
    """Two statements, for one learner and for MOST."""
    learners = list(learners_of(account, filters, today=today).by_name()[: MOST + 1])
    if len(learners) > MOST:
        return Grid(is_wide=True)
    return Grid(read_facts(account, learners, scope, today=today))


def read_facts(account: Account, learners: Sequence[Learner], scope: Scope, *, today: date) -> list[Facts]:
    """One statement. learners: whom the account may open."""
    access = account.access
    rows = read(
        FACTS,
        learners=[learner.pk for learner in learners],
        today=today,
        every_roster=access.is_district_admin,
        rosters=sorted(access.roster_ids),
        schools=sorted(access.school_ids),
        **scope.values(),
    )
    found = {row.learner_id: row for row in rows}
    return [_facts(learner, found[learner.pk]) for learner in learners if learner.pk in found]


def _facts(learner: Learner, row) -> Facts:
    from_columns = ("seen", "met", "newest", "goals", "due", "to_review", "checked", "stuck", "tries", "met_at")
    values = {name: getattr(row, name) for name in from_columns}
    without = Counter(row.without)
    return Facts(
        learner,
        supports=said(row.supports),
        classes=row.classes or "",
        without=without,
        frameworks=row.frameworks,
        **values,
    )


def read_frameworks() -> dict[int, str]:
    """Titles of all frameworks of the open district, by their ids. One statement."""
    rows = read("SELECT id, title FROM standards_framework WHERE district_id = %(district)s")
    return {row.id: row.title for row in rows}
