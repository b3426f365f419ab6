"""What families, Home and Today show of it, what a move does to it, and what the pages cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from paths.models import PeerMatch, PeerNote
from paths.services.peers.reading import read_class
from paths.services.waiting.home import read_at_home
from profiles.models import Enrollment
from profiles.services import enrollments
from tests.factories.paths import make_pair, make_peer_note
from tests.factories.profiles import make_guardian
from tests.paths.helping.said import page_of

Because = PeerMatch.Because


def test_families_read_their_child_and_no_name_of_another(classroom, as_account, ben, pair):
    PeerMatch.objects.update(agreed_at=timezone.now(), thanks="Your drawing helped", thanked_at=timezone.now())
    mother = as_account(classroom.guardian())

    page = page_of(mother, "learner_helping", classroom.learner.pk)

    assert "Gets help from a classmate." in page
    assert "Your drawing helped" in page
    assert "Ben" not in page
    assert mother.get(reverse("learner_helping", args=[ben.pk])).status_code == 404
    assert "Helps a classmate." in page_of(as_account(make_guardian(ben)), "learner_helping", ben.pk)


def test_a_withdrawal_ends_the_pair_and_keeps_it(classroom, as_account, ben, pair):
    row = Enrollment.objects.get(learner=ben)
    enrollments.withdraw(enrollment=row, by=classroom.teacher, from_day=timezone.localdate())

    pair.refresh_from_db()
    assert pair.ended_because == Because.LEFT
    assert "Ben" in page_of(as_account(classroom.account), "my_helping")
    assert "could help" not in page_of(as_account(classroom.teacher), "section_helping", classroom.section.pk)
    assert PeerNote.objects.filter(learner=ben, closed_at=None).count() == 1


def test_a_last_day_that_comes_by_itself_hides_the_pair(classroom, ben, pair):
    Enrollment.objects.filter(learner=ben).update(ends_on=timezone.localdate() - timedelta(days=1))

    today = timezone.localdate()
    assert read_at_home(classroom.learner, classroom.account, today=today).lines == []
    found = read_class(classroom.section, classroom.teacher, today=today)
    assert (found.going, [match.pk for match in found.ended], found.busy) == ([], [pair.pk], set())


def test_lines_at_home_are_those_of_the_pages(classroom, ben, pair):
    """The statement of Home and the querysets say the same pairs."""
    today = timezone.localdate()
    for change in ({}, {"agreed_at": timezone.now()}, {"ends_on": today, "day": today}, {"ended_at": timezone.now()}):
        PeerMatch.objects.filter(pk=pair.pk).update(**change)
        shown = PeerMatch.objects.of(classroom.account).on(today).exists()
        assert bool(read_at_home(classroom.learner, classroom.account, today=today).lines) == shown, change


def test_today_says_in_one_line_who_asks_and_how_many_offer(classroom, teacher, ben, switched_on):
    cem = classroom.classmate(given_name="Cem")
    for learner in (classroom.learner, cem):
        make_peer_note(learner, classroom.section, classroom.standards[0])
    make_peer_note(ben, classroom.section, classroom.standards[0], "offer")

    page = page_of(teacher, "today")

    assert f"<strong>2 students</strong> ask for help with {classroom.standards[0].label}" in page
    assert "Ana and Cem. 1 offers it." in page

    make_pair(ben, cem, classroom.section, classroom.standards[0])
    assert "<strong>1 student</strong> asks for help with" in page_of(teacher, "today")


@pytest.mark.parametrize("route", ["section_helping", "my_helping", "learner_helping"])
def test_pages_take_as_many_statements_for_many_as_for_few(classroom, as_account, switched_on, route):
    account = {
        "section_helping": classroom.teacher,
        "my_helping": classroom.account,
        "learner_helping": classroom.guardian(),
    }[route]
    pk = {"section_helping": [classroom.section.pk], "my_helping": [], "learner_helping": [classroom.learner.pk]}[route]
    client, counts = as_account(account), []
    for size in (30, 150):
        while PeerNote.objects.count() < size:
            n = PeerNote.objects.count()
            learner = classroom.classmate(given_name=f"Kid {n}")
            kind = "offer" if n % 2 else "wish"
            make_peer_note(learner, classroom.section, classroom.standards[n % 3], kind)
            if n % 3 == 0:
                make_pair(
                    learner,
                    classroom.learner,
                    classroom.section,
                    classroom.standards[0],
                    ended_at=timezone.now(),
                    agreed_at=timezone.now(),
                )
        client.get(reverse(route, args=pk))
        with CaptureQueriesContext(connection) as made:
            client.get(reverse(route, args=pk))
        counts.append(len(made))

    assert counts[0] == counts[1]
