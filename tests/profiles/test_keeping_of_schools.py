"""A school that keeps records for a shorter time: from its day on, for who was at home there last, looked at before."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lrm.scope import district_scope
from paths.models import Goal, Talk
from profiles.models import Learner, PolicyRule, School
from profiles.models.retention import shipped_days
from profiles.policy_values import Line
from profiles.services import keeping, retention
from profiles.services.erasures import asking
from profiles.services.policy_rules import RuleRefused
from tests.factories.paths import make_goal, make_talk
from tests.factories.policy import make_rule
from tests.factories.profiles import (
    enroll,
    make_district,
    make_district_admin,
    make_guardian,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
    make_section,
)

pytestmark = pytest.mark.django_db
LINE = reverse("policy_line", args=["keeping"])


@pytest.fixture
def district():
    found = make_district()
    with district_scope(found.pk):
        yield found


@pytest.fixture
def school(district):
    return make_school(district, name="Cedar")


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def who_left(school, days: int, **fields) -> Learner:
    """With a goal and a conversation."""
    section = make_section(make_roster(school))
    learner = make_learner(school, **fields)
    enroll(learner, section.roster, starts_on=ago(days + 9), ends_on=ago(days))
    make_goal(learner)
    make_talk(learner, section)
    Learner.objects.filter(pk=learner.pk).update(left_on=ago(days))
    learner.refresh_from_db()
    return learner


def counts_today(school, value) -> PolicyRule:
    """A rule that was written a while ago and began yesterday."""
    rule = make_rule(Line.KEEPING, value, school=school, starts_on=ago(-1))
    PolicyRule.objects.filter(pk=rule.pk).update(starts_on=ago(1))
    return rule


def kept(*learners) -> list[tuple[bool, bool]]:
    return [
        (Goal.objects.filter(learner=each).exists(), Talk.objects.filter(learner=each).exists()) for each in learners
    ]


def test_nights_go_by_the_last_school_and_the_dry_run_says_the_same(district, school):
    here, there = who_left(school, 100), who_left(make_school(district), 100)
    counts_today(school, {"talks": 60})
    found = retention.due(district, on=timezone.localdate())
    assert {label: n for label, n in found.rows.items() if label.startswith("paths.")} == {"paths.Talk": 1}
    night = retention.run(district, on=timezone.localdate())
    assert kept(here, there) == [(True, False), (True, True)]
    assert night.counts["paths.Talk"] == 1


def test_a_school_only_shortens_and_nothing_outlives_the_name(district, school):
    counts_today(school, {"talks": 60, "groups": 3000, "identity": 200})
    days = keeping.kept_on(district, on=timezone.localdate())
    assert days.of(school.pk) == {key: 60 if key == "talks" else 200 for key in shipped_days()}
    assert days.of(None) == days.of(make_school(district).pk) == shipped_days()
    here, there = who_left(school, 201), who_left(make_school(district), 201)
    retention.run(district, on=timezone.localdate())
    assert list(Learner.objects.named().filter(pk__in=[here.pk, there.pk])) == [there]


def test_a_hold_wins_and_so_does_a_return(district, school):
    held, back = who_left(school, 100), who_left(school, 100)
    counts_today(school, {"talks": 60})
    asking.hold(held, by=make_district_admin(district), why="A court asks.")
    Learner.objects.filter(pk=back.pk).update(left_on=None)
    retention.run(district, on=timezone.localdate())
    assert kept(held, back) == [(True, True), (True, True)]


def test_days_of_a_school_that_is_closed_can_be_ended(client, district, school):
    other = make_school(district, name="Aspen")
    counts_today(school, {"talks": 60})
    School.objects.filter(pk=school.pk).update(left_on=ago(30))
    client.force_login(make_district_admin(district))
    form = client.get(LINE).context["form"]
    assert [pk for pk, _name in form.fields["school"].choices] == [str(other.pk), str(school.pk)]
    sent = {"school": school.pk, "follows": "1", "starts_on": timezone.localdate().isoformat()}
    answer = client.post(LINE, sent | {"why": "It is closed.", "drawn_at": form["drawn_at"].value()})
    assert answer.status_code == 302, answer.context["form"].errors
    assert keeping.kept_on(district, on=timezone.localdate()).own == {}


def test_it_begins_tomorrow_at_the_earliest_but_may_end_at_once(district, school):
    with pytest.raises(RuleRefused, match="soon"):
        make_rule(Line.KEEPING, {"talks": 60}, school=school)
    for wrong in ({}, {"talks": 29}, {"talks": True}, {"logs": 60}, ["talks"]):
        with pytest.raises(RuleRefused, match="value"):
            make_rule(Line.KEEPING, wrong, school=school, starts_on=ago(-1))
    with pytest.raises(RuleRefused, match="value"):
        make_rule(Line.KEEPING, {"talks": 60}, district=district, starts_on=ago(-1))
    counts_today(school, {"talks": 60})
    make_rule(Line.KEEPING, None, school=school)
    assert keeping.kept_on(district, on=timezone.localdate()).of(school.pk) == shipped_days()


def sent(school, **changes) -> dict:
    return {"school": school.pk, "starts_on": ago(-7).isoformat(), "why": "Talks are old soon.", "talks": 60} | changes


def test_the_preview_says_how_many_rows_go_and_when(district, school, as_account):
    who_left(school, 100)
    who_left(school, 40)
    who_left(make_school(district), 100)
    asking.hold(who_left(school, 100), by=make_district_admin(district), why="A court asks.")
    office = as_account(make_district_admin(district))
    page = office.get(LINE, {"look": "1", **sent(school)}).content.decode()
    assert "Conversations and polls: 60 days after leaving in place of 366." in page
    assert "Conversations and polls, 1 row; that is of 1 student." in page
    last = ago(40) + timedelta(days=61)
    assert last > ago(-7)
    assert f"in the nights after it, until {last:%B} {last.day}" in page
    assert "1 student who has left is on a legal hold" in page
    assert not PolicyRule.objects.exists()
    whole = office.get(LINE, {"look": "1", **sent(school, identity=60, talks="")}).content.decode()
    assert whole.count("1 student whole, with all records") == 2
    other = office.get(LINE, {"look": "1", **sent(school, talks="", results=1000)}).content.decode()
    assert "Of nobody who has left anything would go sooner than now." in other


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"talks": 367}, "At most 366 days, as in the district."),
        ({"talks": ""}, "Say for at least one kind"),
        ({"starts_on": ago(0).isoformat()}, "Tomorrow at the earliest"),
        ({"talks": 5}, "30"),
    ],
)
def test_what_cannot_count_is_refused_with_a_reason(district, school, as_account, changes, said):
    answer = as_account(make_district_admin(district)).post(LINE, sent(school, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PolicyRule.objects.exists()


def test_the_district_writes_it_and_everybody_concerned_reads_it(district, school, as_account, client):
    learner = make_learner(school)
    make_learner(make_school(district))
    office, principal = as_account(make_district_admin(district)), as_account(make_school_admin(school))
    assert office.post(LINE, sent(school)).status_code == 302
    rule = PolicyRule.objects.get()
    assert (rule.value, rule.why) == ({"talks": 60}, "Talks are old soon.")
    assert "Planned" in principal.get(reverse("policy_today")).content.decode()
    PolicyRule.objects.update(starts_on=ago(0))
    for page in (
        principal.get(reverse("policy_today"), {"school": school.pk}),
        principal.get(LINE),
        office.get(reverse("retention")),
        office.get(reverse("policy_today")),
    ):
        assert "Conversations and polls 60 days" in page.content.decode()
    assert "The district’s administrators write this one." in principal.get(LINE).content.decode()
    principal.post(LINE, sent(school, talks=50))
    assert PolicyRule.objects.count() == 1
    family = as_account(make_guardian(learner))
    for page in (family.get(reverse("learner_data", args=[learner.pk])), family.get(reverse("privacy"))):
        assert "at this school" in page.content.decode()
    said = client.get(reverse("privacy")).content.decode()
    assert "Some schools of this district keep some of it for a shorter time" in said
    assert school.name not in said


def test_other_days_of_the_district_are_looked_at_first(district, school, as_account):
    who_left(school, 100)
    who_left(make_school(district), 100)
    counts_today(school, {"talks": 60})
    office, page = as_account(make_district_admin(district)), reverse("retention")
    asked = {**shipped_days(), "talks": 70, "starts_on": ago(-3).isoformat(), "why": "Less is enough."}
    said = office.get(page, {"look": "days", **asked}).content.decode()
    assert "Conversations and polls, 1 row; that is of 1 student." in said
    assert 'name="talks" value="70"' in said
    longer = office.get(page, {"look": "days", **asked, "talks": 400, "starts_on": ago(-3).isoformat()})
    assert "Of 1 student who has left something would stay longer." in longer.content.decode()
    assert office.get(page, {"look": "days", **asked, "talks": 5}).status_code == 422
