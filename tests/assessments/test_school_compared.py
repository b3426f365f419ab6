"""School-wide mastery of two days side by side, and over the terms; its file and its print say what the page says."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import MasteryPolicy
from assessments.services import publishing, rollups
from assessments.services.school_terms import months_of
from profiles.models import AcademicSession
from tests.assessments.school_place import URL, before, branch_of, figures, rows_of
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, learners_of

pytestmark = pytest.mark.django_db


def test_figures_of_the_other_day_are_those_of_its_own_page(place, two_classes, principal):
    for query in ({}, {"grade": "05"}, {"branch": branch_of(place)}, {"teacher": two_classes[2].pk}):
        both = principal.get(URL, query | {"compare": before(30)}).context["lines"]
        then = principal.get(URL, query | {"as_of": before(30)}).context["lines"]
        alone = {(row["line"].name, cell.column.name): cell for row in then for cell in row["cells"]}
        for row in both:
            for cell in row["cells"]:
                other = alone.get((row["line"].name, cell.column.name))
                found = (other.share, other.results) if other else (None, 0)
                assert (cell.share_then, cell.tally_then.results) == found
                missing = cell.share is None or found[0] is None
                points = 0 if missing else cell.share - found[0]
                said = f"{points:+}".replace("-", "−") if points else "±0"
                assert cell.change == ("" if missing else said)


def test_change_is_in_points_and_says_of_how_many(place, story, principal):
    cell = principal.get(URL, {"as_of": before(12), "compare": before(30)}).context["lines"][0]["cells"][0]
    assert (cell.share, cell.change, cell.then) == (50, "±0", "was 50 %, 2/2")

    page = principal.get(URL, {"compare": before(30), "at": place.at("s" + str(place.school.pk))})
    cells = page.context["lines"][0]["cells"]
    assert (cells[0].then, cells[1].then, cells[1].change) == ("was 50 %, 2/2", "no result then", "")
    assert page.context["panel"]["then"] == "was 50 %, 2/2"
    text = page.content.decode()
    assert "2 students of that day" in " ".join(text.split())


def test_method_of_each_day_is_said_where_they_differ(place, story, principal):
    MasteryPolicy.objects.create(district=place.school.district, starts_on=before(20), method="highest")
    page = principal.get(URL, {"compare": before(30)})
    assert "Method then: Newest counts most" in " ".join(page.content.decode().split())
    (row, *_rest) = rows_of(principal.get(reverse("school_csv"), {"compare": before(30)}))
    assert (row["Method"], row["Method then"][:18]) == ("Highest", "Newest counts most")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("2999-01-01", "still to come"),
        ("yesterday", "is not a date"),
        ("today", "Today is not over yet"),
    ],
)
def test_day_that_cannot_be_compared_is_refused_in_words(place, story, principal, query, said):
    query = before(0).isoformat() if query == "today" else query
    page = principal.get(URL, {"compare": query})
    assert said in page.context["then_refused"]
    assert page.context["then_refused"] in page.content.decode()
    assert all(cell.tally_then is None for row in page.context["lines"] for cell in row["cells"])
    assert principal.get(reverse("school_csv"), {"compare": query}).status_code == 400


@pytest.mark.parametrize(("ago", "said"), [(3, "Both days are the same"), (2, "is after that of the page")])
def test_a_day_beside_itself_or_a_later_one_is_no_comparison(place, story, principal, ago, said):
    page = principal.get(URL, {"compare": before(ago), "as_of": before(3)})
    assert said in page.content.decode()
    assert page.context["asked"].then is None


def shares(text):
    """Every figure of the page's tables as it stands there: (share, results, left out), "" where that is not told."""
    found = re.findall(r'<span class="share"><b>([^<]+)</b> <small>(\d+)(?:/(\d+))?</small>', text)
    return [(share, n, str(int(places) - int(n)) if places else "") for share, n, places in found]


def in_file(rows):
    share = next(name for name in rows[0] if name.endswith(", %") and "then" not in name)
    return [
        (f"{row[share]} %" if row[share].isdecimal() else row[share], row["Results"], row["Left out"])
        for row in rows
        if row["Results"] not in ("", "0")
    ]


def test_file_holds_the_figures_of_the_page_one_by_one(place, story, principal):
    give_levels(learners_of(place.teach(place.other, 60)), [place.first], counted=True)
    publishing.publish(place.school.district, day=timezone.localdate())
    for query in ({}, {"grade": "05"}, {"branch": branch_of(place)}, {"compare": before(30)}):
        text = principal.get(URL, query).content.decode()
        rows = rows_of(principal.get(reverse("school_csv"), query))
        assert shares(text) == in_file(rows)
        assert shares(text)
        changes = [as_number(said) for said in re.findall(r'<span class="share-then">(?:<b>([^<]*)</b> )?', text)]
        assert [row["Change, points"] for row in rows if row.get("Compared with")] == changes


def as_number(said):
    """A change as a spreadsheet reckons with it: "+6" is 6, "±0" is 0."""
    return said.replace("−", "-").lstrip("+±")


def test_fall_is_a_number_in_the_file(place, story, principal):
    assessment = make_assessment(story, [place.first], given_on=before(5))
    for learner in learners_of(story)[:2]:
        give(assessment, learner, place.first, 1)
    work_off()
    rollups.fold()
    cell = principal.get(URL, {"compare": before(30)}).context["lines"][0]["cells"][0]
    assert cell.change == "−50"
    assert rows_of(principal.get(reverse("school_csv"), {"compare": before(30)}))[0]["Change, points"] == "-50"


def test_file_holds_the_table_of_the_terms(place, story, principal):
    text = principal.get(URL, {"over": "terms"}).content.decode()
    table = text[text.index("terms-table") : text.rindex("</table>")]
    page = re.findall(r"<b>(\d+) %</b> <small>(\d+)/(\d+)</small>|(no result)", table)
    changes = re.findall(r"<td>([+−±]\d+|)</td>\s*</tr>", table)
    rows = [row for row in rows_of(principal.get(reverse("school_csv"), {"over": "terms"})) if "All d" in row["Domain"]]
    assert [(row["Secure or more, %"], row["Results"]) for row in rows] == [
        ("", "0") if nothing else (share, n) for share, n, _places, nothing in page
    ]
    assert [row["Change, points"] for row in rows if len(row["As of"]) > 10] == [as_number(each) for each in changes]
    assert len(changes) == len({row["Row"] for row in rows})


def session(kind, title, starts_on, ends_on, year):
    return AcademicSession(kind=kind, title=title, starts_on=starts_on, ends_on=ends_on, school_year=year)


YEAR, TERM = AcademicSession.Kind.YEAR, AcademicSession.Kind.TERM
SESSIONS = [
    session(YEAR, "2025-26", date(2025, 8, 20), date(2026, 6, 12), 2026),
    session(YEAR, "2026-27", date(2026, 8, 19), date(2027, 6, 11), 2027),
    session(TERM, "Spring", date(2026, 1, 7), date(2026, 6, 12), 2026),
    session(TERM, "Fall", date(2026, 8, 19), date(2026, 12, 18), 2027),
]


def test_months_are_those_of_terms_and_a_new_year_breaks_the_line():
    months = months_of(SESSIONS, until=date(2026, 10, 20))
    assert [(month.day.isoformat(), month.term) for month in months][-5:] == [
        ("2026-04-30", "Spring"),
        ("2026-05-31", "Spring"),
        ("2026-06-12", "Spring"),
        ("2026-08-31", "Fall"),
        ("2026-09-30", "Fall"),
    ]
    assert [month.day.month for month in months if month.starts_year] == [8]
    assert len(months) <= 12
    assert months_of(SESSIONS, until=date(2025, 8, 21)) == []


def test_each_month_is_the_page_of_that_day(place, story, principal):
    terms = principal.get(URL, {"over": "terms"}).context["terms"]
    assert terms["months"]
    for at, month in enumerate(terms["months"]):
        then = principal.get(URL, {"as_of": month.day}).context["matrix"]
        total = then.total()
        expected = (total.share(3), total.results, then.lines[0].learners) if then.lines else (None, 0, 0)
        point = terms["rows"][0].points[at]
        assert (point.share, point.tally.results, point.learners) == expected
    now = figures(principal.get(URL))["Alder Creek"]
    assert terms["rows"][0].now.tally.results == sum(n for _share, n, _missing in now.values())
    rows = rows_of(principal.get(reverse("school_csv"), {"over": "terms"}))
    months = [row for row in rows if row["Domain"] == "All domains" and row["Row"] == "Alder Creek"]
    assert [(row["As of"], row["Results"]) for row in months[:-1]] == [
        (month.day.isoformat(), str(point.tally.results))
        for month, point in zip(terms["months"], terms["rows"][0].points, strict=True)
    ]


def test_months_of_another_method_say_so(place, story, principal):
    MasteryPolicy.objects.create(district=place.school.district, starts_on=before(40), method="highest")
    read = principal.get(URL, {"over": "terms"})
    months = [month.day for month in read.context["terms"]["months"]]
    methods = ["Highest" if day >= before(40) else "Newest counts most, 65 %" for day in months]
    rows = rows_of(principal.get(reverse("school_csv"), {"over": "terms"}))
    found = [row["Method"] for row in rows if row["Domain"] == "All domains" and row["Row"] == "Alder Creek"]
    assert found == [*methods, "Highest"]
    assert [method for _day, method in read.context["terms"]["methods"]] == ["Newest counts most, 65 %", "Highest"]


def test_terms_and_two_days_cost_at_most_fourteen_statements(place, story, principal):
    query = {"over": "terms", "compare": before(30)}
    principal.get(URL)
    with assert_statements(at_most=14):
        assert principal.get(URL, query).status_code == 200


def test_terms_of_a_large_district_ask_for_a_school(place, story, district_admin, monkeypatch):
    place.teach(place.other, 1)
    monkeypatch.setattr("assessments.views.school_reading.MOST_OVER", 2)
    page = district_admin.get(URL, {"over": "terms"})
    assert len(page.context["choose"]) == 2
    assert len(learners_of(story)) == 3
    assert district_admin.get(page.context["choose"][0]["url"]).context["terms"]["rows"]
