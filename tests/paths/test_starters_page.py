"""The district's page of beginnings of sentences."""

from django.urls import reverse

from paths.models import StarterSet
from paths.services.starters import default_lines
from tests.factories.profiles import make_district_admin


def test_district_saves_its_own_and_the_page_says_whose_they_are(classroom, as_account):
    admin = make_district_admin(classroom.district)
    client = as_account(admin)
    ours = "\n".join(default_lines("k2", "what"))

    page = client.post(reverse("starters"), {"k2-what": "We can …", "seen-k2-what": ours}, follow=True).content.decode()

    assert "Saved. 1 list has changed." in page
    assert (StarterSet.objects.get().lines, StarterSet.objects.get().changed_by) == ("We can …", admin)
    assert f"by {admin.name}" in page


def test_save_over_another_window_shows_both(classroom, as_account):
    client = as_account(make_district_admin(classroom.district))
    ours = "\n".join(default_lines("k2", "what"))
    client.post(reverse("starters"), {"k2-what": "Theirs …", "seen-k2-what": ours})

    answer = client.post(reverse("starters"), {"k2-what": "Mine …", "seen-k2-what": ours})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert ["Mine …" in page, "Theirs …" in page] == [True, True]


def test_teachers_do_not_change_them(classroom, as_account):
    assert as_account(classroom.teacher).get(reverse("starters")).status_code == 404
