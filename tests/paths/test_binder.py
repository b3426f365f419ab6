"""The binder: the same words for learner, family and teacher, and nothing that is for staff."""

import csv
import io
import json
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from lrm.file_store import WORK
from lrm.intake import take_in
from profiles.models import AccessLog
from tests.budgets import assert_statements
from tests.factories.assessments import days_ago, give, make_assessment, make_group, work_off
from tests.factories.files import make_picture
from tests.factories.paths import make_artifact, make_check_in, make_goal, make_path, make_reflection, make_staff_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(classroom):
    return reverse("binder", args=[classroom.learner.pk])


def sheet(page):
    """The sheet of paper, without who opened it and the way back."""
    text = page.content.decode()
    return text[text.index("<main") : text.index('<footer class="binder-foot')]


def test_binder_is_the_same_for_learner_family_and_teacher(classroom, url, as_account):
    make_goal(classroom.learner, what="I choose the right sum.", steps=["Draw", "Explain"])
    make_path(classroom.learner, title="Fractions")
    pages = [as_account(who).get(url) for who in (classroom.account, classroom.guardian(), classroom.teacher)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert sheet(pages[0]) == sheet(pages[1]) == sheet(pages[2])
    assert "I choose the right sum." in sheet(pages[0])
    assert AccessLog.objects.filter(route="binder").count() == 2


def test_groups_in_the_binder_are_dates_and_topic_only(classroom, url, as_account):
    today = timezone.localdate()
    over = make_group(
        classroom.section,
        classroom.standards[0],
        [classroom.learner],
        adult="Ms. Ito",
        place="Window table",
        starts_on=today - timedelta(days=20),
        ends_on=today - timedelta(days=10),
    )
    words = sheet(as_account(classroom.account).get(url))
    groups = words[words.index('id="binder-groups"') :]
    groups = groups[: groups.index("</section>")]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", groups)).strip()
    assert over.focus.heading in said
    assert not [word for word in ("Ms. Ito", "Window table", over.get_purpose_display()) if word in words]


def test_binder_of_a_learner_without_anything_says_so(classroom, as_account):
    nobody = classroom.classmate(given_name="Odalys")
    words = sheet(as_account(classroom.teacher).get(reverse("binder", args=[nobody.pk])))
    for said in ("Nothing is written here yet.", "No goal right now.", "We talked, and we agree"):
        assert said in words


def test_binder_takes_as_many_statements_for_much_as_for_little(classroom, url, as_account):
    client = as_account(classroom.teacher)
    for _again in range(2):
        with assert_statements(exactly=15):
            client.get(url)
        for _ in range(3):
            make_reflection(make_goal(classroom.learner, steps=["Draw", "Explain"]))
            make_artifact(classroom.learner)


def test_binder_says_how_the_level_that_rose_last_came_about(classroom, url, as_account):
    first = classroom.standards[0]
    for days, points in ((9, 2), (5, 3), (1, 4)):
        give(
            make_assessment(classroom.section, [first], given_on=days_ago(days).date()),
            classroom.learner,
            first,
            points,
        )
    work_off()
    words = sheet(as_account(classroom.guardian()).get(url))
    story = words[words.index('id="binder-story"') :]
    story = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", story[: story.index("</section>")]))

    assert f"How {first.heading} got to 4 Extending" in story
    assert "We used my last 3 tries." in story
    parts = [int(found.replace(".", "").replace(" ", "")) for found in re.findall(r"%\s+(\d\s*\.\s*\d\d)", story)]
    assert sum(parts[:-1]) == parts[-1] == 353  # 4 x .65 + 3 x .2275 + 2 x .1225


def test_code_on_the_binder_has_every_module_of_its_address(classroom, url, as_account):
    code = as_account(classroom.account).get(url).context["code"]
    whole = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    whole.add_data(f"http://testserver{url}")
    dark = {(x, y) for y, row in enumerate(whole.get_matrix()) for x, is_dark in enumerate(row) if is_dark}
    drawn = {
        (int(x) + at, int(y))
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code["path"])
        for at in range(int(length))
    }

    assert drawn == dark
    assert code["size"] == len(whole.get_matrix())


def a_picture():
    return take_in(io.BytesIO(make_picture("PNG")), name="poster.png", claim="image/png", allowed={"image"})


def opened(answer):
    return ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_zip_holds_page_tables_json_and_files_the_same_for_all(classroom, as_account):
    learner = classroom.learner
    goal = make_goal(learner, what="=HYPERLINK(1)", steps=["files/../Draw"], standards=(classroom.standards[0],))
    make_check_in(goal, text="I can draw it.")
    make_path(learner, title="Fractions")
    picture = make_artifact(learner, file=a_picture(), title="My poster", goal=goal)
    make_artifact(learner, kind="text", text="<script>alert(1)</script>")
    make_artifact(learner, kind="text", text="still a draft", is_draft=True)
    make_artifact(learner, kind="text", text="put away", withdrawn_at=timezone.now())
    make_staff_note(learner, classroom.teacher, text="for staff only")
    give(make_assessment(classroom.section, [classroom.standards[0]]), learner, classroom.standards[0], 3)
    work_off()
    url = reverse("binder_zip", args=[learner.pk])
    zips = [opened(as_account(who).get(url)) for who in (classroom.account, classroom.guardian(), classroom.teacher)]

    assert {frozenset(found.namelist()) for found in zips} == {frozenset(zips[0].namelist())}
    (file,) = (name for name in zips[0].namelist() if name.startswith("files/"))
    with WORK.open(picture.stored) as stored:
        assert zips[0].read(file) == stored.read()
    index = zips[0].read("index.html").decode()
    assert "<script" not in index
    assert re.findall('href="(files/[^"]*)"', index) == [file]  # words that look like a file are none
    data = json.loads(zips[0].read("binder.json"))
    assert [row["goal"] for row in data["tables"]["goals"]] == ["=HYPERLINK(1)"]
    assert [row["words"] for row in data["tables"]["check-ins"]] == ["I can draw it."]
    assert [row["result"] for row in data["tables"]["results"]] == ["3"]
    assert [row["file"] for row in data["tables"]["work"]] == [file, ""]
    assert len(data["tables"]["paths"]) == 3
    everything = b"".join(zips[2].read(name) for name in zips[2].namelist()).decode(errors="replace")
    assert not [
        word
        for word in (
            "still a draft",
            'put away"',
            "for staff only",
        )
        if word in everything
    ]
    rows = list(csv.reader(io.StringIO(zips[0].read("tables/goals.csv").decode("utf-8-sig"))))
    assert rows[1][0] == "'=HYPERLINK(1)"  # no formula for a spreadsheet
    assert set(data["tables"]) == {name[7:-4] for name in zips[0].namelist() if name.startswith("tables/")}


def test_zip_without_anything_and_with_a_lost_file_still_opens(classroom, as_account):
    url = reverse("binder_zip", args=[classroom.learner.pk])
    empty = opened(as_account(classroom.account).get(url))
    assert "Nothing here yet." in empty.read("index.html").decode()
    WORK.discard(make_artifact(classroom.learner, file=a_picture(), title="Gone").stored)
    left = opened(as_account(classroom.account).get(url))
    assert not [name for name in left.namelist() if name.startswith("files/")]
    assert "Gone" in left.read("index.html").decode()
