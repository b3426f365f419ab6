"""A subgroup of other schools, as published once a day: on the page, in its file, and on the page for a board."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from assessments.models import Publication, Rollup
from assessments.services import publishing
from profiles.models import Learner, LegalHold, PublishedList, PublishedMember
from profiles.models.published_list import KEPT_DAYS
from profiles.services import published_lists, retention, subgroups
from tests.assessments.school_place import URL, rows_of
from tests.assessments.test_school_board_page import filled
from tests.assessments.test_school_narrowed import make_subgroup
from tests.factories.classes import give_levels, learners_of

pytestmark = pytest.mark.django_db


def publish_with(place, own, other, *, size=60):
    """Both schools have so many students in one class; of each the first `own` and `other` are in the subgroup."""
    members = []
    for school, inside in ((place.school, own), (place.other, other)):
        learners = learners_of(place.teach(school, size))
        give_levels(learners, [place.first], counted=True)
        members += learners[:inside]
    subgroup = make_subgroup(place.school.district, members)
    return subgroup, publishing.publish(place.school.district, day=timezone.localdate())


def test_subgroup_of_other_schools_is_read_as_published(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    page = principal.get(URL, {"subgroup": subgroup.pk})
    assert page.context["beyond"] == ""
    lines = page.context["published"].lines
    assert [(line.name, line.cells[0].share, line.cells[0].results) for line in lines] == [
        ("All schools of the district", "50 %", 44),
        ("Birchwood", "50 %", 24),
    ]
    of_file = list(rows_of(principal.get(reverse("school_csv"), {"subgroup": subgroup.pk})))[-2:]
    assert [(row["Row"], f"{row['Secure or more, %']} %", row["Results"]) for row in of_file] == [
        (line.name, line.cells[0].share, str(line.cells[0].results)) for line in lines
    ]
    assert "Learning English" in of_file[1]["Narrowed to"]


@pytest.mark.parametrize("other", [6, 54, 0])
def test_few_in_a_subgroup_and_few_beside_it_are_hidden_and_nothing_of_them_is_stored(place, principal, other):
    subgroup, made = publish_with(place, 20, other)
    page = principal.get(URL, {"subgroup": subgroup.pk})
    assert [line.cells[0].hidden for line in page.context["published"].lines] == ["hidden", "hidden"]
    assert "hidden (n &lt; 10)" in page.content.decode()
    (table,) = made.cells.values()
    figures = list(table["subgroups"][subgroup.title]["rows"].values())
    assert not any(isinstance(figure, list) for row in figures for figure in row.values())


def test_grade_and_subgroup_at_once_are_refused_with_what_there_is(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    asked = {"subgroup": subgroup.pk, "grade": "05"}
    page = principal.get(URL, asked)
    assert page.context["published"] is None
    assert "of a subgroup by grade" in page.context["beyond"]
    assert "of each grade or of each subgroup" in page.context["beyond"]
    others = rows_of(principal.get(reverse("school_csv"), asked))[-1]
    assert "of a subgroup by grade" in others["Domain"]
    board = principal.get(reverse("school_board"), asked)
    assert board.context["beyond"]
    assert "form" in principal.get(board.context["plain"]).context


def test_subgroup_that_is_declared_today_says_that_it_is_not_published_yet(place, principal):
    publish_with(place, 20, 24)
    young = make_subgroup(place.school.district, learners_of(place.teach(place.school, 3)), title="New here")
    give_levels(list(learners_in(young)), [place.first])
    page = principal.get(URL, {"subgroup": young.pk})
    assert {cell.hidden for line in page.context["published"].lines for cell in line.cells} == {"later"}
    assert "not published yet" in page.content.decode()


def learners_in(subgroup):
    return [member.learner for member in subgroup.members.select_related("learner")]


def test_subgroup_that_has_ended_is_published_no_more(place):
    subgroup, made = publish_with(place, 20, 24)
    type(subgroup).objects.filter(pk=subgroup.pk).update(ended_at=timezone.now())
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    assert all("subgroups" not in table or not table["subgroups"] for table in again.cells.values())


def test_subgroup_that_takes_the_title_of_one_that_has_ended_shows_nothing_of_it(place, principal):
    old, made = publish_with(place, 20, 24)
    few = learners_in(old)[:3]
    subgroups.end(old, by=None, now=timezone.now())
    new = make_subgroup(place.school.district, few)
    page = principal.get(URL, {"subgroup": new.pk})
    assert {cell.hidden for line in page.context["published"].lines for cell in line.cells} == {"later"}
    board = principal.post(f"{reverse('school_board')}?subgroup={new.pk}", filled(place))
    assert {each.cell.hidden for each in board.context["figures"]} == {"later"}

    # Of so few nothing is shown: less than of the old one, whose figures may not stand for them all the same.
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    for table in again.cells.values():
        of_new = table["subgroups"][new.title]
        assert of_new["of"] == new.pk
        assert not any(isinstance(figure, list) for row in of_new["rows"].values() for figure in row.values())


def test_while_somebody_moves_between_schools_the_subgroups_stay_as_they_were(place):
    _subgroup, made = publish_with(place, 20, 24)
    Rollup.objects.filter(scope_id=place.other.pk, level__gte=3).update(n=1)
    again = publishing.publish(place.school.district, day=made.day + timedelta(days=1))
    for key, table in made.cells.items():
        assert again.cells[key]["subgroups"] == table["subgroups"]


def test_board_reads_a_subgroup_with_its_purpose(place, principal):
    subgroup, _made = publish_with(place, 20, 24)
    url = f"{reverse('school_board')}?subgroup={subgroup.pk}"
    page = principal.post(url, filled(place, place2=str(place.other.pk)))
    assert [each.cell.results for each in page.context["figures"]] == [44, 24]
    text = " ".join(page.content.decode().split())
    assert "Fractions, Birchwood, Learning English" in text
    assert "Its purpose: The council decided so." in text


def test_counts_of_subgroups_are_kept_for_the_next_publication_alone(place):
    subgroup, made = publish_with(place, 20, 6)
    (of_day,) = next(iter(made.counts.values())).values()
    schools = {str(place.school.pk): [20, 40], str(place.other.pk): [6, 54]}
    assert of_day["lists"] == {str(PublishedList.objects.get().pk): schools}
    assert subgroup.title not in str(made.counts)
    assert Publication.objects.get().counts == made.counts


def shown_of(made, title):
    """{organisation: whether figures of a subgroup are shown} of the only table."""
    (table,) = made.cells.values()
    found = table.get("subgroups", {}).get(title)
    return found and {key: isinstance(row["in"], list) for key, row in found["rows"].items()}


def publish_later(place, days):
    return publishing.publish(place.school.district, day=timezone.localdate() + timedelta(days=days))


def ended_and_begun_without_one(place, title="New here"):
    """Has been published, has ended, and all but one of its students are in another one."""
    old, _made = publish_with(place, 20, 24)
    rest = learners_in(old)[1:]
    subgroups.end(old, by=None, now=timezone.now())
    return make_subgroup(place.school.district, rest, title=title)


@pytest.mark.parametrize("title", ["New here", "Learning English"])
def test_figures_of_one_student_fewer_wait_where_that_one_is(place, title):
    new = ended_and_begun_without_one(place, title)
    # Two schools: where one of them is hidden, so is the other, or the district would tell.
    assert set(shown_of(publish_later(place, 1), new.title).values()) == {False}


def test_same_students_are_published_under_another_title_on_the_next_day(place):
    old, _made = publish_with(place, 20, 24)
    members = learners_in(old)
    subgroups.end(old, by=None, now=timezone.now())
    new = make_subgroup(place.school.district, members, title="New here")
    assert set(shown_of(publish_later(place, 1), new.title).values()) == {True}
    assert PublishedList.objects.count() == 1


def test_page_of_a_subgroup_says_why_its_figures_wait(place, district_admin):
    new = ended_and_begun_without_one(place)
    url = reverse("subgroup", args=[new.pk])
    text = " ".join(district_admin.get(url).content.decode().split())
    assert "Why some of its figures wait" in text
    assert "This list differs from the list of “Learning English”, last published today: " in text
    assert "by 1 student in the district, by fewer than 10 at 1 school." in text
    assert "at the latest a year after" in text
    others = [learner for learner in learners_in(new) if learner.home_school_id == place.other.pk]
    far = make_subgroup(place.school.district, others[:12], title="Far from it")
    assert "Why some of its figures wait" not in district_admin.get(reverse("subgroup", args=[far.pk])).content.decode()


def test_figures_stand_while_few_come_onto_a_list_or_leave_it(place, district_admin):
    subgroup, made = publish_with(place, 20, 24)
    subgroup.members.filter(learner=learners_in(subgroup)[0]).delete()
    again = publish_later(place, 1)
    assert next(iter(again.cells.values()))["subgroups"] == next(iter(made.cells.values()))["subgroups"]
    page = district_admin.get(reverse("subgroup", args=[subgroup.pk]))
    assert "the list that this group had when it was published" in page.content.decode()


def test_list_whose_figures_stand_is_reckoned_with_as_long_as_they_do(place):
    subgroup, made = publish_with(place, 20, 24)
    subgroup.members.filter(learner=learners_in(subgroup)[0]).delete()
    for days in (1, KEPT_DAYS, KEPT_DAYS + 1):
        again = publish_later(place, days)
    assert next(iter(again.cells.values()))["subgroups"] == next(iter(made.cells.values()))["subgroups"]
    assert set(PublishedList.objects.values_list("last_on", flat=True)) == {again.day}


def test_lists_of_which_nothing_is_shown_leave_no_copies_and_stop_no_other_subgroup(place, monkeypatch):
    monkeypatch.setattr(published_lists, "MOST", 3)
    large, _made = publish_with(place, 20, 24)
    some = list(Learner.objects.filter(home_school=place.school).order_by("-pk")[:9])
    small = make_subgroup(place.school.district, some[:3], title="New here")
    LegalHold.objects.create(learner=some[0], why="A court asks.")
    for days in range(1, 6):
        assert set(shown_of(publish_later(place, days), small.title).values()) == {False}
        small.members.all().delete()
        small.members.create(learner=some[days])
    (table,) = publish_later(place, 6).cells.values()
    assert (table["subgroups"][small.title]["day"], table.get("ended")) == (table["day"], None)
    kept = [{each.learner_id for each in row.members.all()} for row in PublishedList.objects.order_by("pk")]
    assert kept == [{each.pk for each in learners_in(large)}, {each.pk for each in some[:3]}, {some[5].pk}]


def test_page_says_until_when_all_groups_wait_where_more_lists_were_published_than_are_held(
    place, district_admin, monkeypatch
):
    old, made = publish_with(place, 20, 24)
    url = reverse("subgroup", args=[old.pk])
    monkeypatch.setattr(published_lists, "MOST", 1)
    assert "Why new figures of all groups wait" not in district_admin.get(url).content.decode()
    others = list(Learner.objects.exclude(pk__in=[each.pk for each in learners_in(old)]).order_by("pk"))
    new = make_subgroup(place.school.district, others[:30], title="New here")
    with capture_logs() as logs:
        later = publish_later(place, 1)
    assert [(each["lists"], each["most"]) for each in logs if each["event"] == "subgroups_wait"] == [(2, 1)]
    (table,), (before,) = later.cells.values(), made.cells.values()
    assert (table["subgroups"], new.title in table["subgroups"]) == (before["subgroups"], False)
    page = district_admin.get(url)
    text = " ".join(page.content.decode().split())
    assert "More than 1 lists of this district’s groups" in text
    # The old list is published today as well, so both are forgotten on the same day.
    assert page.context["full_until"] == later.day + timedelta(days=KEPT_DAYS + 1)


def test_student_who_has_left_was_in_the_figures_of_before(place):
    old, _made = publish_with(place, 20, 24)
    gone, *rest = learners_in(old)
    subgroups.end(old, by=None, now=timezone.now())
    new = make_subgroup(place.school.district, rest, title="New here")
    type(gone).objects.filter(pk=gone.pk).update(left_on=timezone.localdate())
    Rollup.objects.filter(level=4).update(n=14)
    Rollup.objects.filter(level=1).update(n=40)
    assert set(shown_of(publish_later(place, 1), new.title).values()) == {False}


def test_published_list_is_a_copy_that_goes_after_a_year_or_with_the_learner(place):
    subgroup, made = publish_with(place, 20, 24)
    subgroups.end(subgroup, by=None, now=timezone.now())
    assert PublishedMember.objects.count() == 44
    PublishedMember.objects.first().learner.delete()
    assert PublishedMember.objects.count() == 43
    kept, district, old = timedelta(days=KEPT_DAYS), place.school.district, PublishedList.objects.get().pk
    assert list(published_lists.take(district, [], least=10, day=made.day + kept).same) == [old]
    later = made.day + kept + timedelta(days=2)
    assert list(published_lists.take(district, [], least=10, day=later).same) == []
    retention.run(district, on=later)
    assert not PublishedMember.objects.exists()
    published_lists.take(district, [], least=10, day=later)
    assert not PublishedList.objects.exists()
