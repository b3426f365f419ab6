"""What a place of the rights matrix holds about its class lists: steps, two made one, a plan for the next year."""

from datetime import date

from django.db import models
from django.utils import timezone

from profiles.models import Enrollment, LearnerMerge, RollOver, Roster, RosterAct, RosterChange, ToldApart
from profiles.services.roster_history import dates_of
from tests.factories import profiles as make


def roster_steps_of(roster: Roster, enrollment: Enrollment, word: str) -> dict[str, models.Model]:
    """The step put the learner on the list; word: in the names of those who were one child."""
    district = roster.district
    act = RosterAct._base_manager.create(district=district, kind=RosterAct.Kind.ADD)
    RosterChange._base_manager.create(
        act=act, roster=roster, enrollment=enrollment, learner_id=enrollment.learner_id, after=dates_of(enrollment)
    )
    names = {"given_name": word, "family_name": f"{word} Twice"}
    kept = make.make_learner(roster.school, **names)
    merged = make.make_learner(roster.school, left_on=timezone.localdate(), **names)
    people = [{"id": row.pk, "account_id": None, "is_active": True, **_row(row)} for row in (kept, merged)]
    merge = LearnerMerge._base_manager.create(
        district=district,
        kept=kept,
        merged=merged,
        before={"people": people, "enrollments": [], "account": None},
    )
    plan = RollOver._base_manager.create(
        district=district,
        school=roster.school,
        source=roster.session,
        year={"title": "Next year", "starts_on": "2199-08-01", "ends_on": "2200-06-30"},
        again={str(roster.pk): {"title": roster.title, "staff": True}},
        goes={str(roster.pk): "none"},
    )
    apart = ToldApart._base_manager.create(district=district, one=kept, other=merged)
    own = Roster._base_manager.create(
        district=district, school=roster.school, session=roster.session, title=f"{roster.title} by hand"
    )
    return {"told_apart": apart, "own_class": own, "roster_act": act, "learner_merge": merge, "roll_over": plan}


def _row(learner) -> dict:
    values = {name: getattr(learner, name) for name in ("key", "grade", "preferred_name", "left_on")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
