"""The share of a class's levels at mastery or more, at the end of each of the last six weeks, for Today.

Asked for after Today is there, and kept for each class until something changes on its wall.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext as _

from assessments.models import SectionStandard
from assessments.services.policies import Policies
from lrm.rows import read
from profiles.models import Account, Section
from standards.models import Standard

WEEKS = 6
KEPT_SECONDS = 24 * 60 * 60
FLAT_POINTS = 1
FLAT_WEEKS = 3
"""A line counts as flat once it has stayed within FLAT_POINTS of today's share for so many weeks."""

# Whoever is in the class today, on what it teaches today, so that its last point is the share on Today's wall.
SHARES = """
WITH pairs AS MATERIALIZED (
  SELECT s.id AS section, n.learner_id, k.standard_id, k.mark
    FROM profiles_section s
    JOIN assessments_sectionstandard c ON c.section_id = s.id
    JOIN unnest(%(standards)s::bigint[], %(marks)s::int[]) k (standard_id, mark) ON k.standard_id = c.standard_id
    JOIN (SELECT DISTINCT roster_id, learner_id FROM profiles_enrollment
           WHERE role = 'learner' AND starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s)) n
      ON n.roster_id = s.roster_id
   WHERE s.id = ANY(%(sections)s) AND s.district_id = %(district)s)
SELECT p.section, w.day, count(*) AS seen, count(*) FILTER (WHERE d.shown_level >= p.mark) AS reached
  FROM pairs p CROSS JOIN unnest(%(days)s::date[]) w (day)
 CROSS JOIN LATERAL (SELECT d.shown_level FROM assessments_masteryday d
                      WHERE d.learner_id = p.learner_id AND d.standard_id = p.standard_id AND d.day <= w.day
                      ORDER BY d.day DESC LIMIT 1) d
 WHERE d.shown_level IS NOT NULL
 GROUP BY p.section, w.day
"""


@dataclass(frozen=True)
class SixWeeks:
    """shares: percent at the end of each week, the oldest first and today's last; None where nothing was shown."""

    section_id: int
    shares: list[int | None]

    @property
    def said(self) -> str:
        """The line in words."""
        known = [_("%(n)s %%") % {"n": share} for share in self.shares if share is not None]
        return _("Share of results at 3 or 4 by week, the oldest first: %(shares)s") % {"shares": ", ".join(known)}

    @property
    def flat_weeks(self) -> int:
        """For how many weeks the share has been as it is today, within a point; 0 where it moved lately."""
        newest = self.shares[-1]
        if newest is None:
            return 0
        weeks = 0
        for share in reversed(self.shares[:-1]):
            if share is None or abs(share - newest) > FLAT_POINTS:
                break
            weeks += 1
        return weeks if weeks >= FLAT_WEEKS else 0


def read_six_weeks(account: Account, *, today: date, most: int) -> list[SixWeeks]:
    """Of the first classes that the account teaches, in the order of Today. Two statements for what nothing changed in.

    most: how many classes.
    """
    taught = Section.objects.taught_by(account).filter(archived_at=None).order_by("title", "pk")
    versions = dict(taught.annotate(v=F("roster__version__version")).values_list("pk", "v")[:most])
    keys = {pk: f"six-weeks:{pk}:{version or 0}:{today:%Y%m%d}" for pk, version in versions.items()}
    kept = cache.get_many(keys.values())
    if unknown := [pk for pk, key in keys.items() if key not in kept]:
        found = _read(unknown, Policies(account.district_id), today=today)
        fresh = {keys[pk]: shares for pk, shares in found.items()}
        cache.set_many(fresh, KEPT_SECONDS)
        kept |= fresh
    return [SixWeeks(pk, kept[key]) for pk, key in keys.items()]


def _read(section_ids: Sequence[int], policies: Policies, *, today: date) -> dict[int, list[int | None]]:
    standards = Standard.objects.filter(
        pk__in=SectionStandard.objects.filter(section__in=section_ids).values("standard"), retired_at=None
    )
    marks = {
        pk: policies.on(framework, today).scale.mastery_level
        for pk, framework in standards.values_list("pk", "framework_id")
    }
    days = [today - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
    rows = read(
        SHARES,
        sections=list(section_ids),
        standards=list(marks),
        marks=list(marks.values()),
        days=days,
        today=today,
    )
    shares: Mapping[tuple[int, date], int] = {
        (row.section, row.day): round(100 * row.reached / row.seen) for row in rows
    }
    return {pk: [shares.get((pk, day)) for day in days] for pk in section_ids}
