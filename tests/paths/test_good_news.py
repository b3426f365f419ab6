"""Good news that a learner shares with a class, and cheers: by choice alone, without a name, a level or free words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from paths.models import Cheer, Goal, PeerClass, PeerReport, SharedMoment
from profiles.models import Enrollment, ScreenName
from profiles.services.screen_names import ANIMALS, PLACES
from tests.factories.paths import make_goal, make_mastery, make_peer_class, make_shared_moment
from tests.factories.profiles import enroll, make_learner, make_roster, make_section


@pytest.fixture
def ben(classroom):
    return classroom.classmate(given_name="Ben", family_name="Castellanos")


@pytest.fixture
def named(classroom):
    return ScreenName.objects.create(learner=classroom.learner, animal="otter", place="lake")


@pytest.fixture
def reached(classroom) -> Goal:
    return make_goal(classroom.learner, what="I read ten clocks", state=Goal.State.ACHIEVED, achieved_at=timezone.now())


@pytest.fixture
def moment(classroom, named, reached):
    return make_shared_moment(classroom.learner, classroom.section, goal=reached)


def page_of(client, name: str = "good_news", *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def shared(classroom, key: str) -> dict:
    return {"uuid": str(uuid4()), "news": key, "section": classroom.section.pk}


def test_nothing_is_shared_before_a_name_is_picked(classroom, me, reached):
    assert "Pick my name" in page_of(me)
    me.post(reverse("good_news"), shared(classroom, f"goal:{reached.pk}"))

    assert not SharedMoment.objects.exists()


def test_a_goal_that_was_reached_is_shared_once(classroom, as_account, me, ben, named, reached):
    form = shared(classroom, f"goal:{reached.pk}")
    for data in (form, form, shared(classroom, f"goal:{reached.pk}")):
        me.post(reverse("good_news"), data)

    assert SharedMoment.objects.count() == 1
    page = page_of(as_account(ben.account))
    assert "Otter of the lake:" in page
    assert "Reached a goal: “I read ten clocks”" in page
    assert classroom.learner.family_name not in page


def test_a_rise_is_shared_without_its_level(classroom, as_account, me, ben, named):
    standard = classroom.standards[0]
    make_mastery(classroom.learner, standard, 3, days=[(9, 2.0), (1, 3.1)])
    me.post(reverse("good_news"), shared(classroom, f"standard:{standard.pk}"))

    page = page_of(as_account(ben.account))

    assert f"Moved up in {standard.heading}" in page
    assert "data-level" not in page
    assert "Secure" not in page


@pytest.mark.parametrize("key", ["goal", "standard"])
def test_what_is_no_good_news_of_ones_own_is_refused(classroom, me, ben, named, key):
    foreign = make_goal(ben, state=Goal.State.ACHIEVED, achieved_at=timezone.now())
    make_mastery(classroom.learner, classroom.standards[0], 2, days=[(9, 3.0), (1, 2.0)])
    pk = foreign.pk if key == "goal" else classroom.standards[0].pk

    answer = me.post(reverse("good_news"), shared(classroom, f"{key}:{pk}"))

    assert answer.status_code == 422
    assert not SharedMoment.objects.exists()


def test_a_class_that_is_not_ones_own_is_refused(classroom, me, named, reached):
    other = make_section(make_roster(classroom.school))
    answer = me.post(reverse("good_news"), shared(classroom, f"goal:{reached.pk}") | {"section": other.pk})

    assert answer.status_code == 422
    assert not SharedMoment.objects.exists()


def test_a_classmate_cheers_once_changes_it_and_takes_it_back(classroom, as_account, me, ben, moment):
    client, url = as_account(ben.account), reverse("cheer", args=[moment.pk])
    for kind in ("glad", "glad", "five"):
        client.post(url, {"kind": kind})
    assert list(Cheer.objects.values_list("by", "kind")) == [(ben.pk, "five")]
    assert '“High five.” <span class="meta">Ben</span>' in page_of(me)

    client.post(url, {"do": "back"})
    assert not Cheer.objects.exists()


def test_words_of_ones_own_are_no_cheer(as_account, ben, moment):
    as_account(ben.account).post(reverse("cheer", args=[moment.pk]), {"kind": "You are great", "text": "Ha"})

    assert not Cheer.objects.exists()


def test_who_cheered_is_read_by_whoever_shared_alone(classroom, as_account, ben, moment):
    cem = classroom.classmate(given_name="Cem")
    Cheer.objects.create(moment=moment, by=ben, kind="glad")

    assert "Ben" not in page_of(as_account(cem.account))


def test_stopping_takes_the_cheers_with_it(as_account, me, ben, moment):
    Cheer.objects.create(moment=moment, by=ben, kind="glad")
    client = as_account(ben.account)
    for _click in range(2):
        me.post(reverse("news_stop", args=[moment.pk]))

    assert not Cheer.objects.exists()
    assert "ten clocks" not in page_of(client)
    assert client.post(reverse("cheer", args=[moment.pk]), {"kind": "glad"}).status_code == 404


@pytest.mark.parametrize("change", ["name taken back", "cheers off", "sharer left", "reader left", "goal open again"])
def test_what_may_not_be_shown_any_more_is_gone(classroom, as_account, ben, moment, change):
    client = as_account(ben.account)
    assert "ten clocks" in page_of(client)
    if change == "name taken back":
        ScreenName.objects.all().delete()
    elif change == "cheers off":
        make_peer_class(classroom.section, pairs_on=False, cheers_on=False)
    elif change == "goal open again":
        Goal.objects.filter(pk=moment.goal_id).update(state=Goal.State.LIVE)
    else:
        gone = classroom.learner if change == "sharer left" else ben
        Enrollment.objects.filter(learner=gone).update(ends_on=timezone.localdate() - timedelta(days=1))

    assert "ten clocks" not in page_of(client)
    assert client.post(reverse("cheer", args=[moment.pk]), {"kind": "glad"}).status_code == 404


def test_other_classes_and_oneself_cannot_cheer(classroom, as_account, me, moment):
    elsewhere = make_learner(classroom.school, account=True)
    enroll(elsewhere, make_roster(classroom.school))

    for client in (me, as_account(elsewhere.account)):
        assert client.post(reverse("cheer", args=[moment.pk]), {"kind": "glad"}).status_code == 404
        assert client.get(reverse("news_tell", args=[moment.pk])).status_code == 404
    assert not Cheer.objects.exists()


def test_a_teacher_switches_cheers_off_and_on_and_takes_news_off(classroom, as_account, ben, moment):
    teacher, switch = as_account(classroom.teacher), reverse("helping_switch", args=[classroom.section.pk])
    teacher.post(switch, {"do": "cheers_off"})
    assert (PeerClass.objects.get().cheers_on, PeerClass.objects.get().pairs_on) == (False, False)
    teacher.post(switch, {"do": "cheers_on"})
    assert "ten clocks" in page_of(teacher, "section_helping", classroom.section.pk)

    teacher.post(reverse("news_stop", args=[moment.pk]))

    moment.refresh_from_db()
    assert moment.stopped_by == classroom.teacher
    assert "ten clocks" not in page_of(as_account(ben.account))


def test_a_classmate_tells_a_grown_up_who_takes_it_off(classroom, as_account, ben, moment):
    as_account(ben.account).post(reverse("news_tell", args=[moment.pk]), {"why": "It is about me"})
    teacher = as_account(classroom.teacher)
    assert "It is about me" in page_of(teacher, "section_helping", classroom.section.pk)

    teacher.post(reverse("peer_report_decide", args=[PeerReport.objects.get().pk]), {"do": "end", "answer": "Thanks."})

    moment.refresh_from_db()
    assert moment.stopped_at is not None


def test_the_page_takes_as_many_statements_for_many_as_for_few(classroom, as_account, me, moment):
    counts, keys = [], [(animal, place) for animal in ANIMALS for place in PLACES]
    for size in (5, 25):
        while SharedMoment.objects.count() < size:
            animal, place = keys[SharedMoment.objects.count() * 2]
            learner = classroom.classmate(given_name="Kid")
            ScreenName.objects.create(learner=learner, animal=animal, place=place)
            make_shared_moment(learner, classroom.section)
            Cheer.objects.create(moment=moment, by=learner, kind="glad")
        with CaptureQueriesContext(connection) as made:
            me.get(reverse("good_news"))
        counts.append(len(made))

    assert counts[0] == counts[1]
