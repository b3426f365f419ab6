"""Results as a OneRoster 1.2 gradebook package: categories, line items, results, scales of levels, and a manifest.

A line item is one standard of an assessment, since OneRoster knows one score a student and line item; it names the
standard by its CASE identifier. A student's result on it is the newest try as it stands; of a quiz whose questions
were recorded each by itself, their mean. Rows are written as they are read, so that a district fits into little memory.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.policies import Policies
from profiles.models import District
from profiles.oneroster.fields import FILES, V1P2

SCALE = "levels"
"""sourcedId of the one scale."""
AT_ONCE = 5000
WRITTEN = (
    "categories",
    "lineItems",
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "results",
    "resultScoreScales",
    "scoreScales",
)

OF_SECTIONS = """
  FROM assessments_assessment a
  JOIN assessments_assessmentstandard c ON c.assessment_id = a.id
  JOIN standards_standard st ON st.id = c.standard_id
  JOIN profiles_section s ON s.id = a.section_id
  JOIN profiles_roster r ON r.id = s.roster_id
  JOIN profiles_school sc ON sc.id = r.school_id
  JOIN profiles_academicsession ses ON ses.id = s.session_id
 WHERE s.district_id = %(district)s AND (%(schools)s::bigint[] IS NULL OR sc.id = ANY (%(schools)s))
   AND (%(since)s::date IS NULL OR a.given_on >= %(since)s) AND (%(until)s::date IS NULL OR a.given_on <= %(until)s)
"""
LINE_ITEMS = (
    "SELECT a.uuid || '.' || st.uuid, a.title, coalesce(nullif(st.code, ''), nullif(st.short_title, ''),"
    " left(st.statement, 100)), a.kind, a.given_on, coalesce(nullif(s.key, ''), s.uuid::text),"
    " coalesce(nullif(ses.key, ''), ses.uuid::text), sc.key, a.points_possible, st.uuid, a.created_at"
    + OF_SECTIONS
    + " ORDER BY a.id, c.position"
)
RESULTS = (
    """
SELECT x.uuid, x.line_item, x.learner, x.kind, x.mark, x.observed_at, coalesce(n.text, ''), x.class, x.possible,
       x.learner_id
  FROM (
    SELECT DISTINCT ON (e.assessment_id, e.standard_id, e.learner_id)
           a.uuid || '.' || st.uuid || '.' || l.uuid AS uuid, a.uuid || '.' || st.uuid AS line_item,
           coalesce(nullif(l.key, ''), l.uuid::text) AS learner, coalesce(nullif(s.key, ''), s.uuid::text) AS class,
           bool_or(e.kind = 'result') AS is_result, min(e.kind) AS kind, avg(e.points) AS mark,
           max(e.observed_at) AS observed_at, a.points_possible AS possible,
           e.assessment_id, e.standard_id, e.learner_id"""
    + OF_SECTIONS.replace(
        " WHERE s.",
        """  JOIN assessments_evidence e ON e.school_year = a.school_year AND e.assessment_id = a.id
   AND e.standard_id = c.standard_id AND e.kind IN ('result', 'excused', 'not_seen')
   AND NOT EXISTS (SELECT 1 FROM assessments_evidence x
                    WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)
  JOIN profiles_learner l ON l.id = e.learner_id
 WHERE s.""",
    )
    + """
     GROUP BY e.assessment_id, e.standard_id, e.learner_id, e.attempt, a.uuid, st.uuid, l.uuid, l.key, s.key, s.uuid,
              a.points_possible
     ORDER BY e.assessment_id, e.standard_id, e.learner_id, e.attempt DESC) x
  LEFT JOIN LATERAL (
    SELECT text FROM assessments_resultnote n
     WHERE n.assessment_id = x.assessment_id AND n.learner_id = x.learner_id AND n.standard_id = x.standard_id
     ORDER BY n.created_at DESC, n.id DESC LIMIT 1) n ON true
"""
)


@dataclass(frozen=True)
class Asked:
    """schools: ids, None for all of the district.    since, until: first and last day of assessments; None is open."""

    schools: tuple[int, ...] | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Written:
    """rows: of each file.    learners: ids of those whose results are in it."""

    rows: dict[str, int] = field(default_factory=dict)
    learners: set[int] = field(default_factory=set)


def write_gradebook(to: IO[bytes], *, district: District, asked: Asked = Asked()) -> Written:
    """Write the package as a zip, in the scope of the district and a transaction."""
    zone = ZoneInfo(district.time_zone)
    words = [str(word) for word in Policies(district.pk).on(None, datetime.now(zone).date()).words]
    facts: dict[str, Any] = {"district": district.pk, "since": asked.since, "until": asked.until}
    facts["schools"] = None if asked.schools is None else list(asked.schools)
    done = Written()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as package:
        for name in WRITTEN:
            with package.open(f"{name}.csv", "w") as raw, _table(raw) as table:
                table.writerow([column.name for column in FILES[V1P2][name]])
                done.rows[name] = 0
                for row in _rows(name, facts, words, zone, done.learners):
                    table.writerow(row)
                    done.rows[name] += 1
        package.writestr("manifest.csv", _manifest(district))
    return done


def _rows(
    name: str, facts: dict[str, Any], words: list[str], zone: ZoneInfo, learners: set[int]
) -> Iterator[list[Any]]:
    """The cells of each row after the heading; sourcedId, status and dateLastModified first. Adds to learners."""
    if name == "categories":
        for kind in Assessment.Kind:
            yield [kind.value, "", "", str(kind.label), ""]
    elif name == "scoreScales":
        pairs = ",".join(f"{{{level}:{_in_scale(word)}}}" for level, word in enumerate(words, start=1))
        yield [SCALE, "", "", _("Levels"), "level", "", "", "", pairs]
    elif name in ("lineItems", "lineItemLearningObjectiveIds", "lineItemScoreScales"):
        for row in _read(LINE_ITEMS, facts):
            if (made := _of_line_item(name, row, words)) is not None:
                yield made
    else:
        for row in _read(RESULTS, facts):
            learners.add(row[-1])
            if (made := _of_result(name, row, words, zone)) is not None:
                yield made


def _of_line_item(name: str, row: tuple, words: list[str]) -> list[Any] | None:
    pk, title, standard, kind, given_on, section, session, school, possible, uuid, _made = row
    if name == "lineItemLearningObjectiveIds":
        return [pk, "", "", pk, "case", str(uuid)]
    if name == "lineItemScoreScales":
        return [pk, "", "", "", pk, SCALE] if possible is None else None
    low, high = (1, len(words)) if possible is None else (0, _number(possible))
    return [pk, "", "", f"{title}: {standard}", "", given_on, given_on, section, kind, session, low, high, school]


def _of_result(name: str, row: tuple, words: list[str], zone: ZoneInfo) -> list[Any] | None:
    pk, line_item, learner, kind, mark, observed_at, note, section, possible, _learner = row
    is_level = possible is None and mark is not None
    if name == "resultScoreScales":
        return [pk, "", "", "", pk, SCALE] if is_level else None
    status = "fully graded" if mark is not None else "exempt" if kind == "excused" else "not submitted"
    whole = round(mark) if is_level else 0
    text = words[whole - 1] if 0 < whole <= len(words) and whole == mark else ""
    missing = "true" if kind == "not_seen" and mark is None else "false"
    day = observed_at.astimezone(zone).date()
    score = "" if mark is None else _number(mark)
    return [pk, "", "", line_item, learner, status, score, day, note, text, section, "false", "false", "false", missing]


def _read(statement: str, facts: dict[str, Any]) -> Iterator[tuple]:
    """Rows through a cursor of the server, some thousands at a time; it needs a transaction around."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, facts)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


def _manifest(district: District) -> str:
    text = io.StringIO()
    lines: Iterable[tuple[str, str]] = [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", V1P2),
        *((f"file.{name}", "bulk" if name in WRITTEN else "absent") for name in sorted(FILES[V1P2], key=str.lower)),
        ("source.systemName", "LRM"),
        ("source.systemCode", district.key),
    ]
    csv.writer(text).writerows(lines)
    return text.getvalue()


@contextmanager
def _table(raw: IO[bytes]) -> Iterator[Any]:
    """A CSV for programs, not for spreadsheets: what stands in a cell is written as it is."""
    text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
    yield csv.writer(text)
    text.flush()
    text.detach()


def _number(value: Any) -> str:
    text = f"{value:.4f}"
    return text.rstrip("0").rstrip(".")


def _in_scale(word: str) -> str:
    """Without the signs that part the pairs of a scale."""
    return "".join(" " if sign in "{}:" else sign for sign in word).strip()
