"""What has had its time goes at night; what is on hold, and what the policy keeps longer, stays."""

from datetime import UTC, datetime, time, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import GroupMember
from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.scope import district_scope
from paths.models import Goal, Opening, Seat, Talk
from profiles.models import (
    AccessLog,
    Erasure,
    Learner,
    LegalHold,
    PublishedList,
    PublishedMember,
    RetentionPolicy,
    RetentionRun,
    RollOver,
    ToldApart,
    Upload,
)
from profiles.models.retention import shipped_days
from profiles.services import keeping, nights, retention
from profiles.services.erasures import asking
from profiles.tasks import NightsFailed, forget_undo_rows, keep_to_time
from tests.factories.profiles import make_district, make_district_admin, make_learner
from tests.lrm.matrix_walk import quick_pages
from tests.profiles.everything import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(matrix_scene):
    learner = matrix_scene.objects["own"]["learner"]
    with district_scope(learner.district_id), quick_pages():
        Erasure.objects.all().delete()
        RetentionPolicy.objects.all().delete()
        yield matrix_scene


@pytest.fixture
def learner(scene):
    return scene.objects["own"]["learner"]


def left(learner, days):
    leave(learner)
    Learner.objects.filter(pk=learner.pk).update(left_on=timezone.localdate() - timedelta(days=days))
    learner.refresh_from_db()


def id_of(row):
    return row.pk


def kept(learner):
    return Goal.objects.filter(learner=learner).exists(), Talk.objects.filter(learner=learner).exists()


def test_nothing_of_who_is_here_goes(scene, learner):
    found = retention.due(learner.district, on=timezone.localdate())
    assert found.learners == 0
    assert not {label for label in found.rows if label.startswith(("paths.", "assessments."))}


def test_each_kind_goes_after_its_days_and_the_learner_last(scene, learner):
    district, today = learner.district, timezone.localdate()
    left(learner, 366)
    retention.run(district, on=today)
    assert kept(learner) == (True, True)
    left(learner, 367)
    says = retention.due(district, on=today + timedelta(days=1))
    assert says.rows["paths.Goal"] > 0
    night = retention.run(district, on=today + timedelta(days=1))
    assert kept(learner) == (False, False)
    assert night.counts == dict(says.rows)
    assert learner.evidence.exists()
    assert GroupMember.objects.filter(learner=learner).exists()
    (groups,) = [kind for kind in keeping.shipped_kinds() if kind.key == "groups"]
    assert "Who learned in which group stays as long as names do" in groups.holds
    left(learner, 1097)
    night = retention.run(district, on=today + timedelta(days=2))
    assert night.counts["learners"] == 1
    assert not Learner.objects.filter(pk=learner.pk).exists()
    assert Erasure.objects.get().by_retention


def test_what_is_on_hold_stays(scene, learner):
    left(learner, 2000)
    asking.hold(learner, by=scene.people["district_admin"], why="A court asks.")
    AccessLog.objects.create(
        district=learner.district, route="learner", learner_ids=[learner.pk], at=timezone.now() - timedelta(days=500)
    )
    night = retention.run(learner.district, on=timezone.localdate())
    assert kept(learner) == (True, True)
    assert night.counts.get("learners", 0) == 0
    assert AccessLog.objects.filter(learner_ids=[learner.pk]).exists()
    LegalHold.objects.update(lifted_at=timezone.now())
    retention.run(learner.district, on=timezone.localdate() + timedelta(days=1))
    assert not Learner.objects.filter(pk=learner.pk).exists()


def test_who_shares_a_record_with_somebody_on_hold_waits(scene, learner):
    """What both are named in would go with either."""
    district, admin, today = learner.district, scene.people["district_admin"], timezone.localdate()
    held = scene.objects["far"]["learner"]
    ToldApart.objects.create(district=district, one=min(learner, held, key=id_of), other=max(learner, held, key=id_of))
    left(learner, 2000)
    asking.hold(held, by=admin, why="A court asks.")
    with pytest.raises(asking.NotNow, match="shares a record"):
        asking.ask(learner, by=admin, typed_name=learner.name, why="")
    assert retention.due(district, on=today).learners == 0
    retention.run(district, on=today)
    assert kept(learner) == (True, True)
    LegalHold.objects.update(lifted_at=timezone.now())
    assert retention.due(district, on=today).learners == 1
    retention.run(district, on=today + timedelta(days=1))
    assert not Learner.objects.filter(pk=learner.pk).exists()


def test_what_would_take_rows_of_somebody_on_hold_along_stays(scene, learner):
    old, today = timezone.now() - timedelta(days=800), timezone.localdate()
    seat = Seat.objects.filter(learner=learner).get()
    Opening.objects.filter(pk=seat.opening_id).update(starts_at=old - timedelta(hours=1), ends_at=old)
    RollOver.objects.update(learners={str(learner.pk): "leaves"}, at=old)
    asking.hold(learner, by=scene.people["district_admin"], why="A court asks.")
    retention.run(learner.district, on=today)
    assert Seat.objects.filter(pk=seat.pk).exists()
    assert RollOver.objects.filter(learners__has_key=str(learner.pk)).exists()
    LegalHold.objects.update(lifted_at=timezone.now())
    retention.run(learner.district, on=today + timedelta(days=1))
    assert not Seat.objects.filter(pk=seat.pk).exists()
    assert not RollOver.objects.filter(learners__has_key=str(learner.pk)).exists()


def test_a_night_takes_nothing_of_another_district(scene, learner):
    other, today = scene.objects["abroad"]["learner"], timezone.localdate()
    with district_scope(other.district_id):
        old = PublishedList.objects.create(
            district=other.district, title="Old", last_on=today - timedelta(days=500), least=10
        )
        PublishedMember.objects.create(list=old, learner=other)
    assert "profiles.PublishedMember" not in retention.due(learner.district, on=today).rows
    retention.run(learner.district, on=today)
    with district_scope(other.district_id):
        assert PublishedMember.objects.filter(list=old).exists()
        assert retention.run(other.district, on=today).counts["profiles.PublishedMember"] == 1


def test_a_look_goes_after_its_time_with_its_whole_month(scene, learner):
    old, young = (
        AccessLog.objects.create(
            district=learner.district, route=f"r{days}", learner_ids=[], at=timezone.now() - timedelta(days=days)
        )
        for days in (400, 368)
    )
    says = retention.due(learner.district, on=timezone.localdate()).rows["profiles.AccessLog"]
    night = retention.run(learner.district, on=timezone.localdate())
    assert night.counts["profiles.AccessLog"] == says == 1
    assert list(AccessLog.objects.filter(pk__in=[old.pk, young.pk])) == [young]


def test_a_night_that_was_killed_goes_on_and_one_that_is_through_does_nothing_again(scene, learner, monkeypatch):
    left(learner, 2000)
    today = timezone.localdate()
    with monkeypatch.context() as patch:
        patch.setattr(retention, "_erase_whole", lambda *_all: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            retention.run(learner.district, on=today)
    assert RetentionRun.objects.get().finished_at is None
    night = retention.run(learner.district, on=today)
    assert night.counts["learners"] == 1
    assert retention.run(learner.district, on=today) == night


def test_one_whose_records_cannot_be_taken_away_keeps_nobody_elses(scene, learner, monkeypatch):
    left(learner, 368)
    other = make_learner(learner.home_school)
    left(other, 369)
    whole, broken, seen = retention._take_away, {other.pk}, []

    def take_away(each, categories):
        seen.append(each.pk)
        if each.pk in broken:
            raise ZeroDivisionError
        return whole(each, categories)

    monkeypatch.setattr(retention, "_take_away", take_away)
    said = f"district {learner.district.key}: see night_failed"
    with pytest.raises(CommandError, match=said):
        call_command("retention", "--district", learner.district.key)
    assert seen == [other.pk, learner.pk]
    assert kept(learner) != (True, True)
    assert RetentionRun.objects.get(district=learner.district).finished_at is None
    broken.clear()
    call_command("retention", "--district", learner.district.key, stdout=StringIO())
    assert RetentionRun.objects.get(district=learner.district).finished_at is not None


def test_the_command_says_what_would_go_and_changes_nothing(scene, learner):
    left(learner, 2000)
    out = StringIO()
    call_command("retention", "--dry-run", "--district", learner.district.key, stdout=out)
    assert "learners 1" in out.getvalue()
    assert Learner.objects.filter(pk=learner.pk).exists()
    with pytest.raises(CommandError, match="only be looked at"):
        call_command("retention", "--day", "2030-01-01")


def test_a_policy_counts_from_its_day_on(scene, learner):
    district, today, by = learner.district, timezone.localdate(), scene.people["district_admin"]
    days = shipped_days() | {"learning": 60}
    keeping.begin(district, days=days, starts_on=today + timedelta(days=2), by=by)
    assert keeping.days_of(district, on=today + timedelta(days=1)) == shipped_days()
    assert keeping.days_of(district, on=today + timedelta(days=2)) == days


def test_days_of_home_schools_stay_with_the_levels_that_are_worked_out_by_them(scene, learner):
    """Who comes back, and every rebuild, is in need of them."""
    district, today = learner.district, timezone.localdate()
    RetentionPolicy.objects.create(district=district, days=shipped_days() | {"classes": 60}, starts_on=today)
    left(learner, 61)
    retention.run(district, on=today)
    assert learner.evidence.exists()
    assert learner.home_schools.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"learning": 5}, "30 days"),
        ({"learning": 2000}, "cannot stay longer"),
        ({}, "count already"),
    ],
)
def test_days_that_cannot_count_are_refused_and_nothing_is_stored(scene, learner, change, said):
    with pytest.raises(keeping.NotAPolicy, match=said):
        keeping.begin(
            learner.district,
            days=shipped_days() | change,
            starts_on=timezone.localdate() + timedelta(days=2),
            by=scene.people["district_admin"],
        )
    assert not RetentionPolicy.objects.exists()


def test_the_page_shows_what_would_go_tomorrow_and_takes_other_days(scene, learner, client):
    left(learner, 2000)
    client.force_login(scene.people["district_admin"])
    page = reverse("retention")
    assert "1 student would be erased whole" in client.get(page, {"look": "tomorrow"}).content.decode()
    first = timezone.localdate() + timedelta(days=3)
    answer = client.post(page, {**shipped_days(), "talks": 90, "starts_on": first.isoformat()}, follow=True)
    assert "Other days count" in answer.content.decode()
    row = RetentionPolicy.objects.get()
    assert row.days["talks"] == 90
    client.post(reverse("retention_withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_file_on_which_nobody_decides_is_empty_after_a_day_though_nobody_chooses_another(scene, learner):
    by = scene.people["district_admin"]
    about = {"district": learner.district, "account": by, "kind": Upload.Kind.ROSTER, "name": "a.zip", "data": b"names"}
    old = Upload.objects.create(**about, checked={"names": []}, created_at=timezone.now() - timedelta(hours=25))
    young = Upload.objects.create(**about)
    forget_undo_rows()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.data, old.checked) == (None, None)
    assert bytes(young.data) == b"names"


@pytest.fixture
def two_nights(monkeypatch):
    """Two districts, the night of the first breaks while `broken` holds it; `through` has those that were worked."""
    here, there = make_district(time_zone="UTC"), make_district(time_zone="UTC")
    broken, through = {here.pk}, []
    whole = retention.run

    def run(district, *, on):
        if district.pk in broken:
            raise RuntimeError("A row that nobody can take away.")
        through.append(district.pk)
        return whole(district, on=on)

    monkeypatch.setattr(retention, "run", run)
    with time_machine.travel(datetime.combine(timezone.localdate(), time(4), UTC)):
        yield SimpleNamespace(here=here, there=there, broken=broken, through=through)


def test_night_that_fails_stops_no_other_and_stands_once_on_the_page_of_long_work(two_nights, as_account):
    client = as_account(make_district_admin(two_nights.here))
    with quick_pages():
        for _hour in range(2):
            with pytest.raises(NightsFailed, match=str(two_nights.here.pk)):
                keep_to_time()
        assert two_nights.there.pk in two_nights.through
        assert two_nights.here.pk not in two_nights.through
        page = client.get(reverse("jobs")).text
        assert page.count("before everything that has had its time was gone") == 1
        assert "before everything" not in as_account(make_district_admin(two_nights.there)).get(reverse("jobs")).text
        two_nights.broken.clear()
        keep_to_time()
        job = Job._base_manager.get(kind=nights.KIND)
        assert (job.state, job.error, job.district_id) == ("done", "", two_nights.here.pk)
        assert RetentionRun._base_manager.get(district=two_nights.here).finished_at is not None


def test_night_that_failed_is_begun_again_by_an_administrator(two_nights, as_account):
    client = as_account(make_district_admin(two_nights.here))
    with quick_pages():
        with pytest.raises(NightsFailed):
            keep_to_time()
        job = Job._base_manager.get(kind=nights.KIND)
        again = lambda: client.post(reverse("job_change", args=[job.uuid]), {"act": "again"}, follow=True).text
        assert "Begun again." in again()
        with pytest.raises(NightsFailed):
            keep_to_time()  # while it waits for a worker
        running.run(job.pk)
        assert "What went stays gone" in client.get(reverse("jobs")).text, "it failed once more, in the same words"
        two_nights.broken.clear()
        assert "Begun again." in again()
        running.run(job.pk)
        assert Job._base_manager.get(kind=nights.KIND).state == "done"
