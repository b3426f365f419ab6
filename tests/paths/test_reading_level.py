"""What a learner reads is short and plain: no banned word in the pages of learners and families."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from paths.models import NextStep, Place, Project, ProjectTime, TryRequest
from profiles.models import ScreenName
from tests.factories.paths import (
    make_artifact,
    make_board,
    make_check_in,
    make_conference,
    make_goal,
    make_mastery,
    make_message,
    make_opening,
    make_pair,
    make_path,
    make_peer_class,
    make_peer_note,
    make_poll,
    make_project,
    make_shared_moment,
    make_talk,
    make_template,
)
from tests.factories.profiles import make_guardian
from tests.reading_grade import reading_grade

# screens.md, Voice.
NEVER = (
    *("predicted", "expected", "likely", "fail", "failing", "weak", "at risk", "behind", "below", "deficient"),
    *("remedial", "struggling", "missing", "late", "rank", "best of", "smart", "gifted", "lazy", "oops"),
    *("please note", "invalid", "must", "submit", "click here", "magic", "congratulations", "probability", "low group"),
)
LONGEST_WORDS = 22  # in one sentence
HIGHEST_GRADE = 5


def words_of(page: str) -> str:
    """What a reader sees or hears, without the markup."""
    page = re.sub(r"(?s)<(script|style|head|dialog)\b.*?</\1>", " ", page)
    spoken = " . ".join(re.findall(r'aria-label="([^"]*)"', page))
    return re.sub(r"<[^>]+>", "\n", page) + "\n" + spoken


INLINE = r"</?(?:a|b|strong|em|small|span|time|kbd|i|abbr|svg|path|use|q|s)\b[^>]*>"
SHORTEST_SENTENCE = 4


def prose_of(page: str) -> str:
    """The sentences on it, a line each. Labels are left out: counted as sentences, they would make any page easy."""
    page = re.sub(r"(?s)<(script|style|head|dialog|option|button)\b.*?</\1>", "\n", page)
    page = unescape(re.sub(r"<[^>]+>", "\n", re.sub(INLINE, " ", page.replace("\n", " "))))
    lines = (re.sub(r"\s+", " ", line).strip() for line in page.splitlines())
    return "\n".join(line for line in lines if re.search(r"[.?]\W*$", line) and len(line.split()) >= SHORTEST_SENTENCE)


@pytest.fixture(scope="module")
def kept_pages():
    return {}


@pytest.fixture
def pages(db, kept_pages, request):
    """Pages by address, asked for once: all tests here read the same words."""
    if not kept_pages:
        kept_pages |= pages_of(request.getfixturevalue("classroom"), request.getfixturevalue("as_account"))
    return kept_pages


def pages_of(classroom, as_account):
    goal = make_goal(classroom.learner, standards=(classroom.standards[0],), steps=("One", "Two"), done_when="A\nB")
    make_check_in(goal)
    make_path(classroom.learner)
    make_board(classroom.learner)
    make_opening(Place._base_manager.create(school=classroom.school, name="Hall"))
    make_template(classroom.school, standards=tuple(classroom.standards), is_shared=True)
    make_mastery(classroom.learner, classroom.standards[0], 3, days=[(9, 2.0), (1, 3.1)])
    piece = make_artifact(classroom.learner, goal=goal, text="I built a bridge.")
    make_artifact(classroom.learner, is_draft=True, text="I began")
    project = make_project(classroom.learner, state=Project.State.RUNNING, standards=(classroom.standards[0],))
    ProjectTime.objects.create(project=project, on=project.created_at.date(), minutes=30, text="I cut wood")
    learner = classroom.learner.pk
    talk = make_talk(classroom.learner, classroom.section, with_family=True, goal=goal)
    make_message(talk)
    make_guardian(classroom.learner)
    talk_alone = make_talk(classroom.learner, classroom.section)
    make_message(talk_alone)
    poll = make_poll(classroom.section, classroom.teacher, is_anonymous=True)
    drawn = make_poll(classroom.section, classroom.teacher, kind="drawing", options=[], is_anonymous=True)
    over = {"over": True, "ending": "cannot", "ending_text": "The room is small.", "ended_at": timezone.now()}
    poll_over = make_poll(classroom.section, classroom.teacher, **over)
    meeting = make_conference(classroom.learner, classroom.teacher)
    NextStep.objects.create(conference=meeting, text="Draw it", who="learner")
    make_peer_class(classroom.section)
    ben = classroom.classmate(given_name="Ben")
    make_peer_note(classroom.learner, classroom.section, classroom.standards[0], text="With clocks")
    thanked = {"agreed_at": timezone.now(), "thanks": "It helped me"}
    pair = make_pair(classroom.learner, ben, classroom.section, classroom.standards[0], **thanked)
    make_pair(ben, classroom.learner, classroom.section, classroom.standards[0])
    for each, animal in ((classroom.learner, "otter"), (ben, "fox")):
        ScreenName.objects.create(learner=each, animal=animal, place="lake")
        news = make_shared_moment(each, classroom.section)
    theirs = make_message(talk, by=classroom.teacher)
    asked = TryRequest.objects.create(
        learner=classroom.learner,
        section=classroom.section,
        standard=classroom.standards[1],
        practiced="I read ten clocks.",
    )
    own = [
        reverse("home"),
        reverse("goals"),
        reverse("goal_new"),
        reverse("goal", args=[goal.pk]),
        reverse("goal_edit", args=[goal.pk]),
        reverse("goal_history", args=[goal.pk]),
        reverse("still_here"),
        reverse("why"),
        reverse("try_new"),
        reverse("try_request", args=[asked.pk]),
        reverse("try_change", args=[asked.pk]),
        reverse("my_path"),
        reverse("step_propose"),
        reverse("my_places"),
        reverse("next_steps", args=[learner]),
        reverse("projects"),
        reverse("project_new"),
        reverse("project", args=[project.pk]),
        reverse("project_edit", args=[project.pk]),
        reverse("learner_work", args=[learner]),
        reverse("hand_in", args=[learner]),
        reverse("work", args=[piece.pk]),
        reverse("work_edit", args=[piece.pk]),
        reverse("learner", args=[learner]),
        reverse("binder", args=[learner]),
        reverse("profile", args=[learner]),
        reverse("my_view"),
        reverse("screen_name"),
        reverse("talks"),
        reverse("talk", args=[talk.pk]),
        reverse("talk_new", args=[learner]),
        reverse("learner_talks", args=[learner]),
        reverse("talk_widen", args=[talk_alone.pk]) + "?to=family",
        reverse("show_rise", args=[classroom.standards[0].pk]),
        reverse("shown_at_home", args=[learner]),
        reverse("message_report", args=[theirs.pk]),
        reverse("learner_conferences", args=[learner]),
        reverse("polls"),
        reverse("suggest"),
        reverse("poll", args=[poll.pk]),
        reverse("poll", args=[poll_over.pk]),
        reverse("poll", args=[drawn.pk]),
        reverse("conference", args=[meeting.pk]),
        reverse("my_helping"),
        reverse("pair_tell", args=[pair.pk]),
        reverse("good_news"),
        reverse("news_tell", args=[news.pk]),
        reverse("digest"),
        reverse("receipt", args=[learner, classroom.standards[0].pk]),
    ]
    family = [
        reverse("learner_helping", args=[learner]),
        reverse("try_request", args=[asked.pk]),
        reverse("goal_history", args=[goal.pk]),
        reverse("project", args=[project.pk]),
        reverse("learner_work", args=[learner]),
        reverse("work", args=[piece.pk]),
        reverse("learner", args=[learner]),
        reverse("binder", args=[learner]),
        reverse("goal", args=[goal.pk]),
        reverse("profile", args=[learner]),
        reverse("talks"),
        reverse("talk", args=[talk.pk]),
        reverse("talk_new", args=[learner]),
        reverse("digest"),
    ]
    found = {url: as_account(classroom.account).get(url).content.decode() for url in own}
    return found | {f"family {url}": as_account(classroom.guardian()).get(url).content.decode() for url in family}


def test_pages_of_learners_and_families_hold_no_word_that_hurts(pages):
    found = [
        (url, word)
        for url, page in pages.items()
        for word in NEVER
        if re.search(rf"\b{word}\b", words_of(page), re.IGNORECASE)
    ]
    assert found == []


def test_pages_of_learners_never_shout(pages):
    assert [url for url, page in pages.items() if "!" in words_of(page)] == []


def test_sentences_for_learners_are_short(pages):
    long = [
        (url, sentence.strip())
        for url, page in pages.items()
        for line in words_of(page).splitlines()
        for sentence in re.split(r"[.?;:]", line)
        if len(sentence.split()) > LONGEST_WORDS
    ]
    assert long == []


def test_reading_grade_is_that_of_the_published_formula():
    text = "The dog ran home. It was late and the sun had gone down."  # 13 words, 42 letters, 2 sentences

    assert round(reading_grade(text), 4) == round(4.71 * 42 / 13 + 0.5 * 13 / 2 - 21.43, 4)


def test_pages_of_learners_read_at_grade_five_or_below(pages):
    prose = {url: prose_of(page) for url, page in pages.items() if not url.startswith("family")}
    grades = {url: reading_grade(text) for url, text in prose.items() if text}

    assert len(grades) > len(prose) / 2  # most pages say something in sentences
    assert {url: round(grade, 1) for url, grade in grades.items() if grade > HIGHEST_GRADE} == {}
