"""What a meeting could be about, put together from what stands in LRM: facts, never a judgement."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.services.policies import Policies
from lrm.addresses import address
from lrm.days import said, said_on
from paths.models import Goal, Path, TalkPoint
from paths.pace import weekdays_between
from paths.services.conferences.item import POINT, VIEW, AgendaItem
from paths.services.conferences.unanswered import news_of_talks, unanswered
from paths.services.mastery_rows import StandardRow, standards_of
from profiles.models import Account, Enrollment, Learner

VIEWS_SHOWN = 5
DUE_SOON = timedelta(days=14)


def agenda_of(learner: Learner, *, reader: Account, now: datetime, today: date) -> list[AgendaItem]:
    """Added points and requests to try again first, then what the two see differently, what takes long, ends or waits.

    reader: the learner, who is called "you", or somebody of the staff. Ten statements, however much there is.
    """
    to_learner = reader.access.learner_id == learner.pk
    waiting = list(unanswered(learner, reader=reader, now=now))
    return [
        *_points(learner, to_learner),
        *(item for item in waiting if item.kind == "try"),
        *_views(learner, to_learner, today),
        *_long_steps(learner, today),
        *_goals(learner, today),
        *(item for item in waiting if item.kind != "try"),
        *news_of_talks(learner, reader=reader),
    ]


def _points(learner: Learner, to_learner: bool) -> Iterable[AgendaItem]:
    for point in TalkPoint.objects.filter(learner=learner).open().select_related("by"):
        is_own = point.by_id is not None and point.by_id == learner.account_id
        by = _("You") if is_own and to_learner else point.by.name if point.by else ""
        yield AgendaItem(POINT, point.text, point=point.pk, by=by)


def _views(learner: Learner, to_learner: bool, today: date) -> Iterable[AgendaItem]:
    """Standards on which results, the learner and a teacher say different levels, the farthest apart first."""
    rosters = Enrollment.objects.on(today).of_learners().filter(learner=learner).values_list("roster_id", flat=True)
    subjects = standards_of(
        learner, roster_ids=list(rosters), since=today, policies=Policies(learner.district_id), today=today
    )
    rows = [row for subject in subjects for row in subject.seen if row.gap]
    for row in sorted(rows, key=lambda row: -row.gap)[:VIEWS_SHOWN]:
        views = list(_said_views(row, learner, to_learner))
        text = f"{row.label} {row.title}: " if row.code and row.title else f"{row.label}: "
        yield AgendaItem(VIEW, text + ", ".join(views) + ".", address("receipt", learner.pk, row.standard_id))


def _said_views(row: StandardRow, learner: Learner, to_learner: bool) -> Iterable[str]:
    if row.results:
        yield _("results say %(level)s") % {"level": row.results}
    if row.own and to_learner:
        yield _("you say %(level)s") % {"level": row.own}
    elif row.own:
        yield _("%(name)s says %(level)s") % {"name": learner.first_name, "level": row.own}
    if row.by_teacher:
        yield _("a teacher says %(level)s") % {"level": row.level}


def _long_steps(learner: Learner, today: date) -> Iterable[AgendaItem]:
    for path in Path.objects.filter(learner=learner, archived_at=None, look_on__lte=today).order_by("look_on", "pk"):
        if path.now_since is None:
            continue
        days = weekdays_between(path.now_since, today)
        text = _("“%(title)s”: on one step for %(days)s days, planned %(planned)s.")
        values = {"title": path.title, "days": days, "planned": path.planned_days}
        yield AgendaItem("step", text % values, address("learner", learner.pk) + "#path")


def _goals(learner: Learner, today: date) -> Iterable[AgendaItem]:
    """Live goals that end within two weeks or have ended, and those that wait for a yes."""
    live = Goal.objects.filter(learner=learner).live()
    waiting = set(Goal.objects.filter(learner=learner).awaiting_review().values_list("pk", flat=True))
    for goal in live.filter(Q(due_on__lte=today + DUE_SOON) | Q(pk__in=waiting)).order_by("due_on", "pk"):
        url = address("goal", goal.pk)
        if goal.pk in waiting:
            yield AgendaItem("goal", _("The goal “%(what)s” waits for a yes.") % {"what": goal.what}, url)
        elif goal.due_on and goal.due_on < today:
            text = _("The goal “%(what)s” was planned until %(day)s.")
            yield AgendaItem("goal", text % {"what": goal.what, "day": said(goal.due_on)}, url)
        else:
            text = _("The goal “%(what)s” ends %(day)s.")
            yield AgendaItem("goal", text % {"what": goal.what, "day": said_on(goal.due_on)}, url)
