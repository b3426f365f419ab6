"""Everything in a binder as tables: the same rows for the readable page, the spreadsheets and the JSON.

What is for staff only is in none of them, and drafts are in none: whoever takes a binder along, it holds the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assessments.models.evidence import Evidence
from assessments.services.entering import text_of_points
from assessments.services.policies import Policies
from lrm.days import day_of
from lrm.rows import read
from paths.models import Artifact, CheckIn, Goal, GoalStep, Reflection, Step
from paths.services.learner_reading import About
from paths.services.mastery_rows import standards_of
from profiles.models import Account, Learner, ProfileEntry
from profiles.services.shown_to_families import reads_own_views

# A correction takes the place of what it corrects; a line of feedback is the newest of its cell.
RESULTS = """
SELECT e.observed_at, a.title, a.kind AS assessment_kind, coalesce(nullif(t.code, ''), t.short_title) AS standard,
       e.kind, e.points, e.possible, e.attempt,
       (SELECT n.text FROM assessments_resultnote n
         WHERE n.assessment_id = e.assessment_id AND n.learner_id = e.learner_id AND n.standard_id = e.standard_id
         ORDER BY n.created_at DESC, n.id DESC LIMIT 1) AS note
  FROM assessments_evidence e JOIN assessments_assessment a ON a.id = e.assessment_id
  JOIN standards_standard t ON t.id = e.standard_id JOIN profiles_learner l ON l.id = e.learner_id
 WHERE e.learner_id = %(learner)s AND l.district_id = %(district)s AND e.kind IN ('result', 'excused', 'not_seen')
   AND NOT EXISTS (SELECT FROM assessments_evidence x
                    WHERE x.school_year = e.school_year AND x.supersedes_id = e.id AND x.learner_id = e.learner_id)
 ORDER BY e.observed_at DESC, a.id DESC, t.id
"""


@dataclass(frozen=True)
class Table:
    """name: of its file. title: for people. columns: (key in the JSON, heading). rows: as many values as columns."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]

    @property
    def headings(self) -> list[str]:
        return [heading for _key, heading in self.columns]

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip([key for key, _heading in self.columns], row, strict=True)) for row in self.rows]


def read_tables(
    learner: Learner, account: Account, about: About, artifacts: Iterable[tuple[Artifact, str]], *, today: date
) -> list[Table]:
    """In the order of the binder. artifacts: with the name of their file in the folder, "" for none."""
    goals = Goal.objects.visible_to(account).filter(learner=learner).exclude(state=Goal.State.DRAFT)
    return [
        *([_words(learner)] if about.shows_words else []),
        _goals(goals),
        _steps_of_goals(goals),
        _check_ins(goals),
        _reflections(goals),
        _levels(learner, about, today, own_views=reads_own_views(learner, account)),
        _results(learner),
        _paths(learner),
        _work(artifacts),
    ]


def _day(value) -> str:
    return day_of(value).isoformat() if value else ""


def _name(account: Account | None) -> str:
    return account.name if account else ""


def _words(learner: Learner) -> Table:
    rows = ProfileEntry.objects.filter(learner=learner).select_related("author").order_by("kind", "created_at", "pk")
    replaced = set(rows.filter(replaces__isnull=False).values_list("replaces_id", flat=True))
    return Table(
        "words",
        _("In my words"),
        (
            ("about", _("About")),
            ("words", _("Words")),
            ("by", _("By")),
            ("written", _("Written")),
            ("until", _("Reworded or put away")),
        ),
        [
            (
                row.get_kind_display(),
                row.text,
                _name(row.author),
                _day(row.created_at),
                _("reworded") if row.pk in replaced else _day(row.archived_at),
            )
            for row in rows
        ],
    )


def _goals(goals) -> Table:
    columns = (
        ("goal", _("Goal")),
        ("why", _("Why")),
        ("done_when", _("Done when")),
        ("state", _("Now")),
        ("standards", _("Standards")),
        ("written", _("Written")),
        ("until", _("Until")),
        ("agreed", _("Agreed")),
        ("reached", _("Reached")),
        ("confirmed", _("Confirmed")),
        ("in_the_way", _("What got in the way")),
    )
    rows = goals.prefetch_related("standards").order_by("created_at", "pk")
    return Table(
        "goals",
        _("Goals"),
        columns,
        [
            (
                goal.what,
                goal.why,
                goal.done_when,
                goal.get_state_display(),
                ", ".join(standard.label for standard in goal.standards.all()),
                _day(goal.created_at),
                _day(goal.due_on),
                _day(goal.agreed_at),
                _day(goal.achieved_at),
                _day(goal.confirmed_at),
                goal.missed_because,
            )
            for goal in rows
        ],
    )


def _steps_of_goals(goals) -> Table:
    rows = (
        GoalStep.objects.filter(goal__in=goals).select_related("goal").order_by("goal__created_at", "goal", "position")
    )
    return Table(
        "goal-steps",
        _("Steps of goals"),
        (("goal", _("Goal")), ("step", _("Step")), ("done", _("Done"))),
        [(row.goal.what, row.text, _day(row.done_at)) for row in rows],
    )


def _check_ins(goals) -> Table:
    rows = CheckIn.objects.filter(goal__in=goals).select_related("goal", "reply_by").order_by("at", "pk")
    return Table(
        "check-ins",
        _("Check-ins"),
        (
            ("day", _("Day")),
            ("goal", _("Goal")),
            ("sure", _("How sure, 1 to 5")),
            ("words", _("Words")),
            ("answer", _("Answer")),
            ("answered_by", _("Answered by")),
        ),
        [(_day(row.at), row.goal.what, row.confidence, row.text, row.reply, _name(row.reply_by)) for row in rows],
    )


def _reflections(goals) -> Table:
    rows = Reflection.objects.filter(goal__in=goals, is_draft=False).select_related("goal", "reply_by")
    helped = dict(Reflection.Helped.choices)
    return Table(
        "reflections",
        _("What helped"),
        (
            ("day", _("Day")),
            ("goal", _("Goal")),
            ("helped", _("Helped")),
            ("words", _("Words")),
            ("answer", _("Answer")),
            ("answered_by", _("Answered by")),
        ),
        [
            (
                _day(row.at),
                row.goal.what,
                ", ".join(str(helped.get(code, code)) for code in row.helped),
                row.text,
                row.reply,
                _name(row.reply_by),
            )
            for row in rows.order_by("at", "pk")
        ],
    )


def _levels(learner: Learner, about: About, today: date, *, own_views: bool) -> Table:
    rosters = [classroom.roster_id for classroom in about.classrooms]
    subjects = standards_of(
        learner,
        roster_ids=rosters,
        since=today,
        policies=Policies(learner.district_id),
        today=today,
        own_views=own_views,
    )
    return Table(
        "levels",
        _("What I know"),
        (
            ("subject", _("Subject")),
            ("standard", _("Standard")),
            ("title", _("In words")),
            ("level", _("Level")),
            ("word", _("Word")),
            ("set_by_teacher", _("Set by a teacher")),
            ("i_say", _("I say")),
            ("newest", _("Newest result")),
        ),
        [
            (
                subject.title,
                row.label,
                row.title,
                row.level,
                str(row.word),
                _("yes") if row.by_teacher else "",
                row.own,
                _day(row.last_on),
            )
            for subject in subjects
            for row in (*subject.seen, *subject.not_assessed)
        ],
    )


def _results(learner: Learner) -> Table:
    kinds = dict(Evidence.Kind.choices)
    return Table(
        "results",
        _("Results"),
        (
            ("day", _("Day")),
            ("assessment", _("Assessment")),
            ("standard", _("Standard")),
            ("result", _("Result")),
            ("out_of", _("Out of")),
            ("try", _("Try")),
            ("feedback", _("Feedback")),
        ),
        [
            (
                _day(row.observed_at),
                row.title,
                row.standard,
                text_of_points(row.points) if row.kind == Evidence.Kind.RESULT else str(kinds[row.kind]),
                text_of_points(row.possible),
                row.attempt,
                row.note or "",
            )
            for row in read(RESULTS, learner=learner.pk)
        ],
    )


def _paths(learner: Learner) -> Table:
    rows = Step.objects.filter(path__learner=learner).select_related("path", "standard")
    return Table(
        "paths",
        _("Paths"),
        (
            ("path", _("Path")),
            ("step", _("Step")),
            ("kind", _("Kind")),
            ("standard", _("Standard")),
            ("link", _("Link")),
            ("minutes", _("Minutes")),
            ("until", _("Until")),
            ("done", _("Done")),
        ),
        [
            (
                row.path.title,
                row.title,
                row.get_kind_display(),
                row.standard.label if row.standard else "",
                row.web_link,
                row.minutes_expected,
                _day(row.due_on),
                _day(row.done_at),
            )
            for row in rows.order_by("path__created_at", "path", "position")
        ],
    )


def _work(artifacts: Iterable[tuple[Artifact, str]]) -> Table:
    return Table(
        "work",
        _("Work"),
        (
            ("day", _("Day")),
            ("title", _("Title")),
            ("kind", _("Kind")),
            ("words", _("Words")),
            ("link", _("Link")),
            ("file", _("File")),
            ("for", _("For")),
            ("answers", _("Answers")),
        ),
        [
            (
                _day(piece.created_at),
                piece.heading,
                piece.get_kind_display(),
                piece.text,
                piece.web_link,
                file,
                _belongs_to(piece),
                " / ".join(f"{_name(reply.by)}: {reply.text}" for reply in piece.replies.all()),
            )
            for piece, file in artifacts
        ],
    )


def _belongs_to(piece: Artifact) -> str:
    if piece.goal:
        return piece.goal.what
    return piece.step.title if piece.step else ""
