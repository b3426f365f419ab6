"""The why: read once at first sign-in, one tap from every level, in the school's own words with history."""

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import WhyRead, WhyText
from paths.services.why import WhyChanged, save_why, why_of_school
from paths.why_words import DEFAULTS, PARTS
from tests.factories.paths import make_mastery
from tests.factories.profiles import make_district_admin, make_school, make_school_admin

NOW = timezone.now()
EMPTY = dict.fromkeys(PARTS, "")


def words(**parts):
    return EMPTY | parts


@pytest.fixture
def admin(classroom):
    return make_district_admin(classroom.district)


def texts(school):
    return {part.name: (part.text, part.whose) for part in why_of_school(school)}


def test_words_of_the_school_stand_before_those_of_the_district_and_ours(classroom, admin):
    save_why(school=None, words=words(goals="District.", levels="District."), seen=0, by=admin, now=NOW)
    save_why(school=classroom.school, words=words(goals="School."), seen=0, by=admin, now=NOW)

    assert texts(classroom.school) == {
        "goals": ("School.", "school"),
        "levels": ("District.", "district"),
        "trying": (str(DEFAULTS["trying"]), ""),
    }


def test_old_words_stay_in_the_history_and_an_empty_wording_gives_back(classroom, admin):
    first = save_why(school=None, words=words(goals="One."), seen=0, by=admin, now=NOW)
    save_why(school=None, words=words(), seen=first.pk, by=admin, now=timezone.now())

    assert texts(None)["goals"] == (str(DEFAULTS["goals"]), "")
    assert [row.goals for row in WhyText.objects.order_by("pk")] == ["One.", ""]


def test_words_that_somebody_else_saved_are_not_overwritten(admin):
    save_why(school=None, words=words(goals="One."), seen=0, by=admin, now=NOW)
    with pytest.raises(WhyChanged):
        save_why(school=None, words=words(goals="Two."), seen=0, by=admin, now=NOW)


@pytest.mark.parametrize("who", ["learner", "guardian"])
def test_page_is_shown_at_sign_in_until_it_is_put_aside(classroom, as_account, who):
    client = as_account(classroom.account if who == "learner" else classroom.guardian())
    for _ in range(2):
        first = client.get(reverse("welcome"))
        assert first.url.startswith(reverse("why"))
    assert "Read this once." in client.get(first.url).content.decode()

    for _ in range(2):
        client.post(reverse("why_read"))
    assert WhyRead.objects.count() == 1
    assert client.get(reverse("welcome")).url == reverse("home")


def test_page_is_not_shown_to_staff_at_sign_in(classroom, as_account):
    assert as_account(classroom.teacher).get(reverse("welcome")).url == reverse("home")


def test_every_level_leads_to_the_page(classroom, as_account):
    make_mastery(classroom.learner, classroom.standards[0], 2)
    url = reverse("receipt", args=[classroom.learner.pk, classroom.standards[0].pk])
    readers = (classroom.account, classroom.teacher, classroom.guardian())

    assert [
        f'href="{reverse("why")}#levels"' in as_account(reader).get(url).content.decode() for reader in readers
    ] == [True] * 3


def test_preview_stores_nothing_and_save_is_read(classroom, admin, as_account):
    client, url = as_account(admin), reverse("why_edit") + f"?school={classroom.school.pk}"
    page = client.post(url, {"seen": "0", "goals": "Our own words.", "do": "preview"}).content.decode()
    assert "This is how they will read it" in page
    assert list(WhyText.objects.all()) == []

    client.post(url, {"seen": "0", "goals": "Our own words.", "do": "save"})
    assert "Our own words." in as_account(classroom.account).get(reverse("why")).content.decode()


def test_school_admin_writes_for_the_own_school_only(classroom, as_account):
    other = make_school(classroom.district)
    client = as_account(make_school_admin(classroom.school))

    assert client.get(reverse("why_edit") + f"?school={other.pk}").status_code == 404
    client.post(reverse("why_edit"), {"seen": "0", "goals": "Ours.", "do": "save"})
    assert WhyText.objects.get().school == classroom.school
