"""Polls and suggestions: who is asked, what is shown, names that stay away, and what came of it."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from paths.models import Poll, PollAnswer, PollHand, Unmasking
from paths.services.polls.results import LEAST, SMALLEST, shown_results
from paths.services.waiting.home import read_at_home
from profiles.models import Account, Enrollment
from tests.factories.paths import make_poll, make_poll_answer
from tests.factories.profiles import make_school_admin, make_section, make_teacher

Kind = Poll.Kind
OPTIONS = ["A", "B", "C"]


def shown(answers: list[list[int]], *, anonymous: bool = True, many: bool = False) -> list | None:
    found = shown_results(OPTIONS, answers, is_anonymous=anonymous, many=many)
    return None if found is None else [each.count if each.count is not None else each.is_most for each in found]


@pytest.mark.parametrize(
    ("answers", "anonymous", "found"),
    [
        ([[0]] * 4, True, None),
        ([[0]] * 4, False, None),
        ([[0]] * 3 + [[1]] * 2, False, [3, 2, 0]),
        ([[0]] * 3 + [[1]] * 3, True, [3, 3, 0]),
        ([[0]] * 3 + [[1]] * 2, True, [True, False, 0]),  # 2 is small, and 5 - 3 would tell it
        ([[0]] * 6, True, [True, 0, 0]),  # what everybody said, each said
        ([[0]] * 5 + [[1]], True, [True, False, 0]),
        ([[0]] * 4 + [[1]] * 4 + [[2]], True, [True, 4, False]),  # 9 - 4 - 4 would tell the 1
    ],
)
def test_results_keep_back_what_would_tell_who(answers, anonymous, found):
    assert shown(answers, anonymous=anonymous) == found


def test_counts_that_are_shown_never_tell_a_small_one():
    for counts in product(range(9), repeat=3):
        if sum(counts) < LEAST:
            continue
        answers = [[place] for place, count in enumerate(counts) for _ in range(count)]
        result = shown_results(OPTIONS, answers, is_anonymous=True, many=False)
        hidden = [place for place in range(3) if result[place].count is None]
        assert all(result[place].count == counts[place] for place in range(3) if place not in hidden)
        assert all(counts[place] == 0 or counts[place] >= SMALLEST for place in range(3) if place not in hidden)
        if any(0 < count < SMALLEST for count in counts):
            assert len(hidden) >= 2, counts  # one alone is what is left of the whole


def question(classroom, **fields) -> dict:
    return {
        "uuid": str(uuid4()),
        "audience": f"section:{classroom.section.pk}",
        "question": "Where do we read?",
        "kind": "one",
        "options": "Inside\n\nOutside\n",
        "open_until": timezone.localdate(),
        **fields,
    }


def test_teacher_asks_a_class_once(classroom, teacher):
    form = question(classroom)
    assert teacher.post(reverse("poll_new"), form).url == teacher.post(reverse("poll_new"), form).url

    poll = Poll.objects.get()
    assert (poll.options, poll.section, poll.school, poll.is_anonymous) == (
        ["Inside", "Outside"],
        classroom.section,
        classroom.school,
        False,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"options": "Only one"}, "Write 2 to 8 different answers"),
        ({"options": "\n".join("abcdefghi")}, "Write 2 to 8 different answers"),
        ({"options": "x" * 121 + "\ny"}, "is longer than 120 letters"),
        ({"open_until": "2020-01-01"}, "Pick today or a day that is still to come."),
        ({"question": ""}, "Write the question first."),
        ({"audience": "section:0"}, "Select a valid choice"),
        ({"kind": "suggestion"}, "Select a valid choice"),
    ],
)
def test_question_that_cannot_be_asked_says_why(classroom, teacher, change, said):
    answer = teacher.post(reverse("poll_new"), question(classroom, **change))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Poll.objects.exists()


def test_question_to_a_school_is_for_its_administrators(classroom, teacher, as_account):
    form = question(classroom, audience=f"school:{classroom.school.pk}")
    assert teacher.post(reverse("poll_new"), form).status_code == 422

    as_account(make_school_admin(classroom.school)).post(reverse("poll_new"), form)

    assert Poll.objects.get().section is None


def test_learner_answers_once_and_changes_it(classroom, me):
    poll = make_poll(classroom.section, classroom.teacher)
    url = reverse("poll", args=[poll.pk])
    for choice in ("0", "0", "1"):
        me.post(url, {"choice": choice})

    assert [answer.choices for answer in PollAnswer.objects.all()] == [[1]]


@pytest.mark.parametrize("data", [{}, {"choice": "7"}, {"choice": ["0", "1"]}, {"choice": "x"}])
def test_answer_that_is_none_is_refused(classroom, me, data):
    poll = make_poll(classroom.section, classroom.teacher)

    assert me.post(reverse("poll", args=[poll.pk]), data).status_code == 422
    assert not PollAnswer.objects.exists()


def test_answer_after_the_last_day_is_not_taken(classroom, me):
    poll = make_poll(classroom.section, classroom.teacher, over=True)

    answer = me.post(reverse("poll", args=[poll.pk]), {"choice": "0"}, follow=True)

    assert "takes no more answers" in answer.content.decode()
    assert not PollAnswer.objects.exists()


def test_results_are_shown_when_nobody_can_answer_any_more(classroom, me, teacher):
    poll = make_poll(classroom.section, classroom.teacher)
    for n in range(6):
        make_poll_answer(poll, classroom.classmate(), n % 2)
    url = reverse("poll", args=[poll.pk])
    assert "What was said" not in teacher.get(url).content.decode()

    teacher.post(reverse("poll_end", args=[poll.pk]), {"do": "stop"})

    for client in (me, teacher):
        assert client.get(url).content.decode().count('<td class="number">') == 2


def test_anonymous_poll_shows_no_name_to_anybody(classroom, me, teacher, as_account):
    poll = make_poll(classroom.section, classroom.teacher, kind=Kind.WORDS, options=[], is_anonymous=True, over=True)
    mates = [classroom.classmate(given_name=f"Walrus{n}") for n in range(LEAST)]
    for n, mate in enumerate(mates):
        make_poll_answer(poll, mate, text=f"Words {n}")
    url = reverse("poll", args=[poll.pk])
    for client in (teacher, as_account(make_school_admin(classroom.school)), me):
        page = client.get(url).content.decode()
        assert "Words 3" in page
        assert "Walrus" not in page
        assert "Walrus" not in client.get(reverse("polls")).content.decode()


def test_named_poll_shows_names_to_who_asks_and_to_no_classmate(classroom, me, teacher):
    poll = make_poll(classroom.section, classroom.teacher)
    make_poll_answer(poll, classroom.classmate(given_name="Walrus"), 0)
    url = reverse("poll", args=[poll.pk])

    assert "Walrus" in teacher.get(url).content.decode()
    assert "Walrus" not in me.get(url).content.decode()


def test_four_words_are_shown_to_nobody(classroom, teacher):
    poll = make_poll(classroom.section, classroom.teacher, kind=Kind.WORDS, options=[], is_anonymous=True, over=True)
    for n in range(LEAST - 1):
        make_poll_answer(poll, classroom.classmate(), text=f"Words {n}")

    page = teacher.get(reverse("poll", args=[poll.pk])).content.decode()

    assert "Words" not in page
    assert "Answers are shown from 5 up" in page


def test_anonymous_words_are_opened_by_two_adults_and_the_learner_is_told(classroom, me, teacher, as_account):
    poll = make_poll(classroom.section, classroom.teacher, kind=Kind.WORDS, options=[], is_anonymous=True, over=True)
    answer = make_poll_answer(poll, classroom.learner, text="I am afraid")
    for _ in range(LEAST):
        make_poll_answer(poll, classroom.classmate(), text="Fine")
    url, name = reverse("poll", args=[poll.pk]), classroom.learner.name

    teacher.post(reverse("poll_unmask", args=[poll.pk]), {"answer": answer.uuid, "why": "Somebody is afraid."})

    row = Unmasking.objects.get()
    agree = reverse("unmasking_agree", args=[row.pk])
    assert name not in teacher.get(url).content.decode()
    assert teacher.post(agree).status_code == 404
    assert "Two grown-ups" not in me.get(reverse("polls")).content.decode()
    admin, other = make_school_admin(classroom.school), make_school_admin(classroom.school)
    as_account(admin).post(agree)

    row.refresh_from_db()
    assert (row.asked_by, row.agreed_by) == (classroom.teacher, admin)
    for client in (teacher, as_account(admin)):
        assert name in client.get(url).content.decode()
    for account in (other, make_teacher(classroom.roster)):
        assert name not in as_account(account).get(url).content.decode()
    for address in (url, reverse("polls")):
        page = me.get(address).content.decode()
        assert "Two grown-ups opened who wrote your words." in page
        assert classroom.teacher.name in page
        assert admin.name in page
        assert "Somebody is afraid." in page


def test_nobody_opens_an_answer_alone(classroom, as_account):
    admin = make_school_admin(classroom.school)
    poll = make_poll(classroom.section, classroom.teacher, kind=Kind.WORDS, options=[], is_anonymous=True, over=True)
    answer = make_poll_answer(poll, classroom.learner, text="I am afraid")
    client = as_account(admin)
    client.post(reverse("poll_unmask", args=[poll.pk]), {"answer": answer.uuid, "why": "Worried."})
    row = Unmasking.objects.get()

    assert client.post(reverse("unmasking_agree", args=[row.pk])).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Unmasking.objects.filter(pk=row.pk).update(agreed_by=admin)


@pytest.mark.parametrize("why", ["", None])
def test_opening_needs_a_reason_and_an_answer_of_this_poll(classroom, teacher, why):
    poll = make_poll(classroom.section, classroom.teacher, kind=Kind.WORDS, options=[], is_anonymous=True, over=True)
    mine = make_poll_answer(poll, classroom.learner, text="Hm")
    other = make_poll_answer(
        make_poll(classroom.section, classroom.teacher, is_anonymous=True), classroom.classmate(), 0
    )
    url = reverse("poll_unmask", args=[poll.pk])

    teacher.post(url, {"answer": mine.uuid, "why": why or ""})
    assert teacher.post(url, {"answer": other.uuid, "why": "Because"}).status_code == 404
    assert teacher.post(url, {"answer": "x", "why": "Because"}).status_code == 404
    assert not Unmasking.objects.exists()


def test_poll_ends_with_words_only(classroom, teacher, me):
    poll = make_poll(classroom.section, classroom.teacher, over=True)
    url = reverse("poll_end", args=[poll.pk])
    refused = teacher.post(url, {"ending": "did", "text": " "})
    assert refused.status_code == 422
    assert "Every poll ends with that." in refused.content.decode()

    teacher.post(url, {"ending": "cannot", "text": "The hall is taken."})
    teacher.post(url, {"ending": "did", "text": "Later words"})

    poll.refresh_from_db()
    assert (poll.ending, poll.ending_text) == ("cannot", "The hall is taken.")
    page = me.get(reverse("poll", args=[poll.pk])).content.decode()
    assert "We can’t, because:" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(ending_text="")


def test_poll_that_is_open_is_not_ended(classroom, teacher):
    poll = make_poll(classroom.section, classroom.teacher)

    answer = teacher.post(reverse("poll_end", args=[poll.pk]), {"ending": "did", "text": "Done"}, follow=True)

    assert "Stop asking first." in answer.content.decode()
    poll.refresh_from_db()
    assert poll.ended_at is None


def test_suggestion_goes_to_the_teachers_of_the_class_and_is_answered(classroom, me, teacher, as_account):
    form = {"uuid": str(uuid4()), "text": "More light", "section": str(classroom.section.pk), "is_anonymous": "on"}
    me.post(reverse("suggest"), form)
    me.post(reverse("suggest"), form)

    poll = Poll.objects.get()
    url = reverse("poll", args=[poll.pk])
    for address in (url, reverse("polls"), reverse("today")):
        page = teacher.get(address).content.decode()
        assert "More light" in page
        assert classroom.learner.name not in page
    assert as_account(classroom.classmate().account).get(url).status_code == 404
    assert me.post(url, {"choice": "0"}).status_code == 404
    teacher.post(reverse("poll_end", args=[poll.pk]), {"ending": "did", "text": "A lamp comes."})
    assert "A lamp comes." in me.get(url).content.decode()


def test_who_stands_in_runs_no_poll(classroom, as_account):
    poll = make_poll(classroom.section, classroom.teacher)
    client = as_account(make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE))

    assert client.get(reverse("poll", args=[poll.pk])).status_code == 404
    assert client.post(reverse("poll_new"), question(classroom)).status_code == 422
    assert poll.question not in client.get(reverse("polls")).content.decode()


def test_home_leads_to_exactly_the_polls_that_ask_the_learner(classroom, me):
    section, teacher = classroom.section, classroom.teacher
    english = make_section(classroom.roster)
    other = make_section()
    asked = [
        make_poll(section, teacher),
        make_poll(english, teacher),
        make_poll(section, teacher, is_anonymous=True),
    ]
    school_wide = Poll.objects.create(
        kind=Kind.WORDS, school=classroom.school, question="All?", open_until=timezone.localdate() + timedelta(days=2)
    )
    make_poll(section, teacher, over=True)
    answered = make_poll(section, teacher)
    make_poll_answer(answered, classroom.learner, 0)
    make_poll(other, teacher)
    make_poll(section, teacher, kind=Kind.SUGGESTION, open_until=None)

    account = Account.objects.get(pk=classroom.account.pk)
    open_now = Poll.objects.asking(account).filter(open_until__gte=timezone.localdate(), ended_at=None)
    unanswered = open_now.exclude(pk__in=PollHand.objects.values("poll"))
    lines = read_at_home(classroom.learner, account, today=timezone.localdate()).lines

    assert {poll.pk for poll in unanswered} == {poll.pk for poll in [*asked, school_wide]}
    (line,) = [line for line in lines if line.icon == "megaphone"]
    assert line.url == reverse("polls")
    assert "3 more ask you." in line.reason
