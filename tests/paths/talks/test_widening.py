"""More people read a talk: named before, dated in it, and with the learner's yes where the words are the learner's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from paths.models import Message, Talk, TalkWidening
from paths.services.errors import NotNow
from paths.services.talks import widening
from paths.services.talks.circle import read_circle
from profiles.models import Account, Enrollment
from tests.factories.paths import make_message, make_talk
from tests.factories.policy import make_rule
from tests.factories.profiles import make_guardian, make_section, make_teacher

FAMILY, TEACHERS = TalkWidening.To.FAMILY, TalkWidening.To.TEACHERS


@pytest.fixture
def talk(classroom):
    talk = make_talk(classroom.learner, classroom.section)
    for _ in range(3):
        make_message(talk)
    return talk


@pytest.fixture
def mother(classroom):
    return make_guardian(classroom.learner, given_name="Ngozi", family_name="Ruiz")


@pytest.fixture
def lee(classroom):
    """A teacher of the other subject of the homeroom."""
    english = make_section(classroom.roster, title="English")
    return make_teacher(section=english, role=Enrollment.Role.CO_TEACHER, given_name="Lee", family_name="Bell")


@pytest.fixture
def asking(classroom):
    """The district leaves it to each learner whether the family reads along."""
    make_rule("family_reads", "", district=classroom.district)


def url_of(talk: Talk, to: str) -> str:
    return reverse("talk_widen", args=[talk.pk]) + f"?to={to}"


def shown_of(talk: Talk, to: str) -> str:
    """What the page of the question names, as its form sends it back."""
    talk = Talk.objects.get(pk=talk.pk)
    circle = read_circle(talk.learner, on=timezone.localdate())
    return widening.key_of(widening.new_readers(talk, circle, to))


def words_of(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def reads(account: Account, talk: Talk) -> bool:
    return Talk.objects.visible_to(Account.objects.get(pk=account.pk)).filter(pk=talk.pk).exists()


def test_question_names_who_will_read_and_how_much(classroom, talk, mother, as_account):
    page = words_of(as_account(classroom.account).get(url_of(talk, FAMILY)))

    assert "Ngozi Ruiz (mother) will be able to read all 3 messages." in page
    assert "You cannot take this back." in page
    assert not reads(mother, talk)


def test_learner_lets_the_family_read_and_the_talk_says_so_after_the_words_before(classroom, talk, mother, as_account):
    client = as_account(classroom.account)

    answer = client.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)}, follow=True)
    later = make_message(talk, text="After that")

    assert reads(mother, talk)
    page = client.get(reverse("talk", args=[talk.pk])).content.decode()
    line = f"{classroom.account.name} let the family read this talk, from its first words on."
    assert line in words_of(answer)
    assert page.index("I said thing") < page.index(line) < page.index(later.text)
    assert line in words_of(as_account(mother).get(reverse("talk", args=[talk.pk])))


def test_teacher_lets_all_teachers_read(classroom, talk, lee, as_account):
    client = as_account(classroom.teacher)
    assert "Lee Bell will be able to read all 3 messages." in words_of(client.get(url_of(talk, TEACHERS)))

    client.post(url_of(talk, TEACHERS), {"shown": shown_of(talk, TEACHERS)})

    assert reads(lee, talk)
    assert TalkWidening.objects.get().at is not None


def test_teacher_who_wants_the_family_in_asks_the_learner_first(classroom, talk, mother, asking, as_account):
    teacher, me = as_account(classroom.teacher), as_account(classroom.account)
    assert f"Ask {classroom.learner.first_name}" in words_of(teacher.get(url_of(talk, FAMILY)))

    said = words_of(teacher.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)}, follow=True))

    assert "is asked. Until then nobody else reads it." in said
    assert not reads(mother, talk)
    assert "May your family read a talk?" in words_of(me.get(reverse("home")))
    page = words_of(me.get(reverse("talk", args=[talk.pk])))
    assert "May your family read this talk?" in page
    assert "Ngozi Ruiz (mother) could read all of it, from the first words on." in page
    assert "May your family read this talk?" not in words_of(teacher.get(reverse("talk", args=[talk.pk])))

    row = TalkWidening.objects.get()
    me.post(reverse("talk_widen_answer", args=[row.pk]), {"answer": "yes", "shown": shown_of(talk, FAMILY)})

    assert reads(mother, talk)
    assert "May your family read a talk?" not in words_of(me.get(reverse("home")))


def test_learner_who_says_no_is_not_asked_again_and_may_still_open_the_talk(
    classroom, talk, mother, asking, as_account
):
    teacher, me = as_account(classroom.teacher), as_account(classroom.account)
    teacher.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})
    row = TalkWidening.objects.get()

    me.post(reverse("talk_widen_answer", args=[row.pk]), {"answer": "no", "shown": ""})

    assert not reads(mother, talk)
    page = teacher.get(reverse("talk", args=[talk.pk]))
    assert "The answer was no." in words_of(page)
    assert url_of(talk, FAMILY) not in page.content.decode()
    with pytest.raises(NotNow):
        widening.widen(
            talk=talk,
            to=FAMILY,
            shown=shown_of(talk, FAMILY),
            by=classroom.teacher,
            now=timezone.now(),
            on=timezone.localdate(),
        )
    me.post(reverse("talk_widen_answer", args=[row.pk]), {"answer": "yes", "shown": shown_of(talk, FAMILY)})
    assert not reads(mother, talk)  # the first answer stands
    me.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})
    assert reads(mother, talk)


def test_teacher_need_not_ask_where_the_rule_includes_such_families(classroom, talk, mother, as_account):
    as_account(classroom.teacher).post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})

    assert reads(mother, talk)  # grade 5 is below grade 6, which is what LRM comes with


def test_double_click_widens_once(classroom, talk, mother, as_account):
    client, form = as_account(classroom.account), {"shown": shown_of(talk, FAMILY)}

    assert [client.post(url_of(talk, FAMILY), form).status_code for _ in range(2)] == [302, 302]
    assert TalkWidening.objects.count() == 1


def test_double_click_asks_once(classroom, talk, mother, asking, as_account):
    client, form = as_account(classroom.teacher), {"shown": shown_of(talk, FAMILY)}

    assert [client.post(url_of(talk, FAMILY), form).status_code for _ in range(2)] == [302, 302]
    assert (TalkWidening.objects.count(), TalkWidening.objects.get().at) == (1, None)


def test_names_that_changed_meanwhile_are_shown_again_and_nothing_happens(classroom, talk, mother, as_account):
    form = {"shown": shown_of(talk, FAMILY)}
    father = make_guardian(classroom.learner, given_name="Ben", family_name="Ruiz")

    answer = as_account(classroom.account).post(url_of(talk, FAMILY), form)

    assert answer.status_code == 409
    assert "Ben Ruiz" in words_of(answer)
    assert [reads(account, talk) for account in (mother, father)] == [False, False]


def test_words_written_for_fewer_readers_are_not_sent_to_more(classroom, talk, mother, as_account):
    """Two tabs: one lets the family in while words are typed in the other."""
    client = as_account(classroom.account)
    form = {"uuid": str(uuid4()), "readers": talk.audience, "text": "Only for you"}
    client.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})

    answer = client.post(reverse("talk", args=[talk.pk]), form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "More people read this now" in page
    assert "Only for you</textarea>" in page
    assert not Message.objects.filter(text="Only for you").exists()
    wide = Talk.objects.get(pk=talk.pk).audience
    assert f'name="readers" value="{wide}"' in page
    client.post(reverse("talk", args=[talk.pk]), form | {"readers": wide})
    assert Message.objects.filter(text="Only for you").count() == 1


def test_message_that_was_sent_before_is_one_though_the_form_comes_again(classroom, talk, mother, as_account):
    client = as_account(classroom.account)
    form = {"uuid": str(uuid4()), "readers": talk.audience, "text": "Once"}
    client.post(reverse("talk", args=[talk.pk]), form)
    client.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})

    assert client.post(reverse("talk", args=[talk.pk]), form).status_code == 302
    assert Message.objects.filter(text="Once").count() == 1


def test_others_widen_nothing(classroom, talk, mother, lee, stranger, as_account):
    substitute = make_teacher(classroom.roster, role=Enrollment.Role.SUBSTITUTE)
    others = (mother, lee, stranger, substitute, classroom.classmate().account)
    for account in others:
        client = as_account(account)
        assert client.get(url_of(talk, FAMILY)).status_code in (403, 404)
        form = {"shown": shown_of(talk, FAMILY)}
        assert client.post(url_of(talk, FAMILY), form).status_code in (403, 404)
    assert not TalkWidening.objects.exists()


def test_classmate_and_teacher_do_not_answer_for_the_learner(classroom, talk, mother, asking, as_account):
    as_account(classroom.teacher).post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})
    row = TalkWidening.objects.get()
    form = {"answer": "yes", "shown": shown_of(talk, FAMILY)}

    for account in (classroom.classmate().account, classroom.teacher, mother):
        answer = as_account(account).post(reverse("talk_widen_answer", args=[row.pk]), form)
        assert answer.status_code in (403, 404)
    assert not reads(mother, talk)


def test_guardian_in_a_talk_with_the_family_opens_it_to_nobody(classroom, mother, lee, as_account):
    talk = make_talk(classroom.learner, classroom.section, with_family=True)

    assert as_account(mother).post(url_of(talk, TEACHERS), {"shown": shown_of(talk, TEACHERS)}).status_code in (
        403,
        404,
    )
    assert not reads(lee, talk)


def test_talk_that_nobody_would_come_to_is_left_alone(classroom, talk, as_account):
    client = as_account(classroom.account)

    assert url_of(talk, FAMILY) not in client.get(reverse("talk", args=[talk.pk])).content.decode()
    answer = client.post(url_of(talk, FAMILY), {"shown": ""}, follow=True)

    assert "Nothing has changed" in words_of(answer)
    assert Talk.objects.get(pk=talk.pk).with_family is False


@pytest.mark.parametrize("to", ["", "everybody", "FAMILY"])
def test_readers_that_there_are_not_are_not_there(classroom, talk, mother, to, as_account):
    assert as_account(classroom.account).get(url_of(talk, to)).status_code == 404


def test_line_stands_on_the_page_of_its_time_in_a_long_talk(classroom, mother, as_account):
    talk = make_talk(classroom.learner, classroom.section)
    author = classroom.account
    Message.objects.bulk_create(Message(talk=talk, author=author, text=f"Word {i}.") for i in range(50))
    client = as_account(author)
    client.post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})
    Message.objects.bulk_create(Message(talk=talk, author=author, text=f"Later {i}.") for i in range(50))
    line = "let the family read this talk"
    url = reverse("talk", args=[talk.pk])

    newest = Message.objects.order_by("-pk")[39].pk
    assert line not in client.get(url).content.decode()
    assert line in client.get(f"{url}?before={newest}").content.decode()


def test_open_page_hears_of_it(classroom, talk, mother, as_account):
    teacher = as_account(classroom.teacher)
    etag = teacher.get(reverse("talk_news", args=[talk.pk]))["ETag"]

    as_account(classroom.account).post(url_of(talk, FAMILY), {"shown": shown_of(talk, FAMILY)})

    answer = teacher.get(reverse("talk_news", args=[talk.pk]), headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "let the family read this talk" in words_of(answer)


def test_hidden_words_are_not_counted_among_what_will_be_read(classroom, talk, mother, as_account):
    message = talk.messages.first()
    message.hidden_at = timezone.now() - timedelta(minutes=1)
    message.save()

    assert "all 2 messages" in words_of(as_account(classroom.account).get(url_of(talk, FAMILY)))
