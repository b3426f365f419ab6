"""Whether families read how a student sees themselves: a line of the policy, of a district or a school."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.self_ratings import rate
from profiles.models import District, PolicyRule
from profiles.policy_values import Line
from profiles.services.shown_to_families import shows_own_views
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.paths import make_conference
from tests.factories.policy import make_rule
from tests.factories.profiles import make_district_admin, make_guardian, make_learner, make_school, make_school_admin

pytestmark = pytest.mark.django_db
WORDS = "I still mix up the signs"
CAN, CANNOT = "your family can see it", "Your family cannot see it now"


@pytest.fixture
def said(taught):
    """The first student has a 4, says 2, and talked about it with the teacher yesterday."""
    learner, standard = taught.learners[0], taught.standards[0]
    give(make_assessment(taught.section, [standard], given_on=days_ago(3).date()), learner, standard, 4)
    rate(learner=learner, views={standard: (2, WORDS)}, at=timezone.now())
    work_off()
    taught.talk = make_conference(
        learner,
        taught.teacher,
        held_at=days_ago(1),
        agenda=[{"kind": "view", "text": "results say 4, she says 2.", "url": ""}, {"kind": "goal", "text": "A goal."}],
    )
    return taught


def pages(client, said) -> dict[str, str]:
    """Every page on which somebody else reads it."""
    learner, standard = said.learners[0], said.standards[0]
    addresses = {
        "receipt": reverse("receipt", args=[learner.pk, standard.pk]),
        "page": reverse("learner", args=[learner.pk]),
        "binder": reverse("binder", args=[learner.pk]),
        "talk": reverse("conference", args=[said.talk.pk]),
    }
    found = {name: client.get(url).content.decode() for name, url in addresses.items()}
    packed = b"".join(client.get(reverse("binder_zip", args=[learner.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        found["zip"] = next(folder.read(name).decode() for name in folder.namelist() if name.endswith("levels.csv"))
    return found


def is_read(found: dict[str, str], learner) -> dict[str, bool]:
    return {
        "receipt": WORDS in found["receipt"],
        "page": f'<th scope="col">{learner.first_name}</th>' in found["page"],
        "binder": 'data-level="2"' in found["binder"],
        "talk": "she says 2" in found["talk"],
        "zip": ",2," in found["zip"].splitlines()[1],
    }


def test_families_read_it_until_the_policy_says_no_and_staff_all_the_time(said, as_account):
    learner, guardian = said.learners[0], make_guardian(said.learners[0])
    assert set(is_read(pages(as_account(guardian), said), learner).values()) == {True}
    make_rule(Line.OWN_VIEWS, False, school=learner.home_school)
    found = pages(as_account(guardian), said)
    assert set(is_read(found, learner).values()) == {False}
    assert "A goal." in found["talk"]
    assert "Who says what" in found["receipt"]
    of_staff = as_account(said.teacher).get(reverse("receipt", args=[learner.pk, said.standards[0].pk]))
    assert WORDS in of_staff.content.decode()
    assert "she says 2" in as_account(said.teacher).get(reverse("conference", args=[said.talk.pk])).content.decode()
    make_rule(Line.OWN_VIEWS, None, school=learner.home_school)
    assert set(is_read(pages(as_account(guardian), said), learner).values()) == {True}


def test_students_are_told_who_reads_it(said, as_account):
    learner, standard = said.learners[0], said.standards[0]
    addresses = [reverse("my_view"), reverse("receipt", args=[learner.pk, standard.pk])]
    for is_shown in (True, False):
        if not is_shown:
            make_rule(Line.OWN_VIEWS, False, district=said.section.district)
        for url in addresses:
            text = as_account(learner.account).get(url).content.decode()
            assert (CAN in text, CANNOT in text) == (is_shown, not is_shown)
            assert WORDS in text or url == addresses[0]


def test_it_counts_for_students_of_the_school_from_its_day_on(said):
    here = said.learners[0]
    other = make_learner(make_school(said.section.district))
    rule = make_rule(Line.OWN_VIEWS, False, school=here.home_school, starts_on=timezone.localdate() + timedelta(days=1))
    assert shows_own_views(here, District.objects.get())
    PolicyRule.objects.filter(pk=rule.pk).update(starts_on=timezone.localdate())
    District.objects.update(rules_version=99)
    assert [shows_own_views(one, District.objects.get()) for one in (here, other)] == [False, True]


def test_districts_write_it_after_looking_and_schools_read_it(said, as_account):
    url, district = reverse("policy_line", args=["own_views"]), said.section.district
    asked = {
        "school": "",
        "read": "no",
        "starts_on": timezone.localdate().isoformat(),
        "why": "Asked by students.",
    }
    office = as_account(make_district_admin(district))
    assert "would not read how the students see themselves" in office.get(url, {"look": "1", **asked}).content.decode()
    assert office.post(url, asked | {"read": "perhaps"}).status_code == 422
    assert office.post(url, asked).status_code == 302
    assert PolicyRule.objects.get().value is False
    assert "Families do not read it" in office.get(reverse("policy_today")).content.decode()
    page = as_account(make_school_admin(said.learners[0].home_school)).get(url).content.decode()
    assert "The district’s administrators write this one." in page
