"""Names of levels of one school: read by its people, on the days of the rule; levels stay what they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Mastery, MasteryPolicy
from assessments.services.policies import Policies
from lrm.scope import district_scope
from profiles.level_names import naming_levels
from profiles.models import Account, PolicyRule
from profiles.policy_values import Line
from profiles.services.policy_rules import RuleRefused
from profiles.services.speaking import speaking_for, speaking_to, speech_of
from tests.factories.assessments import days_ago, give, make_assessment, work_off
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    enroll,
    make_account,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_teacher,
)

pytestmark = pytest.mark.django_db
NAMES = ["Not yet", "Almost", "Got it", "Flying"]
LINE = reverse("policy_line", args=["level_words"])


def in_days(n: int):
    return timezone.localdate() + timedelta(days=n)


def fresh(account: Account) -> Account:
    return Account.objects.select_related("district").get(pk=account.pk)


def names_for(account: Account, day=None) -> tuple[str, ...]:
    """What the levels of the district's scale are called to somebody on a day."""
    with naming_levels(speech_of(fresh(account))[2]):
        return tuple(map(str, Policies(account.district_id).on(None, day or timezone.localdate()).words))


def sent(of, **changes) -> dict:
    base = {f"name_{level}": name for level, name in enumerate(NAMES, start=1)}
    return base | {"school": of.pk, "starts_on": in_days(0).isoformat(), "why": "Our families asked."} | changes


def test_people_of_the_school_read_its_names_and_nobody_else(taught):
    school = taught.section.roster.school
    other = make_school(school.district)
    make_rule(Line.LEVEL_WORDS, NAMES, school=school)
    learner = make_learner(school, account=True)
    both = make_teacher(taught.section.roster)
    enroll(both, make_roster(other), role="teacher")
    assert names_for(learner.account) == tuple(NAMES)
    assert names_for(taught.teacher) == tuple(NAMES)
    assert names_for(make_guardian(learner)) == tuple(NAMES)
    assert names_for(make_school_admin(school)) == tuple(NAMES)
    usual = ("Starting", "Building", "Secure", "Extending")
    assert names_for(make_learner(other, account=True).account) == usual
    assert names_for(make_district_admin(school.district)) == usual
    assert names_for(both) == usual, "who belongs to two schools reads the district's"


def test_pages_of_a_level_speak_so_and_the_level_stays(taught, as_account):
    learner, standard = taught.learners[0], taught.standards[0]
    give(make_assessment(taught.section, [standard], given_on=days_ago(30).date()), learner, standard, 3)
    work_off()
    stored = list(Mastery.objects.values_list("shown_level", "value_micro", "policy_id"))
    PolicyRule.objects.filter(pk=make_rule(Line.LEVEL_WORDS, NAMES, school=taught.section.roster.school).pk).update(
        starts_on=in_days(-9)
    )
    enroll(account := make_account(district=taught.section.district), taught.section.roster, role="teacher")
    client = as_account(account)
    wall, receipt = (
        reverse("section_wall", args=[taught.section.pk]),
        reverse("receipt", args=[learner.pk, standard.pk]),
    )
    for page in (wall, receipt, reverse("learner", args=[learner.pk])):
        text = client.get(page).content.decode()
        assert ("Got it" in text, "Secure" in text) == (True, False), page
    before = client.get(wall, {"as_of": in_days(-10).isoformat()}).content.decode()
    assert ("Got it" in before, "Secure" in before) == (False, True), "a page of a closed day has the names of that day"
    assert list(Mastery.objects.values_list("shown_level", "value_micro", "policy_id")) == stored


def test_a_framework_that_names_its_levels_and_a_scale_of_other_length_keep_theirs(taught):
    school, (standard, *_rest) = taught.section.roster.school, taught.standards
    make_rule(Line.LEVEL_WORDS, NAMES, school=school)
    learner, today = make_learner(school, account=True), timezone.localdate()

    def names(framework, day=today):
        with naming_levels(speech_of(fresh(learner.account))[2]):
            return tuple(map(str, Policies(school.district_id).on(framework, day).words))

    own = MasteryPolicy.objects.create(
        district=school.district, framework=standard.framework, starts_on=today, method="mean"
    )
    assert names(standard.framework_id) == tuple(NAMES), "another method is no other name"
    MasteryPolicy.objects.filter(pk=own.pk).update(level_words=["D", "C", "B", "A"])
    assert (names(standard.framework_id), names(None)) == (("D", "C", "B", "A"), tuple(NAMES))
    MasteryPolicy.objects.create(
        district=school.district, starts_on=in_days(3), cuts=[0.5, 0.8], level_words=["a", "b", "c"], mastery_level=2
    )
    assert (names(None, in_days(2)), names(None, in_days(3))) == (tuple(NAMES), ("a", "b", "c"))


def test_mails_and_jobs_speak_so_too(taught):
    school = taught.section.roster.school
    make_rule(Line.LEVEL_WORDS, NAMES, school=school)
    account = fresh(make_learner(school, account=True).account)
    word = lambda: Policies(school.district_id).on(None, timezone.localdate()).word(3)
    with speaking_to(account), district_scope(school.district_id):
        assert word() == "Got it"
    with speaking_for(account, ""):
        assert word() == "Got it"
    assert word() == "Secure"


def test_writing_looks_first_and_says_who_reads_it(taught, as_account):
    school, district = taught.section.roster.school, taught.section.district
    MasteryPolicy.objects.create(
        district=district,
        framework=taught.standards[0].framework,
        starts_on=in_days(0),
        level_words=["D", "C", "B", "A"],
    )
    for one in (make_school_admin(school), make_district_admin(district)):
        client = as_account(one)
        page = client.get(LINE, {"look": "1", **sent(school)}).content.decode()
        assert "1 Not yet, 2 Almost, 3 Got it, 4 Flying" in page
        assert f"keep their names: {taught.standards[0].framework.title}" in page
        assert not PolicyRule.objects.exists()
    client = as_account(make_school_admin(school))
    assert client.post(LINE, sent(school, starts_on=in_days(2).isoformat())).status_code == 302
    rule = PolicyRule.objects.get()
    assert (rule.school, rule.value) == (school, NAMES)
    whole = client.get(reverse("policy_today"), {"school": school.pk, "on": in_days(2).isoformat()}).content.decode()
    assert "1 Not yet, 2 Almost, 3 Got it, 4 Flying" in whole
    assert "1 Starting, 2 Building" in client.get(reverse("policy_today")).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name_2": ""}, "required"),
        ({"name_2": "  "}, "required"),
        ({"name_2": "x" * 33}, "32"),
        ({"name_2": "a\x00b"}, "Null"),
        ({"school": ""}, "required"),
        ({"school": "999999"}, "Select a valid choice"),
    ],
)
def test_bad_names_are_told_and_nothing_is_saved(taught, as_account, changes, says):
    client = as_account(make_district_admin(taught.section.district))
    answer = client.post(LINE, sent(taught.section.roster.school, **changes))
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not PolicyRule.objects.exists()


def test_a_school_asks_for_more_and_never_for_less(taught, as_account):
    school = taught.section.roster.school
    client, url = as_account(make_school_admin(school)), reverse("policy_line", args=["minimum_n"])
    for _ in range(12):
        make_learner(school, grade="07")
    of = {"school": school.pk, "starts_on": in_days(0).isoformat(), "why": "We are small."}
    assert "Hidden below 10 students" in client.get(url).content.decode()
    for wrong in ("10", "5", "31", "many", ""):
        assert client.post(url, of | {"minimum_n": wrong}).status_code == 422
    page = client.get(url, {"look": "1", **of, "minimum_n": "20"}).content.decode()
    assert "1 more grade of the school would be hidden whole" in page
    assert client.post(url, of | {"minimum_n": "20"}).status_code == 302
    assert PolicyRule.objects.get().value == 20
    whole = client.get(reverse("policy_today"), {"school": school.pk}).content.decode()
    assert "Hidden below 20 students" in whole
    assert whole.count("Small figures</h2>") == 1
    page = client.post(url, of | {"minimum_n": "20", "follows": "on"}, follow=True).content.decode()
    assert "nothing of its own" in page


def test_values_that_these_lines_cannot_say_are_refused_whoever_writes_them(taught):
    school = taught.section.roster.school
    wrong = [(Line.LEVEL_WORDS, value) for value in (["One"], ["", "b"], ["x" * 33, "b"], [" a", "b"], "ab", [1, 2])]
    wrong += [(Line.MINIMUM_N, value) for value in (4, 31, "12", True, 12.0)]
    for line, value in wrong:
        with pytest.raises(RuleRefused, match="value"):
            make_rule(line, value, school=school)
    for line, value in ((Line.LEVEL_WORDS, NAMES), (Line.MINIMUM_N, 12)):
        with pytest.raises(RuleRefused, match="value"):
            make_rule(line, value, district=school.district)
    assert not PolicyRule.objects.exists()


def test_names_cost_one_statement_for_any_number_of_schools(taught):
    account = make_learner(taught.section.roster.school, account=True).account
    make_rule(Line.LEVEL_WORDS, NAMES, school=taught.section.roster.school)
    for _ in range(4):
        make_rule(Line.LEVEL_WORDS, NAMES, school=make_school(taught.section.district))
    account = fresh(account)
    speech_of(account)
    with CaptureQueriesContext(connection) as asked, naming_levels(speech_of(account)[2]):
        [Policies(account.district_id).on(None, in_days(n)) for n in range(3)]
    assert len(asked) == 1 + 3, "which school it is, and the policies as ever"
