"""School-wide mastery narrowed: to a domain's standards, to a teacher's classes, to one class, to a subgroup."""

import pytest
from django.urls import reverse
from django.utils import timezone

from profiles.services import subgroups
from tests.assessments.school_place import URL, before, branch_of, figures, rows_of
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, join, learners_of
from tests.factories.profiles import enroll, make_account, make_district_admin

pytestmark = pytest.mark.django_db


def make_subgroup(district, learners, title="Learning English"):
    by = make_district_admin(district)
    subgroup = subgroups.declare(district, title=title, purpose="The council decided so.", by=by, now=timezone.now())
    for learner in learners:
        type(learner)._base_manager.filter(pk=learner.pk).update(key=f"key-{learner.pk}")
    subgroups.set_members(subgroup, "\n".join(f"key-{learner.pk}" for learner in learners), now=timezone.now())
    return subgroup


def test_branch_has_its_standards_as_columns_and_its_figures_open_the_list(place, story, principal):
    ana, _ben, _cam = learners_of(story)
    give(make_assessment(story, [place.second], given_on=before(5)), ana, place.second, 2)
    work_off()

    page = principal.get(URL, {"branch": branch_of(place)})

    assert [len(row) for row in figures(page).values()] == [2, 2]
    assert [cell.results for cell in page.context["lines"][0]["cells"]] == [2, 1]
    opened = principal.get(page.context["lines"][1]["cells"][1].url)
    assert [row.learner.pk for row in opened.context["learners"]] == [ana.pk]


def test_branch_without_a_result_is_not_there(place, story, principal):
    assert principal.get(URL, {"branch": f"{place.framework.pk}-{place.second.pk}"}).status_code == 404


def test_teacher_has_the_classes_that_she_leads_as_rows(place, two_classes, principal):
    mine, other, teacher, _theirs = two_classes

    page = principal.get(URL, {"teacher": teacher.pk})

    assert list(figures(page)) == ["Alder Creek", mine.title]
    assert figures(page)[mine.title] == figures(principal.get(URL, {"section": mine.pk}))[mine.title]
    assert other.title not in figures(page)


def test_choices_are_those_who_lead_and_never_rank(place, two_classes, principal):
    menus = {menu.name: menu for menu in principal.get(URL).context["narrower"]}

    assert [choice.words for choice in menus["teacher"].choices] == ["All teachers", "Noor Adams", "Iris Bell"]


def test_teacher_of_one_class_of_a_list_has_that_class_alone(place, two_classes, principal):
    mine, _other, _teacher, _theirs = two_classes
    art = make_account(place.school.district, given_name="Ola", family_name="Cruz")
    enroll(art, mine.roster, section=mine)

    assert list(figures(principal.get(URL, {"teacher": art.pk}))) == ["Alder Creek", mine.title]


@pytest.mark.parametrize("name", ["teacher", "section", "subgroup"])
def test_ids_of_nobody_here_are_not_there(place, two_classes, principal, name):
    assert principal.get(URL, {name: "999999"}).status_code == 404


def test_every_choice_of_the_page_leads_somewhere(place, two_classes, principal, district_admin):
    make_subgroup(place.school.district, learners_of(two_classes[0])[:1])
    for client, query in ((principal, {"section": two_classes[0].pk}), (district_admin, {"grade": "05"})):
        page = client.get(URL, query)
        menus = [*page.context["menus"], *page.context["narrower"]]
        urls = {choice.url for menu in menus for choice in menu.choices}
        urls |= {chip.url for chip in page.context["chips"]} | {row["url"] for row in page.context["lines"]} - {""}
        assert {url: client.get(url).status_code for url in urls if url.startswith(URL)} == {
            url: 200 for url in urls if url.startswith(URL)
        }


def test_subgroup_counts_its_members_alone_and_lists_no_other(place, story, principal):
    ana, ben, _cam = learners_of(story)
    subgroup = make_subgroup(place.school.district, [ana])

    page = principal.get(URL, {"subgroup": subgroup.pk, "at": place.at("g05", place.first)})

    assert figures(page)["Alder Creek"]["Fractions"][1] == 1
    assert [line.learners for line in page.context["matrix"].lines] == [1, 1]
    assert [row.learner.pk for row in page.context["learners"]] in ([], [ana.pk])
    everybody = principal.get(URL, {"at": place.at("g05", place.first)}).context["learners"]
    assert {row.learner.pk for row in everybody} - {ana.pk} == {ben.pk}
    assert subgroup.purpose in page.content.decode()


def test_subgroup_without_a_result_says_so_and_leads_back_to_everybody(place, story, principal):
    empty = make_subgroup(place.school.district, [])

    page = principal.get(URL, {"subgroup": empty.pk})

    assert "Nobody whom the page is narrowed to has a result" in page.content.decode()
    assert figures(principal.get(page.context["everybody_url"]))["Alder Creek"]["Fractions"][1] == 2


def test_subgroup_of_a_closed_day_and_of_a_class_is_the_same_people(place, story, principal):
    ana, _ben, cam = learners_of(story)
    subgroup = make_subgroup(place.school.district, [ana, cam])

    for query in ({}, {"section": story.pk}, {"branch": branch_of(place)}):
        now = figures(principal.get(URL, query | {"subgroup": subgroup.pk}))
        then = figures(principal.get(URL, query | {"subgroup": subgroup.pk, "as_of": before(1)}))
        assert now == then


def test_everything_at_once_costs_fourteen_statements_and_does_not_grow(place, two_classes, principal):
    mine, _other, teacher, _theirs = two_classes
    subgroup = make_subgroup(place.school.district, learners_of(mine))
    query = {"teacher": teacher.pk, "section": mine.pk, "branch": branch_of(place), "subgroup": subgroup.pk}
    query |= {"compare": before(9)}
    click = query | {"at": f"r{mine.roster_id}.{branch_of(place)}.{place.first.pk}"}
    htmx = {"hx-request": "true"}
    principal.get(URL)
    with assert_statements(at_most=14) as few:
        assert principal.get(URL, query).status_code == 200
    with assert_statements(at_most=14) as few_by_click:
        assert principal.get(URL, click, headers=htmx).status_code == 200
    give_levels(join(mine.roster, 30), [place.first, place.second])
    with assert_statements(exactly=len(few)):
        principal.get(URL, query)
    with assert_statements(exactly=len(few_by_click)):
        principal.get(URL, click, headers=htmx)


@pytest.mark.parametrize("name", ["teacher", "section", "subgroup", "branch"])
def test_of_other_schools_nothing_is_told_that_is_not_published(place, two_classes, principal, name):
    call = {"teacher": two_classes[2].pk, "section": two_classes[0].pk, "branch": branch_of(place)}
    call["subgroup"] = make_subgroup(place.school.district, learners_of(two_classes[0])).pk

    asked = {name: call[name]} | ({"grade": "05"} if name == "subgroup" else {})

    page = principal.get(URL, asked)
    rows = rows_of(principal.get(reverse("school_csv"), asked))

    assert page.context["published"] is None
    assert page.context["beyond"] in page.content.decode()
    assert {row["Row"] for row in rows if "Birchwood" in row["Row"]} == set()
    assert [row["Domain"] for row in rows if row["Row"] == "Other schools"] == [page.context["beyond"]]
