"""Making assessments and entering results: input is checked, twice equals once, strangers find nothing."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Evidence, ResultNote
from tests.factories.assessments import give, make_assessment
from tests.factories.profiles import make_learner, make_roster, make_section, make_teacher
from tests.factories.standards import make_framework, make_standard

pytestmark = pytest.mark.django_db


def form(taught, **fields):
    return {
        "uuid": str(uuid4()),
        "title": "Exit ticket",
        "kind": "formative",
        "given_on": timezone.localdate().isoformat(),
        "scale": "levels",
        "weight": "1",
        "standards": [taught.standards[0].pk],
        **fields,
    }


def cells(client, assessment, *typed):
    body = json.dumps({"cells": list(typed)})
    return client.post(reverse("assessment_cells", args=[assessment.pk]), body, content_type="application/json")


def test_assessment_is_made_and_its_form_sent_twice_makes_one(taught, as_account):
    client, sent = as_account(taught.teacher), form(taught)
    address = reverse("assessment_new", args=[taught.section.pk])

    first, again = client.post(address, sent), client.post(address, sent)

    assessment = Assessment.objects.get()
    assert first["Location"] == again["Location"] == reverse("assessment_enter", args=[assessment.pk])
    assert [column.standard for column in assessment.columns.all()] == [taught.standards[0]]
    assert assessment.created_by == taught.teacher


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "This field is required."),
        ({"standards": []}, "Choose at least one standard."),
        ({"scale": "points"}, "Say how many points are possible."),
        ({"given_on": "2999-01-01"}, "This day is still to come."),
    ],
)
def test_form_says_what_is_missing_and_keeps_the_rest(taught, as_account, fields, said):
    answer = as_account(taught.teacher).post(
        reverse("assessment_new", args=[taught.section.pk]), form(taught, **({"title": "Halves"} | fields))
    )

    page = answer.content.decode()
    assert (answer.status_code, Assessment.objects.count()) == (422, 0)
    assert said in page
    assert "Halves" in page or fields.get("title") == ""


def test_standard_of_another_district_is_not_chosen(taught, as_account):
    foreign = make_standard(make_framework(make_roster().district))

    answer = as_account(taught.teacher).post(
        reverse("assessment_new", args=[taught.section.pk]), form(taught, standards=[foreign.pk])
    )

    assert "Choose at least one standard." in answer.content.decode()


def test_standard_with_results_stays_on_the_assessment(taught, as_account):
    assessment = make_assessment(taught.section, taught.standards, title="Ticket")
    give(assessment, taught.learners[0], taught.standards[0], 3)

    answer = as_account(taught.teacher).post(
        reverse("assessment_edit", args=[assessment.pk]), form(taught, standards=[taught.standards[1].pk])
    )

    assert f"Results stand on {taught.standards[0].code}" in answer.content.decode()
    assert assessment.columns.count() == 2


def test_rubric_is_written_and_shown_beside_the_grid(taught, as_account):
    standard = taught.standards[0]
    assessment = make_assessment(taught.section, [standard])
    client = as_account(taught.teacher)
    client.post(
        reverse("assessment_edit", args=[assessment.pk]),
        form(taught, **{f"rubric.{standard.pk}": ["Names the parts.", "", "Makes them equal.", ""]}),
    )

    assert assessment.columns.get().rubric == ["Names the parts.", "", "Makes them equal.", ""]
    assert "Makes them equal." in client.get(reverse("assessment_enter", args=[assessment.pk])).content.decode()


@pytest.mark.parametrize("route", ["assessment_enter", "assessment_edit", "assessment_cells", "result_note"])
def test_assessment_is_not_there_for_a_teacher_beside(taught, as_account, route):
    assessment = make_assessment(taught.section, taught.standards)
    client = as_account(make_teacher(make_roster(taught.section.roster.school)))
    address = reverse(route, args=[assessment.pk])

    assert client.post(address, {}).status_code == 404
    assert Evidence.objects.count() == 0


def test_cell_of_a_learner_of_another_class_is_refused_and_the_others_are_saved(taught, as_account):
    assessment = make_assessment(taught.section, taught.standards)
    stranger, standard = make_learner(taught.section.roster.school), taught.standards[0]

    answer = cells(
        as_account(taught.teacher),
        assessment,
        {"learner": stranger.pk, "standard": standard.pk, "text": "3"},
        {"learner": taught.learners[0].pk, "standard": standard.pk, "text": "2"},
        {"learner": taught.learners[1].pk, "standard": standard.pk, "text": "7"},
    ).json()["cells"]

    assert [cell["state"] for cell in answer] == ["refused", "saved", "refused"]
    assert answer[0]["why"] == "Not on this class list on that day, so nothing was saved here."
    assert answer[2]["why"] == "“7” is no score here. Type 1 to 4, x or a full stop."
    assert list(Evidence.objects.values_list("learner_id", flat=True)) == [taught.learners[0].pk]


def test_cell_sent_twice_is_stored_once(taught, as_account):
    assessment = make_assessment(taught.section, taught.standards)
    cell = {"learner": taught.learners[0].pk, "standard": taught.standards[0].pk, "text": "3", "replaces": None}
    client = as_account(taught.teacher)

    first, again = (cells(client, assessment, cell).json()["cells"][0] for _ in range(2))

    assert first["id"] == again["id"]
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"cells": 3}',
        '{"cells": [{"learner": "x", "standard": 1, "text": "1"}]}',
        '{"cells": [{"learner": 1e400, "standard": 1, "text": "1"}]}',
        '{"cells": [{"learner": 99999999999999999999, "standard": 1, "text": "1"}]}',
        '{"cells": [{"learner": 1, "standard": 1, "text": "1", "attempt": 70000}]}',
    ],
)
def test_body_that_is_no_list_of_cells_is_refused(taught, as_account, body):
    assessment = make_assessment(taught.section, taught.standards)

    answer = as_account(taught.teacher).post(
        reverse("assessment_cells", args=[assessment.pk]), body, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["why"]) == (400, "This was not understood. Nothing was saved.")


def test_line_of_feedback_outside_the_grid_is_refused(taught, as_account):
    assessment = make_assessment(taught.section, [taught.standards[0]])
    client = as_account(taught.teacher)
    address = reverse("result_note", args=[assessment.pk])
    note = {"learner": taught.learners[0].pk, "standard": taught.standards[0].pk, "text": "Show it."}

    assert client.post(address, note | {"standard": taught.standards[1].pk}).status_code == 404
    assert client.post(address, note | {"learner": make_learner().pk}).status_code == 404
    assert client.post(address, note | {"text": "x" * 281}).status_code == 422
    assert ResultNote.objects.count() == 0
    for _ in range(2):
        client.post(address, note)
    assert ResultNote.objects.get().text == "Show it."
    client.post(address, note | {"text": ""})
    client.post(address, note)
    assert [line.text for line in ResultNote.objects.order_by("pk")] == ["Show it.", "", "Show it."]


def test_assessment_is_put_away_and_brought_back_while_results_stay(taught, as_account):
    assessment = make_assessment(taught.section, taught.standards, title="Warm-up")
    give(assessment, taught.learners[0], taught.standards[0], 3)
    client = as_account(taught.teacher)
    listed = lambda: "Warm-up" in client.get(reverse("section_enter", args=[taught.section.pk])).content.decode()
    assert listed()

    client.post(reverse("assessment_archive", args=[assessment.pk]), {"act": "away"})
    assert not listed()
    client.post(reverse("assessment_archive", args=[assessment.pk]), {"act": "back"})

    assert listed()
    assert Evidence.objects.count() == 1


def test_without_a_class_used_before_the_one_with_the_newest_assessment_opens(taught, as_account):
    other = make_section(taught.section.roster, title="A class first by name")
    client = as_account(taught.teacher)
    make_assessment(taught.section, taught.standards)

    assert client.get(reverse("enter"))["Location"] == reverse("section_enter", args=[taught.section.pk])

    client.get(reverse("section_enter", args=[other.pk]))
    assert client.get(reverse("wall"))["Location"] == reverse("section_wall", args=[other.pk])
