"""What a teacher and a learner could talk about next: facts from their own words, levels and dates, no judgement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lrm.addresses import address
from lrm.days import said
from paths.services.learner_page import GoalProgress
from paths.services.mastery_rows import StandardRow, SubjectRows
from profiles.models import Learner

SOON = timedelta(days=14)


@dataclass(frozen=True)
class TalkPoint:
    """text: one sentence.    url, link: where the talk could begin."""

    text: str
    url: str
    link: str


def talk_points(
    learner: Learner, subjects: Iterable[SubjectRows], goals: Iterable[GoalProgress], *, today: date
) -> list[TalkPoint]:
    """Differences of view first, then goals that end within two weeks."""
    rows = [row for subject in subjects for row in subject.seen]
    points = [*_views(learner, rows)]
    for shown in goals:
        due = shown.goal.due_on
        if due and today <= due <= today + SOON:
            text = _("The goal “%(what)s” ends %(day)s.") % {"what": shown.goal.what, "day": said(due)}
            points.append(TalkPoint(text, address("goal", shown.goal.pk), _("Open the goal")))
    return points


def _views(learner: Learner, rows: list[StandardRow]) -> Iterable[TalkPoint]:
    lower = [row for row in rows if row.own and row.level and row.own < row.level]
    higher = [row for row in rows if row.own and row.level and row.own > row.level]
    facts = {"name": learner.first_name}
    if lower:
        text = ngettext(
            "%(name)s sees one standard lower than the level shown.",
            "%(name)s sees %(n)s standards lower than the level shown.",
            len(lower),
        ) % (facts | {"n": len(lower)})
        yield _begin(learner, text, lower)
    if higher:
        text = ngettext(
            "%(name)s sees one standard higher than the level shown.",
            "%(name)s sees %(n)s standards higher than the level shown.",
            len(higher),
        ) % (facts | {"n": len(higher)})
        yield _begin(learner, text, higher)


def _begin(learner: Learner, text: str, rows: list[StandardRow]) -> TalkPoint:
    """With the standard on which the views are farthest apart."""
    row = max(rows, key=lambda row: row.gap)
    link = _("Begin with %(standard)s") % {"standard": row.label}
    return TalkPoint(text, address("receipt", learner.pk, row.standard_id), link)
