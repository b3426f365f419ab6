"""Places: never more learners than seats, nobody in two places at once, and one tap to say where."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope, unscoped
from paths.models import Opening, Place, Seat, Worked
from paths.services import places, where
from paths.services.places import ElsewhereThen, NoSeatLeft, SeatsTaken
from tests.factories.assessments import make_group
from tests.factories.paths import make_path
from tests.factories.profiles import (
    enroll,
    make_district,
    make_learner,
    make_roster,
    make_school,
    make_section,
    make_teacher,
)

NOW = timezone.now()


def make_opening(place, section=None, *, seats=2, hours=0, **fields):
    """For an hour, beginning so many hours from now."""
    values = {
        "starts_at": NOW + timedelta(hours=hours),
        "ends_at": NOW + timedelta(hours=hours + 1),
        "seats": seats,
        "weeks": 1,
        "uuid": uuid4(),
        "by": None,
    }
    (opening,) = places.open_place(place=place, section=section, **{**values, **fields})
    return opening


@pytest.fixture
def hall(classroom):
    return Place.objects.create(school=classroom.school, name="Hall", kind=Place.Kind.HALL)


def holders(opening):
    return set(Seat.objects.filter(opening=opening, learner__isnull=False).values_list("learner", flat=True))


@pytest.mark.django_db(transaction=True)
def test_of_thirty_who_choose_at_once_exactly_as_many_come_in_as_there_are_seats():
    with unscoped("tests write across nothing"):
        school = make_school(make_district())
        roster = make_roster(school)
        learners = [make_learner(school) for _ in range(30)]
        for learner in learners:
            enroll(learner, roster)
        place = Place.objects.create(school=school, name="Hall")
        opening = make_opening(place, seats=10)
    together = threading.Barrier(30)
    refused = []

    def choose(learner):
        try:
            with district_scope(school.district_id):
                together.wait(timeout=120)
                places.take_seat(opening=opening, learner=learner, now=NOW)
        except NoSeatLeft:
            refused.append(learner.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    with unscoped("tests read what was written"):
        assert len(holders(opening)) == 10
        assert len(refused) == 20
        assert holders(opening).isdisjoint(refused)


@pytest.mark.django_db(transaction=True)
def test_learner_who_chooses_two_places_at_once_gets_one():
    with unscoped("tests write across nothing"):
        school = make_school(make_district())
        learner = make_learner(school)
        openings = [make_opening(Place.objects.create(school=school, name=name)) for name in ("Hall", "Garden")]
    together = threading.Barrier(2)
    refused = []

    def choose(opening):
        try:
            with district_scope(school.district_id):
                together.wait(timeout=120)
                places.take_seat(opening=opening, learner=learner, now=NOW)
        except ElsewhereThen:
            refused.append(opening.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=choose, args=(opening,)) for opening in openings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)

    with unscoped("tests read what was written"):
        assert len(refused) == 1
        assert [opening.pk for opening in openings if holders(opening)] == [
            opening.pk for opening in openings if opening.pk not in refused
        ]


def test_database_refuses_two_seats_at_once_whoever_writes_them(classroom, hall):
    garden = Place.objects.create(school=classroom.school, name="Garden")
    for place in (hall, garden):
        make_opening(place)
    first, second = Seat.objects.filter(number=1)
    Seat.objects.filter(pk=first.pk).update(learner=classroom.learner)

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=second.pk).update(learner=classroom.learner)


def test_take_seat_in_places_one_after_the_other_is_fine(classroom, hall):
    morning, later = make_opening(hall), make_opening(hall, hours=1)

    for opening in (morning, later, later):
        places.take_seat(opening=opening, learner=classroom.learner, now=NOW)

    assert (holders(morning), holders(later)) == ({classroom.learner.pk}, {classroom.learner.pk})


def test_take_seat_in_a_place_that_is_over_or_closed_is_refused(classroom, hall):
    over, closed = make_opening(hall, hours=-2), make_opening(hall, hours=2)
    places.close(opening=closed, now=NOW)

    for opening in (over, closed):
        with pytest.raises(NoSeatLeft):
            places.take_seat(opening=opening, learner=classroom.learner, now=NOW)


def test_leave_seat_frees_it_for_the_next(classroom, hall):
    opening, other = make_opening(hall, seats=1), classroom.classmate()
    places.take_seat(opening=opening, learner=classroom.learner, now=NOW)
    with pytest.raises(NoSeatLeft):
        places.take_seat(opening=opening, learner=other, now=NOW)

    places.leave_seat(opening=opening, learner=classroom.learner)
    places.take_seat(opening=opening, learner=other, now=NOW)

    assert holders(opening) == {other.pk}


def test_close_lets_choose_elsewhere_and_opening_again_brings_the_others_back(classroom, hall):
    stays, moves = classroom.learner, classroom.classmate()
    opening = make_opening(hall)
    garden = make_opening(Place.objects.create(school=classroom.school, name="Garden"))
    for learner in (stays, moves):
        places.take_seat(opening=opening, learner=learner, now=NOW)

    places.close(opening=opening, now=NOW)
    places.take_seat(opening=garden, learner=moves, now=NOW)
    assert places.open_again(opening=opening) == [moves]

    assert (holders(opening), holders(garden)) == ({stays.pk}, {moves.pk})
    assert Seat.objects.filter(opening=opening, is_off=False).count() == 2


def test_change_seats_adds_and_takes_free_ones_but_never_one_that_is_taken(classroom, hall):
    opening = make_opening(hall, seats=3)
    for learner in (classroom.learner, classroom.classmate()):
        places.take_seat(opening=opening, learner=learner, now=NOW)

    places.change_seats(opening=opening, seats=5)
    assert opening.seat_rows.count() == 5
    places.change_seats(opening=opening, seats=2)
    assert (opening.seat_rows.count(), len(holders(opening))) == (2, 2)
    with pytest.raises(SeatsTaken) as refused:
        places.change_seats(opening=opening, seats=1)
    assert refused.value.taken == 2


def test_open_place_for_weeks_opens_each_once_however_often_it_is_sent(classroom, hall):
    uuid = uuid4()
    for _ in range(2):
        places.open_place(
            place=hall,
            section=classroom.section,
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            seats=2,
            weeks=3,
            uuid=uuid,
            by=classroom.teacher,
        )

    assert Opening.objects.count() == 3
    assert Seat.objects.count() == 6


def test_groups_there_tell_who_meets_in_the_same_place_at_that_time(classroom, hall):
    ten = timezone.localtime(NOW).replace(hour=10, minute=15)
    opening = make_opening(hall, starts_at=ten, ends_at=ten + timedelta(hours=1))
    make_group(classroom.section, classroom.standards[0], [], place="hall", time_text="10:15")
    make_group(classroom.section, classroom.standards[0], [], place="Carpet", time_text="10:15")

    assert [group.section_id for group in places.groups_there(opening)] == [classroom.section.pk]


def test_openings_on_page_name_only_learners_who_may_be_seen(classroom, hall):
    other = make_learner(classroom.school)
    opening = make_opening(hall)
    for learner in (classroom.learner, other):
        places.take_seat(opening=opening, learner=learner, now=NOW)

    (shown,) = where.openings_on_page(Opening.objects.all(), [classroom.learner], now=NOW)

    assert (shown.learners, shown.others, shown.free) == ([classroom.learner], 1, 0)


def test_openings_are_open_to_the_class_or_to_the_school_and_to_nobody_else(classroom, hall):
    elsewhere = make_section(make_roster(classroom.school))
    mine, everybody, _theirs = (make_opening(hall, section) for section in (classroom.section, None, elsewhere))
    far = Place.objects.create(school=make_school(classroom.district), name="Hall")
    make_opening(far)

    assert set(Opening.objects.open_to(classroom.learner.pk)) == {mine, everybody}
    assert set(Opening.objects.visible_to(classroom.account)) == {mine, everybody}
    assert list(Opening.objects.visible_to(classroom.guardian())) == []


def test_record_worked_keeps_place_and_pace_once_a_day(classroom, hall):
    step = make_path(classroom.learner).steps.first()
    step.path.now_since, step.path.planned_days = timezone.localdate() - timedelta(days=7), 3
    step.path.save()

    first, again = (places.record_worked(step=step, place=hall, place_name=hall.name, now=NOW) for _ in range(2))

    assert first == again
    assert (first.place_name, first.days, first.planned) == ("Hall", 5, 3)


@pytest.fixture
def learner(classroom, as_account):
    return as_account(classroom.account)


def form(place, **fields):
    tomorrow = timezone.localdate() + timedelta(days=1)
    values = {"day": tomorrow, "starts": "10:00", "ends": "10:30", "seats": 2, "weeks": 1}
    return {"do": "open", "uuid": str(uuid4()), "place": place.pk, **values, **fields}


def test_class_page_names_a_place_opens_it_and_shows_who_is_where(classroom, teacher, learner):
    url = reverse("section_places", args=[classroom.section.pk])
    teacher.post(url, {"do": "name", "school": classroom.school.pk, "name": "Garden", "kind": "outdoors"})
    garden = Place.objects.get()
    page = teacher.post(url, form(garden, section=classroom.section.pk), follow=True).content.decode()
    assert "Garden is open." in page

    opening = Opening.objects.get()
    assert opening.opened_by == classroom.teacher
    page = learner.post(reverse("seat", args=[opening.pk]), {"do": "take"}, follow=True).content.decode()
    assert "You have a seat." in page
    assert classroom.learner.name in teacher.get(url).content.decode()

    learner.post(reverse("seat", args=[opening.pk]), {"do": "leave"})
    assert holders(opening) == set()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ends": "09:00"}, "The end comes before the start."),
        ({"day": "2020-01-01"}, "That time is over."),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"starts": "noon"}, "Enter a valid time."),
    ],
)
def test_class_page_refuses_a_wrong_opening_and_keeps_what_was_typed(classroom, teacher, hall, wrong, message):
    answer = teacher.post(reverse("section_places", args=[classroom.section.pk]), form(hall, **wrong))

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Opening.objects.exists()


def test_class_page_refuses_a_second_place_of_the_same_name(classroom, teacher, hall):
    answer = teacher.post(
        reverse("section_places", args=[classroom.section.pk]),
        {"do": "name", "school": classroom.school.pk, "name": "HALL", "kind": "hall"},
    )

    assert "The school has a place of this name already." in answer.content.decode()
    assert Place.objects.count() == 1


def test_class_page_closes_and_takes_that_back(classroom, teacher, hall):
    opening = make_opening(hall, classroom.section)
    url = reverse("opening_change", args=[opening.pk])

    assert "Hall is closed." in teacher.post(url, {"do": "close"}, follow=True).content.decode()
    teacher.post(url, {"do": "open"})

    assert Opening.objects.get().closed_at is None


def test_opening_of_another_class_is_not_changed(classroom, as_account, stranger, hall):
    opening = make_opening(hall, classroom.section)

    answer = as_account(stranger).post(reverse("opening_change", args=[opening.pk]), {"do": "close"})

    assert answer.status_code == 404
    assert Opening.objects.get().closed_at is None


def test_seat_page_says_when_the_last_one_is_taken_or_another_place_is_chosen(classroom, learner, hall):
    full, other = (
        make_opening(hall, classroom.section, seats=1),
        make_opening(Place.objects.create(school=classroom.school, name="Garden"), classroom.section),
    )
    places.take_seat(opening=full, learner=classroom.classmate(), now=NOW)

    page = learner.post(reverse("seat", args=[full.pk]), {"do": "take"}, follow=True).content.decode()
    assert "The last seat was just taken." in page
    learner.post(reverse("seat", args=[other.pk]), {"do": "take"})
    Seat.objects.filter(opening=full).update(learner=None)
    page = learner.post(reverse("seat", args=[full.pk]), {"do": "take"}, follow=True).content.decode()
    assert "You chose Garden for that time. Leave it first." in page


def test_home_asks_where_to_work_while_a_seat_is_free(classroom, learner, hall):
    opening = make_opening(hall, classroom.section, seats=1)
    assert "Hall is open." in learner.get(reverse("home")).content.decode()

    places.take_seat(opening=opening, learner=classroom.learner, now=NOW)
    assert "Hall is open." not in learner.get(reverse("home")).content.decode()


def test_my_path_records_the_place_of_the_seat_in_one_tap(classroom, learner, hall):
    step = make_path(classroom.learner).steps.first()
    places.take_seat(opening=make_opening(hall, classroom.section), learner=classroom.learner, now=NOW)
    assert "I worked here: Hall" in learner.get(reverse("my_path")).content.decode()

    page = learner.post(reverse("step_worked", args=[step.pk]), {"place": hall.pk}, follow=True).content.decode()
    assert "Today: Hall. Undo" in page
    learner.post(reverse("step_worked", args=[step.pk]), {"undo": Worked.objects.get().pk})

    assert not Worked.objects.exists()


def test_class_paths_say_where_each_was_worked_on_last(classroom, teacher, hall):
    first, second, _third = make_path(classroom.learner).steps.all()
    places.record_worked(step=first, place=None, place_name="Home", now=NOW - timedelta(days=2))
    places.record_worked(step=second, place=hall, place_name=hall.name, now=NOW)

    page = teacher.get(reverse("section_paths", args=[classroom.section.pk])).content.decode()

    assert "last in Hall, today" in page
    assert "last in Home" not in page


def test_place_of_another_school_is_not_recorded(classroom, learner):
    step = make_path(classroom.learner).steps.first()
    far = Place.objects.create(school=make_school(classroom.district), name="Hall")

    assert learner.post(reverse("step_worked", args=[step.pk]), {"place": far.pk}).status_code == 404
    assert not Worked.objects.exists()


def test_colleague_of_the_school_sees_the_opening_but_no_name_of_another_class(classroom, as_account, hall):
    opening = make_opening(hall)
    places.take_seat(opening=opening, learner=classroom.learner, now=NOW)
    other = make_section(make_roster(classroom.school))

    page = as_account(make_teacher(other.roster)).get(reverse("section_places", args=[other.pk])).content.decode()

    assert "1 of another class" in page
    assert classroom.learner.name not in page
