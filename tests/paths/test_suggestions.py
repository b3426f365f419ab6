"""Suggestions beside a profile: pinned or hidden with a reason, added by a person's hand and by nothing else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import SuggestionMark
from paths.services.suggestions import lift_mark, mark_suggestion
from profiles.models import ProfileEntry
from tests.budgets import assert_statements
from tests.factories.assessments import give, make_assessment, work_off
from tests.factories.paths import make_mastery

NOW = timezone.now()


@pytest.fixture
def strong(classroom):
    make_mastery(classroom.learner, classroom.standards[0], 4, days=[(3, 4.0)])
    make_mastery(classroom.learner, classroom.standards[1], 3, days=[(1, 3.0)])
    return classroom.standards[0]


def url(classroom):
    return reverse("learner", args=[classroom.learner.pk])


def section_of(page):
    return page[page.index('id="suggested"') :].partition("</section>")[0]


def mark(classroom, standard, act, reason="She asked for it."):
    return mark_suggestion(
        learner=classroom.learner, standard=standard, act=act, reason=reason, by=classroom.teacher, now=NOW
    )


def test_nothing_computed_enters_the_profile_by_itself(classroom, teacher, as_account):
    for standard in classroom.standards:
        give(make_assessment(classroom.section, [standard]), classroom.learner, standard, 4)
    work_off()
    for client in (teacher, as_account(classroom.account), as_account(classroom.guardian())):
        client.get(url(classroom))
        client.get(reverse("profile", args=[classroom.learner.pk]))

    assert list(ProfileEntry.objects.all()) == []


@pytest.mark.parametrize("who", ["account", "teacher"])
def test_suggestion_is_added_in_one_click_under_the_name_of_who_adds_it(classroom, strong, as_account, who):
    account = getattr(classroom, who)
    client = as_account(account)
    assert strong.short_title in section_of(client.get(url(classroom)).content.decode())

    client.post(reverse("profile", args=[classroom.learner.pk]), {"kind": "strength", "text": strong.short_title})

    entry = ProfileEntry.objects.get()
    assert (entry.text, entry.author) == (strong.short_title, account)


def test_family_reads_suggestions_and_adds_none(classroom, strong, as_account):
    page = section_of(as_account(classroom.guardian()).get(url(classroom)).content.decode())
    assert [strong.short_title in page, "<form" in page] == [True, False]


def test_hidden_suggestion_is_gone_for_everybody_with_its_reason(classroom, strong, teacher, as_account):
    values = {"standard": strong.pk, "act": "hidden", "reason": "We look at other work."}
    teacher.post(reverse("suggestion_mark", args=[classroom.learner.pk]), values)

    for client in (teacher, as_account(classroom.account)):
        page = section_of(client.get(url(classroom)).content.decode())
        shown, _summary, hidden = page.partition("is hidden")
        assert [strong.short_title in shown, strong.short_title in hidden] == [False, True]
        assert "We look at other work." in hidden


def test_pinned_suggestion_comes_first_and_says_who_and_why(classroom, strong, teacher):
    mark(classroom, classroom.standards[1], "pinned")
    page = section_of(teacher.get(url(classroom)).content.decode())

    assert page.index(classroom.standards[1].short_title) < page.index(strong.short_title)
    assert f"Pinned by {classroom.teacher.name}: She asked for it." in page


def test_pinned_next_stands_before_what_levels_say(classroom, strong, teacher):
    third = classroom.standards[2]
    mark(classroom, third, "pinned")
    assert f"Next: {third.short_title}" in section_of(teacher.get(url(classroom)).content.decode())


def test_new_mark_lifts_the_one_that_stood_and_keeps_it(classroom, strong):
    mark(classroom, strong, "pinned")
    mark(classroom, strong, "hidden")
    lift_mark(mark=SuggestionMark.objects.standing().get(), now=NOW)

    assert [(row.act, row.lifted_at is None) for row in SuggestionMark.objects.order_by("pk")] == [
        ("pinned", False),
        ("hidden", False),
    ]


@pytest.mark.parametrize(("act", "reason"), [("pinned", " "), ("liked", "Because."), ("hidden", "x" * 281)])
def test_mark_without_a_reason_or_of_another_kind_is_refused(classroom, strong, teacher, act, reason):
    values = {"standard": strong.pk, "act": act, "reason": reason}
    teacher.post(reverse("suggestion_mark", args=[classroom.learner.pk]), values)

    assert list(SuggestionMark.objects.all()) == []


def test_marks_cost_the_page_no_statement(classroom, strong, teacher):
    teacher.get(url(classroom))
    with assert_statements(at_most=40) as before:
        teacher.get(url(classroom))
    mark(classroom, strong, "pinned")

    with assert_statements(exactly=len([q for q in before.captured_queries if "SAVEPOINT" not in q["sql"]])):
        teacher.get(url(classroom))


def test_questions_come_one_a_screen_and_end_at_the_profile(classroom, as_account):
    me = as_account(classroom.account)
    answer = me.post(reverse("profile_ask", args=["strength"]), {"text": "I can draw."})
    seen = ["strength"]
    while "/me/ask/" in answer.url:
        seen.append(answer.url.rstrip("/").rpartition("/")[2])
        assert me.get(answer.url).status_code == 200
        answer = me.post(answer.url, {"text": ""})

    assert seen == ProfileEntry.Kind.values
    assert answer.url == reverse("profile", args=[classroom.learner.pk])
    assert [(row.kind, row.text) for row in ProfileEntry.objects.all()] == [("strength", "I can draw.")]


def test_question_that_is_none_is_not_there(classroom, as_account):
    assert as_account(classroom.account).get(reverse("profile_ask", args=["magic"])).status_code == 404
