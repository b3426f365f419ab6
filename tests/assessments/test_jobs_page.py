"""Long work as administrators see it: how far it is, stopped, begun again; never what another district asked for."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.urls import reverse

from lrm.jobs import kinds
from lrm.jobs.kinds import JobRefused, job_kind
from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.jobs.starting import start
from lrm.scope import district_scope
from profiles.models import Account
from tests.factories.profiles import make_account, make_district, make_district_admin, make_school, make_school_admin

NAME = "trial"


@pytest.fixture
def work():
    """What the job of this test does: set work["does"]."""
    holder = {"does": lambda job: None, "hindered": ""}
    job_kind(NAME, "Try something long", page="school", stops=True, hindrance=lambda job: holder["hindered"])(
        lambda job: holder["does"](job)
    )
    yield holder
    del kinds.KINDS[NAME]


@pytest.fixture
def admin():
    return make_district_admin(make_district())


def ask(admin: Account) -> Job:
    with district_scope(admin.district_id):
        return start(NAME, district_id=admin.district_id, by=admin)


def again(job: Job) -> Job:
    return Job._base_manager.get(pk=job.pk)


def change(client, job: Job, act: str) -> str:
    return client.post(reverse("job_change", args=[job.uuid]), {"act": act}, follow=True).content.decode()


@pytest.mark.django_db
def test_page_says_what_who_how_far_and_asks_again_while_something_is_on_its_way(work, admin, as_account):
    client = as_account(admin)
    assert "Nothing long was asked for" in client.get(reverse("jobs")).content.decode()
    job = ask(admin)
    Job._base_manager.filter(pk=job.pk).update(state="running", done=1, total=4, message="Reading <files>.")
    page = client.get(reverse("jobs")).content.decode()
    assert all(words in page for words in ("Try something long", admin.name, "25 %.", "Reading &lt;files&gt;."))
    assert "hx-get" in page.partition('id="long-work"')[2].partition(">")[0]

    Job._base_manager.filter(pk=job.pk).update(state="running")
    run(job.pk)
    lists = client.get(reverse("jobs"), headers={"HX-Request": "true"}).content.decode()
    assert "Done." in lists
    assert "hx-get" not in lists
    assert "<html" not in lists


@pytest.mark.django_db
def test_failed_work_says_why_and_is_begun_again_once_nothing_stands_in_its_way(work, admin, as_account):
    def refuse(job):
        raise JobRefused("The file is gone.")

    client, job = as_account(admin), ask(admin)
    work["does"] = refuse
    run(job.pk)
    assert "The file is gone." in client.get(reverse("jobs")).content.decode()
    work["hindered"] = "Another one is at work."
    assert "Another one is at work." in change(client, job, "again")
    work["hindered"], work["does"] = "", lambda job: None
    assert "Begun again." in change(client, job, "again")
    assert "It is at work again, or done." in change(client, job, "again")
    run(job.pk)
    assert (again(job).state, again(job).error, again(job).started_by) == ("done", "", admin)
    assert "It has come to its end meanwhile." in change(client, job, "stop")
    assert "Choose what to do with it." in change(client, job, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_its_end", [False, True])
def test_work_that_is_stopped_on_its_way_takes_all_of_it_back(at_its_end, work, admin, as_account):
    client, job = as_account(admin), ask(admin)

    def stop() -> None:
        change(client, job, "stop")
        connection.close()

    def do(job):
        with transaction.atomic():
            make_account(admin.district, email="half@lakeside.example")
            stopping = Thread(target=stop)  # an administrator, on a connection of their own
            stopping.start()
            stopping.join()
            if not at_its_end:
                job.say(1, 2, at_once=True)
                raise AssertionError("It went on.")
            job.finish()

    work["does"] = do
    run(job.pk)
    assert (again(job).state, again(job).error) == ("stopped", "It was stopped, and nothing was changed.")
    assert not Account.objects.filter(email="half@lakeside.example").exists()
    run(job.pk)  # a message to the workers that comes late
    assert again(job).state == "stopped"


@pytest.mark.django_db
def test_work_that_ends_outside_of_its_control_or_elsewhere_cannot_be_stopped(work, admin, as_account):
    school_admin = make_school_admin(make_school(admin.district))
    other = make_district_admin(make_district())
    job = ask(admin)
    for account, status in ((school_admin, 404), (other, 404)):
        assert as_account(account).post(reverse("job_change", args=[job.uuid]), {"act": "stop"}).status_code == status
    assert as_account(other).get(reverse("jobs")).context["unfinished"] == []
    Job._base_manager.filter(pk=job.pk).update(kind="of a later LRM")
    client = as_account(admin)
    assert "of a later LRM" in client.get(reverse("jobs")).content.decode()
    assert "cannot be stopped" in change(client, job, "stop")
    assert again(job).state == "waiting"
