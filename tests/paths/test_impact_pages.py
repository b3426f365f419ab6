"""Impact for administrators: asked, worked out by a job, answered or refused, and what other schools' readers see."""

import csv
import io
import itertools
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Evidence, Group, GroupMember, SectionStandard
from lrm.jobs.models import Job
from lrm.jobs.running import run
from lrm.scope import district_scope
from paths.models import ImpactQuestion, Path, Step
from paths.services import impact
from profiles.models import Support
from profiles.services import retention
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago
from tests.factories.profiles import (
    enroll,
    make_district_admin,
    make_learner,
    make_roster,
    make_school,
    make_school_admin,
)
from tests.factories.profiles import make_section as new_section
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db

MARKS = {True: ((40, 1), (9, 3), (8, 3), (7, 3)), False: ((40, 1), (9, 2), (8, 3), (7, 2))}
"""(days ago, level) of who had a group 20 days ago, and of who had none: 15 points of 100 apart."""


class Taught:
    """Classes of one school on one standard; of eight students each, four had a group."""

    def __init__(self, classes: int) -> None:
        self.school = make_school(name="Alder Creek")
        self.framework = make_framework(self.school.district)
        self.standard = make_standard(self.framework, code="5.NF.1", short_title="Unlike fractions")
        self.district = self.school.district
        self.learners = []
        with district_scope(self.district.pk):
            for _ in range(classes):
                self.add_class(self.school)

    def add_class(self, school):
        section = new_section(make_roster(school))
        SectionStandard.objects.create(section=section, standard=self.standard, position=0)
        learners = [make_learner(school) for _ in range(8)]
        for learner in learners:
            enroll(learner, section.roster)
        assessments = {
            days: Assessment.objects.create(
                section=section, school_year=2027, title="Ticket", given_on=days_ago(days).date()
            )
            for days, _ in MARKS[True]
        }
        at = days_ago(20)
        group = Group.objects.create(
            section=section,
            letter="A",
            purpose="reteach",
            focus=self.standard,
            starts_on=timezone.localdate(at),
            ends_on=timezone.localdate(),
            created_at=at,
        )
        GroupMember.objects.bulk_create(GroupMember(group=group, learner=learner) for learner in learners[:4])
        Evidence.objects.bulk_create(
            Evidence(
                school_year=2027,
                learner=learner,
                standard=self.standard,
                assessment=assessments[days],
                kind="result",
                points=points,
                observed_at=days_ago(days),
            )
            for n, learner in enumerate(learners)
            for days, points in MARKS[n < 4]
        )
        self.learners += learners

    def question(self, **fields):
        today = timezone.localdate()
        return ImpactQuestion(
            **{
                "about": "groups",
                "on": "Unlike fractions",
                "standard_ids": [self.standard.pk],
                "school_ids": [self.school.pk],
                "since": today - timedelta(days=60),
                "until": today,
                **fields,
            }
        )

    def answered(self, by, **fields):
        with district_scope(self.district.pk):
            question = impact.ask(self.question(**fields), by=by)
        run(question.job_id)
        question.refresh_from_db()
        return question


@pytest.fixture
def taught():
    return Taught(classes=10)


@pytest.fixture
def few():
    return Taught(classes=2)


def page_of(client, question, name="impact_answer"):
    return client.get(reverse(name, args=[question.uuid]))


def facts(rows):
    return {fact.name: fact.value for fact in rows}


def test_question_is_asked_worked_out_and_answered_in_a_sentence(taught, as_account):
    principal = make_school_admin(taught.school)
    client = as_account(principal)
    today = timezone.localdate()
    sent = client.post(
        reverse("impact_ask"),
        {"kind": "reteach", "on": f"k{taught.standard.pk}", "since": today - timedelta(days=60), "until": today},
    )
    question = ImpactQuestion._base_manager.get()
    assert sent.status_code == 302
    assert sent["Location"] == reverse("impact_answer", args=[question.uuid])
    waiting = client.get(sent["Location"])
    assert waiting.context["shown"] is None
    assert reverse("impact_progress", args=[question.uuid]) in waiting.content.decode()
    assert "HX-Refresh" not in page_of(client, question, "impact_progress")

    run(question.job_id)

    assert page_of(client, question, "impact_progress")["HX-Refresh"] == "true"
    page = page_of(client, question)
    shown, text = page.context["shown"], page.content.decode()
    assert page.context["title"] == "Did small groups to reteach 5.NF.1 Unlike fractions help?"
    # Levels 3, 3, 3 against 2, 3, 2: .75 against .6, all else alike.
    assert shown.sentence == "Students in groups scored 15 points above similar students (likely +15 to +15)."
    assert shown.sureness == "All of the likely range is above 0."
    assert facts(shown.growth) == {
        "Their scores rose by": "+55 points",
        "Expected without a group, from similar students": "+40 points",
        "Difference": "+15 points",
    }
    assert facts(shown.counts) == {
        "Students in groups": "40 students",
        "Similar students without a group": "40 students",
        "From": "10 classes",
    }
    assert (shown.naive_gain.value, shown.naive_gain.points) == ("+55 points", 55)
    assert "is not what it did" in shown.naive
    assert shown.advice
    for never in ("caused", "p &lt;", "*", "rank"):
        assert never not in text.replace("**", "")


def test_too_few_classes_give_counts_and_what_to_collect(few, as_account):
    principal = make_school_admin(few.school)
    question = few.answered(principal)
    page = page_of(as_account(principal), question)
    shown = page.context["shown"]
    assert (shown.sentence, shown.growth, shown.interval) == ("", (), None)
    assert shown.refusal.why == "8 students can be compared with similar ones; at least 30 are needed."
    assert "What to collect" in page.content.decode()
    assert facts(shown.counts)["From"] == "2 classes"


def test_empty_page_leads_to_the_first_question(few, as_account):
    text = as_account(make_school_admin(few.school)).get(reverse("impact")).content.decode()
    assert "Ask the first question" in text


def test_list_says_question_and_answer_in_as_many_statements_as_for_one(taught, as_account):
    principal = make_school_admin(taught.school)
    taught.answered(principal)
    client = as_account(principal)
    client.get(reverse("impact"))
    with assert_statements(at_most=8) as one:
        page = client.get(reverse("impact"))
    assert "Students in groups scored 15 points above" in page.content.decode()
    for kind in ("reteach", "extend"):
        taught.answered(principal, kind=kind)
    with assert_statements(len(one)):
        assert len(client.get(reverse("impact")).context["lines"]) == 3


def test_answer_is_read_in_few_statements(taught, as_account):
    principal = make_school_admin(taught.school)
    question, client = taught.answered(principal), as_account(principal)
    page_of(client, question)
    with assert_statements(at_most=8):
        page_of(client, question)


def test_asking_twice_before_the_answer_is_asking_once(few):
    principal = make_school_admin(few.school)
    with district_scope(few.district.pk):
        first, again = (impact.ask(few.question(), by=principal) for _ in range(2))
        assert first.pk == again.pk
        assert Job.objects.filter(kind="impact").count() == 1
    run(first.job_id)
    with district_scope(few.district.pk):
        assert impact.ask(few.question(), by=principal).pk != first.pk


def test_asked_again_the_old_answer_stays(few, as_account):
    principal = make_school_admin(few.school)
    question, client = few.answered(principal), as_account(principal)
    answer = client.post(reverse("impact_again", args=[question.uuid]))
    assert answer["Location"] != reverse("impact_answer", args=[question.uuid])
    assert ImpactQuestion._base_manager.count() == 2
    assert page_of(client, question).context["shown"].refusal is not None


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"on": ""}, "on", "Pick standards."),
        ({"on": "k999999"}, "on", "not in use here any more"),
        ({"since": "tomorrow"}, "since", "cannot be read"),
        ({"since": "2999-01-01"}, "since", "Nothing is known of that day"),
        ({"until": "2025-01-01"}, "until", "before the first day"),
        ({"kind": "cure"}, "kind", "Pick one from the list."),
    ],
)
def test_question_that_cannot_be_is_told_and_nothing_is_stored(few, as_account, sent, field, said):
    today = timezone.localdate()
    whole = {"on": f"k{few.standard.pk}", "since": today - timedelta(days=9), "until": today, "kind": ""}
    answer = as_account(make_school_admin(few.school)).post(reverse("impact_ask"), whole | sent)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors[field])
    assert not ImpactQuestion._base_manager.exists()


def test_administrator_of_another_school_reads_no_answer(taught, as_account):
    other = make_school(taught.district, name="Birchwood")
    question = taught.answered(make_school_admin(taught.school))
    for account in (make_school_admin(other), make_district_admin(make_school().district)):
        client = as_account(account)
        names = ("impact_answer", "impact_csv", "impact_progress")
        assert [page_of(client, question, name).status_code for name in names] == [404] * 3
        assert client.post(reverse("impact_again", args=[question.uuid])).status_code == 404
        assert client.get(reverse("impact")).context["lines"] == []


def test_two_answers_told_to_all_schools_do_not_tell_the_few_by_whom_they_differ(taught, as_account):
    other = make_school(taught.district, name="Birchwood")
    with district_scope(taught.district.pk):
        taught.add_class(other)
    client, admin = as_account(make_school_admin(other)), make_district_admin(taught.district)
    question = taught.answered(admin, school_ids=sorted([taught.school.pk, other.pk]), is_told=True)
    kept, told = question.answer, []
    for more in range(12):
        had, had_not = kept["by_school"][str(taught.school.pk)]
        question.answer = kept | {"by_school": kept["by_school"] | {str(taught.school.pk): [had + more, had_not]}}
        question.save()
        told.append(int(page_of(client, question).context["shown"].counts[0].value.removeprefix("about ")))
    assert {later - sooner for sooner, later in itertools.combinations(told, 2)} <= {0, 10, 20}
    assert len(set(told)) > 1, "a change of many is told"


def test_whoever_waits_for_an_answer_told_to_all_schools_is_not_told_how_many_are_behind_it(taught, as_account):
    other = make_school(taught.district, name="Birchwood")
    admin, schools = make_district_admin(taught.district), sorted([taught.school.pk, other.pk])
    with district_scope(taught.district.pk):
        question = impact.ask(taught.question(school_ids=schools, is_told=True), by=admin)
        Job.objects.filter(pk=question.job_id).update(done=3541, total=7919, state="running")
    page = page_of(as_account(make_school_admin(other)), question, "impact_progress").content.decode()
    assert 'value="44"' in page
    figures = page.replace(str(question.uuid), "")  # drawn at random
    assert "3541" not in figures
    assert "7919" not in figures


def test_answer_told_to_all_schools_hides_what_few_are_behind(taught, as_account):
    other = make_school(taught.district, name="Birchwood")
    with district_scope(taught.district.pk):
        taught.add_class(other)
    schools = sorted([taught.school.pk, other.pk])
    question = taught.answered(make_district_admin(taught.district), school_ids=schools, is_told=True)
    whole = page_of(as_account(make_district_admin(taught.district)), question).context["shown"]
    assert facts(whole.counts)["Students in groups"] == "44 students"

    # Of the big school the rest is one class of four and four: whoever knows their own could tell them.
    shown = page_of(as_account(make_school_admin(taught.school)), question).context["shown"]
    assert "Fewer than 10 students of other schools" in shown.hidden
    assert (shown.sentence, shown.counts, shown.growth) == ("", (), ())
    # For the small one the rest is forty.
    client = as_account(make_school_admin(other))
    shown = page_of(client, question).context["shown"]
    assert "above similar students" in shown.sentence
    assert facts(shown.counts) == {"Students in groups": "about 40", "Students without a group": "about 40"}
    assert shown.left_out == ()
    file = page_of(client, question, "impact_csv").content.decode()
    figures, _as_of, at = file.partition("\r\nAs of,")
    assert at, "the last line, whose minute may be a 44"
    assert (figures.count("44"), figures.count("about 40")) == (0, 2)
    again = client.post(reverse("impact_again", args=[question.uuid]))
    assert again["Location"] == reverse("impact_answer", args=[question.uuid])
    assert ImpactQuestion._base_manager.count() == 1


def test_file_says_what_the_page_says(taught, as_account):
    principal = make_school_admin(taught.school)
    client, question = as_account(principal), taught.answered(principal)
    shown = page_of(client, question).context["shown"]
    file = io.StringIO(page_of(client, question, "impact_csv").content.decode("utf-8-sig"))
    rows = {name: value for name, *value in csv.reader(file)}
    assert rows["Answer"] == [shown.sentence]
    assert rows["What to do next"] == [shown.advice]
    assert rows["Difference"] == ["15", "points"]
    assert rows[shown.naive_gain.name] == ["55", "points"]
    assert rows["From"] == ["10 classes"]


def test_paths_and_supports_are_asked_about_too(taught):
    principal = make_school_admin(taught.school)
    with district_scope(taught.district.pk):
        for n, learner in enumerate(taught.learners):
            if n % 8 < 4:
                path = Path.objects.create(learner=learner, title="Clocks", created_at=days_ago(20))
                Step.objects.create(path=path, position=1, title="Read", standard=taught.standard)
                Support.objects.create(learner=learner, kind="extra_time", starts_on=days_ago(20).date())
    for about, kind in (("paths", ""), ("supports", "extra_time")):
        answer = taught.answered(principal, about=about, kind=kind).answer
        assert answer["effect"]["effect"] == pytest.approx(15)
    assert taught.answered(principal, about="supports", kind="language").answer["refused"] == "no_units"


def test_roll_out_is_asked_with_a_date_by_school_and_refused_for_few_schools(few, as_account):
    admin = make_district_admin(few.district)
    other = make_school(few.district, name="Birchwood")
    client, today = as_account(admin), timezone.localdate()
    url = reverse("impact_ask") + "?about=roll_out"
    whole = {"name": "Math lab", "on": f"k{few.standard.pk}", "since": today - timedelta(days=90), "until": today}
    refused = client.post(url, whole)
    assert "Say when at least one school began" in str(refused.context["form"].non_field_errors())
    sent = client.post(url, whole | {f"began_{other.pk}": today - timedelta(days=30)})
    question = ImpactQuestion._base_manager.get()
    assert question.began == {str(other.pk): (today - timedelta(days=30)).isoformat()}
    run(question.job_id)
    page = client.get(sent["Location"])
    assert page.context["title"] == "Did “Math lab” help on 5.NF.1 Unlike fractions?"
    assert "at least 4 are needed" in page.context["shown"].refusal.why


def test_question_that_is_gone_fails_in_words(few):
    principal = make_school_admin(few.school)
    with district_scope(few.district.pk):
        question = impact.ask(few.question(), by=principal)
        ImpactQuestion.objects.filter(pk=question.pk).delete()
    run(question.job_id)
    with district_scope(few.district.pk):
        assert Job.objects.get(pk=question.job_id).error == "The question is not there any more."


def test_question_is_withdrawn_by_who_asked_and_put_back_with_its_answer(taught, as_account):
    asker, colleague = make_school_admin(taught.school), make_school_admin(taught.school)
    question = taught.answered(asker)
    client = as_account(colleague)
    gone = client.post(reverse("impact_withdraw", args=[question.uuid]))
    listed = client.get(gone["Location"])
    assert listed.context["lines"] == []
    assert listed.context["undo"]["question"] == question
    assert client.post(reverse("impact_withdraw", args=[question.uuid])).status_code == 302  # another tab
    for name in ("impact_answer", "impact_csv"):
        assert page_of(as_account(asker), question, name).status_code == 404
    assert as_account(asker).post(reverse("impact_again", args=[question.uuid])).status_code == 404
    assert page_of(client, question, "impact_progress")["HX-Redirect"] == reverse("impact")
    restored = as_account(asker).post(reverse("impact_withdraw", args=[question.uuid]), {"act": "restore"})
    page = client.get(restored["Location"])
    assert page.context["shown"].sentence
    assert Job._base_manager.count() == 1
    assert client.get(reverse("impact")).context["withdrawn"] == []


def test_withdrawn_question_is_worked_out_no_more_and_again_once_it_is_back(taught, as_account):
    asker = make_school_admin(taught.school)
    with district_scope(taught.district.pk):
        question = impact.ask(taught.question(), by=asker)
    client, url = as_account(asker), reverse("impact_withdraw", args=[question.uuid])
    client.post(url)
    assert Job._base_manager.get().state == Job.State.STOPPED
    with district_scope(taught.district.pk):
        assert impact.ask(taught.question(), by=asker).pk != question.pk
    client.post(url, {"act": "restore"})
    client.post(url, {"act": "restore"})
    question.refresh_from_db()
    assert Job._base_manager.count() == 3
    run(question.job_id)
    assert client.get(reverse("impact_answer", args=[question.uuid])).context["shown"].sentence


def test_only_who_asked_or_administers_all_its_schools_withdraws_and_a_month_later_it_goes(taught, as_account):
    other = make_school(taught.district, name="Birchwood")
    office, principal = make_district_admin(taught.district), make_school_admin(taught.school)
    told = taught.answered(office, school_ids=[taught.school.pk, other.pk], is_told=True)
    client = as_account(principal)
    assert page_of(client, told).context["may_withdraw"] is False
    assert client.post(reverse("impact_withdraw", args=[told.uuid])).status_code == 404
    stranger = make_school_admin(make_school())
    assert as_account(stranger).post(reverse("impact_withdraw", args=[told.uuid])).status_code == 404
    assert page_of(as_account(office), told).context["may_withdraw"] is True
    as_account(office).post(reverse("impact_withdraw", args=[told.uuid]))
    today = timezone.localdate()
    with district_scope(taught.district.pk):
        for on, left in ((today + timedelta(days=29), 1), (today + timedelta(days=32), 0)):
            retention.run(taught.district, on=on)
            assert ImpactQuestion.objects.count() == left
