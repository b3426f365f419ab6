"""Earlier days, terms and subgroups of a large district: counted by a worker, and read as the page would count."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.models import KeptCount, KeptCounts
from assessments.services import kept_counts
from assessments.services.school_page import read_matrix
from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import unscoped
from profiles.models import AdminRole
from profiles.services import subgroups
from tests.assessments.school_place import URL, before, branch_of, figures, rows_of
from tests.assessments.test_school_narrowed import make_subgroup
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.classes import give_levels, learners_of
from tests.factories.profiles import make_school_admin
from tests.fresh_code import with_fresh_code

pytestmark = pytest.mark.django_db

READING = "assessments.views.school_reading"


@pytest.fixture
def two_schools(place, story):
    """The story's class, and one of the other school that began on its first standard ten days ago."""
    section = place.teach(place.other, 2)
    assessment = make_assessment(section, [place.first], given_on=before(10))
    for learner, points in zip(learners_of(section), (2, 4), strict=True):
        give(assessment, learner, place.first, points)
    work_off()
    return section


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(f"{READING}.MOST_THEN", 2)
    monkeypatch.setattr(f"{READING}.MOST_OVER", 2)


def count(client, query):
    """Ask for it, have it done, and return the job."""
    answer = client.post(reverse("school_count", query=query))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, URL)
    job = Job.objects.order_by("-pk").first()
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    return job


def shown(page):
    lines = page.context["lines"]
    cells = [
        (row["line"].name, row["line"].learners, cell.column.name, cell.said, cell.of, cell.then, row["reasons"])
        for row in lines
        for cell in row["cells"]
    ]
    terms = page.context["terms"]
    over = (
        [[(point.share, point.learners, point.tally.reasons) for point in row.points] for row in terms["rows"]]
        if terms
        else []
    )
    return cells, over, page.context["figures"]


@pytest.mark.parametrize(
    "asked", ["as_of", "grade", "compare", "branch", "over", "over_then", "subgroup", "subgroup_then"]
)
def test_what_is_counted_is_what_the_page_would_count(place, story, two_schools, district_admin, monkeypatch, asked):
    members = [learners_of(story)[0], learners_of(two_schools)[0]]
    subgroup = make_subgroup(place.school.district, members).pk if "subgroup" in asked else None
    query = {
        "as_of": {"as_of": before(5)},
        "grade": {"as_of": before(5), "grade": "05"},
        "compare": {"compare": before(30)},
        "branch": {"as_of": before(5), "branch": branch_of(place)},
        "over": {"over": "terms"},
        "over_then": {"over": "terms", "as_of": before(5), "compare": before(30)},
        "subgroup": {"subgroup": subgroup},
        "subgroup_then": {"subgroup": subgroup, "as_of": before(5), "compare": before(30)},
    }[asked]
    walked = shown(district_admin.get(URL, query))
    monkeypatch.setattr(f"{READING}.MOST_THEN", 1)
    monkeypatch.setattr(f"{READING}.MOST_OVER", 1)
    assert "matrix" not in district_admin.get(URL, query).context

    count(district_admin, query)
    page = district_admin.get(URL, query)
    assert page.context["counting"].kept
    assert shown(page) == walked
    assert any(said != "" for _name, _n, _column, said, *_rest in walked[0])


def test_panel_and_file_are_those_of_the_page(place, story, two_schools, district_admin, small_pages):
    query = {"as_of": before(5)}
    count(district_admin, query)
    at = {"at": place.at("d", place.first)}
    panel = district_admin.get(URL, query | at)
    assert panel.context["chosen"].tally.results == 4
    assert {row.learner.pk for row in panel.context["learners"]} == {
        learners_of(story)[1].pk,
        learners_of(two_schools)[0].pk,
    }
    client = with_fresh_code(district_admin)
    results = {
        row["Row"]: row["Results"]
        for row in rows_of(client.get(reverse("school_csv"), query))
        if row["Domain"] == "Fractions"
    }
    assert results == {"Both schools": "4", "Alder Creek": "2", "Birchwood": "2"}


def test_asking_shows_how_far_it_is_and_twice_is_once(place, two_schools, district_admin, small_pages):
    query = {"as_of": before(5)}
    page = district_admin.get(URL, query)
    assert "Count now" in page.content.decode()
    for _ in range(2):
        district_admin.post(reverse("school_count", query=query))
    job = Job.objects.get()
    assert (job.kind, job.params["days"]) == ("count_days", [before(5).isoformat()])
    text = district_admin.get(URL, query).content.decode()
    progress = reverse("school_counting", args=[job.uuid])
    assert progress in text
    assert "Count now" not in text
    assert "HX-Refresh" not in district_admin.get(progress)
    run(job.pk)
    assert district_admin.get(progress)["HX-Refresh"] == "true"
    assert "Count again" in district_admin.get(URL, query).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_askings_that_share_a_day_are_both_counted(place, two_schools, district_admin, small_pages, monkeypatch):
    queries, jobs, threads = [{"as_of": before(5)}, {"as_of": before(5), "compare": before(30)}], [], []
    for query in queries:
        district_admin.post(reverse("school_count", query=query))
        jobs.append(Job.objects.order_by("-pk").first())
    begin = kept_counts._begin

    def count_the_other():
        try:
            run(jobs[1].pk)
        finally:
            connection.close()

    def begin_and_let_the_other_begin(*given):
        made = begin(*given)
        if not threads:
            threads.append(Thread(target=count_the_other))
            threads[0].start()
            while threads[0].is_alive() and not somebody_waits():
                threads[0].join(0.02)
        return made

    monkeypatch.setattr(kept_counts, "_begin", begin_and_let_the_other_begin)
    run(jobs[0].pk)
    threads[0].join()
    assert [Job.objects.get(pk=job.pk).state for job in jobs] == [Job.State.DONE, Job.State.DONE]
    assert KeptCounts.objects.count() == 2
    assert all(district_admin.get(URL, query).context["counting"].kept for query in queries)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone", ["counted anew", "forgotten"])
def test_page_that_is_read_while_a_worker_counts_anew_misses_nothing(
    place, story, two_schools, district_admin, small_pages, monkeypatch, gone
):
    query = {"as_of": before(5), "at": place.at("d", place.first)}
    count(district_admin, query)
    whole = district_admin.get(URL, query)
    district_admin.post(reverse("school_count", query=query))
    job, readings = Job.objects.order_by("-pk").first(), []

    def meanwhile():
        """On a connection of its own."""
        try:
            if gone == "counted anew":
                run(job.pk)
            else:
                with unscoped("as the clock does"):
                    kept_counts.forget(now=timezone.now() + timedelta(days=31))
        finally:
            connection.close()

    def read_after_it(*given, **named):
        readings.append(given)
        if len(readings) == 1:
            thread = Thread(target=meanwhile)
            thread.start()
            thread.join()
        return read_matrix(*given, **named)

    monkeypatch.setattr(f"{READING}.read_matrix", read_after_it)
    page = district_admin.get(URL, query)
    assert page.status_code == 200
    if gone == "forgotten":
        assert (len(readings), "matrix" in page.context) == (1, False), "found again, there is nothing to read"
        assert "Alder Creek" in page.content.decode(), "one school can be chosen"
        return
    assert (len(readings), figures(page)) == (2, figures(whole))
    assert page.context["chosen"].tally.results == whole.context["chosen"].tally.results == 4


def somebody_waits():
    """Whether a process of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what was when it first looked
        cursor.execute(
            "SELECT EXISTS ("
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


def test_later_results_are_in_it_once_it_is_counted_again(place, story, two_schools, district_admin, small_pages):
    query = {"as_of": before(5)}
    count(district_admin, query)
    was = figures(district_admin.get(URL, query))
    (cam,) = learners_of(story)[2:]
    give(make_assessment(story, [place.first], given_on=before(8)), cam, place.first, 4)
    work_off()
    assert figures(district_admin.get(URL, query)) == was
    count(district_admin, query)
    now = figures(district_admin.get(URL, query))
    assert was["Alder Creek"]["Fractions"] != now["Alder Creek"]["Fractions"]
    assert KeptCounts.objects.count() == 1


def test_fault_on_the_way_keeps_what_was_counted_and_is_told(
    place, two_schools, district_admin, small_pages, monkeypatch
):
    query = {"as_of": before(5)}
    count(district_admin, query)
    kept = list(KeptCount.objects.order_by("pk").values())
    monkeypatch.setattr("assessments.services.kept_counts.THEN", "SELECT 1 / 0")
    district_admin.post(reverse("school_count", query=query))
    job = Job.objects.order_by("-pk").first()
    run(job.pk)
    assert list(KeptCount.objects.order_by("pk").values()) == kept
    text = district_admin.get(URL, query).content.decode()
    assert "Something went wrong in LRM itself" in text
    assert "Count again" in text


def test_subgroup_that_has_ended_is_not_counted_and_its_counts_go(
    place, story, two_schools, district_admin, small_pages
):
    subgroup = make_subgroup(place.school.district, learners_of(story))
    query = {"subgroup": subgroup.pk}
    count(district_admin, query)
    district_admin.post(reverse("school_count", query=query))
    job = Job.objects.order_by("-pk").first()
    subgroups.end(subgroup, by=None, now=timezone.now())
    run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "This subgroup has ended" in job.error
    assert kept_counts.forget(now=timezone.now()) == 1
    assert not KeptCount.objects.exists()


def test_counts_go_after_thirty_days(place, two_schools, district_admin, small_pages):
    count(district_admin, {"as_of": before(5)})
    assert kept_counts.forget(now=timezone.now() + timedelta(days=29)) == 0
    assert kept_counts.forget(now=timezone.now() + timedelta(days=31)) == 1
    assert not KeptCount.objects.exists()


def test_who_sees_only_some_schools_chooses_one(place, two_schools, as_account, small_pages):
    both = make_school_admin(place.school)
    AdminRole.objects.create(account=both, kind=AdminRole.Kind.SCHOOL, school=place.other, starts_on=before(30))
    client = as_account(both)
    page = client.get(URL, {"as_of": before(5)})
    assert len(page.context["choose"]) == 2
    assert page.context["counting"] is None
    assert client.post(reverse("school_count", query={"as_of": before(5)})).status_code in (403, 404)


def test_few_students_are_not_counted_by_a_worker(place, two_schools, district_admin):
    answer = district_admin.post(reverse("school_count", query={"as_of": before(5)}), follow=True)
    assert "few enough" in answer.content.decode()
    assert not Job.objects.exists()


def test_page_of_what_is_counted_costs_at_most_fourteen_statements(place, two_schools, district_admin, small_pages):
    query = {"over": "terms", "compare": before(30), "as_of": before(5)}
    count(district_admin, query)
    district_admin.get(URL)
    with assert_statements(at_most=14) as few:
        district_admin.get(URL, query)
    n = len(few)
    give_levels(learners_of(place.teach(place.other, 9)), [place.first], counted=True)
    count(district_admin, query)
    with assert_statements(exactly=n):
        district_admin.get(URL, query)
