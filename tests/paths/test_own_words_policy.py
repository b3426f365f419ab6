"""Whether families read a student's profile: a line of the policy, of a district or a school."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from profiles.models import Guardianship, PolicyRule, ProfileEntry
from profiles.policy_values import Line
from tests.factories.paths import make_entry, make_template
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    make_district_admin,
    make_guardian,
    make_learner,
    make_school,
    make_school_admin,
    make_teacher,
)

WORDS = "I draw maps of caves"


@pytest.fixture
def said(classroom):
    make_entry(classroom.learner, author=classroom.account, text=WORDS)
    return classroom


def read_in(client, learner) -> dict[str, bool | int]:
    """Every page and file on which somebody else reads it."""
    found: dict[str, bool | int] = {"profile": client.get(reverse("profile", args=[learner.pk])).status_code}
    for name in ("learner", "binder"):
        found[name] = WORDS in client.get(reverse(name, args=[learner.pk])).content.decode()
    packed = b"".join(client.get(reverse("binder_zip", args=[learner.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        found["zip"] = any(WORDS in folder.read(name).decode() for name in folder.namelist())
    return found


OPEN = {"profile": 200, "learner": True, "binder": True, "zip": True}
CLOSED = {"profile": 404, "learner": False, "binder": False, "zip": False}


def test_families_read_it_until_the_policy_says_no_and_student_and_staff_all_the_time(said, as_account):
    learner = said.learner
    guardian, other = make_guardian(learner), make_learner(make_school(said.district))
    make_entry(other, text=WORDS)
    of_other = make_guardian(other)
    assert read_in(as_account(guardian), learner) == OPEN
    make_rule(Line.OWN_WORDS, False, school=learner.home_school)
    assert read_in(as_account(guardian), learner) == CLOSED
    assert (
        "Your school keeps this between"
        in as_account(guardian).get(reverse("learner", args=[learner.pk])).content.decode()
    )
    for account in (said.account, said.teacher, make_school_admin(said.school), make_district_admin(said.district)):
        assert read_in(as_account(account), learner) == OPEN
    assert read_in(as_account(of_other), other) == OPEN, "another school goes by the district"
    make_rule(Line.OWN_WORDS, None, school=learner.home_school)
    assert read_in(as_account(guardian), learner) == OPEN


def test_a_parent_who_teaches_the_child_opens_no_entry_of_what_families_do_not_read(said, as_account):
    entry = ProfileEntry.objects.get(learner=said.learner)
    Guardianship.objects.create(
        account=said.teacher,
        learner=said.learner,
        relation="mother",
        starts_on=timezone.localdate(),
        confirmed_at=timezone.now(),
    )
    make_entry(said.learner, author=said.account, kind="interest", text="How caves form")
    make_template(said.school, steps=("Caves",), is_shared=True, title="Below the ground")
    edit, away = reverse("entry_edit", args=[entry.pk]), reverse("entry_put_away", args=[entry.pk])
    offered = reverse("next_steps", args=[said.learner.pk])
    parent = as_account(said.teacher)
    assert WORDS in parent.get(edit).content.decode()
    assert "How caves form" in parent.get(offered).content.decode()
    make_rule(Line.OWN_WORDS, False, school=said.learner.home_school)
    told = [parent.get(edit), parent.post(edit, {"text": "Other", "seen": entry.pk}), parent.post(away)]
    assert [answer.status_code for answer in told] == [404, 404, 404]
    assert list(ProfileEntry.objects.filter(pk=entry.pk).values_list("text", "archived_at")) == [(WORDS, None)]
    assert [step.about for step in parent.get(offered).context["offered"]] == [""]
    colleague = as_account(make_teacher(said.section.roster))
    assert WORDS in colleague.get(edit).content.decode()
    assert WORDS in as_account(said.account).get(edit).content.decode()


def test_nobody_reads_more_by_opening_it(said, as_account):
    make_rule(Line.OWN_WORDS, False, district=said.district)
    make_rule(Line.OWN_WORDS, True, school=said.school)
    stranger = make_guardian(make_learner(said.school))
    assert as_account(stranger).get(reverse("profile", args=[said.learner.pk])).status_code == 404
    over = make_guardian(said.learner, confirmed=False)
    assert as_account(over).get(reverse("profile", args=[said.learner.pk])).status_code in (302, 404)


def test_students_and_teachers_are_told_who_reads_it(said, as_account):
    page, ask = reverse("profile", args=[said.learner.pk]), reverse("profile_ask", args=["strength"])
    me, teacher = as_account(said.account), as_account(said.teacher)
    assert "your family can read it" in me.get(page).content.decode()
    assert "the family read it" in teacher.get(page).content.decode()
    assert "Your family cannot see it now" not in me.get(ask).content.decode()
    make_rule(Line.OWN_WORDS, False, district=said.district)
    for text in (me.get(page).content.decode(), me.get(ask).content.decode()):
        assert "Your family cannot see it now" in text
    assert "The family cannot see it now" in teacher.get(page).content.decode()


def test_districts_write_it_after_looking_and_schools_read_it(said, as_account):
    url = reverse("policy_line", args=["own_words"])
    today = timezone.localdate().isoformat()
    asked = {"school": said.school.pk, "read": "no", "starts_on": today, "why": "Asked by students."}
    office = as_account(make_district_admin(said.district))
    looked = office.get(url, {"look": "1", **asked}).content.decode()
    assert "The family of 1 student with words in the profile would not read them any more." in looked
    assert office.post(url, asked).status_code == 302
    assert PolicyRule.objects.get().value is False
    principal = as_account(make_school_admin(said.school))
    assert (
        "Families do not read it" in principal.get(reverse("policy_today"), {"school": said.school.pk}).content.decode()
    )
    principal.post(url, asked | {"read": "yes"})
    assert PolicyRule.objects.count() == 1
