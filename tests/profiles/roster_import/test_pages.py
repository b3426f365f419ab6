import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from profiles.models import AccessLog, Account, AdminRole, District, Learner, RosterImport, RosterPolicy, School, Upload
from profiles.oneroster.reader import read_roster
from profiles.services.roster_import import working
from profiles.services.roster_import.applying import import_roster
from profiles.services.roster_import.planning import plan_import
from profiles.tasks import forget_undo_rows
from tests.factories.profiles import make_district, make_district_admin, make_school, make_school_admin
from tests.fresh_code import with_fresh_code
from tests.profiles.oneroster.packages import V1P1, changed, without, zipped
from tests.profiles.roster_import.test_importing import crowd

pytestmark = pytest.mark.django_db
BAD = changed(V1P1, "users.csv", "u3,,,true", "u3,,,maybe")


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def admin(client, district):
    account = make_district_admin(district)
    client.force_login(account)
    with_fresh_code(client)
    return account


def send(client, files, name="roster.zip"):
    return client.post(reverse("roster_import"), {"package": SimpleUploadedFile(name, zipped(files))})


def apply(client, upload, **asked):
    """Press the button, let a worker do it, and look at the page again."""
    check = reverse("roster_import_check", args=[upload.uuid])
    client.post(reverse("roster_import_apply", args=[upload.uuid]), asked)
    for pk in Job._base_manager.filter(state=Job.State.WAITING).values_list("pk", flat=True):
        run(pk)
    return client.get(check, follow=True)


def learners(district):
    with district_scope(district.pk):
        return sorted(str(learner) for learner in Learner.objects.filter(left_on__isnull=True))


def test_file_is_checked_then_applied(client, admin, district):
    answer = send(client, V1P1)
    upload = Upload._base_manager.get()
    assert answer.url == reverse("roster_import_check", args=[upload.uuid])
    page = client.get(answer.url)
    assert (page.status_code, page.context["counts"]["new"]) == (200, 12)
    assert learners(district) == []
    answer = apply(client, upload)
    assert [dd for dd in ("new", "changed") if dd in answer.text] == ["new", "changed"]
    row = RosterImport._base_manager.get()
    assert (answer.context["row"], row.account, row.summary["new"]) == (row, admin, 12)
    assert learners(district) == ["Ana Ruiz", "Keanu Ioane"]
    upload.refresh_from_db()
    assert (upload.data, upload.summary["new"]) == (None, 12)


def test_several_csv_files_are_one_package(client, admin):
    files = [SimpleUploadedFile(name, text.encode()) for name, text in V1P1.items()]
    answer = client.post(reverse("roster_import"), {"package": files})
    assert client.get(answer.url).context["counts"]["new"] == 12


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (changed(V1P1, "manifest.csv", "version,1.1", "version,1.0"), "LRM reads OneRoster 1.1 and 1.2"),
        ({"notes.txt": "x"}, "neither a manifest.csv nor any roster file"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_the_form(client, admin, files, said):
    answer = send(client, files)
    assert (answer.status_code, Upload._base_manager.count()) == (422, 0)
    assert said in answer.text


def test_no_file_is_asked_for(client, admin):
    answer = client.post(reverse("roster_import"))
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


def test_line_with_an_error_waits_and_can_be_put_right(client, admin, district):
    check = send(client, BAD).url
    page = client.get(check)
    for text in ("users.csv", "line 4", "Keanu Ioane", "enabledUser", "maybe", "This is true or false."):
        assert text in page.text
    assert "Some lines still have to be settled." in apply(client, Upload._base_manager.get()).text
    assert learners(district) == []
    client.post(
        check + "settle/", {"does": "use", "file": "users.csv", "line": 4, "field": "enabledUser", "value": "true"}
    )
    page = client.get(check)
    assert page.context["plan"]["need_you"] == 0
    apply(client, Upload._base_manager.get())
    assert learners(district) == ["Ana Ruiz", "Keanu Ioane"]


def test_line_can_be_left_out(client, admin, district):
    check = send(client, BAD).url
    client.post(check + "settle/", {"does": "leave_out", "file": "users.csv", "line": 4})
    client.get(check)
    apply(client, Upload._base_manager.get())
    assert learners(district) == ["Ana Ruiz"]


def test_dates_with_slashes_are_asked_about(client, admin, district):
    check = send(client, changed(V1P1, "academicSessions.csv", "2026-08-24,2027-06-11", "8/24/2026,6/11/2027")).url
    assert "Which comes first?" in client.get(check).text
    client.post(check + "settle/", {"does": "date_order", "value": "mdy"})
    assert client.get(check).context["plan"]["need_you"] == 0


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"does": "explode"},
        {"does": "use", "file": "users.csv", "value": "x"},
        {"does": "use", "file": "users.csv", "line": "-3", "field": "x"},
        {"does": "date_order", "value": "ymd"},
    ],
)
def test_nonsense_settles_nothing(client, admin, asked):
    check = send(client, BAD).url
    answer = client.post(check + "settle/", asked, follow=True)
    assert answer.context["plan"]["need_you"] == 1
    assert Upload._base_manager.get().decisions == {}


def test_lines_that_wait_can_be_downloaded(client, admin):
    check = send(client, changed(BAD, "users.csv", "Keanu", "=HYPERLINK(1)")).url
    answer = client.get(check + "refused.csv")
    [row] = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert (row["file"], row["line"], row["field"], row["value"]) == ("users.csv", "4", "enabledUser", "maybe")
    assert row["who"] == "'=HYPERLINK(1) Ioane"


def test_brake_asks_for_a_yes(client, admin, district):
    with district_scope(district.pk):
        import_roster(read_roster(zipped(crowd(60))), district=district)
    check = send(client, crowd(50)).url
    assert "The brake is on" in client.get(check).text
    upload = Upload._base_manager.get()
    assert "More would leave than the brake allows." in apply(client, upload).text
    assert len(learners(district)) == 62
    apply(client, upload, release="yes")
    assert len(learners(district)) == 52
    row = RosterImport._base_manager.order_by("-pk")[0]
    assert (row.released_by, row.brake["leaving"], row.brake["limit"]) == (admin, 10, 5)
    assert f"{admin.name} released the brake." in client.get(reverse("roster_import")).text


def test_brake_is_a_policy_of_the_district_and_who_set_it_is_kept(client, admin, district):
    client.post(reverse("roster_import_brake"), {"percent": "20"})
    client.post(reverse("roster_import_brake"), {"percent": "20"})
    row = RosterPolicy._base_manager.get()
    assert (row.brake_percent, row.created_by) == (20, admin)
    assert f"20 %, set by {admin.name}" in client.get(reverse("roster_import")).text
    with district_scope(district.pk):
        import_roster(read_roster(zipped(crowd(60))), district=district)
        assert import_roster(read_roster(zipped(crowd(50))), district=district).brake is None


@pytest.mark.parametrize("percent", ["", "-1", "101", "five"])
def test_brake_that_is_no_share_is_refused(client, admin, percent):
    answer = client.post(reverse("roster_import_brake"), {"percent": percent})
    assert (answer.status_code, RosterPolicy._base_manager.count()) == (422, 0)


def test_roster_that_changed_since_the_look_is_told_and_nothing_is_applied(client, admin, district):
    upload = seen(client, changed(V1P1, "users.csv", "Ioane", "Kealoha"))
    with district_scope(district.pk):
        import_roster(read_roster(zipped(V1P1)), district=district)
    answer = apply(client, upload)
    assert "The roster has changed since you looked" in answer.text
    assert learners(district) == ["Ana Ruiz", "Keanu Ioane"]
    assert answer.context["counts"]["changed"] == 1
    apply(client, upload)
    assert learners(district) == ["Ana Ruiz", "Keanu Kealoha"]


def seen(client, files):
    """A file that was sent and looked at."""
    send(client, files)
    return Upload._base_manager.order_by("-pk")[0]


def test_second_import_at_once_is_refused(client, admin, district):
    first, second = seen(client, V1P1), seen(client, changed(V1P1, "users.csv", "Ioane", "Kealoha"))
    client.post(reverse("roster_import_apply", args=[first.uuid]))
    answer = client.post(reverse("roster_import_apply", args=[second.uuid]), follow=True)
    assert "Another import of this district is at work." in answer.text
    assert Job._base_manager.count() == 1


def test_file_that_is_being_taken_over_shows_how_far_and_takes_no_decisions(client, admin):
    upload = seen(client, V1P1)
    check = reverse("roster_import_check", args=[upload.uuid])
    client.post(check + "apply/")
    page = client.get(check)
    assert ("Waiting for its turn." in page.text, "Apply" in page.text) == (True, False)
    assert "being taken over" in client.post(check + "discard/", follow=True).text
    assert "HX-Refresh" not in client.get(check + "progress/")
    run(Job._base_manager.get().pk)
    assert client.get(check + "progress/")["HX-Refresh"] == "true"


@pytest.mark.parametrize("bound", ["SMALL_BYTES", "SMALL_UNPACKED", "SMALL_LINES"])
def test_large_file_is_looked_at_by_a_worker(client, admin, monkeypatch, bound):
    monkeypatch.setattr(working, bound, 10)
    check = send(client, V1P1).url
    assert "Waiting for its turn." in client.get(check).text
    run(Job._base_manager.get().pk)
    assert client.get(check).context["counts"]["new"] == 12


def test_large_file_that_cannot_be_read_says_so_once(client, admin, monkeypatch):
    monkeypatch.setattr(working, "SMALL_BYTES", 10)
    check = send(client, changed(V1P1, "manifest.csv", "version,1.1", "version,1.0")).url
    client.get(check)
    run(Job._base_manager.get().pk)
    page = client.get(check)
    assert ("LRM reads OneRoster 1.1 and 1.2" in page.text, Job._base_manager.count()) == (True, 1)


def test_all_that_would_change_can_be_downloaded(client, admin, district):
    with district_scope(district.pk):
        import_roster(read_roster(zipped(V1P1)), district=district)
    files = changed(V1P1, "users.csv", "Keanu,Ioane", "Keanu,=Kealoha")
    files = changed(files, "users.csv", V1P1["users.csv"].splitlines()[4] + "\n", "")
    files = changed(files, "enrollments.csv", "e1,,,k1,s1,u1,teacher,true", "e1,,,k1,s1,u1,teacher,maybe")
    upload = seen(client, changed(files, "users.csv", ",u4,05", ",,05"))
    answer = client.get(reverse("roster_import_report", args=[upload.uuid]))
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    found = {row["verdict"]: row for row in rows}
    assert (found["changed"]["line"], found["changed"]["value"], found["changed"]["new value"]) == (
        "4",
        "Ioane",
        "'=Kealoha",
    )
    assert (found["leaving"]["who"], found["refused"]["value"], found["refused"]["why"]) == (
        "Marta Ruiz",
        "maybe",
        "This is true or false.",
    )
    assert sum(row["verdict"] == "same" for row in rows) == 9


@pytest.mark.parametrize(
    ("encoding", "delimiter", "said"),
    [
        ("cp1252", ",", "read as Windows-1252 (Western European). Look whether these are right: Peña."),
        ("utf-16", ";", "read as UTF-16-LE. Semicolons stand between the cells."),
    ],
)
def test_encoding_is_recognised_and_told(client, admin, encoding, delimiter, said):
    files = changed(V1P1, "users.csv", "Ioane", "Peña")
    users = files["users.csv"].replace(",", delimiter).encode(encoding)
    page = client.get(send(client, files | {"users.csv": users}).url)
    assert said in " ".join(page.text.split())
    assert page.context["counts"]["new"] == 12


def test_preview_of_stored_people_is_written_to_the_access_log(client, admin, district):
    with district_scope(district.pk):
        import_roster(read_roster(zipped(V1P1)), district=district)
        keanu = Learner.objects.get(key="u3")
    client.get(send(client, changed(V1P1, "users.csv", "Ioane", "Kealoha")).url)
    assert AccessLog._base_manager.filter(learner_ids__contains=[keanu.pk]).exists()


def test_file_thrown_away_is_gone(client, admin):
    check = send(client, V1P1).url
    client.post(check + "discard/")
    assert Upload._base_manager.count() == 0
    assert client.get(check).status_code == 404


def test_file_of_another_administrator_is_not_there(client, admin, district):
    check = send(client, V1P1).url
    client.force_login(make_district_admin(district))
    with_fresh_code(client)
    for address in ("", "refused.csv"):
        assert client.get(check + address).status_code == 404
    for address in ("settle/", "apply/", "discard/"):
        assert client.post(check + address).status_code == 404
    assert Upload._base_manager.count() == 1


def test_who_takes_a_file_over_that_does_not_name_them_keeps_the_account(client, admin, district):
    """As after an earlier file that did: a first one without them used to sign them out for good."""
    Account.objects.filter(pk=admin.pk).update(key="u9")
    check = send(client, V1P1).url
    page = client.get(check)
    assert "This person administers the district and is not in the file." in page.text
    assert [page.context["counts"][name] for name in ("new", "leaving")] == [12, 0]

    assert apply(client, Upload._base_manager.get()).status_code == 200
    assert client.get(reverse("roster_import")).status_code == 200

    AdminRole.objects.update(ends_on=timezone.localdate() - timedelta(days=1))  # now by hand
    with district_scope(district.pk):
        plan = plan_import(read_roster(zipped(V1P1)), district=district, today=timezone.localdate())
    assert [one.pk for one in plan.leaving] == [admin.pk]


def test_school_administrator_may_not_bring_in_a_roster(client, district):
    client.force_login(make_school_admin(make_school(district)))
    assert client.get(reverse("roster_import")).status_code == 404
    assert send(client, V1P1).status_code == 404
    assert School._base_manager.count() == 1


def test_package_without_a_manifest_says_how_it_was_read(client, admin):
    page = client.get(send(client, without(V1P1, "manifest.csv")).url)
    assert "It was read as OneRoster 1.1, complete (bulk)" in page.text


def test_demo_shows_what_would_change_and_takes_nothing_over(client, admin, district):
    District.objects.filter(pk=district.pk).update(is_demo=True)
    check = send(client, V1P1).url
    upload = Upload._base_manager.get()

    assert "nothing can be taken over here" in client.get(check).text
    answer = client.post(reverse("roster_import_apply", args=[upload.uuid]), follow=True)

    assert "A real roster needs its own database" in answer.text
    assert learners(district) == []


@pytest.fixture
def a_day_later():
    """Makes files a day older and lets the clock come by."""

    def come() -> None:
        Upload._base_manager.update(created_at=timezone.now() - timedelta(hours=25))
        forget_undo_rows()

    return come


def test_page_of_a_file_that_is_not_kept_any_more_says_so_and_leads_to_choosing_another(client, admin, a_day_later):
    check = send(client, V1P1).url
    a_day_later()
    asked = [client.get(check, follow=True), client.get(check + "report.csv", follow=True)]
    asked += [
        client.post(check + act, {"does": "start_over"}, follow=True) for act in ("settle/", "apply/", "discard/")
    ]
    for answer in asked:
        assert answer.redirect_chain[-1][0] == reverse("roster_import")
        assert "The file is not kept any more: a day is over" in answer.text


def test_file_that_somebody_has_decided_on_is_kept_until_a_worker_has_taken_it_over(
    client, admin, district, a_day_later
):
    send(client, V1P1)
    upload = Upload._base_manager.get()
    client.post(reverse("roster_import_apply", args=[upload.uuid]))
    a_day_later()
    (job,) = Job._base_manager.values_list("pk", flat=True)
    run(job)
    upload.refresh_from_db()
    assert (upload.data, upload.applied_at is not None) == (None, True)
    assert learners(district) == ["Ana Ruiz", "Keanu Ioane"]
    answer = client.post(reverse("roster_import_apply", args=[upload.uuid]), follow=True)
    assert answer.context["row"] == RosterImport._base_manager.get(), "Sent twice, it leads to what came of it."
