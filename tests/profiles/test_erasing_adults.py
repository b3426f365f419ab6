"""After the erasure of an adult no word about them is anywhere, and no record of a learner is touched."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from lrm.jobs import running
from lrm.jobs.models import Job
from lrm.privacy import OF_SCHOOL, OWN, privacy_of
from lrm.scope import district_scope
from lrm.sealed import seal
from lrm.sessions import SessionStore
from profiles.models import (
    Account,
    AdultCopy,
    AdultHold,
    Enrollment,
    Erasure,
    Guardianship,
    ImportedRows,
    Integration,
    KeptAnswer,
    LegalHold,
    RosterImport,
    RosterStamp,
    Upload,
    Webhook,
    WebhookDelivery,
)
from profiles.services.erasures import asking, erasing, leaving_adult
from tests.factories.paths import make_staff_note
from tests.lrm.matrix_walk import quick_pages
from tests.profiles.everything import CANARY
from tests.profiles.everything_of_adults import WAYS, fill
from tests.profiles.stored import everything_in_redis, everything_stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(matrix_scene):
    with district_scope(matrix_scene.people["teacher"].district_id), quick_pages():
        LegalHold.objects.update(lifted_at=timezone.now())
        Erasure.objects.all().delete()
        yield matrix_scene


@pytest.fixture(params=["teacher", "guardian"])
def adult(scene, request):
    account = scene.people[request.param]
    Account.objects.filter(pk=account.pk).update(
        given_name=f"{CANARY}a", family_name=f"{CANARY}b", email=f"{CANARY}@example.org".lower(), key=f"{CANARY}-7"
    )
    account.refresh_from_db()
    fill(account, scene.objects["own"])
    return account


def share(scene, account):
    """Rows that many share, with the person's name, address or id in each."""
    district, admin = account.district, scene.people["district_admin"]
    done = RosterImport.objects.create(district=district, name="june.zip", version="1.2")
    befores = [{"given_name": account.given_name}, {"given_name": "Other"}]
    for place, ids in (
        ("accounts", [account.pk, 1]),
        ("guardianships", [*account.guardianships.values_list("pk", flat=True), 1]),
    ):
        kept = {"ids": ids, "afters": [1] * len(ids), "befores": befores[-len(ids) :]}
        ImportedRows.objects.create(roster_import=done, place=place, **kept)
    RosterStamp.objects.create(district=district, file="users", key=account.key, modified_at=timezone.now())
    checked = {"said": account.name}
    Upload.objects.create(
        district=district, account=admin, kind="roster", name="a.csv", data=CANARY.encode(), checked=checked
    )
    KeptAnswer.objects.create(account=admin, key="1", digest="d", status=200, answer={"teacher": account.name})
    hook = Webhook.objects.create(district=district, name="x", address="https://x.example", events=[], secret=seal("s"))
    WebhookDelivery.objects.create(webhook=hook, event="e", data={"by": str(account.uuid)})
    for whose, words in ((account, CANARY), (admin, account.name)):
        session = SessionStore()
        session["_auth_user_id"] = str(whose.pk)
        session["still_here"] = [{"id": "1", "words": words}, {"id": "2", "words": "about somebody else"}]
        session.save()


def leave(account):
    """The person works here no more, and reads along as family no more."""
    yesterday = timezone.localdate() - timedelta(days=1)
    for model in (Enrollment, Guardianship):
        model.objects.filter(account=account, starts_on__gt=yesterday).update(starts_on=yesterday)
        model.objects.filter(account=account).update(ends_on=yesterday)
    account.admin_roles.update(starts_on=yesterday, ends_on=yesterday)
    Account.objects.filter(pk=account.pk).update(is_active=account.kind == Account.Kind.GUARDIAN)
    account.refresh_from_db()


def erased(account, scene):
    admin = scene.people["district_admin"]
    asked = asking.ask(account, by=admin, typed_name=account.name, why=f"{CANARY} asks for it")
    Erasure.objects.filter(pk=asked.pk).update(alone_from=timezone.localdate())
    asked = asking.agree(Erasure.objects.get(pk=asked.pk), by=admin)
    running.run(asked.job_id)
    job = Job.objects.get(pk=asked.job_id)
    assert (job.state, job.error) == (Job.State.DONE, "")
    asked.refresh_from_db()
    return asked


def test_no_word_is_left_anywhere_and_no_result_is_touched(
    scene, adult, tmp_path, caplog, capsys, django_capture_on_commit_callbacks
):
    share(scene, adult)
    stored = erasing.COPIES.put(CANARY.encode())
    erasing.COPIES.settle(stored)
    AdultCopy.objects.filter(account=adult).update(stored=stored)
    leave(adult)
    before, uuid, name, email = everything_stored(), adult.uuid, adult.name, adult.email
    assert sum(CANARY.lower() in text.lower() for text in before.values()) > 15  # what is hidden exists to be hidden
    capsys.readouterr()
    with django_capture_on_commit_callbacks(execute=True):
        receipt = erased(adult, scene)

    after = everything_stored()
    assert [table for table, text in after.items() if CANARY.lower() in text.lower()] == []
    assert [table for table, text in after.items() if str(uuid) in text] == ["profiles_erasure"]
    assert CANARY.lower() not in everything_in_redis().lower()
    said = caplog.text + capsys.readouterr().out
    assert [word for word in (CANARY, name, email) if word in said or word in json.dumps(receipt.counts)] == []
    assert (receipt.why, receipt.account) == ("", None)
    assert json.loads((tmp_path / "erasures.jsonl").read_text())["account"] == str(uuid)
    assert [path for path in (tmp_path / "files" / "copies").rglob("*") if path.is_file()] == []
    assert "about somebody else" in after["django_session"]  # what others wait to send stays
    assert [table for table in before if table.startswith("assessments_") and before[table] != after[table]] == []
    learners = [before[f"profiles_{table}"] == after[f"profiles_{table}"] for table in ("learner", "enrollment")]
    assert learners == [True, True]


def test_what_stays_says_that_it_was_somebody_and_not_who(scene, adult):
    leave(adult)
    stays, kind = leaving_adult.what_stays(adult), adult.kind
    erased(adult, scene)
    adult.refresh_from_db()
    assert adult.name == ("Former staff" if kind == Account.Kind.STAFF else "Former family")
    nothing = (adult.email, adult.key, adult.last_login, adult.language, adult.is_active, adult.has_usable_password())
    assert nothing == (None, None, None, "", False, False)
    assert leaving_adult.what_goes(adult) == {}
    kept = {label: n for label, n in stays.items() if label not in ("profiles.AuditEntry", "profiles.Erasure")}
    found = leaving_adult.what_stays(adult)
    assert {label: found.get(label) for label in kept} == kept
    admin = scene.people["district_admin"]
    assert not Account.objects.adults_of(admin).filter(pk=adult.pk).exists()
    assert not Account.objects.administered_by(admin).filter(pk=adult.pk).exists()


def test_each_way_to_an_adult_is_decided():
    """What goes with the person is a row that would be nothing without them; all else is the school's."""
    own = {f"{model._meta.label}.{way.name}" for model, way, rule in WAYS if rule == OWN}
    cascade = {str(way) for _model, way, rule in WAYS if rule == OF_SCHOOL and not way.null}
    assert cascade == {"paths.GoalTemplate.author", "paths.Unmasking.asked_by"}
    assert own >= {"profiles.ApiToken.account", "profiles.SignedIn.account", "mfa.Authenticator.user"}
    # A new row that is all of a person is looked at here: is it theirs, or the school's (`of_school`)?
    assert len(own) == len(EXPECTED_OWN)
    assert own == EXPECTED_OWN


EXPECTED_OWN = {
    *("account.EmailAddress.user", "socialaccount.SocialAccount.user", "mfa.Authenticator.user"),
    *(
        f"profiles.{name}.account"
        for name in ("AdminRole", "AdultCopy", "AdultHold", "ApiToken", "Guardianship", "Invitation")
    ),
    *(f"profiles.{name}.account" for name in ("AccountEvent", "KeptAnswer", "SecondStepAsk", "SignedIn", "Upload")),
    *("standards.PackageUpload.account", "paths.TalkSeen.account", "paths.TalkDraft.account", "paths.WhyRead.account"),
    *("paths.DataCheckInReader.account", "paths.DigestChoice.account", "paths.GoalEdit.author"),
    *("paths.NewsTold.account", "paths.ReviewLater.account", "paths.TodaySnooze.account"),
}


def test_who_is_still_here_or_on_hold_is_not_erased(scene, adult):
    admin = scene.people["district_admin"]
    with pytest.raises(asking.NotNow, match=r"is open|administers"):
        asking.ask(adult, by=admin, typed_name=adult.name, why="")
    leave(adult)
    asked = asking.ask(adult, by=admin, typed_name=adult.name, why="")
    asking.hold(adult, by=admin, why="A court asks.")
    asked.refresh_from_db()
    assert asked.stopped_by == admin
    with pytest.raises(asking.NotNow, match="legal hold"):
        asking.ask(adult, by=admin, typed_name=adult.name, why="")
    asking.lift(adult, by=admin)
    asking.hold(scene.objects["own"]["learner"], by=admin, why="A court asks.")
    with pytest.raises(asking.NotNow, match="about a student"):
        asking.ask(adult, by=admin, typed_name=adult.name, why="")
    asking.lift(scene.objects["own"]["learner"], by=admin)
    asking.ask(adult, by=admin, typed_name=adult.name, why="")


def test_who_is_erased_meanwhile_is_neither_held_nor_erased_again(scene, adult, as_account, monkeypatch):
    leave(adult)
    admin, name = scene.people["district_admin"], adult.name
    erased(adult, scene)
    with pytest.raises(asking.NotNow, match="is erased"):
        asking.hold(adult, by=admin, why="A court asks.")
    with pytest.raises(asking.NotNow, match="is erased"):
        asking.ask(adult, by=admin, typed_name=name, why="")

    other = scene.people["teacher" if adult == scene.people["guardian"] else "guardian"]
    lock = asking._lock
    monkeypatch.setattr(asking, "_lock", lambda _person: lock(adult))  # as if the page had been asked for before
    answer = as_account(admin).post(reverse("adult_hold", args=[other.pk]), {"act": "set", "why": "A court asks."})
    assert answer["Location"] == reverse("erasures")
    assert not AdultHold.objects.exists()


def test_family_on_hold_does_not_go_with_the_last_child(scene):
    guardian, learner = scene.people["guardian"], scene.objects["own"]["learner"]
    assert guardian in asking.preview(learner).family
    asking.hold(guardian, by=scene.people["district_admin"], why="A court asks.")
    assert guardian not in asking.preview(learner).family


def test_what_fails_in_the_middle_changes_nothing(scene, adult, monkeypatch):
    leave(adult)
    before = everything_stored()
    asked = asking.ask(adult, by=scene.people["district_admin"], typed_name=adult.name, why="")
    asked = asking.agree(asked, by=scene.people["school_admin"])

    def killed(names):
        raise RuntimeError("the machine has stopped")

    with monkeypatch.context() as patch:
        patch.setattr("profiles.services.erasures.erasing_adults.count_mentions", killed)
        running.run(asked.job_id)
    assert Job.objects.get(pk=asked.job_id).state == Job.State.FAILED
    after = everything_stored()
    assert {name for name in before if before[name] != after[name]} == {"profiles_erasure", "lrm_job"}


def test_receipt_counts_texts_about_others_that_have_the_name_or_the_address(scene, adult):
    leave(adult)
    learner, admin = scene.objects["own"]["learner"], scene.people["district_admin"]
    make_staff_note(learner, admin, text=f"Ask {adult.email}.")
    make_staff_note(learner, admin, text=f"Ask {adult.name}.")
    make_staff_note(learner, admin, text=f"Ask {adult.given_name}.")
    assert erased(adult, scene).counts["mentions"] == {"profiles.StaffNote": 2}


def test_a_restored_backup_erases_again_whom_its_list_names(scene, adult, tmp_path, capsys):
    leave(adult)
    path = tmp_path / "list.jsonl"
    path.write_text(json.dumps({"account": str(adult.uuid)}) + "\n")
    call_command("erase_again", str(path), "--dry-run")
    assert Account.objects.named().filter(pk=adult.pk).exists()
    call_command("erase_again", str(path))
    assert "1 erased again" in capsys.readouterr().out.splitlines()[-1]
    call_command("erase_again", str(path))
    assert "0 erased again" in capsys.readouterr().out


def test_one_who_cannot_be_erased_again_keeps_nobody_else(scene, adult, tmp_path, capsys):
    leave(adult)
    working = scene.people["district_admin"]
    path = tmp_path / "list.jsonl"
    path.write_text("".join(json.dumps({"account": str(each.uuid)}) + "\n" for each in (working, adult)))
    with pytest.raises(CommandError, match=str(working.uuid)):
        call_command("erase_again", str(path))
    assert "2 in the file, 1 erased again" in capsys.readouterr().out
    assert not Account.objects.named().filter(pk=adult.pk).exists()
    assert Account.objects.named().filter(pk=working.pk).exists()


def test_pages_lead_from_the_account_to_the_receipt(scene, adult, as_account):
    leave(adult)
    admin, second = scene.people["district_admin"], scene.people["school_admin"]
    second.admin_roles.create(kind="district_admin", starts_on=timezone.localdate())
    page, typed = reverse("erase_adult", args=[adult.pk]), adult.name
    first, other = as_account(admin), as_account(second)
    assert "Legal hold" in first.get(page).content.decode()
    assert "is another one" in first.post(page, {"name": "Nobody"}).content.decode()
    waits = first.post(page, {"name": typed, "why": "They ask."})["Location"]
    assert typed in first.get(waits).content.decode()
    assert typed in first.get(reverse("erasures")).content.decode()
    other.post(waits, {"act": "agree"})
    running.run(Erasure.objects.get().job_id)
    assert "Receipt of an erasure" in first.get(waits).content.decode()
    assert first.get(page).status_code == 404


def test_own_account_and_systems_are_not_offered(scene, as_account):
    admin = scene.people["district_admin"]
    client = as_account(admin)
    ids = [admin.pk, Integration.objects.first().account_id]
    assert [client.get(reverse("erase_adult", args=[pk])).status_code for pk in ids] == [404, 404]


def test_no_file_is_left_when_rows_that_name_one_go():
    """Of rows that are all an adult's, those of stored files are in the store that the erasure discards from."""
    named = {model._meta.label for model, _way, rule in WAYS if rule == OWN and privacy_of(model).files}
    assert named <= set(erasing.STORES)
