"""Two districts that differ in hidden figures alone look the same, byte for byte, to all who may not list the students.

Students change grade between the worlds, so that four hidden figures of two schools move while all that is published
stays. Whoever could work out one of them, from whatever pages and files together, would have to see a difference.
"""

import os
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from assessments.models import Mastery, Publication, Rollup
from assessments.services import publishing
from profiles.models import Learner
from tests.assessments import school_place
from tests.assessments.test_school_narrowed import make_subgroup
from tests.factories.classes import give_levels, learners_of
from tests.factories.profiles import make_account, make_guardian, make_school, make_school_admin, make_teacher
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db
place = school_place.place

COUNT = """
INSERT INTO assessments_rollup (kind, scope_id, grade, standard_id, level, n)
SELECT kind, scope, grade, standard_id, shown_level, count(*)
  FROM (SELECT l.grade, m.standard_id, m.shown_level, k.kind,
               CASE k.kind WHEN 1 THEN l.home_school_id ELSE l.district_id END AS scope
          FROM assessments_mastery m JOIN profiles_learner l ON l.id = m.learner_id, (VALUES (1), (2)) k (kind)) found
 GROUP BY 1, 2, 3, 4, 5
"""
SIZES = {"Alder Creek": (60, 60), "Birchwood": (60, 4), "Cedar": (60, 24), "Dogwood": (60, 60)}
"""Students of grade 5 and of grade 6."""
LEAVES = re.compile("log-?out|sign-?out|second-step|demo|metrics|static|api/(schema|docs)")
"""Addresses that end something, show a new secret each time, or answer alike to everybody."""
TELLING = re.compile(
    "/((school|coverage|practice|equity|impact|check-ins|policy|wall|blocks|gradebook|search|home|api)/.*)?$"
)
ALL = bool(os.environ.get("LRM_LAWS"))
"""All addresses and readers; in CI only addresses that count somebody, for two readers."""
CHANGES_BY_ITSELF = re.compile(r"[A-Za-z0-9+/_-]{22,}={0,2}|\d{1,2}:\d{2}(:[\d.]+)?")
"""Tokens of a page, and times of the day."""
SCHOOL = [
    *({"grade": grade} for grade in ("05", "06")),
    *({"compare": "28"}, {"over": "terms"}, {"as_of": "2026-10-01"}, {"grade": "06", "compare": "28"}),
]


@pytest.fixture
def district(place):
    """Four schools of two grades; half of the students are at mastery."""
    schools = {"Alder Creek": place.school, "Birchwood": place.other}
    classes = {}
    for name, sizes in SIZES.items():
        school = schools.get(name) or make_school(place.school.district, name=name)
        for grade, size in zip(("05", "06"), sizes, strict=True):
            section = classes[name, grade] = place.teach(school, size)
            learners = learners_of(section)
            Learner.objects.filter(pk__in=[each.pk for each in learners]).update(grade=grade)
            give_levels(learners, [place.first])
            high = [each.pk for each in learners[::2]]
            Mastery.objects.filter(learner__in=high).update(level=4, shown_level=4)
            Mastery.objects.filter(learner__in=[each.pk for each in learners[1::2]]).update(level=1, shown_level=1)
    return place, classes


def publish_anew(place):
    Rollup.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
    Publication.objects.all().delete()
    return publishing.publish(place.school.district, day=timezone.localdate())


def addresses(patterns=None, before="/") -> Iterator[str]:
    """Of all routes that take nothing from the address."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = str(each.pattern)
        if "<" in route or "(" in route or LEAVES.search(before + route):
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + route)
        elif isinstance(each, URLPattern) and (ALL or TELLING.match(before + route)):
            yield before + route


def looks(client: Client, asked: list[tuple[str, dict]]) -> dict[str, str]:
    """{address: what it says}, of the pages and files that there are for the account."""
    found = {}
    for url, query in asked:
        answer = client.get(url, query)
        if answer.status_code == 200:
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[f"{url} {query}"] = CHANGES_BY_ITSELF.sub("", body.decode("utf-8", "replace"))
    return found


def move(classes, *, back=False):
    """Three students of one school into the grade above, three of another one into the grade below."""
    for name, grade, to in (("Birchwood", "05", "06"), ("Cedar", "06", "05")):
        movers = [each.pk for each in learners_of(classes[name, grade])[:3]]
        Learner.objects.filter(pk__in=movers).update(grade=grade if back else to)


def test_hidden_figures_change_no_page_and_no_file_of_anybody_who_may_not_list_the_students(district, as_account):
    place, classes = district
    section = classes["Alder Creek", "05"]
    subgroup = make_subgroup(place.school.district, [each for of in classes.values() for each in learners_of(of)[::3]])
    people = {
        "principal": with_fresh_code(as_account(make_school_admin(place.school))),
        "teacher": as_account(make_teacher(section.roster)),
    }
    if ALL:
        people["family"] = as_account(make_guardian(learners_of(section)[0]))
        people["nobody"] = as_account(make_account(place.school.district))
    asked = [(url, {}) for url in addresses()]
    asked += [
        (url, query) for url in ("/school/", "/school/school.csv") for query in [*SCHOOL, {"subgroup": subgroup.pk}]
    ]
    asked += [("/search/", {"q": "Birchwood"}), ("/practice/", {"school": place.other.pk})]
    made = publish_anew(place)
    (table,) = made.cells.values()
    of_other = table["rows"][str(place.other.pk)]
    assert (of_other["05"], of_other["06"], of_other[""][0]) == ("hidden", "hidden", 64)

    before = {who: looks(client, asked) for who, client in people.items()}
    move(classes)
    assert publish_anew(place).cells == made.cells
    after = {who: looks(client, asked) for who, client in people.items()}

    assert len(before["principal"]) > 20
    for who, pages in before.items():
        assert [url for url in pages if after[who].get(url) != pages[url]] == [], who


def test_a_shown_figure_changes_pages(district, as_account):
    """The attack sees what there is to see."""
    place, classes = district
    client, asked = as_account(make_school_admin(place.school)), [("/school/", {}), ("/school/", {"grade": "06"})]
    publish_anew(place)
    before = looks(client, asked)
    movers = [each.pk for each in learners_of(classes["Dogwood", "05"])[:20]]
    Learner.objects.filter(pk__in=movers).update(grade="06")
    publish_anew(place)
    changed = [url for url, page in looks(client, asked).items() if page != before[url]]
    assert "/school/ {'grade': '06'}" in changed
