"""Thanks for help, and telling a grown-up."""

from django.urls import reverse
from django.utils import timezone

from paths.models import PeerClass, PeerMatch, PeerReport
from paths.services.waiting.home import read_at_home
from profiles.models import Enrollment
from tests.factories.profiles import make_school_admin, make_teacher
from tests.paths.helping.said import page_of

Because = PeerMatch.Because


def test_thanks_go_to_the_helper_the_families_and_the_teacher_once(classroom, as_account, ben, pair):
    url = reverse("pair_act", args=[pair.pk])
    me = as_account(classroom.account)
    me.post(url, {"do": "thanks", "text": "Too early"})
    PeerMatch.objects.update(agreed_at=timezone.now())
    me.post(url, {"do": "thanks", "text": "Your drawing helped"})
    me.post(url, {"do": "thanks", "text": "Another line"})

    assert PeerMatch.objects.get().thanks == "Your drawing helped"
    assert "Ana thanks you: “Your drawing helped”" in page_of(as_account(ben.account), "my_helping")
    assert "Your drawing helped" in page_of(as_account(classroom.teacher), "section_helping", classroom.section.pk)
    lines = read_at_home(ben, ben.account, today=timezone.localdate()).lines
    assert ("Ana thanks you", "“Your drawing helped”") in [(line.title, line.reason) for line in lines]


def test_what_is_told_ends_the_pair_and_takes_the_thanks_off(classroom, as_account, ben, pair):
    PeerMatch.objects.update(agreed_at=timezone.now(), thanks="Mean words", thanked_at=timezone.now())
    client = as_account(ben.account)
    for _click in range(2):
        client.post(reverse("pair_tell", args=[pair.pk]), {"why": "It made me sad"})
    report = PeerReport.objects.get()
    teacher = as_account(classroom.teacher)
    assert "It made me sad" in page_of(teacher, "today")

    url = reverse("peer_report_decide", args=[report.pk])
    teacher.post(url, {"do": "end", "answer": "Thank you for telling."})
    teacher.post(url, {"do": "keep", "answer": "No."})

    report.refresh_from_db()
    assert (report.outcome, report.answer, report.decided_by) == ("ended", "Thank you for telling.", classroom.teacher)
    page = page_of(as_account(ben.account), "my_helping")
    assert "Mean words" not in page
    assert "Thank you for telling." in page
    assert read_at_home(ben, ben.account, today=timezone.localdate()).lines == []
    asker = page_of(as_account(classroom.account), "my_helping")
    assert "It made me sad" not in asker
    assert "Thank you for telling." not in asker


def test_a_report_stays_for_grown_ups_when_the_class_switches_it_off(classroom, as_account, ben, pair, switched_on):
    as_account(ben.account).post(reverse("pair_tell", args=[pair.pk]), {"why": "It made me sad"})
    PeerClass.objects.update(pairs_on=False)

    for account in (classroom.teacher, make_school_admin(classroom.school)):
        assert "It made me sad" in page_of(as_account(account), "section_helping", classroom.section.pk)


def test_a_substitute_reads_none_of_it(classroom, as_account, pair):
    substitute = as_account(make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE))

    assert substitute.get(reverse("section_helping", args=[classroom.section.pk])).status_code == 404
    assert "help with" not in page_of(substitute, "today")
