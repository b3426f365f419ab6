"""Other schools only as published, once a day, with what would tell of a few hidden."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.models import Publication, Rollup
from assessments.models.rollup import ScopeKind
from assessments.services import publishing
from assessments.tasks import publish_daily
from lrm.attempts import NotAllDone
from tests.assessments.school_place import URL, publish_both
from tests.factories.profiles import make_school

pytestmark = pytest.mark.django_db


def test_principal_reads_other_schools_as_published(place, principal):
    publish_both(place, 60, 60)

    published = principal.get(URL).context["published"]

    assert [(line.name, line.cells[0].hidden, line.cells[0].results) for line in published.lines] == [
        ("All schools of the district", "", 120),
        ("Birchwood", "", 60),
    ]


def test_small_school_is_hidden_and_so_is_the_total_that_would_tell_it(place, principal):
    publish_both(place, 60, 6)

    published = principal.get(URL).context["published"]
    page = principal.get(URL).content.decode()

    assert [line.cells[0].hidden for line in published.lines] == ["hidden", "hidden"]
    assert page.count("hidden (n &lt; 10)") == 2
    assert "2 figures, of fewer than 10 students or so that such a figure" in page


def test_publication_that_fails_stops_no_other_district(place, monkeypatch):
    other, publish = make_school().district, publishing.publish

    def publish_but_here(district, *, day):
        if district.pk == place.school.district_id:
            raise ZeroDivisionError
        return publish(district, day=day)

    monkeypatch.setattr(publishing, "publish", publish_but_here)
    for _run in range(2):
        with pytest.raises(NotAllDone, match=f"^district {place.school.district_id}: see publication_failed"):
            publish_daily()
    assert [made.district_id for made in Publication._base_manager.all()] == [other.pk]
    monkeypatch.undo()
    publish_daily()
    assert Publication._base_manager.count() == 2


def test_nothing_hidden_is_stored(place):
    cells = str(publish_both(place, 60, 6).cells)

    assert "'hidden'" in cells
    assert ", 6," not in cells
    assert "[66" not in cells


def test_publication_is_made_once_a_day(place):
    first = publish_both(place, 60, 60)
    Rollup.objects.all().update(n=100)

    again = publishing.publish(place.school.district, day=timezone.localdate())

    assert again.pk == first.pk
    assert again.cells == first.cells


def test_table_stands_until_the_change_is_large_enough(place):
    first = publish_both(place, 60, 60)
    (key,) = first.cells
    row = Rollup.objects.filter(kind=ScopeKind.SCHOOL, scope_id=place.school.pk, level=4)
    tomorrow = timezone.localdate() + timedelta(days=1)
    row.update(n=row.get().n + 3)

    small_step = publishing.publish(place.school.district, day=tomorrow)
    row.update(n=row.get().n + 20)
    large_step = publishing.publish(place.school.district, day=tomorrow + timedelta(days=1))

    assert small_step.cells[key] == first.cells[key]
    assert large_step.cells[key]["rows"][str(place.school.pk)]["05"][0] == 83


def test_command_publishes_and_says_what(place, capsys):
    publish_both(place, 60, 60)
    Publication._base_manager.all().delete()

    call_command("publish")
    call_command("publish")

    assert Publication._base_manager.count() == 1
    assert "6 figures shown, 0 hidden" in capsys.readouterr().out


def test_counts_are_kept_for_the_next_publication_alone(place):
    first = publish_both(place, 60, 6)
    (key,) = first.cells
    today, tomorrow = first.day, first.day + timedelta(days=1)
    Rollup.objects.filter(kind=ScopeKind.SCHOOL, scope_id=place.school.pk, level=4).update(n=45)

    second = publishing.publish(place.school.district, day=tomorrow)

    assert first.counts[key] == {
        today.isoformat(): {str(place.school.pk): {"05": 60, "": 60}, str(place.other.pk): {"05": 6, "": 6}}
    }
    assert second.counts[key].keys() <= {today.isoformat(), tomorrow.isoformat()}


def test_publication_of_an_older_version_has_no_counts_and_the_next_one_comes_all_the_same(place):
    first = publish_both(place, 60, 60)
    Publication._base_manager.update(counts=None)
    Rollup.objects.filter(kind=ScopeKind.SCHOOL, scope_id=place.school.pk, level=4).update(n=45)

    second = publishing.publish(place.school.district, day=first.day + timedelta(days=1))

    assert next(iter(second.cells.values()))["day"] == second.day.isoformat()
