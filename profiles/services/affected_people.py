"""Whom an incident concerns: whose records somebody saw or changed in a stretch of time, and whom to write to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lrm.rows import read
from profiles.models import AuditEntry
from profiles.services.looks import pages_said

HEADINGS = (
    *("who", "id", "name", "grade", "school", "left on", "write to"),
    *("times seen", "seen first", "seen last", "on pages with", "routes"),
    *("times changed", "changed first", "changed last", "what was changed"),
)

# What is about a student who was merged into another one concerns the one who was kept.
CHOSEN = """
looked AS (
  SELECT coalesce(m.kept_id, seen.id) AS learner, count(*) AS times, min(l.at) AS first, max(l.at) AS last,
         array_agg(DISTINCT l.route ORDER BY l.route) AS routes
    FROM profiles_accesslog l CROSS JOIN unnest(l.learner_ids) AS seen (id)
    LEFT JOIN profiles_learnermerge m ON m.merged_id = seen.id AND m.undone_at IS NULL
   WHERE l.district_id = %(district)s AND l.at >= %(since)s AND l.at < %(until)s
     AND (%(anybody)s OR l.account_id = ANY(%(accounts)s)) AND (%(anywhere)s OR l.route = ANY(%(routes)s))
   GROUP BY 1),
acts AS (
  SELECT coalesce(m.kept_id, a.learner_id) AS learner, a.account_id AS account, a.at, a.place
    FROM profiles_auditentry a
    LEFT JOIN profiles_learnermerge m ON m.merged_id = a.learner_id AND m.undone_at IS NULL
   WHERE a.district_id = %(district)s AND a.at >= %(since)s AND a.at < %(until)s
     AND (%(anybody)s OR a.by_id = ANY(%(accounts)s)) AND (%(anywhere)s OR a.what = ANY(%(routes)s)))
"""
LEARNERS = f"""
WITH {CHOSEN},
changed AS (
  SELECT learner, count(*) AS times, min(at) AS first, max(at) AS last,
         array_agg(DISTINCT place ORDER BY place) AS places
    FROM acts WHERE learner IS NOT NULL GROUP BY 1)
SELECT p.id, p.given_name, p.family_name, p.grade, s.name AS school, p.left_on, l.times, l.first, l.last, l.routes,
       c.times AS acts, c.first AS first_act, c.last AS last_act, c.places,
       (SELECT string_agg(a.given_name || ' ' || a.family_name || coalesce(' <' || nullif(a.email, '') || '>', ''), '; '
                          ORDER BY a.id)
          FROM profiles_guardianship g JOIN profiles_account a ON a.id = g.account_id
         WHERE g.learner_id = p.id AND g.confirmed_at IS NOT NULL
           AND (g.ends_on IS NULL OR g.ends_on >= %(until)s::date)
       ) AS families
  FROM profiles_learner p LEFT JOIN profiles_school s ON s.id = p.home_school_id
  LEFT JOIN looked l ON l.learner = p.id LEFT JOIN changed c ON c.learner = p.id
 WHERE p.district_id = %(district)s AND (%(everybody)s OR l.learner IS NOT NULL OR c.learner IS NOT NULL)
 ORDER BY p.id
"""
ADULTS = f"""
WITH {CHOSEN},
changed AS (
  SELECT account, count(*) AS times, min(at) AS first, max(at) AS last,
         array_agg(DISTINCT place ORDER BY place) AS places
    FROM acts WHERE account IS NOT NULL GROUP BY 1)
SELECT p.id, p.given_name, p.family_name, p.email,
       c.times AS acts, c.first AS first_act, c.last AS last_act, c.places
  FROM profiles_account p LEFT JOIN changed c ON c.account = p.id
 WHERE p.district_id = %(district)s AND p.kind <> 'learner' AND (%(everybody)s OR c.account IS NOT NULL)
 ORDER BY p.id
"""


@dataclass(frozen=True)
class Incident:
    """accounts, routes: None is any of them. until: the first moment after it. everybody: of the district, whoever saw
    them here or not, as after a stolen backup."""

    since: datetime
    until: datetime
    accounts: Collection[int] | None = None
    routes: Collection[str] | None = None
    everybody: bool = False


def rows(incident: Incident) -> Iterator[list[Any]]:
    """A row for each person, as HEADINGS: learners first. Times are in the time zone that is set."""
    asked = {
        "since": incident.since,
        "until": incident.until,
        "anybody": incident.accounts is None,
        "accounts": [2**40, *(incident.accounts or ())],  # of the type of ids also where nobody is named
        "anywhere": incident.routes is None,
        "routes": [" ", *(incident.routes or ())],  # likewise; no route has this name
        "everybody": incident.everybody,
    }
    for row in read(LEARNERS, **asked):
        yield [
            *(_("student"), row.id, _name(row), row.grade, row.school or "", row.left_on or "", row.families or ""),
            *(row.times or 0, _moment(row.first), _moment(row.last), pages_said(row.routes or ())),
            " ".join(row.routes or ()),
            *_changes(row),
        ]
    for row in read(ADULTS, **asked):
        yield [_("adult"), row.id, _name(row), "", "", "", row.email or "", 0, "", "", "", "", *_changes(row)]


def _name(row: Any) -> str:
    return f"{row.given_name} {row.family_name}".strip()


def _changes(row: Any) -> list[Any]:
    places = ", ".join(str(AuditEntry.Place(place).label) for place in row.places or ())
    return [row.acts or 0, _moment(row.first_act), _moment(row.last_act), places]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(" ", "minutes") if at else ""
