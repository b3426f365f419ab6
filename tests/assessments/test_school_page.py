"""School-wide mastery: figures from rollups, lists from mastery, other schools only as published."""

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, MasteryPolicy, Publication, Rollup, RollupDelta
from assessments.models.rollup import ScopeKind
from assessments.services import publishing, rollups
from assessments.services.school_counts import Tally
from lrm.scope import district_scope
from profiles.models import AccessLog, Enrollment
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, join, learners_of, make_class
from tests.factories.profiles import make_district_admin, make_school, make_school_admin
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db
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
def principal(place, as_account):
    return as_account(make_school_admin(place.school))


@pytest.fixture
def district_admin(place, as_account):
    return as_account(make_district_admin(place.school.district))


def figures(page):
    """{row: {column: (share, results, not assessed)}} of the page."""
    matrix = page.context["matrix"]
    return {
        line.name: {
            column.name: (tally.share(3), tally.results, tally.not_assessed)
            for column, tally in zip(matrix.columns, line.tallies, strict=True)
        }
        for line in matrix.lines
    }


def test_page_before_any_result_says_how_it_fills(principal):
    assert "It fills as soon as teachers enter" in principal.get(URL).content.decode()


def test_real_results_show_pending_and_folded_alike(place, principal):
    section = place.teach(place.school, 3)
    assessment = make_assessment(section, [place.first, place.second])
    ana, ben, _cem = learners_of(section)
    for learner, standard, level in ((ana, place.first, 4), (ben, place.first, 2), (ana, place.second, 3)):
        give(assessment, learner, standard, level)
    work_off()
    assert RollupDelta.objects.exists()

    pending = figures(principal.get(URL))
    assert rollups.fold()
    folded = figures(principal.get(URL))

    # Three learners x two standards in use are six places; two of three results are 3 or 4.
    assert pending == {name: {"Fractions": (67, 3, 3)} for name in ("Alder Creek", "Grade 5")}
    assert folded == pending


def test_counts_never_come_from_mastery_or_the_ledger(place, principal):
    section = place.teach(place.school, 4)
    give_levels(learners_of(section), place.standards, counted=True)
    before = figures(principal.get(URL))
    Mastery._base_manager.all().delete()

    assert figures(principal.get(URL)) == before


def test_grade_shows_its_classes_and_a_class_itself(place, principal):
    section = place.teach(place.school, 4, title="5 Maple Math")
    give_levels(learners_of(section), [place.first], counted=True)
    for level, n in ((1, 1), (4, 3)):
        key = {"kind": ScopeKind.ROSTER, "scope_id": section.roster_id, "grade": "05", "level": level}
        Rollup.objects.create(standard_id=place.first.pk, n=n, **key)

    by_grade = figures(principal.get(URL, {"grade": "05"}))
    by_class = figures(principal.get(URL, {"section": section.pk}))

    assert by_grade["5 Maple Math"] == {"Fractions": (75, 4, 0)}
    assert by_class["5 Maple Math"] == by_grade["5 Maple Math"]


def test_domains_called_the_same_are_one_column_over_the_grades(place, principal):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)
    fourth = make_standard(place.framework, code="4.NF", short_title="Fractions", is_leaf=False)
    below = make_standard(place.framework, domain=fourth)
    Rollup.objects.create(
        kind=ScopeKind.SCHOOL, scope_id=place.school.pk, grade="04", standard_id=below.pk, level=3, n=5
    )

    assert list(figures(principal.get(URL))["Alder Creek"]) == ["Fractions"]


def test_two_clicks_lead_to_the_list_and_the_list_is_noted(place, principal):
    section = place.teach(place.school, 4)
    learners = learners_of(section)
    give_levels(learners, [place.first], counted=True)
    low = [learner.pk for row, learner in enumerate(learners) if 1 + row * 7 % 4 < 3]
    principal.get(URL, {"at": place.at("g05")})
    assert not AccessLog._base_manager.exists()

    page = principal.get(URL, {"at": place.at("g05", place.first)})

    assert sorted(row.learner.pk for row in page.context["learners"]) == low
    assert [sorted(row.learner_ids) for row in AccessLog._base_manager.all()] == [low]


def test_panel_alone_answers_htmx(place, principal):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)

    fragment = principal.get(URL, {"at": place.at("g05")}, headers={"hx-request": "true"}).content.decode()

    assert fragment.lstrip().startswith('<div class="panel-body">')


@pytest.mark.parametrize(
    "query", [{"school": "999999"}, {"subject": "x"}, {"at": "s1"}, {"at": "g05.1-1.1"}, {"section": "7"}]
)
def test_what_is_not_there_is_404(place, principal, query):
    give_levels(learners_of(place.teach(place.school, 2)), [place.first], counted=True)

    assert principal.get(URL, query).status_code == 404


def test_other_school_is_no_choice_of_a_principal(place, principal):
    place.teach(place.school, 1)

    assert principal.get(URL, {"school": place.other.pk}).status_code == 404


def test_district_reads_every_school_exactly(place, district_admin):
    give_levels(learners_of(place.teach(place.school, 4)), [place.first], counted=True)
    give_levels(learners_of(place.teach(place.other, 2)), [place.first], counted=True)

    found = figures(district_admin.get(URL))

    assert {name: row["Fractions"][1] for name, row in found.items()} == {
        "All 2 schools": 6,
        "Alder Creek": 4,
        "Birchwood": 2,
    }
    assert district_admin.get(URL).context["published"] is None


def publish_both(place, own, other):
    give_levels(learners_of(place.teach(place.school, own)), [place.first], counted=True)
    give_levels(learners_of(place.teach(place.other, other)), [place.first], counted=True)
    return publishing.publish(place.school.district, day=timezone.localdate())


def test_principal_reads_other_schools_as_published(place, principal):
    publish_both(place, 60, 60)

    published = principal.get(URL).context["published"]

    assert [(line.name, line.cells[0].hidden, line.cells[0].results) for line in published.lines] == [
        ("All schools of the district", "", 120),
        ("Birchwood", "", 60),
    ]


def test_small_school_is_hidden_and_so_is_the_total_that_would_tell_it(place, principal):
    publish_both(place, 60, 6)

    published = principal.get(URL).context["published"]
    page = principal.get(URL).content.decode()

    assert [line.cells[0].hidden for line in published.lines] == ["too", "small"]
    assert "n &lt; 10" in page
    assert "hidden too" in page


def test_nothing_hidden_is_stored(place):
    cells = str(publish_both(place, 60, 6).cells)

    assert "'small'" in cells
    assert ", 6," not in cells
    assert "[66" not in cells


def test_publication_is_made_once_a_day(place):
    first = publish_both(place, 60, 60)
    Rollup.objects.all().update(n=100)

    again = publishing.publish(place.school.district, day=timezone.localdate())

    assert again.pk == first.pk
    assert again.cells == first.cells


def test_table_stands_until_the_change_is_large_enough(place):
    first = publish_both(place, 60, 60)
    (key,) = first.cells
    row = Rollup.objects.filter(kind=ScopeKind.SCHOOL, scope_id=place.school.pk, level=4)
    tomorrow = timezone.localdate() + timedelta(days=1)
    row.update(n=row.get().n + 3)

    small_step = publishing.publish(place.school.district, day=tomorrow)
    row.update(n=row.get().n + 20)
    large_step = publishing.publish(place.school.district, day=tomorrow + timedelta(days=1))

    assert small_step.cells[key] == first.cells[key]
    assert large_step.cells[key]["rows"][str(place.school.pk)]["05"][0] == 83


def test_command_publishes_and_says_what(place, capsys):
    publish_both(place, 60, 60)
    Publication._base_manager.all().delete()

    call_command("publish")
    call_command("publish")

    assert Publication._base_manager.count() == 1
    assert "6 figures shown, 0 hidden" in capsys.readouterr().out


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_csv_holds_what_the_page_shows(place, principal):
    publish_both(place, 60, 6)
    page = figures(principal.get(URL))

    rows = rows_of(principal.get(reverse("school_csv")))

    share, results, missing = page["Alder Creek"]["Fractions"]
    own = next(row for row in rows if row["Row"] == "Alder Creek")
    assert (own["Secure or more, %"], own["Results"], own["Not assessed"]) == (str(share), str(results), str(missing))
    assert next(row for row in rows if row["Row"] == "Birchwood")["Secure or more, %"] == "n < 10"


def test_list_as_csv_escapes_formulas_and_notes_the_look(place, principal):
    section = place.teach(place.school, 1)
    (learner,) = learners_of(section)
    type(learner)._base_manager.filter(pk=learner.pk).update(given_name="=1+1")
    give_levels([learner], [place.first], counted=True)

    (row,) = rows_of(principal.get(reverse("school_list_csv"), {"at": place.at("g05", place.first)}))

    assert row["Student"].startswith("'=1+1")
    assert [list(looked.learner_ids) for looked in AccessLog._base_manager.all()] == [[learner.pk]]


def test_words_are_those_of_the_policy(place, principal):
    give_levels(learners_of(place.teach(place.school, 3)), [place.first], counted=True)
    words = {"cuts": [0.4, 0.7], "level_words": ["Seed", "Plant", "Tree"], "mastery_level": 2}
    MasteryPolicy.objects.create(district=place.school.district, starts_on=before(1), **words)

    page = principal.get(URL)

    assert page.context["counted"] == {
        "word": "Plant or more",
        "levels": [(2, "Plant"), (3, "Tree")],
        "bar": ["Tree", "Plant", "Seed"],
    }
    text = page.content.decode()
    assert [word for word in ("Secure", "Extending", "Building", "Starting") if word in text] == []
    assert "Plant or more, %" in rows_of(principal.get(reverse("school_csv")))[0]


def test_list_of_a_number_that_is_no_standard_is_not_there(place, story, principal):
    at = f"{place.at('g05', place.first).rpartition('.')[0]}.{'9' * 20}"

    assert principal.get(reverse("school_list_csv"), {"at": at, "as_of": before(1)}).status_code == 404


def test_places_never_fall_below_the_results():
    tally = Tally(Counter({3: 5}), places=2)

    assert (tally.not_assessed, tally.share(3)) == (0, 100)


# As of a closed day


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


def before(days):
    return timezone.localdate() - timedelta(days=days)


def test_figures_of_yesterday_are_those_of_today_where_nothing_came(place, story, principal):
    queries = [{}, {"grade": "05"}, {"school": place.school.pk, "section": story.pk}]
    for query in queries:
        assert figures(principal.get(URL, query | {"as_of": before(1)})) == figures(principal.get(URL, query))


def test_figures_of_a_closed_day_count_its_students_and_levels(place, story, principal):
    then = principal.get(URL, {"as_of": before(30)})
    assert figures(then)["Alder Creek"] == {"Fractions": (50, 2, 0)}
    assert [line.learners for line in then.context["matrix"].lines] == [2, 2]
    text = then.content.decode()
    assert "end of the day." in text
    assert "students in the classes of that day whom you may see today" in text
    assert f"as_of={before(30)}" in then.context["csv_url"]


def test_list_of_a_closed_day_names_who_was_not_there_yet(place, story, principal):
    ana, ben, _cam = learners_of(story)
    at = place.at("g05", place.first)
    for days, learner in ((30, ana), (5, ben)):
        page = principal.get(URL, {"as_of": before(days), "at": at})
        assert [(row.learner.pk, row.level) for row in page.context["learners"]] == [
            (learner.pk, 1 if days == 30 else 2)
        ]
    (row,) = rows_of(principal.get(reverse("school_list_csv"), {"as_of": before(30), "at": at}))
    assert (row["Level"], row["As of"]) == ("1", before(30).isoformat())


def test_file_of_a_closed_day_says_of_which(place, story, principal):
    answer = principal.get(reverse("school_csv"), {"as_of": before(30)})
    assert before(30).isoformat() in answer["Content-Disposition"]
    assert {row["As of"] for row in rows_of(answer)} == {before(30).isoformat()}
    refused = principal.get(reverse("school_csv"), {"as_of": "2999-01-01"})
    assert (refused.status_code, "still to come" in refused.content.decode()) == (400, True)


def test_day_before_any_result_and_days_that_cannot_be_are_said(place, story, principal):
    assert "No results up to" in principal.get(URL, {"as_of": before(50)}).content.decode()
    assert "is still to come" in principal.get(URL, {"as_of": "2999-01-01"}).content.decode()


def test_closed_day_by_the_rights_of_today(place, story, principal, district_admin):
    ana = learners_of(story)[0]
    type(ana)._base_manager.filter(pk=ana.pk).update(home_school=place.other)
    Enrollment._base_manager.filter(learner=ana).update(ends_on=before(3))
    query = {"school": place.school.pk, "as_of": before(30), "at": place.at("g05", place.first)}
    mine, all_of_them = principal.get(URL, query), district_admin.get(URL, query)
    assert [row.learner.pk for row in mine.context["learners"]] == []
    assert figures(mine)["Alder Creek"] == {"Fractions": (100, 1, 0)}
    assert [row.learner.pk for row in all_of_them.context["learners"]] == [ana.pk]
    assert figures(all_of_them)["Alder Creek"] == {"Fractions": (50, 2, 0)}


def test_closed_day_of_a_large_district_asks_for_a_school(place, story, district_admin, monkeypatch):
    place.teach(place.other, 1)
    monkeypatch.setattr("assessments.views.school.MOST_THEN", 2)
    page = district_admin.get(URL, {"as_of": before(30)})
    links = [item["url"] for item in page.context["choose"]]
    assert len(links) == 2
    assert figures(district_admin.get(links[0]))["Alder Creek"] == {"Fractions": (50, 2, 0)}
    assert "one school at a time" in district_admin.get(reverse("school_csv"), {"as_of": before(30)}).content.decode()


def test_closed_day_costs_at_most_fourteen_statements_and_does_not_grow(place, story, principal):
    query = {"as_of": before(30), "at": place.at("g05", place.first)}
    principal.get(URL)
    with assert_statements(at_most=14) as few:
        principal.get(URL, query)
    assessment = make_assessment(story, [place.first], given_on=before(45))
    for learner in join(story.roster, 9):
        give(assessment, learner, place.first, 2)
    work_off()
    with assert_statements(exactly=len(few)):
        assert len(principal.get(URL, query).context["learners"]) == 10
