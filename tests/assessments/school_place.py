"""Two schools of a district, who reads about them, and what the school-wide page says: shared by its tests."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.services import publishing, rollups
from lrm.scope import district_scope
from profiles.models import Enrollment
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, learners_of, make_class
from tests.factories.profiles import (
    enroll,
    make_account,
    make_district_admin,
    make_school,
    make_school_admin,
    make_teacher,
)
from tests.factories.standards import make_framework, make_standard
from tests.fresh_code import with_fresh_code

URL = "/school/"


class Place:
    """Two schools of a district; one domain with two standards, one with a single one."""

    def __init__(self):
        self.school = make_school(name="Alder Creek")
        self.other = make_school(self.school.district, name="Birchwood")
        self.framework = make_framework(self.school.district)
        self.domain = make_standard(self.framework, code="5.NF", short_title="Fractions", is_leaf=False)
        self.geometry = make_standard(self.framework, code="5.G", short_title="Geometry", is_leaf=False)
        self.first, self.second = (make_standard(self.framework, domain=self.domain) for _ in range(2))
        self.shape = make_standard(self.framework, domain=self.geometry)
        self.standards = [self.first, self.second, self.shape]

    def teach(self, school, learners, **fields):
        return make_class(school, self.standards, learners=learners, **fields)

    def at(self, row, *rest):
        return ".".join([row, f"{self.framework.pk}-{self.domain.pk}", *(str(each.pk) for each in rest)])


@pytest.fixture
def place(db):
    found = Place()
    with district_scope(found.school.district_id):
        yield found


@pytest.fixture
def story(place):
    """Two students of a class: levels 1 and 4 forty days ago, 4 and 1 ten days ago; a third came between."""
    section = place.teach(place.school, 3)
    ana, ben, cam = learners_of(section)
    Enrollment._base_manager.filter(learner=cam).update(starts_on=before(20))
    for days, marks in ((40, (1, 4)), (10, (4, 1))):
        assessment = make_assessment(section, [place.first], given_on=before(days))
        for learner, points in zip((ana, ben), marks, strict=True):
            give(assessment, learner, place.first, points)
    give(make_assessment(section, [place.shape], given_on=before(15)), cam, place.shape, 2)
    work_off()
    rollups.fold()
    return section


@pytest.fixture
def principal(place, as_account):
    return with_fresh_code(as_account(make_school_admin(place.school)))


@pytest.fixture
def district_admin(place, as_account):
    return as_account(make_district_admin(place.school.district))


def figures(page):
    """{row: {column: (share, results, left out)}} of the page."""
    matrix = page.context["matrix"]
    return {
        line.name: {
            column.name: (tally.share(3), tally.results, tally.left_out)
            for column, tally in zip(matrix.columns, line.tallies, strict=True)
        }
        for line in matrix.lines
    }


def publish_both(place, own, other):
    give_levels(learners_of(place.teach(place.school, own)), [place.first], counted=True)
    give_levels(learners_of(place.teach(place.other, other)), [place.first], counted=True)
    return publishing.publish(place.school.district, day=timezone.localdate())


def before(days):
    return timezone.localdate() - timedelta(days=days)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def branch_of(place):
    return f"{place.framework.pk}-{place.domain.pk}"


@pytest.fixture
def two_classes(place, story):
    """story's class with a teacher and an aide; another class with a teacher of its own."""
    other = place.teach(place.school, 2, title="5 Oak Math")
    mine = make_teacher(story.roster, given_name="Noor", family_name="Adams")
    theirs = make_teacher(other.roster, given_name="Iris", family_name="Bell")
    enroll(make_account(place.school.district), story.roster, role=Enrollment.Role.AIDE)
    for learner in learners_of(other):
        give(make_assessment(other, [place.first], given_on=before(3)), learner, place.first, 3)
    work_off()
    return story, other, mine, theirs
