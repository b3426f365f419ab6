"""The school that pages are measured on: sections of 30 by 40, a school of 1,000 learners, 5,000 standards."""

from dataclasses import dataclass

from django.db import connection
from django.test import Client as TestClient

from assessments.models import Assessment, Group, GroupSuggestion
from bench.left_out import leave_out
from lrm.scope import unscoped
from profiles.models import Account, Learner, School, Section
from standards.models import Standard
from standards.services.indexing import index
from tests.factories.assessments import make_assessment
from tests.factories.classes import give_levels, learners_of, make_class
from tests.factories.paths import make_check_in, make_entry, make_goal, make_path
from tests.factories.profiles import enroll, make_district, make_school, make_school_admin, make_teacher
from tests.factories.standards import make_framework, make_standard, make_subject

LEARNERS, STANDARDS, GROUPS = 30, 40, 5


@dataclass(frozen=True)
class Scene:
    """learners: of `section`, in the order of their ids, which follow one another."""

    school: School
    section: Section
    learners: list[Learner]
    standards: list[Standard]
    assessment: Assessment
    teacher: Account
    principal: Account

    @property
    def size(self) -> str:
        return f"{len(self.learners)} learners x {len(self.standards)} standards"


def build(*, small: bool) -> Scene:
    """small: fewer classes and standards around the measured section, which keeps its size."""
    with unscoped("a scratch database holds one district"):
        school = make_school(make_district())
        framework = make_framework(school.district)
        domains = [make_standard(framework, short_title=f"Domain {n}", code=f"5.D{n}", is_leaf=False) for n in range(5)]
        standards = [
            make_standard(framework, domain=domains[n // 8], short_title=f"Fractions as division, part {n}")
            for n in range(STANDARDS)
        ]
        section = make_class(school, standards, learners=LEARNERS)
        teacher = make_teacher(section.roster)
        learners = learners_of(section)
        give_levels(learners, standards, counted=False)
        rest = []
        for number in range(2 if small else 33):
            other = make_class(school, standards, learners=LEARNERS)
            rest += learners_of(other)
            if number < 2:
                enroll(teacher, other.roster)
        give_levels(rest, standards, counted=True)
        leave_out(rest)
        for place in (section, *Section._base_manager.filter(roster__school=school).exclude(pk=section.pk)[:2]):
            GroupSuggestion._base_manager.create(section=place, board={"groups": [{}] * GROUPS, "own": [], "moved": 3})
        for learner in learners:
            goal = make_goal(learner, standards=tuple(standards[:2]), steps=("Draw it", "Explain it", "Try again"))
            make_check_in(goal, text="I drew it and it matched.")
            make_path(learner)
            make_entry(learner)
        assessment = make_assessment(section, standards)
        _large_framework(school, 300 if small else 5000)
        principal = make_school_admin(school)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Scene(school, section, learners, standards, assessment, teacher, principal)


def _large_framework(school: School, size: int) -> None:
    """Standards of a published document's size, worded by combination."""
    verbs = ("Compare", "Explain", "Represent", "Estimate", "Describe", "Order", "Measure", "Justify", "Model", "Check")
    things = ("fractions", "unit rates", "line plots", "angles", "sentences", "arguments", "cells", "maps", "volumes")
    ways = ("with drawings", "in context", "on a number line", "with evidence", "in groups", "over time", "by hand")
    framework = make_framework(school.district, title="A large framework")
    subject = make_subject(school.district, "Many things")
    made = Standard._base_manager.bulk_create(
        Standard(
            framework=framework,
            subject=subject,
            code=f"L.{number // 100}.{number % 100}",
            statement=f"{verbs[number % 10]} {things[number % 9]} {ways[number % 7]}, part {number}.",
            position=number,
        )
        for number in range(size)
    )
    index((row.pk, "en", row.code, "", row.statement) for row in made)


def suggest(scene: Scene) -> None:
    """A fresh board for the measured section: its learners in five groups, each with a reason as a solver gives it."""
    size = len(scene.learners) // GROUPS
    groups = [
        {
            "letter": "ABCDE"[place],
            "purpose": Group.Purpose.RETEACH.value,
            "focus": scene.standards[place].pk,
            "adult": 0 if place == 0 else None,
            "turn": 0,
            "members": [
                {
                    "learner": learner.pk,
                    "reasons": [{"kind": "level", "standard": scene.standards[place].pk, "level": 2}],
                }
                for learner in scene.learners[place * size : (place + 1) * size]
            ],
        }
        for place in range(GROUPS)
    ]
    waiting = GroupSuggestion._base_manager.filter(section=scene.section, state=GroupSuggestion.State.CURRENT)
    waiting.delete()
    GroupSuggestion._base_manager.create(section=scene.section, board={"groups": groups, "own": [], "moved": 3})


def session_of(account: Account) -> dict[str, str]:
    """The cookies of a browser in which the account has signed in."""
    client = TestClient()
    client.force_login(account, backend="profiles.backends.AccountBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}
