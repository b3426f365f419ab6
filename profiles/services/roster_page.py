"""Reads of the Students page: rosters, their people past and present, and the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from profiles.models import Account, Enrollment, Learner, Roster, Section
from profiles.services.find_learners import find_learners

MANY = 60
"""So many rosters stand in the switcher; an administrator of more finds a class by its name."""
FOUND = 50


@dataclass(frozen=True)
class People:
    """Enrollments of learners, by name. past: the last one of each learner who is not on the roster now or soon."""

    now: list[Enrollment]
    to_come: list[Enrollment]
    past: list[Enrollment]

    def learners(self, *, with_past: bool = False) -> list[Learner]:
        """Those of now and to come, in the order of the lists."""
        rows = (*self.now, *self.to_come, *(self.past if with_past else ()))
        return [row.learner for row in rows if row.learner is not None]


@dataclass(frozen=True)
class Line:
    """A learner, and the rosters (titles) where the learner is enrolled today."""

    learner: Learner
    rosters: list[str]


@dataclass(frozen=True)
class Found:
    """more: whether there are learners beyond those listed."""

    lines: list[Line]
    rosters: list[Roster]
    more: bool


def rosters_of(account: Account, *, today: date) -> list[Roster]:
    """The newest year first, each year by title; at most MANY."""
    return list(
        Roster.objects.visible_to(account)
        .filter(session__ends_on__gte=today)
        .select_related("session")
        .order_by(F("session__starts_on").desc(), "title", "pk")[:MANY]
    )


def people_of(roster: Roster, *, today: date) -> People:
    now, to_come, past = [], [], {}
    rows = Enrollment.objects.of_learners().filter(roster=roster).select_related("learner")
    for row in rows.order_by("learner__given_name", "learner__family_name", "learner_id", "starts_on", "pk"):
        if row.ends_on is not None and (row.ends_on < today or row.ends_on < row.starts_on):
            if row.ends_on >= row.starts_on:
                past[row.learner_id] = row
        elif row.starts_on > today:
            to_come.append(row)
        else:
            now.append(row)
    here = {row.learner_id for row in (*now, *to_come)}
    return People(now, to_come, [row for learner_id, row in past.items() if learner_id not in here])


def sections_of(roster: Roster, *, account: Account) -> list[Section]:
    return list(
        Section.objects.visible_to(account).filter(roster=roster, archived_at__isnull=True).select_related("course")
    )


def staff_of(roster: Roster, *, today: date) -> list[Enrollment]:
    """Staff of today and to come, teachers first, with the section that their role is limited to."""
    order = [Enrollment.Role.TEACHER, Enrollment.Role.CO_TEACHER, Enrollment.Role.SUBSTITUTE, Enrollment.Role.AIDE]
    rows = Enrollment.objects.of_staff().filter(roster=roster).select_related("account", "section")
    current = [row for row in rows if row.ends_on is None or row.ends_on >= today]
    return sorted(current, key=lambda row: (order.index(Enrollment.Role(row.role)), row.account.name, row.pk))


def search(words: str, *, account: Account, today: date) -> Found:
    learners = list(find_learners(words, account=account)[: FOUND + 1])
    rosters = Roster.objects.visible_to(account).filter(title__icontains=words)[:10]
    return Found(lines_of(learners[:FOUND], account=account, today=today), list(rosters), len(learners) > FOUND)


def lines_of(learners: Sequence[Learner], *, account: Account, today: date) -> list[Line]:
    """With the titles of those rosters of each learner that the account may see."""
    titles: dict[int, list[str]] = {learner.pk: [] for learner in learners}
    if titles:
        rows = Enrollment.objects.on(today).of_learners().filter(learner__in=list(titles))
        rows = rows.filter(roster__in=Roster.objects.visible_to(account)).order_by("roster__title")
        for learner_id, title in rows.values_list("learner_id", "roster__title"):
            titles[learner_id].append(title)
    return [Line(learner, titles[learner.pk]) for learner in learners]
