"""The wall, the receipt and the learner's page at the end of a closed day: what a rebuild up to that day says."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.mastery.rounding import NO_VALUE
from assessments.models import MasteryPolicy
from assessments.services import overrides
from assessments.services.histories import read_pairs
from assessments.services.past import read_past
from assessments.services.policies import Policies
from assessments.services.projecting import project
from lrm.as_of import read_as_of
from profiles.models import AccessLog, Enrollment
from tests.budgets import assert_statements
from tests.factories.assessments import give, give_all, make_assessment, work_off

UTC = ZoneInfo("UTC")


def day_before(days: int):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def term(taught):
    """Results on days 50, 40, 10 and 2 before today, a change of method 20 days ago, an excused, a late correction."""
    MasteryPolicy.objects.create(district=taught.section.district, starts_on=day_before(20), method="highest")
    first, second = taught.standards
    ana, ben, cam = taught.learners
    for days, marks in ((50, (1, 4, 2)), (40, (3, 3, None)), (10, (4, 1, 2)), (2, (2, 1, 3))):
        assessment = make_assessment(taught.section, taught.standards, given_on=day_before(days))
        on_first = [(learner, first, points) for learner, points in zip((ana, ben, cam), marks, strict=True)]
        give_all(assessment, [*on_first, (ana, second, 1 + days % 4)])
    again = make_assessment(taught.section, [first], given_on=day_before(5), kind="reassessment")
    give(again, ben, first, 4)
    overrides.set_level(learner=cam, standard=second, level=3, reason="Seen at the board.", by=taught.teacher)
    work_off()
    return taught


def rebuilt(taught, day):
    """(learner, standard) -> value, level, results, direction, whose: by the engine, from the ledger up to the day."""
    pairs = [(learner.pk, taught.standards[0].subject_id) for learner in taught.learners]
    histories = read_pairs(pairs, UTC).up_to(day)
    now = project(histories, Policies(taught.section.district_id), today=day).now
    return {
        (int(row["learner_id"]), int(row["standard_id"])): (
            None if row["value_micro"] == NO_VALUE else int(row["value_micro"]),
            int(row["shown_level"]),
            int(row["n"]),
            int(row["trend"]),
            bool(row["override_id"] >= 0),
        )
        for row in now
        if row["shown_level"]
    }


@pytest.mark.parametrize("days", [51, 50, 45, 40, 21, 20, 10, 5, 2, 1, 0])
def test_past_levels_equal_a_rebuild_up_to_that_day(term, days):
    day = day_before(days)
    found = read_past([learner.pk for learner in term.learners], None, day=day)
    shown = {
        (past.learner_id, past.standard_id): (
            past.value_micro, past.shown_level, past.n, past.trend, past.by_teacher
        )
        for past in found
    }  # fmt: skip
    assert shown == rebuilt(term, day)


def test_day_whose_newest_record_changed_nothing_has_the_direction_of_a_rebuild(taught):
    MasteryPolicy.objects.create(district=taught.section.district, starts_on=day_before(90), method="latest")
    learner, standard = taught.learners[0], taught.standards[0]
    for days, points in ((60, 1), (35, 3), (2, None)):
        give(make_assessment(taught.section, [standard], given_on=day_before(days)), learner, standard, points)
    work_off()
    for days in (35, 3, 1, 0):
        [past] = read_past([learner.pk], None, day=day_before(days))
        assert {past.trend} == {1} == {values[3] for values in rebuilt(taught, day_before(days)).values()}


def wall_of(client, section, day=None):
    return client.get(reverse("section_wall", args=[section.pk]), {"as_of": day} if day else {})


def levels_on(page):
    wall = page.context["wall"]
    return {
        (row.learner.pk, column.standard.pk): cell.level
        for row in wall.rows
        for column, cell in zip(wall.columns, row.cells, strict=True)
        if cell.level
    }


def test_wall_of_a_closed_day_shows_its_levels_and_says_so(term, as_account):
    client, day = as_account(term.teacher), day_before(40)
    page = wall_of(client, term.section, day)
    assert levels_on(page) == {pair: values[1] for pair, values in rebuilt(term, day).items()}
    assert levels_on(page) != levels_on(wall_of(client, term.section))
    text = page.content.decode()
    assert "end of the day." in text
    assert "data-version-url" not in text
    assert f'href="{reverse("section_wall", args=[term.section.pk])}"' in text


def test_wall_without_a_class_keeps_the_day(term, as_account):
    answer = as_account(term.teacher).get(reverse("wall"), {"as_of": day_before(40)})
    assert answer["Location"] == f"{reverse('section_wall', args=[term.section.pk])}?as_of={day_before(40)}"


def test_wall_of_a_day_before_any_result_says_so(term, as_account):
    page = wall_of(as_account(term.teacher), term.section, day_before(55)).content.decode()
    assert "No results up to" in page
    assert "Enter the first results" not in page


@pytest.mark.parametrize(
    ("text", "said"),
    [("2999-01-01", "is still to come"), ("soon", "is not a date"), ("2026-02-30", "is not a date")],
)
def test_day_that_cannot_be_shown_is_refused_and_today_shown(term, as_account, text, said):
    client = as_account(term.teacher)
    page = wall_of(client, term.section, text)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert levels_on(page) == levels_on(wall_of(client, term.section))
    file = client.get(reverse("section_wall_csv", args=[term.section.pk]), {"as_of": text})
    assert (file.status_code, said in file.content.decode()) == (400, True)


def test_today_is_not_a_closed_day(rf):
    request = rf.get("/", {"as_of": timezone.localdate().isoformat(), "sort": "name"})
    found = read_as_of(request)
    assert (found.day, found.refused, found.today_url) == (None, "", "/?sort=name")


def test_class_of_the_day_is_shown_by_the_rights_of_today(term, as_account):
    ana, ben, cam = term.learners
    Enrollment._base_manager.filter(learner=ben).update(ends_on=day_before(30))
    Enrollment._base_manager.filter(learner=cam).update(starts_on=day_before(30))
    client = as_account(term.teacher)
    page = wall_of(client, term.section, day_before(35))
    assert [row.learner.pk for row in page.context["wall"].rows] == [ana.pk]
    assert page.context["wall"].not_shown == 1
    assert "1 student of that day is no longer with you" in page.content.decode()
    assert [list(look.learner_ids) for look in AccessLog._base_manager.all()] == [[ana.pk]]
    later = wall_of(client, term.section, day_before(25))
    assert {row.learner.pk for row in later.context["wall"].rows} == {ana.pk, cam.pk}


def test_file_of_a_closed_day_names_the_day_and_holds_its_levels(term, as_account):
    day = day_before(40)
    client = as_account(term.teacher)
    answer = client.get(reverse("section_wall_csv", args=[term.section.pk]), {"as_of": day})
    assert f"{day.isoformat()}.csv" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    page = wall_of(client, term.section, day)
    assert {row["As of"] for row in rows} == {day.isoformat()}
    assert [row[term.standards[0].label] for row in rows] == [
        str(row.cells[0].level or "")
        for row in sorted(page.context["wall"].rows, key=lambda row: row.learner.given_name)
    ]


def test_receipt_of_a_closed_day_adds_up_to_its_level_and_changes_nothing(term, as_account):
    ana, first, day = term.learners[0], term.standards[0], day_before(40)
    page = as_account(term.teacher).get(
        reverse("section_wall", args=[term.section.pk]), {"as_of": day, "at": f"{ana.pk}.{first.pk}"}
    )
    account = page.context["receipt"]
    value, level = rebuilt(term, day)[ana.pk, first.pk][:2]
    assert (account.receipt.value_micro, account.shown_level, account.is_current) == (value, level, True)
    assert (account.policy.method.name, len(account.lines), account.outlook) == ("decaying", 2, None)
    text = page.content.decode()
    assert "Set the level yourself" not in text
    assert "How sure?" not in text


@pytest.mark.parametrize("days", [40, 2])
def test_learners_page_of_a_closed_day_shows_its_levels(term, as_account, days):
    ana, day = term.learners[0], day_before(days)
    for account in (term.teacher, ana.account):
        page = as_account(account).get(reverse("learner", args=[ana.pk]), {"as_of": day})
        shown = {row.standard_id: row.level for subject in page.context["subjects"] for row in subject.seen}
        assert shown == {pair[1]: values[1] for pair, values in rebuilt(term, day).items() if pair[0] == ana.pk}
        assert max(when for subject in page.context["subjects"] for row in subject.seen for when, _ in row.days) <= day
        text = page.content.decode()
        assert "The levels are of that day." in text
        assert "Strong now, and next" not in text


def test_past_pages_cost_few_statements_and_do_not_grow(term, as_account):
    client, day = as_account(term.teacher), day_before(40)
    urls = [reverse("section_wall", args=[term.section.pk]), reverse("learner", args=[term.learners[0].pk])]
    few = {}
    for url in urls:
        client.get(url)
        with assert_statements(at_most=14) as captured:
            client.get(url, {"as_of": day})
        few[url] = len(captured)
    assessment = make_assessment(term.section, term.standards, given_on=day_before(45))
    for learner in term.join(9):
        give(assessment, learner, term.standards[0], 2)
    work_off()
    for url in urls:
        with assert_statements(exactly=few[url]):
            client.get(url, {"as_of": day})
