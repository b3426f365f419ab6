"""Equity: days in kinds of groups and choice, beside all others; what is refused, and what is left out."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.impact.gaps import Gap
from assessments.mastery.left_out import BY_METHOD, EXCUSED, NOT_SEEN
from assessments.models import Mastery, MasteryPolicy
from lrm.scope import district_scope
from paths.equity_page import EquityCell, EquityLine, advice
from paths.services.equity import EquityRow, Figure
from paths.services.practice import read_practice
from profiles.models import SubgroupMember
from profiles.policy_values import Line
from profiles.services import subgroups
from tests.budgets import assert_statements
from tests.factories.assessments import make_group
from tests.factories.classes import join
from tests.factories.paths import make_board, make_mastery
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    make_district_admin,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
    make_session,
)
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db
CLASSES, SIZE, DAYS = 10, 4, 8


class Place:
    """Two schools of ten classes of four; in the first three of four were in groups to reteach for eight days."""

    def __init__(self):
        self.today = timezone.localdate()
        self.school = make_school(name="Alder Creek")
        self.far = make_school(self.school.district, name="Birchwood")
        self.district = self.school.district
        start = self.today - timedelta(days=60)
        self.session = make_session(self.district, title="Fall", starts_on=start, ends_on=self.today + timedelta(60))
        self.standard = make_standard(make_framework(self.district), code="5.NF.1")
        self.admin = make_district_admin(self.district)
        self.classes = [
            self.add_class(school, grade="05") for school in (self.school, self.far) for _ in range(CLASSES)
        ]
        for number, (section, learners) in enumerate(self.classes):
            is_first = number < CLASSES
            self.group(section, learners[: 3 if is_first else 1], "reteach")
            for learner in learners[: 2 if is_first else 3]:
                make_board(learner)

    def add_class(self, school, *, grade, learners=SIZE):
        section = make_section(make_roster(school, grade=grade, session=self.session))
        return section, join(section.roster, learners)

    def group(self, section, learners, purpose):
        start = self.today - timedelta(days=DAYS - 1)
        return make_group(section, self.standard, learners, purpose=purpose, starts_on=start)


@pytest.fixture
def place():
    found = Place()
    with district_scope(found.district.pk):
        yield found


def make_without_level(learner, standard, why):
    """As the worker would have stored it."""
    found = make_mastery(learner, standard, 1)
    Mastery._base_manager.filter(pk=found.pk).update(value_micro=None, level=None, shown_level=None, n=0, left_out=why)


def lines_of(client, **query):
    page = client.get(reverse("equity"), query)
    assert page.status_code == 200
    return {line.name: {cell.measure: cell for cell in line.cells} for line in page.context["lines"]}, page


def test_days_and_choice_stand_beside_those_of_all_others_with_a_likely_range(place, as_account):
    lines, page = lines_of(as_account(place.admin))
    assert list(lines) == ["All schools", "Alder Creek", "Birchwood"]
    said = {name: (cells["reteach"].said, cells["offered"].said, cells["extend"].said) for name, cells in lines.items()}
    assert said == {
        "All schools": ("4", "62 %", "< 1"),
        "Alder Creek": ("6", "50 %", "< 1"),
        "Birchwood": ("2", "75 %", "< 1"),
    }
    assert [cells["reteach"].gap for cells in lines.values()] == ["", "+4 (+4 to +4)", "−4 (−4 to −4)"]
    assert [cells["offered"].gap for cells in lines.values()] == ["", "−25 (−25 to −25)", "+25 (+25 to +25)"]
    assert [item["text"][:60] for item in page.context["advice"]] == [
        "Alder Creek: 4 days more in groups to reteach than the other",
        "Alder Creek: 25 points fewer have a choice board than of the",
    ]
    text = page.content.decode()
    assert text.index("What to do next") < text.index("<table")


@pytest.mark.parametrize(("hi", "said"), [(-0.3, "Nobody stands apart"), (-0.8, "Alder Creek: 1 day fewer in groups")])
def test_a_range_that_is_told_as_reaching_0_asks_for_nothing(hi, said):
    row = EquityRow(840, 0, 10, {}, Counter())
    cell = EquityCell("extend", "Extend", "2", "", 840, Figure(2.0, 840, Gap(-0.9, -1.2, hi)))
    line = EquityLine("1", "Alder Creek", 840, row, [cell], "", Counter(), is_total=False)
    assert advice([line])[0]["text"].startswith(said)


def test_levels_count_by_the_policy_of_their_framework_and_say_of_how_many(place, as_account):
    for number, (_section, learners) in enumerate(place.classes):
        for learner in learners[:2]:
            make_mastery(learner, place.standard, 2 if number < CLASSES else 3)
    lines, _page = lines_of(as_account(place.admin))
    cells = [cells["levels"] for cells in lines.values()]
    assert [(cell.said, cell.n, cell.figure.refused) for cell in cells] == [
        ("50 %", 40, ""),
        ("0 %", 20, "few_learners"),
        ("100 %", 20, "few_learners"),
    ]
    MasteryPolicy.objects.create(
        district=place.district, framework=place.standard.framework, starts_on=place.today, mastery_level=2
    )
    lines, _page = lines_of(as_account(place.admin))
    assert [cells["levels"].said for cells in lines.values()] == ["100 %", "100 %", "100 %"]


def test_a_figure_goes_by_what_its_schools_ask_for(place, as_account):
    make_rule(Line.MINIMUM_N, 30, school=place.far)
    for _section, learners in place.classes[CLASSES : CLASSES + 3]:
        for learner in learners:
            make_mastery(learner, place.standard, 3)
    lines, _page = lines_of(as_account(place.admin))
    assert [(cells["levels"].said, cells["reteach"].said) for cells in lines.values()] == [
        ("", "4"),
        ("", "6"),
        ("", "2"),
    ]
    make_rule(Line.MINIMUM_N, 12, school=place.far)
    lines, _page = lines_of(as_account(place.admin))
    assert [cells["levels"].said for cells in lines.values()] == ["100 %", "", "100 %"]


def test_one_school_is_refused_in_words_where_classes_or_students_are_few(place, as_account):
    place.add_class(place.school, grade="04", learners=12)
    place.add_class(place.school, grade="03", learners=9)
    client = as_account(make_school_admin(place.school))
    page = client.get(reverse("equity"))
    assert [(line.name, line.row.n, line.row.left_out, line.refused) for line in page.context["lines"]] == [
        ("Alder Creek", 52, 9, ""),
        ("Grade 3", 0, 9, "n < 10, so nothing is said."),
        ("Grade 4", 12, 0, "No differences: fewer than 30 students."),
        ("Grade 5", 40, 0, "No differences: fewer than 10 classes here or among the others."),
    ]
    assert {cell.said for cell in page.context["lines"][1].cells} == {""}
    assert {cell.gap for line in page.context["lines"] for cell in line.cells} == {""}
    assert page.context["advice"][0]["text"].startswith("There is nobody to compare yet: it takes 30 students from 10")
    assert (
        "9 (9 of a grade with too few; Standards met: 52 no result yet): students who are in no class today, and"
        in page.content.decode()
    )


def test_figures_of_grades_schools_and_everybody_give_away_no_small_grade(place, as_account):
    """Whether the few are all in a group or none is, every page of every administrator says the same."""
    section, few = place.add_class(place.school, grade="04", learners=9)
    place.add_class(place.far, grade="04", learners=15)

    def everything():
        said = []
        for account, queries in (
            (place.admin, ({}, {"by": "grade"}, {"school": place.school.pk}, {"school": place.far.pk})),
            (make_school_admin(place.school), ({},)),
        ):
            client = as_account(account)
            for query in queries:
                page = client.get(reverse("equity"), query)
                said += [(line.name, line.reasons, *line.cells) for line in page.context["lines"]]
                said.append(page.context["methods"])
                page = client.get(reverse("practice"), query)
                said.append(
                    [(line.name, line.cell("extend").said, line.cell("extend").n) for line in page.context["lines"]]
                )
        return said

    before = everything()
    place.group(section, few, "extend")
    place.group(section, few, "reteach")
    other = make_standard(make_framework(place.district, title="Reading"), code="RL.1")
    MasteryPolicy.objects.create(
        district=place.district, framework=other.framework, starts_on=place.today, method="n_times"
    )
    for number, learner in enumerate(few):
        make_board(learner)
        if number:
            make_mastery(learner, other, 3)
        else:
            make_without_level(learner, other, EXCUSED)
    assert everything() == before


def test_who_has_no_level_is_told_by_why_and_levels_by_their_method(place, as_account):
    reading = make_standard(make_framework(place.district, title="Reading"), code="RL.1")
    first, *others = [learner for _section, learners in place.classes[:CLASSES] for learner in learners]
    make_mastery(first, place.standard, 3)
    for learner, reasons in zip(others, ([EXCUSED], [EXCUSED, NOT_SEEN], [BY_METHOD], []), strict=False):
        for standard, why in zip((place.standard, reading), reasons, strict=False):
            make_without_level(learner, standard, why)
    for learner in others[4:]:
        make_mastery(learner, place.standard, 2)
    client = as_account(place.admin)
    said = "Standards met: 1 no result yet, 1 excused, 1 not seen, 1 no level by the method yet"
    lines, page = lines_of(client)
    assert [line.reasons for line in page.context["lines"]][1:] == [said, "Standards met: 40 no result yet"]
    assert [cells["levels"].n for cells in lines.values()] == [36, 36, 0]
    assert page.context["methods"] == "Newest counts most, 65 %"
    text = " ".join(page.content.decode().split())
    assert "of levels: Newest counts most, 65 %. All else is counted as it was done." in text
    assert f"<b>0</b> <small>{said}</small>" in text
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("equity_csv")).content.decode("utf-8-sig"))))
    own = {row["Measure"]: row for row in rows if row["School"] == "Alder Creek"}
    columns = ["Left out", "Left out: no result yet", "Left out: excused", "Left out: not seen"]
    assert [own["Standards met"][column] for column in columns] == ["4", "1", "1", "1"]
    assert [own["Reteach"][column] for column in columns] == ["0", "0", "0", "0"]
    assert (own["Standards met"]["Method"], own["Reteach"]["Method"]) == ("Newest counts most, 65 %", "")

    make_mastery(first, reading, 3)
    MasteryPolicy.objects.create(
        district=place.district, framework=reading.framework, starts_on=place.today, method="n_times", times=3
    )
    _lines, page = lines_of(client)
    title = place.standard.framework.title
    assert f"Newest counts most, 65 % ({title})" in page.context["methods"]
    assert page.context["methods"].endswith("(Reading)")


def test_share_that_is_told_as_a_range_has_no_difference_beside_it(place, as_account):
    for number, (_section, learners) in enumerate(place.classes):
        for learner in learners[: 2 if number < CLASSES else 1]:
            make_board(learner)
    for _section, learners in place.classes[CLASSES:]:
        make_board(learners[3])
    lines, _page = lines_of(as_account(place.admin))
    assert [(cells["offered"].said, cells["offered"].gap) for cells in lines.values()] == [
        ("75 %", ""),
        ("50 %", "−50 (−50 to −50)"),
        ("≥ 90 %", ""),
    ]


def test_file_says_what_the_page_says_with_the_ends_of_each_range(place, as_account):
    client = as_account(place.admin)
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("equity_csv")).content.decode("utf-8-sig"))))
    first = next(row for row in rows if (row["School"], row["Measure"]) == ("Alder Creek", "Reteach"))
    assert (first["Average"], first["n"], first["Difference"], first["Likely from"], first["to"]) == (
        *("6", "40", "4", "4", "4"),
    )
    assert len(rows) == 3 * 10
    assert client.get(reverse("equity_csv"), {"by": "family_name"}).status_code == 404


def test_before_the_first_group_the_page_says_how_it_fills(as_account):
    school = make_school()
    client = as_account(make_school_admin(school))
    assert "Nothing to compare yet" in client.get(reverse("equity")).content.decode()
    join(make_roster(school), 12)
    assert "Nothing to compare yet" in client.get(reverse("equity")).content.decode()
    assert client.get(reverse("equity_csv")).status_code == 200


def test_statements_are_as_many_for_ten_and_a_thousand_students(place, as_account):
    client = as_account(place.admin)
    client.get(reverse("equity"))
    with assert_statements(at_most=11) as few:
        client.get(reverse("equity"))
    for section, _learners in place.classes:
        join(section.roster, 50)
    with assert_statements(exactly=len(few)):
        page = client.get(reverse("equity"))
    assert page.context["lines"][0].row.n == 1080
    ids = [place.school.pk, place.far.pk]
    assert len(read_practice(ids, zone="UTC", since=place.today, today=place.today).rows) == 1080


def test_declared_subgroup_stands_beside_all_others_and_small_parts_of_it_are_left_out(place, as_account):
    now = timezone.now()
    some = [learner for _section, learners in place.classes for learner in learners[:2]]
    section, younger = place.add_class(place.school, grade="04", learners=12)
    place.group(section, younger[:3], "extend")
    subgroup = subgroups.declare(
        place.district, title="Learning English", purpose="The council decided so.", by=place.admin, now=now
    )
    ended = subgroups.declare(place.district, title="Before", purpose="It was tried.", by=place.admin, now=now)
    subgroups.end(ended, by=place.admin, now=now)
    members = [*some, *younger[:3]]
    SubgroupMember.objects.bulk_create(SubgroupMember(subgroup=subgroup, learner=learner) for learner in members)
    client = as_account(place.admin)
    page = client.get(reverse("equity"), {"by": "subgroup"})
    everybody, line = page.context["lines"]
    assert (everybody.row.n, line.name, line.learners, line.row.n, line.row.left_out) == (
        *(92, "Learning English", 43, 40, 3),
    )
    assert next(cell.gap for cell in line.cells if cell.measure == "reteach").startswith("+4 (+")
    assert "Learning English (The council decided so.)" in page.content.decode()
    practice = client.get(reverse("practice"), {"by": "subgroup"}).context["lines"]
    assert [(line.name, line.learners, line.cell("extend").n) for line in practice] == [
        ("All schools", 92, 92),
        ("Learning English", 43, 40),
    ]
    assert client.get(reverse("equity"), {"by": "Before"}).status_code == 404
