"""Who was in a check-in when the day of its meeting ended is stored, and told beside who is in it now."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from lrm.attempts import NotAllDone
from lrm.scope import district_scope
from paths.models import DataCheckIn, DataCheckInMember
from paths.services import check_in_keeping
from paths.tasks import keep_check_ins
from profiles.models import Enrollment
from tests.factories.classes import join
from tests.factories.profiles import enroll
from tests.paths.data_meeting import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    found = Meeting()
    with district_scope(found.school.district_id):
        yield found


def kept(check_in):
    return {row.learner: (row.met, row.seen) for row in DataCheckInMember.objects.filter(check_in=check_in)}


def url(check_in, **query):
    tail = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('data_check_in', args=[check_in.uuid])}{'?' if tail else ''}{tail}"


def of_maple(meeting, *readers, **fields):
    return meeting.call(*readers, filters={"section": str(meeting.maple.pk)}, **fields)


def test_grid_is_stored_once_its_day_is_over(meeting):
    first, second = meeting.standards
    meeting.level(meeting.ana, first, (20, 2), (9, 3), (3, 1))
    meeting.level(meeting.ana, second, (8, 4))
    today, over = of_maple(meeting, held_on=meeting.today), of_maple(meeting)
    removed = of_maple(meeting, removed_at=timezone.now())

    keep_check_ins()

    assert kept(over) == {meeting.ana: (1, 1), meeting.ben: (0, 0)}
    assert (kept(today), kept(removed)) == ({}, {})
    meeting.level(meeting.ben, first, (9, 4))
    keep_check_ins()
    assert kept(over)[meeting.ben] == (0, 0)


def test_one_that_cannot_be_stored_stops_no_other_and_is_told_at_the_end(meeting, monkeypatch):
    first, broken, last = (of_maple(meeting) for _each in range(3))
    others = DataCheckIn.objects.filter(pk__in=[first.pk, last.pk])
    read = check_in_keeping.SchoolFilters.parse

    def parse(filters):
        if filters == broken.filters:
            raise ZeroDivisionError
        return read(filters)

    broken.filters = {**broken.filters, "grade": "broken"}
    broken.save()
    with monkeypatch.context() as patch:
        patch.setattr(check_in_keeping.SchoolFilters, "parse", parse)
        with pytest.raises(NotAllDone, match=f"^district {broken.district_id}: see check_ins_not_kept"):
            keep_check_ins()
    assert {row.kept_at is None for row in others} == {False}
    assert (kept(first), kept(broken), kept(last)) == (kept(last), {}, kept(first))
    assert kept(first)
    broken.refresh_from_db()
    assert broken.kept_at is None
    keep_check_ins()
    broken.refresh_from_db()
    assert broken.kept_at is not None


def test_page_tells_who_has_gone_and_come_and_what_was_met(meeting, as_account):
    first, _second = meeting.standards
    meeting.level(meeting.ana, first, (20, 2), (3, 3))
    check_in = of_maple(meeting, meeting.teacher, columns=["met"])
    keep_check_ins()
    Enrollment.objects.filter(learner=meeting.ben).update(ends_on=meeting.today - timedelta(days=1))
    enroll(meeting.ben, meeting.birch.roster)
    join(meeting.maple.roster, 1)

    page = as_account(meeting.principal).get(url(check_in))

    assert page.context["then"] == [
        "2 students were in it then.",
        "Standards met then, all students together: 0 of 1.",
        "Not in it any more, and in no figure above: Ben Benson.",
        "1 has come since.",
    ]
    cells = {row["learner"]: str(row["cells"][0]["text"]) for row in page.context["rows"]}
    assert cells[meeting.ana] == "1 of 1, was 0 of 1"
    # The teacher has Ben in no class any more, and reads nothing about him.
    page = as_account(meeting.teacher).get(url(check_in))
    assert page.context["then"][0] == "1 student was in it then."
    assert "Ben Benson" not in page.content.decode()


def test_nothing_is_told_before_the_day_is_over_nor_of_a_grid_that_is_too_wide(meeting, as_account, monkeypatch):
    client = as_account(meeting.principal)
    assert client.get(url(of_maple(meeting, held_on=meeting.today))).context["then"] == []
    monkeypatch.setattr(check_in_keeping, "MOST", 1)
    wide = of_maple(meeting)
    keep_check_ins()
    assert kept(wide) == {}
    assert DataCheckIn.objects.get(pk=wide.pk).kept_at is not None


def test_another_day_or_other_students_are_stored_anew(meeting, as_account):
    client = as_account(meeting.principal)
    past = str(meeting.today - timedelta(days=2))
    sent = {"uuid": uuid4(), "name": "Fall", "held_on": past, "columns": ["met"], "act": "save"}
    client.post(reverse("data_check_in_new"), sent | {"section": meeting.maple.pk})
    made = DataCheckIn.objects.get()
    assert set(kept(made)) == {meeting.ana, meeting.ben}

    def change(**changes):
        made.refresh_from_db()
        values = sent | {"section": meeting.maple.pk, "version": made.version} | changes
        assert client.post(reverse("data_check_in_change", args=[made.uuid]), values).status_code == 302

    stored = made.kept_at
    change(name="Autumn")
    made.refresh_from_db()
    assert made.kept_at == stored
    change(section=meeting.birch.pk)
    assert set(kept(made)) == {meeting.cleo}
    change(section=meeting.birch.pk, held_on=str(meeting.today))
    assert kept(made) == {}
