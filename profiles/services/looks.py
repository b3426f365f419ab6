"""Who looked at a learner's records: by day and person, in words and not in names of routes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.rows import read
from profiles.models import Account, Enrollment, Learner

# Accounts that had no role for the learner when the page is read are named too: they looked while they had one.
LOOKS = """
SELECT (l.at AT TIME ZONE %(zone)s)::date AS day, l.account_id, a.given_name, a.family_name, a.kind,
       count(*) AS times, array_agg(DISTINCT l.route) AS routes,
       (SELECT g.relation FROM profiles_guardianship g
         WHERE g.account_id = l.account_id AND g.learner_id = %(learner)s) AS relation,
       (SELECT max(e.role) FROM profiles_enrollment e
         WHERE e.account_id = l.account_id AND e.roster_id IN (
               SELECT n.roster_id FROM profiles_enrollment n
                WHERE n.learner_id = %(learner)s AND n.role = 'learner')) AS role
  FROM profiles_accesslog l LEFT JOIN profiles_account a ON a.id = l.account_id
 WHERE l.learner_ids && (ARRAY[%(learner)s]::bigint[] || ARRAY(
         SELECT m.merged_id FROM profiles_learnermerge m WHERE m.kept_id = %(learner)s AND m.undone_at IS NULL))
   AND l.at >= %(since)s AND l.at < %(until)s AND l.district_id = %(district)s
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1 DESC, 6 DESC, 2
"""
# The beginning of a route's name -> what was on its page. The longest that fits counts.
PAGES = {
    "receipt": lambda: _("how a level came about"),
    "section_wall": lambda: _("the wall of the class"),
    "wall": lambda: _("the wall of the class"),
    "assessment": lambda: _("results of the class"),
    "section_groups": lambda: _("groups"),
    "group": lambda: _("groups"),
    "learner": lambda: _("the page about the child"),
    "binder": lambda: _("the binder"),
    "goal": lambda: _("goals"),
    "today": lambda: _("a teacher’s day"),
    "profile": lambda: _("the child’s own words"),
    "school": lambda: _("the school’s figures"),
    "roster": lambda: _("the class list"),
    "home": lambda: _("the first page"),
    "artifact": lambda: _("work handed in"),
    "work": lambda: _("work handed in"),
    "hand_in": lambda: _("work handed in"),
    "project": lambda: _("projects"),
    "conference": lambda: _("talks"),
    "who_looked": lambda: _("this list"),
    "talk": lambda: _("talks"),
    "path": lambda: _("paths"),
    "observe": lambda: _("results of the class"),
    "section_observe": lambda: _("results of the class"),
}


@dataclass(frozen=True)
class Look:
    """who: a name, or for a family who it is without one. times: pages opened that day. pages: what they showed."""

    who: str
    role: str
    times: int
    pages: str


WINDOW = 30
"""Days on one page."""
LONGEST = 400
"""A line stays 366 days, and then until its month is over (profiles.models.access_log)."""


@dataclass(frozen=True)
class Day:
    day: date
    looks: list[Look]


@dataclass(frozen=True)
class Window:
    """Days of a page of looks, both of them in it. earlier, later: the last day of the window beside it, None where
    there is none.
    """

    first: date
    last: date
    earlier: date | None
    later: date | None


def window_until(last: date, *, today: date) -> Window:
    """WINDOW days that end on this day, or on the nearest one that there is something of."""
    oldest = today - timedelta(days=LONGEST)
    last = min(max(last, oldest), today)
    first = max(last - timedelta(days=WINDOW - 1), oldest)
    before, after = first - timedelta(days=1), min(last + timedelta(days=WINDOW), today)
    return Window(first, last, before if before >= oldest else None, after if last < today else None)


def read_looks(learner: Learner, window: Window, *, reader: Account, is_family: bool) -> list[Day]:
    """Newest first; days without a look are left out. One statement.

    is_family: the reader is a guardian; other guardians and learners are then not named.
    """
    zone = timezone.get_current_timezone_name()
    since, until = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (window.first, window.last + timedelta(days=1))
    )
    found: dict[date, list[Look]] = {}
    for row in read(LOOKS, learner=learner.pk, zone=zone, since=since, until=until):
        look = Look(*_who(row, learner, reader, is_family=is_family), row.times, pages_said(row.routes))
        found.setdefault(row.day, []).append(look)
    return [Day(day, looks) for day, looks in found.items()]


def pages_said(routes: Iterable[str]) -> str:
    """ "goals, the wall of the class": each kind of page once."""
    said = []
    for route in routes:
        known = [beginning for beginning in PAGES if route.startswith(beginning)]
        said.append(PAGES[max(known, key=len)]() if known else _("other pages"))
    return ", ".join(sorted(set(said)))


def _who(row, learner: Learner, reader: Account, *, is_family: bool) -> tuple[str, str]:
    """Name and role."""
    name = f"{row.given_name or ''} {row.family_name or ''}".strip()
    if row.account_id == reader.pk:
        return _("You"), ""
    if row.account_id == learner.account_id:
        return learner.first_name, _("the child")
    if row.account_id is None:
        return _("Somebody whose account is gone"), ""
    if row.kind == Account.Kind.GUARDIAN or (row.relation is not None and row.role is None):
        return (_("Another member of the family") if is_family else name), row.relation or _("family")
    if row.kind == Account.Kind.LEARNER:
        return _("Another student"), _("on a page of the class")
    if row.role:
        return name, str(Enrollment.Role(row.role).label)
    return name, _("school or district office")
