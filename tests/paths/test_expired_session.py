"""Words that are posted after the session has ended come back to whoever wrote them, and to nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lrm.still_here import last_account
from paths.models import Artifact, CheckIn, Goal, Message, PollAnswer, Reflection, TalkPoint
from profiles.models import Learner, ProfileEntry
from tests.factories.paths import make_goal, make_poll, make_talk
from tests.factories.profiles import PASSWORD, make_account, make_district
from tests.page_forms import PRESSED, form_to, forms_in, press

pytestmark = pytest.mark.django_db
CODE = "CDFHJK"
SAID = "I read “ten” clocks.\nTwo <b>were</b> hard."


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()
    caches["shared"]._cache.get_client().flushdb()


@pytest.fixture
def browser(classroom):
    """A browser without script, in which the learner has signed in with the card."""
    classroom.roster.class_code = CODE
    classroom.roster.save()
    Learner.objects.filter(pk=classroom.learner.pk).update(number="4711")
    client = Client(enforce_csrf_checks=True)
    assert enter(client)["Location"] == "/welcome/"
    client.get("/")
    return client


def enter(client, number="4711", page=None):
    """Sign in with a card, on the page that stands there or on a new one."""
    form = form_to(page or client.get("/sign-in/"), "/sign-in/", having="class_code")
    return press(client, form, class_code=CODE, number=number)


def end_session():
    Session.objects.all().delete()


@dataclass
class Kind:
    """A form that learners write in.    page, action: routes.    about: what both are about."""

    page: str
    action: str
    model: Any
    typed: dict[str, Any]
    about: str = "learner"
    words: str = "text"


KINDS = {
    "goal": Kind("goal_new", "goal_new", Goal, {"what": SAID.replace("\n", " "), "why": SAID}, "", "why"),
    "check-in": Kind("goal", "goal_check_in", CheckIn, {"confidence": "4", "text": "It goes well."}, "goal"),
    "reflection": Kind("goal", "goal_reflect", Reflection, {"text": SAID, "do": "send"}, "goal"),
    "hand-in": Kind("hand_in", "hand_in", Artifact, {"text": SAID, "title": "My clock", "do": "hand_in"}),
    "talk": Kind("talk", "talk", Message, {"text": SAID}, "talk"),
    "poll": Kind("poll", "poll", PollAnswer, {"text": SAID}, "poll"),
    "point": Kind("learner_conferences", "talk_point_new", TalkPoint, {"text": "My new book"}),
    "profile": Kind("profile", "profile", ProfileEntry, {"text": SAID}, "learner"),
}


def places_of(kind, classroom):
    """Addresses of its page and of its form, about something that is made for it."""
    args = {
        "": lambda: [],
        "learner": lambda: [classroom.learner.pk],
        "goal": lambda: [make_goal(classroom.learner).pk],
        "talk": lambda: [make_talk(classroom.learner, classroom.section).pk],
        "poll": lambda: [make_poll(classroom.section, classroom.teacher, kind="words", options=[]).pk],
    }[kind.about]()
    return reverse(kind.page, args=args), reverse(kind.action, args=args)


def form_of(client, kind, classroom):
    page, action = places_of(kind, classroom)
    answer = client.get(page)
    assert answer.status_code == 200
    return next(form for form in forms_in(answer, page) if form.action == action)


def texts(kind):
    return [getattr(row, kind.words).replace("\r\n", "\n") for row in kind.model._base_manager.all()]


@pytest.mark.parametrize("name", KINDS)
def test_words_of_every_learner_form_come_back_and_are_sent_once(name, classroom, browser):
    kind = KINDS[name]
    form = form_of(browser, kind, classroom)
    before = len(texts(kind))
    end_session()
    page = press(browser, form, **kind.typed)

    assert (page.status_code, len(texts(kind))) == (403, before)
    assert "Sign in, and your words come back." in page.content.decode()
    assert enter(browser, page=page)["Location"] == "/still-here/"
    still = browser.get("/still-here/")
    assert "Your words are still here. Send them now." in still.content.decode()
    assert len(texts(kind)) == before  # nothing is sent by itself
    again = form_to(still, form.action)
    first, second = press(browser, again), press(browser, again)

    assert (first.status_code, second["Location"]) == (302, "/still-here/")
    assert len(texts(kind)) == before + 1
    assert texts(kind)[-1] == kind.typed[kind.words]
    assert "All is sent." in browser.get("/still-here/").content.decode()


def lost(browser, classroom, **typed):
    """The page that answers words of a goal which were posted too late."""
    form = form_of(browser, KINDS["goal"], classroom)
    end_session()
    return press(browser, form, what="I can read a clock.", **typed)


def test_words_are_shown_safely(classroom, browser):
    enter(browser, page=lost(browser, classroom, why=SAID))
    text = browser.get("/still-here/").content.decode()
    assert '<blockquote class="quote">I read “ten” clocks.<br>Two &lt;b&gt;were&lt;/b&gt; hard.</blockquote>' in text


def test_somebody_else_gets_nothing_of_them(classroom, browser):
    other = classroom.classmate(number="4712")
    page = lost(browser, classroom)
    assert enter(browser, number="4712", page=page)["Location"] == "/welcome/"
    assert browser.session["_auth_user_id"] == str(Learner.objects.get(pk=other.pk).account_id)
    assert "still_here" not in browser.session
    for address in ("/", "/still-here/"):
        assert "clock." not in browser.get(address).content.decode()
    assert not Goal.objects.exists()

    # And the first learner's open page, sent by the second, shows and sends nothing either.
    answer = browser.post(
        "/goals/new/", {"what": "I can read a clock.", "csrfmiddlewaretoken": "x" * 64}, headers=PRESSED
    )
    assert answer.status_code == 403
    assert "still_here" not in browser.session


def test_a_form_from_before_somebody_else_signed_in_is_not_kept_for_them(classroom, browser):
    classroom.classmate(number="4712")
    form = form_of(browser, KINDS["goal"], classroom)
    end_session()
    enter(browser, number="4712")
    browser.get("/")
    answer = press(browser, form, what="I can read a clock.")
    assert (answer.status_code, "clock." in answer.content.decode()) == (403, False)
    assert "still_here" not in browser.session


def test_a_form_from_before_the_same_person_signed_in_elsewhere_is_kept(classroom, browser):
    form = form_of(browser, KINDS["goal"], classroom)
    end_session()
    enter(browser)  # in another window
    browser.get("/")
    answer = press(browser, form, what="I can read a clock.")
    assert answer["Location"] == "/still-here/"
    press(browser, form_to(browser.get("/still-here/"), form.action))
    assert [goal.what for goal in Goal.objects.all()] == ["I can read a clock."]


def test_a_form_from_an_older_session_is_carried_by_whoever_has_to_sign_in_again(classroom, browser):
    form = form_of(browser, KINDS["goal"], classroom)
    end_session()
    enter(browser)
    browser.get("/")
    end_session()
    page = press(browser, form, what="I can read a clock.")
    assert enter(browser, page=page)["Location"] == "/still-here/"


def test_a_refused_sign_in_keeps_the_words_on_its_page(classroom, browser):
    refused = enter(browser, number="9999", page=lost(browser, classroom))
    assert refused.status_code == 422
    assert enter(browser, page=refused)["Location"] == "/still-here/"


def test_a_second_click_on_sign_in_loses_nothing(classroom, browser):
    form = form_to(lost(browser, classroom), "/sign-in/", having="class_code")
    answers = [press(browser, form, class_code=CODE, number="4711") for _click in range(2)]
    assert [answer["Location"] for answer in answers] == ["/still-here/", "/still-here/"]
    assert len(browser.session["still_here"]) == 1


def test_grown_ups_keep_theirs_at_the_other_door(classroom):
    teacher = classroom.teacher
    teacher.set_password(PASSWORD)
    teacher.save()
    client = Client(enforce_csrf_checks=True)
    door = {"login": teacher.email, "password": PASSWORD}
    press(client, form_to(client.get("/sign-in/"), "/sign-in/email/"), **door)
    talk = make_talk(classroom.learner, classroom.section)
    address = reverse("talk", args=[talk.pk])
    form = form_to(client.get(address), address, having="text")
    end_session()
    page = press(client, form, text="How did it go?")
    answer = press(client, form_to(page, "/sign-in/email/"), **door)
    assert answer["Location"] == "/still-here/"
    assert PASSWORD not in str(client.session["still_here"])
    press(client, form_to(client.get("/still-here/"), address))
    assert [message.text for message in Message.objects.all()] == ["How did it go?"]


def test_a_file_is_named_and_has_to_be_picked_again(classroom, browser):
    form = form_of(browser, KINDS["hand-in"], classroom)
    end_session()
    file = SimpleUploadedFile("my <clock>.png", b"not carried", "image/png")
    page = press(browser, form, text=SAID, file=file, do="hand_in")
    said = "The file “my &lt;clock&gt;.png” could not be kept. Pick it again afterwards."
    assert said in page.content.decode()
    enter(browser, page=page)
    assert said in browser.get("/still-here/").content.decode()
    assert "not carried" not in str(browser.session["still_here"])


def test_too_much_says_so_and_carries_nothing(classroom, browser):
    page = lost(browser, classroom, why="x" * 100_001)
    assert "It was too long to be kept, and was not saved." in page.content.decode()
    assert enter(browser, page=page)["Location"] == "/welcome/"


@pytest.mark.parametrize("value", ["x", "a" * 300_000, "eyJ:1vM:x", "\u2603"])
def test_what_was_changed_on_the_way_is_told_and_never_an_error(value, classroom, browser):
    form = form_to(lost(browser, classroom), "/sign-in/", having="class_code")
    answer = press(browser, form, class_code=CODE, number="4711", carried=value)
    assert (answer.status_code, "still_here" in browser.session) == (302, False)
    assert "could not be read any more" in browser.get("/").content.decode()


def test_what_lay_too_long_is_told(classroom, browser):
    page = lost(browser, classroom)
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert enter(browser, page=page)["Location"] == "/welcome/"
        assert "kept for 12 hours, which are over" in browser.get("/").content.decode()


def test_after_signing_out_nothing_is_bound_to_anybody(classroom, browser):
    form = form_of(browser, KINDS["goal"], classroom)
    press(browser, form_to(browser.get("/"), "/sign-out/"))
    assert browser.cookies[last_account.COOKIE].value == ""
    answer = press(browser, form, what="I can read a clock.")
    assert "clock." not in answer.content.decode()
    assert enter(browser)["Location"] == "/welcome/"


def test_scripts_and_fragments_get_the_answer_they_got_before(classroom, browser):
    form = form_of(browser, KINDS["goal"], classroom)
    end_session()
    sent = form.filled(what="I can read a clock.")
    by_script = browser.post(form.action, sent, headers={"accept": "*/*", "sec-fetch-mode": "cors"})
    assert (by_script.status_code, by_script["Location"]) == (302, "/sign-in/")
    fragment = browser.post(form.action, sent, headers=PRESSED | {"hx-request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/sign-in/")


def test_what_is_refused_goes_on_waiting_and_can_be_thrown_away(classroom, browser):
    form = form_of(browser, KINDS["check-in"], classroom)
    end_session()
    page = press(browser, form, confidence="9", text="It goes well.")
    enter(browser, page=page)
    press(browser, form_to(browser.get("/still-here/"), form.action))
    assert "Your words are still here." in browser.get("/").content.decode()
    still = browser.get("/still-here/")
    assert "It goes well." in still.content.decode()
    answer = press(browser, form_to(still, "/still-here/"))
    assert answer["Location"] == "/"
    assert "Your words are still here." not in browser.get("/").content.decode()
    assert not CheckIn.objects.exists()


def test_the_cookie_names_nobody(classroom, browser):
    value = browser.cookies[last_account.COOKIE]
    assert (value["httponly"], value["samesite"], value["max-age"]) == (True, "Lax", "")
    assert str(classroom.account.pk) not in value.value.split(":")[0]


def test_demo_doors_carry_words_too(db):
    account = make_account(make_district(is_demo=True, key="demo"), key="demo-student")
    client = Client(enforce_csrf_checks=True)
    press(client, form_to(client.get("/sign-in/"), "/demo/enter/student/"))
    client.get("/")
    token = form_to(client.get("/"), "/sign-out/").fields["csrfmiddlewaretoken"]
    end_session()
    page = client.post("/goals/new/", {"what": "I can.", "csrfmiddlewaretoken": token}, headers=PRESSED)
    answer = press(client, form_to(page, "/demo/enter/student/"))
    assert answer["Location"] == "/still-here/"
    assert client.session["_auth_user_id"] == str(account.pk)
