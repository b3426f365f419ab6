"""Conversations in the browser's eyes: beginning, answering, what is new, drafts, double clicks, ids of others."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from lrm.scope import district_scope
from paths.models import Message, Talk, TalkDraft
from paths.services.talks.reading import MESSAGES_A_PAGE, unread_of
from profiles.models import Account
from tests.budgets import assert_statements
from tests.factories.paths import make_goal, make_message, make_path, make_talk
from tests.factories.profiles import make_guardian, make_roster, make_section, make_teacher


def first_words(classroom, **fields) -> dict:
    return {
        "uuid": str(uuid4()),
        "title": "Clocks",
        "text": "Can we try it again?",
        "teachers": str(classroom.section.pk),
        **fields,
    }


def page_of(client, talk) -> str:
    answer = client.get(reverse("talk", args=[talk.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_learner_begins_a_talk_with_the_teachers_of_the_class(classroom, me, teacher):
    answer = me.post(reverse("talk_new", args=[classroom.learner.pk]), first_words(classroom))

    talk = Talk.objects.get()
    assert answer.url == reverse("talk", args=[talk.pk])
    assert (talk.learner, talk.section, talk.teachers, talk.with_family) == (
        classroom.learner,
        classroom.section,
        Talk.Teachers.CLASS,
        False,
    )
    assert "Can we try it again?" in page_of(teacher, talk)
    assert f"You and {classroom.teacher.name} can read it." in strip_tags(page_of(me, talk))


def test_talk_begun_twice_by_a_double_click_is_one(classroom, me):
    form = first_words(classroom)
    url = reverse("talk_new", args=[classroom.learner.pk])

    assert me.post(url, form).url == me.post(url, form).url
    assert (Talk.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": " "}, "There were no words yet, so nothing was sent."),
        ({"text": "x" * 2001}, "This is longer than 2,000 letters."),
        ({"title": ""}, "Say in a few words what it is about."),
        ({"teachers": "0"}, "Choose who reads it."),
        ({"teachers": ""}, "This field is required."),
    ],
)
def test_talk_that_cannot_be_begun_keeps_what_was_typed(classroom, me, change, said):
    answer = me.post(reverse("talk_new", args=[classroom.learner.pk]), first_words(classroom, **change))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert change.get("text", "Can we try it again?").strip() in page
    assert not Talk.objects.exists()


def test_talk_with_a_class_that_is_not_the_learners_is_refused(classroom, me):
    foreign = make_section(make_roster(classroom.school))

    answer = me.post(reverse("talk_new", args=[classroom.learner.pk]), first_words(classroom, teachers=str(foreign.pk)))

    assert answer.status_code == 422
    assert not Talk.objects.exists()


def test_guardian_begins_a_talk_that_the_family_and_the_learner_read(classroom, as_account, me):
    client = as_account(make_guardian(classroom.learner))
    client.post(reverse("talk_new", args=[classroom.learner.pk]), first_words(classroom))

    talk = Talk.objects.get()
    assert talk.with_family is True
    assert "Can we try it again?" in page_of(client, talk)
    assert "Can we try it again?" in page_of(me, talk)


@pytest.mark.parametrize("role", ["substitute"])
def test_who_stands_in_begins_no_talk(classroom, as_account, role):
    client = as_account(make_teacher(classroom.roster, role=role))

    assert client.get(reverse("talk_new", args=[classroom.learner.pk])).status_code == 404
    assert client.post(reverse("talk_new", args=[classroom.learner.pk]), first_words(classroom)).status_code == 404
    assert not Talk.objects.exists()


def test_talk_about_a_goal_says_so_and_opens_it(classroom, me):
    goal = make_goal(classroom.learner, what="I read a clock")
    url = reverse("talk_new", args=[classroom.learner.pk]) + f"?goal={goal.pk}"

    assert 'value="I read a clock"' in me.get(url).content.decode()
    me.post(url, first_words(classroom))

    talk = Talk.objects.get()
    assert talk.goal == goal
    assert reverse("goal", args=[goal.pk]) in page_of(me, talk)


@pytest.mark.parametrize("kind", ["goal", "step", "standard", "group", "artifact"])
@pytest.mark.parametrize("value", ["0", "x", "99999999999999999999"])
def test_talk_about_what_is_not_there_is_not_there(classroom, me, kind, value):
    url = reverse("talk_new", args=[classroom.learner.pk]) + f"?{kind}={value}"

    assert me.get(url).status_code == 404


def test_talk_about_a_classmates_goal_or_step_is_not_there(classroom, teacher):
    classmate = classroom.classmate()
    goal, path = make_goal(classmate), make_path(classmate)
    url = reverse("talk_new", args=[classroom.learner.pk])

    assert teacher.get(f"{url}?goal={goal.pk}").status_code == 404
    assert teacher.get(f"{url}?step={path.steps.first().pk}").status_code == 404


def test_message_sent_twice_is_one_and_two_forms_are_two(classroom, me):
    talk = make_talk(classroom.learner, classroom.section)
    url, form = reverse("talk", args=[talk.pk]), {"uuid": str(uuid4()), "text": "Once"}

    me.post(url, form)
    me.post(url, form)
    me.post(url, {"uuid": str(uuid4()), "text": "Twice"})

    assert [message.text for message in Message.objects.all()] == ["Once", "Twice"]


def test_message_with_the_identifier_of_another_is_not_there(classroom, me, teacher):
    talk, other = (make_talk(classroom.learner, classroom.section) for _ in range(2))
    mine = make_message(talk)

    assert me.post(reverse("talk", args=[other.pk]), {"uuid": str(mine.uuid), "text": "Hm"}).status_code == 404
    assert teacher.post(reverse("talk", args=[talk.pk]), {"uuid": str(mine.uuid), "text": "Hm"}).status_code == 404
    assert Message.objects.count() == 1


def test_message_without_words_is_refused(classroom, me):
    talk = make_talk(classroom.learner, classroom.section)

    answer = me.post(reverse("talk", args=[talk.pk]), {"uuid": str(uuid4()), "text": "\n"})

    assert answer.status_code == 422
    assert "There were no words yet" in answer.content.decode()


def test_words_are_text_and_never_markup(classroom, me):
    talk = make_talk(classroom.learner, classroom.section, title="<b>bold</b>")
    make_message(talk, text="<script>alert(1)</script>\nnext line")

    page = page_of(me, talk)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>next line" in page
    assert "<b>bold</b>" not in page


def test_talk_of_others_is_not_there(classroom, as_account, stranger):
    talk = make_talk(classroom.learner, classroom.section)
    message = make_message(talk)
    classmate = classroom.classmate().account
    for account in (stranger, classmate, classroom.guardian()):
        client = as_account(account)
        for route, pk in (
            ("talk", talk.pk),
            ("talk_news", talk.pk),
            ("message_report", message.pk),
            ("message_hide", message.pk),
        ):
            assert client.get(reverse(route, args=[pk])).status_code == 404
        for route in ("talk_seen", "talk_draft"):
            assert client.post(reverse(route, args=[talk.pk]), {"text": "x", "up_to": "1"}).status_code == 404
        assert talk.title not in client.get(reverse("talks")).content.decode()


def test_new_words_are_counted_until_they_were_on_the_screen(classroom, me, teacher):
    talk = make_talk(classroom.learner, classroom.section)
    messages = [make_message(talk) for _ in range(3)]
    make_message(talk, by=classroom.teacher)

    def unread() -> tuple[int, int]:
        return unread_of(Account.objects.get(pk=classroom.teacher.pk))

    assert unread() == (3, 1)
    assert '<span class="count">3</span>' in teacher.get(reverse("talks")).content.decode()
    teacher.post(reverse("talk_seen", args=[talk.pk]), {"up_to": str(messages[1].pk)})
    assert unread() == (1, 1)
    teacher.post(reverse("talk_seen", args=[talk.pk]), {"up_to": str(messages[0].pk)})
    assert unread() == (1, 1)  # never back
    teacher.post(reverse("talk_seen", args=[talk.pk]), {"up_to": "999999999999"})
    assert unread() == (0, 0)
    make_message(talk)
    assert unread() == (1, 1)  # and never ahead of what was said


def test_opening_a_talk_writes_nothing_but_the_look(classroom, teacher):
    talk = make_talk(classroom.learner, classroom.section)
    make_message(talk)

    page_of(teacher, talk)

    assert unread_of(Account.objects.get(pk=classroom.teacher.pk)) == (1, 1)


def test_list_has_what_is_new_first(classroom, teacher):
    now = timezone.now()
    titles = {}
    for title, hours, is_read in (("Old news", 5, False), ("Read today", 1, True), ("New today", 2, False)):
        talk = make_talk(classroom.learner, classroom.section, title=title)
        message = make_message(talk, at=now - timedelta(hours=hours))
        if is_read:
            teacher.post(reverse("talk_seen", args=[talk.pk]), {"up_to": str(message.pk)})
        titles[title] = talk.pk

    page = teacher.get(reverse("talks")).content.decode()

    order = sorted(titles, key=lambda title: page.index(reverse("talk", args=[titles[title]])))
    assert order == ["New today", "Old news", "Read today"]


def test_news_is_304_until_somebody_says_or_hides_something(classroom, me, teacher):
    talk = make_talk(classroom.learner, classroom.section)
    message = make_message(talk)
    url = reverse("talk_news", args=[talk.pk])

    first = me.get(url)
    assert first.status_code == 200
    again = me.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    teacher.post(reverse("talk", args=[talk.pk]), {"uuid": str(uuid4()), "text": "Yes, on Thursday"})
    second = me.get(url, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert "Yes, on Thursday" in second.content.decode()

    me.post(reverse("message_hide", args=[message.pk]))
    third = me.get(url, headers={"If-None-Match": second["ETag"]})
    assert third.status_code == 200
    assert message.text not in third.content.decode()


def test_draft_comes_back_to_its_writer_alone_and_goes_when_it_is_sent(classroom, me, teacher):
    talk = make_talk(classroom.learner, classroom.section)
    url = reverse("talk_draft", args=[talk.pk])

    assert me.post(url, {"text": "I was about to"}).json() == {"saved": True}

    assert "I was about to" in page_of(me, talk)
    assert "I was about to" not in page_of(teacher, talk)
    me.post(reverse("talk", args=[talk.pk]), {"uuid": str(uuid4()), "text": "I was about to say"})
    assert not TalkDraft.objects.exists()


def test_draft_of_a_talk_to_be_comes_back_where_it_was_written(classroom, me, teacher):
    goal = make_goal(classroom.learner)
    draft_url = reverse("talk_new_draft", args=[classroom.learner.pk])
    url = reverse("talk_new", args=[classroom.learner.pk])
    me.post(f"{draft_url}?goal={goal.pk}", {"text": "About my goal"})

    assert "About my goal" in me.get(f"{url}?goal={goal.pk}").content.decode()
    assert "About my goal" not in me.get(url).content.decode()
    assert "About my goal" not in teacher.get(f"{url}?goal={goal.pk}").content.decode()
    me.post(f"{draft_url}?goal={goal.pk}", {"text": " "})
    assert not TalkDraft.objects.exists()


def test_expired_session_leads_to_the_sign_in_page_and_sends_nothing(classroom, me):
    talk = make_talk(classroom.learner, classroom.section)
    me.post(reverse("talk_draft", args=[talk.pk]), {"text": "Kept before it ended"})
    me.logout()

    answer = me.post(reverse("talk", args=[talk.pk]), {"uuid": str(uuid4()), "text": "Too late"})

    assert answer.url.startswith(reverse("sign_in"))
    assert not Message.objects.exists()
    assert TalkDraft.objects.get().text == "Kept before it ended"


def test_long_talk_is_read_in_parts_at_the_same_cost(classroom, teacher):
    talk = make_talk(classroom.learner, classroom.section)
    author = classroom.account
    url = reverse("talk", args=[talk.pk])

    def say(n: int) -> None:
        Message.objects.bulk_create(Message(talk=talk, author=author, text=f"Word {i:05}.") for i in range(n))

    say(60)
    with assert_statements(at_most=14) as few:
        teacher.get(url)
    say(10_000 - 60)
    with assert_statements(exactly=len(few)):
        newest = teacher.get(url).content.decode()

    assert newest.count('<li class="talk-line"') == MESSAGES_A_PAGE
    assert "Word 09939." in newest
    first_shown = Message.objects.order_by("-pk")[MESSAGES_A_PAGE - 1].pk
    assert f"{url}?before={first_shown}" in newest
    older = teacher.get(f"{url}?before={first_shown}").content.decode()
    assert older.count('<li class="talk-line"') == MESSAGES_A_PAGE
    assert f"{url}?after={first_shown - 1}" in older
    back = teacher.get(f"{url}?after={first_shown - 1}").content.decode()
    assert back.count('<li class="talk-line"') == MESSAGES_A_PAGE
    assert "Word 09939." in back
    assert len(newest) < 60_000


@pytest.mark.parametrize("query", ["before=x", "after=x", "before=0", "before=99999999999999999999"])
def test_place_in_a_talk_that_is_not_there_shows_the_talk(classroom, me, query):
    talk = make_talk(classroom.learner, classroom.section)
    make_message(talk)

    assert me.get(reverse("talk", args=[talk.pk]) + f"?{query}").status_code == 200


def test_learner_who_has_left_the_class_is_told_that_no_teacher_reads(classroom, me):
    talk = make_talk(classroom.learner, classroom.section)
    make_message(talk, text="Still mine")
    with district_scope(classroom.district.pk):
        classroom.learner.enrollments.update(ends_on=timezone.localdate() - timedelta(days=1))

    page = page_of(me, talk)

    assert "Still mine" in page
    assert "Only you can read it." in page
    assert "No teacher reads this now." in page
