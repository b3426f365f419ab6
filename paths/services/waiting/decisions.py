"""What somebody agreed to do in a check-in, from a week before its day on. A row's `at` is that day."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lrm.days import said_on
from paths.services.today_lines import MOST_OF_A_KIND, TODAY, WEEK, Line, People, sentence, short
from paths.services.waiting.source import Source, Waiting

# What DataDecisionQuerySet.visible_to says, of an account that also teaches; a test holds the two together. `text` has
# the identifier of the check-in, its name, the learner's name and what was decided, each on a line.
SELECT = """
SELECT 'decision', d.id, NULL, coalesce(d.learner_id, 0), NULL,
       concat_ws(E'\\n', c.uuid, translate(c.name, E'\\r\\n', '  '),
                 coalesce(translate(concat_ws(' ', coalesce(nullif(l.preferred_name, ''), l.given_name), l.family_name),
                                    E'\\r\\n', '  '), ''), d.text),
       d.due_on, 1
  FROM paths_datadecision d
  JOIN paths_datacheckin c ON c.id = d.check_in_id
  LEFT JOIN profiles_learner l ON l.id = d.learner_id
 WHERE d.owner_id = %(account)s AND d.done_at IS NULL AND d.withdrawn_at IS NULL AND d.due_on < %(today)s::date + 7
   AND c.removed_at IS NULL AND c.district_id = %(district)s
   AND (c.owner_id = %(account)s OR EXISTS (
        SELECT FROM paths_datacheckinreader r WHERE r.check_in_id = c.id AND r.account_id = %(account)s))
   AND (EXISTS (
        SELECT FROM profiles_enrollment s
         WHERE s.account_id = %(account)s AND s.role NOT IN ('learner', 'substitute')
           AND s.starts_on <= %(today)s AND (s.ends_on IS NULL OR s.ends_on >= %(today)s)
           AND (l.id IS NULL OR l.erased_at IS NULL AND EXISTS (
                SELECT FROM profiles_enrollment e
                 WHERE e.roster_id = s.roster_id AND e.learner_id = l.id AND e.role = 'learner'
                   AND e.starts_on <= %(today)s AND (e.ends_on IS NULL OR e.ends_on >= %(today)s))))
     OR EXISTS (
        SELECT FROM profiles_adminrole a
         WHERE a.account_id = %(account)s AND a.starts_on <= %(today)s AND (a.ends_on IS NULL OR a.ends_on >= %(today)s)
           AND (l.id IS NULL OR l.erased_at IS NULL AND (a.school_id IS NULL OR a.school_id = l.home_school_id))))
"""


def lines_of_decisions(rows: Sequence[Waiting], people: People, today: date) -> list[Line]:
    """The next day first; several become one line, which opens the list of check-ins."""
    rows = sorted(rows, key=lambda row: (row.at, row.pk))
    part = TODAY if any(row.at.date() <= today for row in rows) else WEEK
    if len(rows) > MOST_OF_A_KIND:
        who = tuple(dict.fromkeys(row.learner_id for row in rows if row.learner_id))
        what = format_html(_("<strong>{} things</strong> that you agreed to do in check-ins"), len(rows))
        reason = sentence(_until(rows[0].at.date(), today))
        return [_line(f"decisions:{len(rows)}:{rows[0].pk}", part, what, reason, reverse("data_check_ins"), who)]
    return [_line_of(row, today) for row in rows]


def _line_of(row: Waiting, today: date) -> Line:
    uuid, name, learner, text = row.text.split("\n", 3)
    day = row.at.date()
    reason = f"{name}{f', {learner}' if learner else ''}. {sentence(_until(day, today))}"
    url = f"{reverse('data_check_in', args=[uuid])}?at={row.learner_id or 'all'}"
    what = format_html("<strong>{}</strong>", short(" ".join(text.split())))
    who = (row.learner_id,) if row.learner_id else ()
    return _line(f"decision:{row.pk}:{day:%Y%m%d}", TODAY if day <= today else WEEK, what, reason, url, who)


def _until(day: date, today: date) -> str:
    said = said_on(day)
    return _("was due %(day)s") % {"day": said} if day < today else _("due %(day)s") % {"day": said}


def _line(key: str, part: str, what: SafeString, reason: str, url: str, who: tuple[int, ...]) -> Line:
    return Line(
        key=key, part=part, icon="check", what=what, reason=reason, url=url, button=_("Open check-in"), learners=who
    )


SOURCE = Source(("decision",), SELECT, lines_of_decisions)
